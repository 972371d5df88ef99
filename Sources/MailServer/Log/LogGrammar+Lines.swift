// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reading many lines at once, without a look at most of them.
extension LogGrammar {
  /// Which lines are read.
  package enum Interest: Sendable {
    /// Deferrals, attempts and refusals: the lines of ordinary traffic are passed over by their first bytes.
    case trouble
    case everything
  }

  /// Calls `body` with each record in `lines` and the line that its places are in.
  ///
  /// - Parameters:
  ///   - lines: whole lines, each ended by a newline; the last one may lack it.
  ///   - joiner: what has come of a line that syslog split; it is kept from one call to the next.
  package func forEachRecord(
    in lines: Span<UInt8>, mta: MTA?, of interest: Interest, joiner: inout LogLineJoiner,
    _ body: (Span<UInt8>, LogRecord) -> Void
  ) {
    var sieve = LogSieve(mta: mta)
    var ends = LineEnds()
    var start = 0
    while start < lines.count {
      let end = ends.next(in: lines)
      let line = lines.extracting(start..<end)
      defer { start = end + 1 }
      if interest == .trouble, sieve.isRoutine(line, at: start, of: lines) { continue }
      if let joined = joiner.join(line) {
        for whole in joined { read(whole.span, mta: mta, body) }
      } else {
        read(line, mta: mta, body)
      }
    }
  }

  /// The same for what is left of a split line when no more lines come.
  package func finish(
    _ joiner: inout LogLineJoiner, mta: MTA?, _ body: (Span<UInt8>, LogRecord) -> Void
  ) {
    for line in joiner.finish() { read(line.span, mta: mta, body) }
  }

  private func read(
    _ line: Span<UInt8>, mta: MTA?, _ body: (Span<UInt8>, LogRecord) -> Void
  ) {
    _ = withRecord(in: line, mta: mta) { line, record -> Void? in body(line, record) }
  }
}
