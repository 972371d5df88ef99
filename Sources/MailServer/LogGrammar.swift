// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import Replies

/// Reads lines of an Exim or Postfix log, in every shape that they come in.
package struct LogGrammar: Sendable {
  /// Seconds since 1970: a date without a year is the last one that is not after it (a day of grace).
  package var now: Int64
  /// Seconds east of UTC of the log's local times that carry no zone.
  package var utcOffset: Int
  package var rules: RuleBook

  package init(now: Int64, utcOffset: Int, rules: RuleBook = .standard) {
    self.now = now
    self.utcOffset = utcOffset
    self.rules = rules
  }

  /// The event that a line tells of, or nil where it tells of none that Tempfail follows.
  ///
  /// - Parameters:
  ///   - line: one line without its newline.
  ///   - mta: nil to recognise the format.
  package func event(in line: Span<UInt8>, mta: MTA? = nil) -> LogEvent? { nil }
}
