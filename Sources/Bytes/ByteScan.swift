// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What listings are read and compared by.
extension Span where Element == UInt8 {
  /// The index of the first byte that is one of two, at or after `start`, or nil.
  @inlinable
  package func firstIndex(of first: UInt8, or second: UInt8, from start: Int) -> Int? {
    var index = start
    while index <= count - 64 {
      let places = matches(of: first, at: index) | matches(of: second, at: index)
      if places != 0 { return index + places.trailingZeroBitCount }
      index += 64
    }
    while index < count {
      if self[index] == first || self[index] == second { return index }
      index += 1
    }
    return nil
  }

  /// Where the line that starts at `start` ends: at its newline, or at the end of the bytes.
  @inlinable
  package func lineEnd(from start: Int) -> Int {
    firstIndex(of: ASCII.newline, from: start) ?? count
  }

  /// Whether two places hold the same bytes.
  @inlinable
  package func equal(_ left: ByteRange, _ right: ByteRange) -> Bool {
    guard left.count == right.count else { return false }
    let raw = bytes
    let (first, second, length) = (Int(left.offset), Int(right.offset), Int(left.count))
    var index = 0
    while index <= length - 8 {
      let one = raw.unsafeLoadUnaligned(fromByteOffset: first + index, as: UInt64.self)
      let other = raw.unsafeLoadUnaligned(fromByteOffset: second + index, as: UInt64.self)
      if one != other { return false }
      index += 8
    }
    while index < length {
      if self[first + index] != self[second + index] { return false }
      index += 1
    }
    return true
  }

  /// Whether two places hold the same bytes but for the case of ASCII letters.
  @inlinable
  package func equalIgnoringCase(_ left: ByteRange, _ right: ByteRange) -> Bool {
    if equal(left, right) { return true }
    guard left.count == right.count else { return false }
    for index in 0..<Int(left.count)
    where ASCII.lowercase(self[Int(left.offset) + index])
      != ASCII.lowercase(self[Int(right.offset) + index])
    {
      return false
    }
    return true
  }

  /// Whether the bytes of one place come before those of another.
  @inlinable
  package func precedes(_ left: ByteRange, _ right: ByteRange) -> Bool {
    let length = Int(Swift.min(left.count, right.count))
    for index in 0..<length {
      let one = self[Int(left.offset) + index]
      let other = self[Int(right.offset) + index]
      if one != other { return one < other }
    }
    return left.count < right.count
  }
}
