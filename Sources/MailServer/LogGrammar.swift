// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import Replies

/// Reads lines of an Exim or Postfix log, in every shape that they come in.
///
/// Total: any bytes give a value or nil. A line that syslog split into pieces is put together by `LogLineJoiner` first.
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

  /// Bytes of a line that are read; the rest of a longer one is left out, as no MTA writes such.
  private static let longestLine = 64 << 10

  /// The event that a line tells of, or nil where it tells of none that Tempfail follows.
  ///
  /// - Parameters:
  ///   - line: one line without its newline: of a log file, or an object of `journalctl -o json`.
  ///   - mta: nil to recognise the format.
  package func event(in line: Span<UInt8>, mta: MTA? = nil) -> LogEvent? {
    withRecord(in: line, mta: mta) { line, record in event(of: record, in: line) }
  }

  /// Calls `body` with what a line tells and the bytes that the record's places are in.
  ///
  /// Those are the line itself, or what the journal's object holds. Nil where it tells of nothing.
  package func withRecord<Result>(
    in line: Span<UInt8>, mta: MTA? = nil, _ body: (Span<UInt8>, LogRecord) -> Result?
  ) -> Result? {
    let line = line.extracting(0..<min(line.count, Self.longestLine))
    if line.byte(at: 0) == UInt8(ascii: "{"), let entry = LogJournalEntry(in: line) {
      let head = LogHead(
        time: entry.time, program: 0..<entry.programEnd, body: entry.message, in: entry.bytes.span)
      guard let record = record(in: entry.bytes.span, head: head, mta: mta) else { return nil }
      return body(entry.bytes.span, record)
    }
    let head = LogHead(in: line, now: now, utcOffset: utcOffset)
    guard let record = record(in: line, head: head, mta: mta) else { return nil }
    return body(line, record)
  }

  /// Seconds since 1970 of a line's stamp, or nil where it has none.
  package func time(of line: Span<UInt8>) -> Int64? {
    if line.byte(at: 0) == UInt8(ascii: "{") { return LogJournalEntry(in: line)?.time }
    return LogHead(in: line, now: now, utcOffset: utcOffset).time
  }

  private func record(in line: Span<UInt8>, head: LogHead, mta: MTA?) -> LogRecord? {
    let daemon = head.daemon(in: line)
    guard mta == nil || (mta == .postfix) == (daemon != nil) else { return nil }
    var record: LogRecord?
    if let daemon {
      record = PostfixLog.record(in: line, daemon: daemon, from: head.body)
    } else {
      let isExim =
        mta == .exim || head.hasEximStamp
        || head.program.map { line.has("exim", at: $0.lowerBound) } ?? false
      record = EximLog.record(in: line, from: head.body, isExim: isExim)
    }
    record?.time = head.time
    return record
  }

  /// The event of a record: strings are made here.
  ///
  /// - Parameter verdict: of the record, where it is known already.
  package func event(
    of record: LogRecord, in line: Span<UInt8>, verdict: Verdict? = nil
  ) -> LogEvent {
    let verdict = verdict ?? record.verdict(in: line, by: rules)
    func text(_ place: ByteRange) -> String? { place.isEmpty ? nil : line.string(place) }
    let host = text(record.remoteHost)
    return LogEvent(
      time: record.time, mta: record.mta, kind: record.kind, direction: record.direction,
      queueID: text(record.queueID), recipient: text(record.recipient), remoteHost: host,
      remoteIP: text(record.remoteIP), code: record.code, enhanced: record.enhanced,
      cause: verdict.cause, side: verdict.side, hop: verdict.hop, port: record.port.map(Int.init),
      reply: record.said.map(String.init(describing:)) ?? line.string(record.reply),
      line: line.string(0..<line.count), original: text(record.original))
  }
}
