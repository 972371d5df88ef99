// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reading many lines at once, most of them without parsing.
extension LogGrammar {
  /// Which lines are read.
  package enum Interest: Sendable {
    /// Deferrals, attempts and refusals: the lines of ordinary traffic are passed over by their first bytes.
    case trouble
    case everything
  }

  /// Calls `body` with each record in `lines` and the line that its places are in, and reports which MTA wrote the lines.
  ///
  /// - Parameters:
  ///   - lines: whole lines, each ended by a newline; the last one may lack it.
  ///   - joiner: what has come of a line that syslog split; it is kept from one call to the next.
  @discardableResult
  package func forEachRecord(
    in lines: Span<UInt8>, mta: MTA?, of interest: Interest, joiner: inout LogLineJoiner,
    _ body: (Span<UInt8>, LogRecord) -> Void
  ) -> LogTally {
    var tally = LogTally()
    var sieve = LogSieve(mta: mta)
    var ends = LineEnds()
    var start = 0
    while start < lines.count {
      let end = ends.next(in: lines)
      let line = lines.extracting(start..<end)
      defer { start = end + 1 }
      if end == start { continue }
      if interest == .trouble, sieve.passesOver(line, at: start, of: lines) { continue }
      if let joined = joiner.join(line) {
        tally.count(.of(.exim))
        for whole in joined { read(whole.span, mta: mta, body) }
      } else if let kind = read(line, mta: mta, body) {
        tally.count(kind)
      }
    }
    tally.merge(sieve.tally)
    return tally
  }

  /// Bytes of a log's end that tell well enough whose it is.
  package static let sampleSize: Int64 = 256 << 10

  /// Whose the lines at a log's end are.
  ///
  /// - Parameter isCut: whether the first of them is only the rest of a line.
  package func tally(ofEnd bytes: [UInt8], isCut: Bool) -> LogTally {
    let span = bytes.span
    let start = isCut ? span.firstIndex(of: ASCII.newline).map { $0 + 1 } ?? span.count : 0
    var joiner = LogLineJoiner()
    return forEachRecord(
      in: span.extracting(start..<span.count), mta: nil, of: .everything, joiner: &joiner
    ) { _, _ in }
  }

  /// The time of the first line that has one, among the first of them.
  ///
  /// - Parameter isCut: whether the first of them is only the rest of a line.
  package func firstTime(in bytes: [UInt8], isCut: Bool) -> Int64? {
    let span = bytes.span
    var start = isCut ? span.firstIndex(of: ASCII.newline).map { $0 + 1 } ?? span.count : 0
    for _ in 0..<100 where start < span.count {
      let end = span.lineEnd(from: start)
      if let time = time(of: span.extracting(start..<end)) { return time }
      start = end + 1
    }
    return nil
  }

  /// The same for what is left of a split line when no more lines come.
  package func finish(
    _ joiner: inout LogLineJoiner, mta: MTA?, _ body: (Span<UInt8>, LogRecord) -> Void
  ) {
    for line in joiner.finish() { read(line.span, mta: mta, body) }
  }

  /// Whose line it is, or nil for a blank one.
  @discardableResult
  private func read(
    _ line: Span<UInt8>, mta: MTA?, _ body: (Span<UInt8>, LogRecord) -> Void
  ) -> LogTally.Kind? {
    var kind: LogTally.Kind?
    withHead(of: line) { line, head, time in
      guard var record = record(in: line, head: head, mta: mta) else {
        kind = head.kind(in: line)
        return
      }
      kind = .of(record.mta)
      record.time = time ?? record.time
      body(line, record)
    }
    return kind
  }
}
