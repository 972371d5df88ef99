// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What logs said of one message, the rotated ones too.
package struct MessageHistory: Hashable, Sendable {
  package var queueID: String
  /// In the order of time.
  package var events: [LogEvent] = []
  /// Seconds since 1970 from which on the logs were looked through.
  package var since: Int64
  /// Logs that were not read, with the reason: too large, not permitted, no tool to unpack them.
  package var gaps: [String] = []

  package init(queueID: String, since: Int64) {
    self.queueID = queueID
    self.since = since
  }
}
