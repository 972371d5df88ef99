// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc

/// Cuts what is read into blocks of whole lines, in one buffer that is used again and again.
///
/// A line longer than the buffer is cut: its beginning counts as the line, the rest is passed over.
struct LineBuffer: ~Copyable {
  /// Large enough for few system calls, small enough for the processor's cache.
  static let capacity = 1 << 20

  private var bytes = [UInt8](repeating: 0, count: capacity)
  private var filled = 0
  private var isInsideLongLine = false

  /// Reads once from a descriptor, at `offset` or where it stands; the number of bytes, 0 at the end, -1 for an error.
  mutating func fill(from descriptor: Int32, at offset: Int64?, atMost limit: Int = .max) -> Int {
    let (start, room) = (filled, min(bytes.count - filled, limit))
    let got = bytes.withUnsafeMutableBytes { buffer in
      while true {
        let place = buffer.baseAddress.map { $0 + start }
        let got =
          offset.map { pread(descriptor, place, room, off_t($0)) } ?? read(descriptor, place, room)
        if got >= 0 || errno != EINTR { return got }
      }
    }
    filled += max(got, 0)
    return got
  }

  /// The first bytes of what is there.
  var head: [UInt8] { Array(bytes.prefix(min(filled, 6))) }

  /// Takes as many of `more` as there is room for; the number of them.
  mutating func fill(from more: ArraySlice<UInt8>) -> Int {
    let count = min(bytes.count - filled, more.count)
    bytes.replaceSubrange(filled..<filled + count, with: more.prefix(count))
    filled += count
    return count
  }

  /// Hands the whole lines on and keeps the beginning of the next one.
  mutating func drain(_ body: (Span<UInt8>) -> Void) {
    var start = 0
    if isInsideLongLine {
      guard let end = bytes.span.firstIndex(of: ASCII.newline, before: filled) else {
        filled = 0
        return
      }
      (start, isInsideLongLine) = (end + 1, false)
    }
    if let last = bytes.span.lastIndex(of: ASCII.newline, before: filled), last >= start {
      body(bytes.span.extracting(start..<last + 1))
      start = last + 1
    } else if start == 0, filled == bytes.count {
      body(bytes.span.extracting(0..<filled))
      (start, isInsideLongLine) = (filled, true)
    }
    keep(from: start)
  }

  /// Hands on the last line, which no newline ends.
  mutating func finish(_ body: (Span<UInt8>) -> Void) {
    if filled > 0, !isInsideLongLine { body(bytes.span.extracting(0..<filled)) }
    (filled, isInsideLongLine) = (0, false)
  }

  private mutating func keep(from start: Int) {
    guard start > 0 else { return }
    let rest = filled - start
    bytes.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress, rest > 0 else { return }
      memmove(base, base + start, rest)
    }
    filled = rest
  }
}
