// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Replies

/// What takes the records of a pass.
protocol LogSink: Sendable {
  /// Whose the lines of the pass are.
  var tally: LogTally { get set }
  mutating func take(_ record: LogRecord, in line: Span<UInt8>)
}

/// Counts only.
struct SummarySink: LogSink {
  var summary = LogSummary()
  var tally = LogTally()
  private var causes: CauseCache

  init(causes: CauseCache) { self.causes = causes }

  mutating func take(_ record: LogRecord, in line: Span<UInt8>) {
    // Attempts are counted, whatever their cause.
    let cause = record.kind == .attempt ? .other : causes.cause(of: record, in: line)
    summary.count(record, cause: cause, in: line)
  }
}

/// Makes events and keeps them until they are called for.
struct EventSink: LogSink {
  private let grammar: LogGrammar
  private var causes: CauseCache
  /// In the order of the log.
  var events: [LogEvent] = []
  var tally = LogTally()

  init(grammar: LogGrammar, causes: CauseCache) {
    (self.grammar, self.causes) = (grammar, causes)
  }

  mutating func take(_ record: LogRecord, in line: Span<UInt8>) {
    let verdict = causes.verdict(of: record, in: line)
    events.append(grammar.event(of: record, in: line, verdict: verdict))
  }
}

/// One way through one log or a part of it, from its bytes to the records that are requested.
struct LogPass<Sink: LogSink>: ~Copyable, Sendable {
  private let scan: LogScan
  private var buffer = LineBuffer()
  private var joiner = LogLineJoiner()
  /// Whether nothing of a stream was read yet.
  private var isAtStart = true
  var sink: Sink

  init(_ scan: LogScan, into sink: Sink) { (self.scan, self.sink) = (scan, sink) }

  /// Reads a part of a file that begins and ends with a line; of a file that shrinks in the meantime, what is there.
  mutating func read(_ part: Range<Int64>, of file: borrowing FileAccess.Handle)
    throws(HostFailure)
  {
    var offset = part.lowerBound
    while offset < part.upperBound {
      let limit = Int(clamping: part.upperBound - offset)
      let got = buffer.fill(from: file.descriptor, at: offset, atMost: limit)
      guard got >= 0 else { throw HostFailure(errno: errno, of: file.path) }
      if got == 0 { break }
      offset += Int64(got)
      drain()
    }
    finish()
  }

  /// Reads once from a stream of that name; false at its end.
  mutating func readOnce(from descriptor: Int32, _ name: String) throws(HostFailure) -> Bool {
    let got = buffer.fill(from: descriptor, at: nil)
    guard got >= 0 else { throw HostFailure(errno: errno, of: name) }
    if isAtStart, let tool = LogFiles.packer(of: buffer.head) {
      throw .failed(LogFiles.packedWords(name, tool))
    }
    isAtStart = false
    drain()
    if got == 0 { finish() }
    return got > 0
  }

  /// Takes bytes of a stream.
  mutating func feed(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      rest = rest.dropFirst(buffer.fill(from: rest))
      drain()
    }
  }

  /// Takes what is left when nothing more comes.
  mutating func finish() {
    buffer.finish { lines in Self.take(lines, scan, &joiner, &sink) }
    scan.grammar.finish(&joiner, mta: scan.mta) { line, record in
      if scan.wants(record) { sink.take(record, in: line) }
    }
  }

  private mutating func drain() {
    buffer.drain { lines in Self.take(lines, scan, &joiner, &sink) }
  }

  private static func take(
    _ lines: Span<UInt8>, _ scan: LogScan, _ joiner: inout LogLineJoiner, _ sink: inout Sink
  ) {
    let tally = scan.grammar.forEachRecord(
      in: lines, mta: scan.mta, of: .trouble, joiner: &joiner
    ) { line, record in
      if scan.wants(record) { sink.take(record, in: line) }
    }
    sink.tally.merge(tally)
  }
}
