// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The mail server that was found: its tools, its spool and where its log is.
package struct MailSystem: Hashable, Sendable {
  /// Absolute paths; nil if a tool is not installed.
  package enum Tools: Hashable, Sendable {
    case exim(exim: String)
    case postfix(postqueue: String, postconf: String?, postcat: String?, postsuper: String?)
  }

  package var tools: Tools
  /// Such as `4.96` or `3.7.11`; nil if it does not say.
  package var version: String?
  /// `spool_directory` or `queue_directory`.
  package var spool: String
  /// The name of the Postfix instance, or nil for the only one.
  package var instance: String?
  /// Where its log lines come from; the first is the main one.
  package var logs: [LogSource]
  /// Postfix's bounds for the time between two attempts.
  package var backoff: PostfixBackoff
  /// Relays that the settings name.
  package var relays: Relays
  /// What the settings say of the way that mail takes; nil if they could not be read.
  package var routing: MailRouting?
  /// Postfix's `hash_queue_depth`.
  package var hashDepth: Int

  package init(
    tools: Tools, version: String?, spool: String, instance: String? = nil, logs: [LogSource],
    backoff: PostfixBackoff = PostfixBackoff(), relays: Relays = Relays(),
    routing: MailRouting? = nil, hashDepth: Int = 1
  ) {
    (self.relays, self.routing) = (relays, routing)
    self.backoff = backoff
    self.hashDepth = hashDepth
    self.tools = tools
    self.version = version
    self.spool = spool
    self.instance = instance
    self.logs = logs
  }

  package var mta: MTA {
    switch tools {
    case .exim: .exim
    case .postfix: .postfix
    }
  }

  /// The paths among the logs.
  package var logFiles: [String] {
    logs.compactMap {
      switch $0 {
      case .file(let path): path
      case .journal: nil
      }
    }
  }

  /// What the header of the dashboard shows of it.
  package func identity(on host: some Host) -> ServerIdentity {
    let program: String? =
      if case .exim(let exim) = tools { exim.split(separator: "/").last.map(String.init) } else {
        nil
      }
    return ServerIdentity(
      host: host.name, mta: mta, version: version, instance: instance ?? spool, logs: logFiles,
      user: host.user.name, program: program, mayRelay: routing?.mayRelay ?? false)
  }
}

/// What the settings of an MTA say of the way that mail takes.
package enum MailRouting: Hashable, Sendable {
  case exim(EximRouting)
  /// With the path of `postmap`, where it is installed.
  case postfix(PostfixRouting, postmap: String?)

  /// Whether some mail may go another way than to the mail exchangers of its domain.
  var mayRelay: Bool {
    switch self {
    case .exim(let routing): routing.mayRelay
    case .postfix(let routing, _): routing.mayRelay
    }
  }
}

extension MailSystem {
  /// Whether a version such as `3.5.8` is a certain one or newer.
  static func isVersion(_ version: String, atLeast least: [Int]) -> Bool {
    let parts = version.split(separator: ".").map { Int($0) ?? 0 }
    return !parts.lexicographicallyPrecedes(least)
  }
}
