// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Which server is being read.
package struct ServerIdentity: Hashable, Sendable {
  /// The host's name.
  package var host: String
  package var mta: MTA
  /// The MTA's version, such as `4.96` or `3.7.11`; nil until known.
  package var version: String?
  /// The Postfix instance or Exim's spool directory.
  package var instance: String
  /// The log files that are followed; empty if the journal is read.
  package var logs: [String]
  /// The name of the user that Tempfail runs as.
  package var user: String
  /// The name by which the MTA's own program is run: `exim4`.
  package var program: String
  /// Whether its settings send some mail by relays, so that the way of a message is worth asking for.
  package var mayRelay: Bool

  package init(
    host: String, mta: MTA, version: String?, instance: String, logs: [String], user: String,
    program: String? = nil, mayRelay: Bool = false
  ) {
    self.mayRelay = mayRelay
    self.program = program ?? mta.rawValue
    self.host = host
    self.mta = mta
    self.version = version
    self.instance = instance
    self.logs = logs
    self.user = user
  }
}

/// A source of data of the dashboard.
package enum Source: String, CaseIterable, Hashable, Sendable {
  case queue
  case connections
  case log
}

/// What went wrong and what fixes it, both in words for an admin.
package struct Problem: Hashable, Sendable {
  /// What happened, in one sentence: `exim -bp: permission denied`.
  package var what: String
  /// What to do.
  ///
  /// `Run as root, or add yourself to the group Debian-exim.`
  package var remedy: String
  /// The command that is between backquotes at the end of the remedy, if one does.
  package private(set) var command: String?

  package init(what: String, remedy: String) {
    self.what = what
    self.remedy = remedy
  }

  /// - Parameter command: what does it, as an admin types it.
  package init(what: String, remedy: String, command: String) {
    self.init(what: what, remedy: "\(remedy) `\(command)`")
    self.command = command
  }

  /// What happened, what to do, and the command apart, so that it can be read and copied whole.
  package var lines: [String] {
    guard let command else { return [what, remedy] }
    return [what, String(remedy.dropLast(command.count + 3)), "  \(command)"]
  }
}

/// How a source is doing.
package enum SourceHealth: Hashable, Sendable {
  case starting
  /// The data is of this time (seconds since 1970); `note` says what could not be seen, if anything.
  case live(since: Int64, note: String?)
  /// The last attempt failed; the data shown is of `lastGood`.
  case failed(Problem, lastGood: Int64?)
}
