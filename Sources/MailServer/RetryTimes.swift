// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// When the MTA itself says that it tries again, in seconds since 1970.
package struct RetryTimes: Sendable {
  /// By queue ID.
  ///
  /// Postfix: the modification time of the file in `deferred`. Exim: a message's own record for a host.
  package var messages: [String: Int64] = [:]
  /// Exim: by remote host, its name or its address.
  package var hosts: [String: Int64] = [:]
  /// Exim: by `address:<sender>`, `address` or domain, in lower case.
  package var addresses: [String: Int64] = [:]

  /// Exim: since when each fails, by the same names.
  var failures = Failures()

  /// Since when something fails, in seconds since 1970.
  struct Failures: Sendable {
    var messages: [String: Int64] = [:]
    var hosts: [String: Int64] = [:]
    var addresses: [String: Int64] = [:]
  }

  package init() {}

  var isEmpty: Bool { messages.isEmpty && hosts.isEmpty && addresses.isEmpty }
}

extension RetryTimes {
  /// A failure that Exim remembers.
  package struct Failure: Hashable, Sendable {
    /// What it delays.
    package enum Scope: Hashable, Sendable {
      /// All mail for the host.
      case host
      /// One message.
      case message
      /// Mail for the address, or of one sender for it.
      case address
    }

    package var scope: Scope
    /// Seconds since 1970.
    package var since: Int64
  }

  /// What keeps a message from a recipient, and since when; nil if no record says.
  func failure(of id: String, from sender: String, to recipient: QueuedRecipient) -> Failure? {
    let address = recipient.address.lowercased()
    let found: [(Failure.Scope, Int64?)] = [
      (.message, failures.messages[id]),
      (
        .address,
        failures.addresses["\(address):<\(sender.lowercased())>"] ?? failures.addresses[address]
      ),
      (.host, recipient.remoteHost.flatMap { failures.hosts[$0] }),
      (.host, LogEvent.domain(of: address).flatMap { failures.addresses[$0] }),
    ]
    let records = found.compactMap { scope, since in since.map { (scope, $0) } }
    guard let first = records.first else { return nil }
    return Failure(scope: first.0, since: records.reduce(first.1) { min($0, $1.1) })
  }
}

/// Postfix's schedule (`qmgr_active.c`): the next attempt waits as long as the message is old, within bounds.
package struct PostfixBackoff: Hashable, Sendable {
  /// `minimal_backoff_time`, in seconds.
  package var minimal: Int64
  /// `maximal_backoff_time`, in seconds.
  package var maximal: Int64

  package init(minimal: Int64 = 300, maximal: Int64 = 4000) {
    self.minimal = minimal
    self.maximal = max(minimal, maximal)
  }

  /// The next attempt after one at `attempt` of a message that arrived at `arrival`.
  package func next(after attempt: Int64, arrival: Int64) -> Int64 {
    let age = attempt.subtractingReportingOverflow(arrival)
    let delay = age.overflow ? maximal : min(max(age.partialValue, minimal), maximal)
    return attempt &+ delay
  }
}
