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
  /// Of the log's times that carry no zone.
  package var zone: LocalZone
  package var rules: RuleBook
  /// What the settings say of the ends that mail is handed to; empty for the log of another machine.
  ///
  /// A line alone does not say a relay from a destination on port 25.
  package var relays: Relays

  package init(
    now: Int64, zone: LocalZone, rules: RuleBook = .standard, relays: Relays = Relays()
  ) {
    self.relays = relays
    self.now = now
    self.zone = zone
    self.rules = rules
  }

  /// Bytes of a line that are read; the rest of a longer one is left out, as no MTA writes such.
  private static let longestLine = 64 << 10

  /// The event in a line, or nil if it has none that Tempfail follows.
  ///
  /// - Parameters:
  ///   - line: one line without its newline: of a log file, or an object of `journalctl -o json`.
  ///   - mta: nil to recognize the format.
  package func event(in line: Span<UInt8>, mta: MTA? = nil) -> LogEvent? {
    withRecord(in: line, mta: mta) { line, record in event(of: record, in: line) }
  }

  /// Calls `body` with what a line says and the bytes that the record's places are in.
  ///
  /// Those are the line itself, or what the journal's object holds. Nil if it mentions nothing.
  package func withRecord<Result>(
    in line: Span<UInt8>, mta: MTA? = nil, _ body: (Span<UInt8>, LogRecord) -> Result?
  ) -> Result? {
    var result: Result?
    withHead(of: line) { line, head, time in
      guard var record = record(in: line, head: head, mta: mta) else { return }
      record.time = time ?? record.time
      result = body(line, record)
    }
    return result
  }

  /// Seconds since 1970 of a line's stamp, or nil if it has none.
  package func time(of line: Span<UInt8>) -> Int64? {
    var result: Int64?
    withHead(of: line) { _, head, time in
      result = time ?? head.time(now: now, zone: zone)
    }
    return result
  }

  /// Calls `body` with the head of a line that is not blank, the bytes that it is in, and the time that an object has.
  func withHead(of line: Span<UInt8>, _ body: (Span<UInt8>, LogHead, Int64?) -> Void) {
    let line = line.extracting(0..<Self.end(of: line))
    if line.count == 0 { return }
    let head = LogHead(in: line)
    guard case .unknown = head.writer, let start = LogObject.start(in: line),
      let object = LogObject(in: line, at: start)
    else {
      body(line, head, nil)
      return
    }
    let bytes = object.bytes.span
    let inner =
      object.program.map { LogHead(program: $0, body: object.message, in: bytes) }
      ?? LogHead(in: bytes)
    body(bytes, inner, object.time)
  }

  /// Before what makes a line too long, and before the CR of a file that went through Windows.
  private static func end(of line: Span<UInt8>) -> Int {
    let end = min(line.count, longestLine)
    return line.byte(at: end - 1) == 0x0D ? end - 1 : end
  }

  func record(in line: Span<UInt8>, head: LogHead, mta: MTA?) -> LogRecord? {
    if head.writer.isForeign(to: mta) { return nil }
    var record: LogRecord?
    switch head.writer {
    case .exim: record = EximLog.record(in: line, from: head.body)
    case .postfix(let daemon):
      record = PostfixLog.record(in: line, daemon: daemon, from: head.body)
      if let name = head.daemonName(in: line) { record?.daemon = ByteRange(name) }
    case .other, .unknown: return nil
    }
    record?.time = head.time(now: now, zone: zone)
    return record
  }

  /// The event of a record: strings are made here.
  ///
  /// - Parameter verdict: of the record, where it is known already.
  package func event(
    of record: LogRecord, in line: Span<UInt8>, verdict: Verdict? = nil
  ) -> LogEvent {
    let verdict = verdict ?? self.verdict(of: record, in: line)
    func text(_ place: ByteRange) -> String? { place.isEmpty ? nil : line.string(place) }
    let host = text(record.remoteHost)
    let address = text(record.remoteIP)
    var port = record.port.map(Int.init)
    if port == nil, record.direction == .outbound {
      let end = relays.end(at: host, of: verdict.hop) ?? relays.end(at: address, of: verdict.hop)
      port = end?.port
    }
    return LogEvent(
      time: record.time, mta: record.mta, kind: record.kind, direction: record.direction,
      queueID: text(record.queueID), recipient: text(record.recipient), remoteHost: host,
      remoteIP: address, code: record.code, enhanced: record.enhanced,
      cause: verdict.cause, side: verdict.side, hop: verdict.hop, port: port,
      reply: record.said.map(String.init(describing:)) ?? line.string(record.reply),
      line: line.string(0..<line.count), original: text(record.original))
  }
}
