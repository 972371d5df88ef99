// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
import MailServer
import Replies

/// What was found and done in guided fixes.
///
/// It is kept while one moves around, and for an hour over a restart.
package struct FixProgress: Hashable, Sendable {
  /// A step of a fix: of a destination and cause, not of one message.
  package struct StepID: Hashable, Sendable {
    package var fix: String
    package var step: String

    package init(fix: String, step: String) {
      self.fix = fix
      self.step = step
    }
  }

  /// That a step was done, and what came of it.
  package struct Mark: Hashable, Sendable {
    /// Seconds since 1970.
    package var time: Int64
    package var words: String
    /// Nil if nothing is done by it yet.
    package var verdict: CheckResult.Verdict?
    /// More lines, most important first.
    package var details: [String]

    package init(
      time: Int64, words: String, verdict: CheckResult.Verdict? = .passed, details: [String] = []
    ) {
      self.time = time
      self.words = words
      self.verdict = verdict
      self.details = details
    }
  }

  /// Seconds after which a fact says nothing anymore.
  package static let lifetime: Int64 = 3600

  package private(set) var results: [CheckRequest: CheckResult] = [:]
  package private(set) var marks: [StepID: Mark] = [:]

  package init() {}

  package mutating func note(_ result: CheckResult) { results[result.request] = result }
  package mutating func note(_ mark: Mark, at step: StepID) { marks[step] = mark }

  /// Forgets what is too old to be reported anymore.
  mutating func expire(now: Int64) {
    // Whatever this run learnt is of this run: only its age counts, though the clock be set back.
    results = results.filter { now &- $0.value.time < Self.lifetime }
    marks = marks.filter { now &- $0.value.time < Self.lifetime }
  }

  /// A file can hold any number: a time that is to come is no memory.
  private static func isFresh(_ time: Int64, at now: Int64) -> Bool {
    (0..<lifetime).contains(now &- time)
  }

  /// Takes in what an earlier run of the program knew; what this one knows stands.
  package mutating func recall(_ earlier: FixProgress, now: Int64) {
    results.merge(earlier.results.filter { Self.isFresh($0.value.time, at: now) }) { own, _ in own }
    marks.merge(earlier.marks.filter { Self.isFresh($0.value.time, at: now) }) { own, _ in own }
  }
}

extension DeferralSubject {
  /// Names the fix that this deferral is a case of: another message of the same case goes on with it.
  var fixName: String {
    let side = isHeld ? "held" : direction.rawValue
    return "\(side) \(destination ?? remoteHost ?? "") \(classification.cause.rawValue)"
  }
}
