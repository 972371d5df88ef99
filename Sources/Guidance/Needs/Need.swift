// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// Something that Tempfail needs on a server, or makes use of where it is there.
package enum Need: String, CaseIterable, Hashable, Sendable {
  case mta
  case daemon
  case queue
  case retryTimes = "retry-times"
  case acts
  case log
  case logClock = "log-clock"
  case logRotation = "log-rotation"
  case logDetail = "log-detail"
  case logDrops = "log-drops"
  case sockets
  case dig
  case swaks
  case path
  case terminal
  case configuration
  case themes
  case state

  /// Whether a part of the dashboard stays empty or is wrong without it.
  ///
  /// What is not required makes more possible: a check that Tempfail runs itself, an act, an exact time.
  package var isRequired: Bool {
    switch self {
    case .mta, .daemon, .queue, .log, .logClock, .logDetail, .logDrops, .sockets, .configuration,
      .themes:
      true
    case .retryTimes, .acts, .logRotation, .dig, .swaks, .path, .terminal, .state: false
    }
  }
}

/// How it stands with a need on this server, in words for an admin.
package struct NeedReport: Hashable, Sendable {
  package enum Verdict: String, CaseIterable, Hashable, Sendable {
    case fine
    case missing
    case notPermitted = "not-permitted"
    /// It is there, but set so that something is hidden or wrong.
    case wrong
  }

  package var need: Need
  package var verdict: Verdict
  /// What was found, in one sentence.
  package var what: String
  /// What to do, in one sentence; empty if nothing has to be done.
  package var remedy: String
  /// The one command or line that does it, where there is one.
  package var command: String?

  package init(
    _ need: Need, _ verdict: Verdict, _ what: String, remedy: String = "", command: String? = nil
  ) {
    self.need = need
    self.verdict = verdict
    self.what = what
    self.remedy = remedy
    self.command = command
  }

  static func fine(_ need: Need, _ what: String) -> NeedReport { NeedReport(need, .fine, what) }

  /// Whether a script should hear of it: something that is required is not fine.
  package var isFinding: Bool { verdict != .fine && need.isRequired }

  /// The same for a pane that cannot work.
  package var problem: Problem {
    guard let command else { return Problem(what: what, remedy: remedy) }
    return Problem(what: what, remedy: remedy, command: command)
  }
}
