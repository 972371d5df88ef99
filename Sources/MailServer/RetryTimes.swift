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

  package init() {}

  var isEmpty: Bool { messages.isEmpty && hosts.isEmpty && addresses.isEmpty }
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
