// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Puts the pieces of an Exim line together that syslog got as several lines: `[1/3] …`, `[2\3] …`.
///
/// A backslash says that the piece was cut at a line break, which is lost. Only the first piece carries the queue ID.
package struct LogLineJoiner: Sendable {
  /// Lines longer than this are not put together: the text of a reply is much shorter.
  private static let longest = 64 * 1024

  /// The line as far as it has come, and what it still waits for.
  private var pending: [UInt8] = []
  private var tag: [UInt8] = []
  private var (next, total) = (0, 0)

  package init() {}

  /// Takes a piece, and gives the whole line when its last one has come.
  ///
  /// A line whose next piece does not come is given up as far as it came, when another line begins. Nil if `line` is
  /// no piece.
  package mutating func join(_ line: Span<UInt8>) -> [[UInt8]]? {
    guard let piece = Self.find(in: line) else { return nil }
    var ready: [[UInt8]] = []
    let writer = Self.program(of: line, before: piece.mark)
    if piece.number == 1 {
      ready = finish()
      pending = line.array(0..<piece.mark)
      (tag, next, total) = (writer, 2, piece.total)
    } else if piece.number == next, piece.total == total, tag == writer {
      next += 1
    } else {
      return []
    }
    let room = max(Self.longest - pending.count, 0)
    pending += line.array(piece.text..<line.count).prefix(room)
    return piece.number == total ? ready + finish() : ready
  }

  /// Whether a line only goes on with one that was written before it.
  package static func isFurtherPiece(_ line: Span<UInt8>) -> Bool {
    find(in: line).map { $0.number > 1 } ?? false
  }

  /// What has come of a line that is not whole.
  package mutating func finish() -> [[UInt8]] {
    defer { (pending, next, total) = ([], 0, 0) }
    return pending.isEmpty ? [] : [pending]
  }

  /// A piece's mark, its number, and where its text begins.
  struct Piece {
    var mark: Int
    var number: Int
    var total: Int
    var text: Int
  }

  /// `[1/5] ` or `[1\5] ` at `index`.
  static func piece(in line: Span<UInt8>, at index: Int) -> Piece? {
    guard line.byte(at: index) == UInt8(ascii: "[") else { return nil }
    let slash = line.endOfDigits(from: index + 1)
    guard let separator = line.byte(at: slash), [0x2F, 0x5C].contains(separator) else { return nil }
    let close = line.endOfDigits(from: slash + 1)
    guard line.has("] ", at: close), (1...3).contains(slash - index - 1),
      (1...3).contains(close - slash - 1),
      let number = line.number(at: index + 1, digits: slash - index - 1),
      let total = line.number(at: slash + 1, digits: close - slash - 1), number >= 1,
      number <= total
    else { return nil }
    return Piece(mark: index, number: number, total: total, text: close + 2)
  }

  /// The mark behind syslog's `program[pid]: `.
  private static func find(in line: Span<UInt8>) -> Piece? {
    guard let colon = line.firstIndex(of: ": [", before: 160) else { return nil }
    return piece(in: line, at: colon + 2)
  }

  /// `program[pid]: `: the pieces of two processes come mixed.
  private static func program(of line: Span<UInt8>, before mark: Int) -> [UInt8] {
    let start = line.lastIndex(of: ASCII.space, before: mark - 1).map { $0 + 1 } ?? 0
    return line.array(min(start, mark)..<mark)
  }
}

extension Span where Element == UInt8 {
  func array(_ range: Range<Int>) -> [UInt8] {
    extracting(range).withUnsafeBufferPointer { Array($0) }
  }
}
