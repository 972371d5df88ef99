// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Cuts a stream of bytes into whole lines, whatever the pieces that it comes in.
struct LineSplitter {
  /// Bytes of a line that are kept; the rest of a longer one is dropped.
  static let limit = 64 << 10

  /// A line whose end has not come yet.
  private var partial: [UInt8] = []
  /// How many bytes of such a line have come, with those that were dropped.
  private(set) var pending = 0

  /// The whole lines that are complete with `bytes`, each ended by a newline.
  mutating func feed(_ bytes: [UInt8]) -> [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(partial.count + bytes.count)
    let span = bytes.span
    var start = 0
    while let end = span.firstIndex(of: ASCII.newline, from: start) {
      keep(bytes[start..<end])
      pending = 0
      lines += partial
      lines.append(ASCII.newline)
      partial.removeAll(keepingCapacity: true)
      start = end + 1
    }
    keep(bytes[start...])
    return lines
  }

  /// What has come of the last line, ended; empty if nothing has.
  mutating func finish() -> [UInt8] {
    defer { (partial, pending) = ([], 0) }
    return partial.isEmpty ? [] : partial + [ASCII.newline]
  }

  private mutating func keep(_ piece: ArraySlice<UInt8>) {
    partial += piece.prefix(Self.limit - partial.count)
    pending += piece.count
  }
}
