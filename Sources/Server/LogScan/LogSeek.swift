// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import MailServer

/// Where in a log a time begins, found by halving: its lines are sorted by time.
package enum LogSeek {
  /// The offset of the first line at or after `time`, or of the end.
  ///
  /// Lines without a readable time are passed over. A log that is not sorted gives some offset, never a wrong one outside
  /// of the file.
  ///
  /// - Parameters:
  ///   - size: the size of the log in bytes.
  ///   - read: up to so many bytes from an offset.
  package static func offset<Failure: Error>(
    of time: Int64, inLogOf size: Int64, grammar: LogGrammar,
    read: (Int64, Int) async throws(Failure) -> [UInt8]
  ) async throws(Failure) -> Int64 {
    // `low` is the start of a line that is too early, or the file's; from `high` on all lines are late enough.
    var (low, high, found): (Int64, Int64, Int64) = (0, size, size)
    while high - low > Int64(probe) {
      let middle = low + (high - low) / 2
      let line = try await firstLine(from: middle, to: high, grammar: grammar, read: read)
      if let line, line.time < time {
        low = line.offset
      } else {
        (high, found) = (line?.offset ?? middle, line?.offset ?? found)
      }
    }
    return try await first(from: low, to: high, notBefore: time, grammar: grammar, read: read)
      ?? found
  }

  private static let probe = 64 << 10

  private struct Line {
    var offset: Int64
    var time: Int64
  }

  /// The first line with a time that begins behind `start` and before `end`.
  private static func firstLine<Failure: Error>(
    from start: Int64, to end: Int64, grammar: LogGrammar,
    read: (Int64, Int) async throws(Failure) -> [UInt8]
  ) async throws(Failure) -> Line? {
    var offset = start
    // The first line of a piece is cut, unless the piece begins the file.
    var isCut = start > 0
    while offset < end {
      let bytes = try await read(offset, probe)
      guard !bytes.isEmpty else { return nil }
      var line = 0
      while let newline = bytes.span.firstIndex(of: ASCII.newline, from: line) {
        if !isCut, offset + Int64(line) < end,
          let time = grammar.time(of: bytes.span.extracting(line..<newline))
        {
          return Line(offset: offset + Int64(line), time: time)
        }
        (line, isCut) = (newline + 1, false)
      }
      // A line longer than a piece: what follows is its rest.
      if line == 0 { isCut = true }
      offset += Int64(line == 0 ? bytes.count : line)
    }
    return nil
  }

  /// The first line that is late enough among those from `start`, which is the start of a line.
  private static func first<Failure: Error>(
    from start: Int64, to end: Int64, notBefore time: Int64, grammar: LogGrammar,
    read: (Int64, Int) async throws(Failure) -> [UInt8]
  ) async throws(Failure) -> Int64? {
    var offset = start
    while offset < end {
      let bytes = try await read(offset, Int(min(Int64(probe), end - offset)))
      guard !bytes.isEmpty else { break }
      var line = 0
      while let newline = bytes.span.firstIndex(of: ASCII.newline, from: line) {
        if let found = grammar.time(of: bytes.span.extracting(line..<newline)), found >= time {
          return offset + Int64(line)
        }
        line = newline + 1
      }
      offset += Int64(line == 0 ? bytes.count : line)
    }
    return nil
  }
}
