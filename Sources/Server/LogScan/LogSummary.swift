// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import MailServer
package import Replies

/// What a log says in numbers.
package struct LogSummary: Sendable {
  /// Recipients that were deferred.
  package private(set) var deferrals = 0
  /// Hosts that failed on the way to the next one, and old failures repeated: not counted as deferrals.
  package private(set) var attempts = 0
  /// Clients that we deferred.
  package private(set) var refusals = 0
  /// Deferrals by cause.
  package var causes: [Cause: Int] { deferralCounts.byCause }
  /// Refusals by cause.
  package var refusalCauses: [Cause: Int] { refusalCounts.byCause }
  /// Times of the first and the last of all these, in seconds since 1970; nil if no line has one.
  package private(set) var firstTime: Int64?
  package private(set) var lastTime: Int64?
  /// Whose the lines of each log are.
  package internal(set) var tallies: [LogTally] = []
  /// What could not be read to its end: the counts are those of a part then.
  package internal(set) var gaps: [HostFailure] = []
  private var deferralCounts = CauseCounts()
  private var refusalCounts = CauseCounts()
  private var domains = DomainTable()

  package init() {}

  /// Whether it counts nothing.
  var isEmpty: Bool { deferrals + attempts + refusals == 0 }

  /// Deferrals by recipient domain and cause, most first; domains in lower case.
  package var destinations: [(domain: String, deferrals: Int, causes: [Cause: Int])] {
    domains.rows.sorted { ($1.deferrals, $0.domain) < ($0.deferrals, $1.domain) }
  }

  /// Counts what one line reports.
  mutating func count(_ record: LogRecord, cause: Cause, in line: Span<UInt8>) {
    count(
      record.kind, at: record.time, cause: cause, of: record.recipient.range, in: line)
  }

  private mutating func count(
    _ kind: LogEvent.Kind, at time: Int64?, cause: Cause, of recipient: Range<Int>,
    in line: Span<UInt8>
  ) {
    if let time {
      firstTime = min(firstTime ?? time, time)
      lastTime = max(lastTime ?? time, time)
    }
    switch kind {
    case .deferral:
      deferrals += 1
      deferralCounts.add(1, of: cause)
      domains.count(cause, of: recipient, in: line)
    case .attempt: attempts += 1
    case .refusal:
      refusals += 1
      refusalCounts.add(1, of: cause)
    case .delivery, .bounce, .completed: break
    }
  }

  /// Counts an event.
  mutating func count(_ event: LogEvent) {
    let recipient = event.recipient ?? ""
    count(
      event.kind, at: event.time, cause: event.cause, of: 0..<recipient.utf8.count,
      in: recipient.utf8.span)
  }

  /// Takes another part of the same log in.
  mutating func merge(_ other: LogSummary) {
    deferrals += other.deferrals
    attempts += other.attempts
    refusals += other.refusals
    deferralCounts.merge(other.deferralCounts)
    refusalCounts.merge(other.refusalCounts)
    firstTime = [firstTime, other.firstTime].compactMap { $0 }.min()
    lastTime = [lastTime, other.lastTime].compactMap { $0 }.max()
    domains.merge(other.domains)
    gaps += other.gaps
    tallies += other.tallies
  }
}
