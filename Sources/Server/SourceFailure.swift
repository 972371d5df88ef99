// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// Why there is no mail server, or no data from it, in words for an admin.
package struct SourceFailure: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case unavailable
    case notPermitted
  }

  package var kind: Kind
  package var problem: Problem
  /// The need that is not met, where it is one.
  package private(set) var report: NeedReport?

  package init(_ kind: Kind, what: String, remedy: String) {
    self.kind = kind
    problem = Problem(what: what, remedy: remedy)
  }

  /// A need that is not met.
  init(_ report: NeedReport) {
    kind = report.verdict == .notPermitted ? .notPermitted : .unavailable
    problem = report.problem
    self.report = report
  }

  /// The exit status that says so: EX_UNAVAILABLE or EX_NOPERM of sysexits(3).
  package var exitStatus: Int32 {
    switch kind {
    case .unavailable: 69
    case .notPermitted: 77
    }
  }
}

extension SourceFailure {
  /// A failure of the host while `what` was wanted.
  init(_ failure: HostFailure, doing what: String) {
    switch failure {
    case .missing(let path):
      self.init(
        .unavailable, what: "\(what): there is no \(path).",
        remedy: "Check that the mail server is fully installed, or give the right path.")
    case .notPermitted(let path):
      self.init(
        .notPermitted, what: "\(what): not permitted to read \(path).",
        remedy: "Run Tempfail as root, or as a user who may read it.")
    case .timedOut(let command, let seconds):
      self.init(
        .unavailable, what: "\(command) did not answer within \(seconds) s and was stopped.",
        remedy: "Check the server's load and disk. Tempfail will try again.")
    case .failed(let words):
      self.init(
        .unavailable, what: "\(what): \(words)",
        remedy: "Run the command by hand for details. Tempfail will try again.")
    }
  }
}
