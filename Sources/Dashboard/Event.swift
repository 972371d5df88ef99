// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas
package import Guidance
package import MailServer

/// Something that happened: the only way in which the state changes.
package enum Event: Sendable {
  case key(Key)
  /// The time: seconds since 1970, and milliseconds of a clock that only counts up.
  case tick(now: Int64, milliseconds: Int64)
  case resize(Size)
  /// A report by a watcher of the mail server.
  case server(ServerReport)
  /// Acts that this user may not do here.
  case permissions([Act: Problem])
  /// What does not come back with a removed message; nil if it comes back as it was.
  case restoreLimit(RestoreLimit?)
  /// The answer to `Effect.arrange`.
  case arranged(ArrangedQueue)
  /// The answer to `Effect.match`: rows of the snapshot.
  case matched([Int32], of: QueueSnapshot)
  /// The answer to `Effect.gather`.
  case gathered(ActTargets)
  /// The answer to `LookRequest.history`.
  case history(MessageHistory)
  case opened(Result<MessageDocument, OpenFailure>)
  case checked(CheckResult)
  /// A check was ended before it had an answer.
  case cancelled(CheckRequest)
  case acted(ActReport)
  /// Seconds after which Exim gives up on an address; nil if that is not known.
  case retryLifetime(Int64?, of: String)
  /// The way that the MTA's settings send a recipient's mail; nil if they do not say.
  case route(Route?, of: MailWay)
  /// How a test message to a domain would go.
  case routed(TestQuestion.Way, to: String)
  /// The answer to `Mutation.send`.
  case tested(TestReport)
  /// The answer to `Mutation.restore`.
  case restored([Restoration])
  /// What an earlier run of the program found and did in fixes.
  case progress(FixProgress)
  /// The configuration is the user's own: these lines of it keep what was chosen.
  case keepByHand(path: String, lines: [String])
  /// Nobody opened the dashboard here before.
  case firstStart
  /// Something to be reported once, such as an act that was interrupted.
  case notice(String)
  /// The result of something that was requested.
  case told(String, isGood: Bool)
}

/// The result of restoring a saved copy.
package struct Restoration: Hashable, Sendable {
  /// The copy's name.
  package var copy: String
  package var result: RestoreResult

  package init(copy: String, result: RestoreResult) {
    self.copy = copy
    self.result = result
  }
}

/// Why a message could not be opened.
package struct OpenFailure: Error, Hashable, Sendable {
  package var reference: MessageReference
  package var problem: Problem

  package init(reference: MessageReference, problem: Problem) {
    self.reference = reference
    self.problem = problem
  }
}

extension Event {
  /// Takes a newer report of the server in where that one takes its place; false where both must be kept.
  package mutating func merge(_ newer: Event) -> Bool {
    guard case .server(var report) = self, case .server(let newer) = newer, report.merge(newer)
    else { return false }
    self = .server(report)
    return true
  }

  /// Whether another listing takes the place of one in the state.
  package var replacesListing: Bool {
    switch self {
    case .server(.queue), .arranged: true
    default: false
    }
  }
}
