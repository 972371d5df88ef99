// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

public import CMemory

/// Reading and searching of bytes that came from outside. Every access is bounds-checked.
extension Span where Element == UInt8 {
  /// The index of the first `byte` at or after `start` and before `end`, or nil.
  @inlinable
  package func firstIndex(of byte: UInt8, from start: Int = 0, before end: Int = .max) -> Int? {
    let limit = Swift.min(end, count)
    var index = Swift.max(start, 0)
    while index <= limit - 64 {
      let places = matches(of: byte, at: index)
      if places != 0 { return index + places.trailingZeroBitCount }
      index += 64
    }
    return firstIndexNear(index, of: byte, before: limit)
  }

  /// The same for a byte that stands within a few bytes, if anywhere.
  @inlinable @inline(__always)
  package func firstIndexNear(_ start: Int, of byte: UInt8, before end: Int) -> Int? {
    let limit = Swift.min(end, count)
    var index = Swift.max(start, 0)
    while index <= limit - 8 {
      if let offset = firstMatch(of: byte, in: word(at: index)) { return index + offset }
      index += 8
    }
    while index < limit {
      if self[index] == byte { return index }
      index += 1
    }
    return nil
  }

  /// The index of the last `byte` before `end`, or nil.
  @inlinable
  package func lastIndex(of byte: UInt8, before end: Int) -> Int? {
    var index = Swift.min(end, count) - 1
    while index >= 63 {
      let places = matches(of: byte, at: index - 63)
      if places != 0 { return index - places.leadingZeroBitCount }
      index -= 64
    }
    while index >= 0 {
      if self[index] == byte { return index }
      index -= 1
    }
    return nil
  }

  /// Whether `text` (ASCII) stands at `index`.
  @inlinable @inline(__always)
  package func has(_ text: StaticString, at index: Int = 0) -> Bool {
    let length = text.utf8CodeUnitCount
    guard index >= 0, index <= count - length else { return false }
    return text.withUTF8Buffer { buffer in
      // Of a literal these are a few comparisons with numbers.
      let wanted = UnsafeRawBufferPointer(buffer)
      if length < 8 {
        for offset in 0..<length where self[index + offset] != buffer[offset] { return false }
        return true
      }
      var offset = 0
      while offset < length {
        // The last word may hold bytes of the one before once more.
        let place = Swift.min(offset, length - 8)
        let same = wanted.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        if word(at: index + place) != same { return false }
        offset += 8
      }
      return true
    }
  }

  /// The index of the first occurrence of `text` (ASCII) that starts at or after `start` and ends
  /// before `end`, or nil.
  ///
  /// Empty text is found nowhere.
  @inlinable
  package func firstIndex(of text: StaticString, from start: Int = 0, before end: Int = .max)
    -> Int?
  {
    let length = text.utf8CodeUnitCount
    guard length > 1 else {
      return length == 0
        ? nil : firstIndex(of: text.withUTF8Buffer { $0[0] }, from: start, before: end)
    }
    let (first, middle) = text.withUTF8Buffer { ($0[0], $0[length / 2]) }
    // The first and the middle byte of the text at their distance: few places pass by chance. The ends of what stands
    // between commas are alike (`, delays=`, `, status=`).
    let limit = Swift.min(end, count) - length
    var index = Swift.max(start, 0)
    while index <= limit - 64 {
      var places = matches(of: first, at: index) & matches(of: middle, at: index + length / 2)
      while let offset = places.takeBit() {
        if has(text, at: index + offset) { return index + offset }
      }
      index += 64
    }
    while let place = firstIndex(of: first, from: index, before: limit + 1) {
      if has(text, at: place) { return place }
      index = place + 1
    }
    return nil
  }

  /// Whether `text` (ASCII) stands somewhere in `range`.
  @inlinable
  package func contains(_ text: StaticString, in range: Range<Int>) -> Bool {
    firstIndex(of: text, from: range.lowerBound, before: range.upperBound) != nil
  }

  /// The text in `range`.
  ///
  /// Bytes that are no UTF-8 become U+FFFD. Not safe for a terminal as it is.
  package func string(_ range: Range<Int>) -> String {
    extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  /// The text in a place of this arena.
  package func string(_ place: ByteRange) -> String { string(place.range) }

  /// Which of the 64 bytes at `index` are `byte`, a bit for each; out of bounds it traps, as the subscript does.
  @inlinable @inline(__always)
  func matches(of byte: UInt8, at index: Int) -> UInt64 {
    precondition(index >= 0 && index <= count - 64)
    return withUnsafeBytes { buffer in
      buffer.baseAddress.map { tempfail_matches($0 + index, byte) } ?? 0
    }
  }

  /// The 8 bytes at `index`; out of bounds it traps, as the subscript does.
  @inlinable @inline(__always)
  func word(at index: Int) -> UInt64 {
    bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
  }
}

extension UInt64 {
  /// The place of the lowest bit that is set, which is cleared; nil if there is none.
  @inlinable @inline(__always)
  package mutating func takeBit() -> Int? {
    guard self != 0 else { return nil }
    let place = trailingZeroBitCount
    self &= self &- 1
    return place
  }
}

/// The place of the first `byte` in 8 that were loaded at once, or nil.
@inlinable @inline(__always)
func firstMatch(of byte: UInt8, in word: UInt64) -> Int? {
  // The lowest byte that is 0 has its high bit set here (Hacker's Delight, 6-1); higher ones may by a borrow.
  let ones: UInt64 = 0x0101_0101_0101_0101
  let zeros = UInt64(littleEndian: word) ^ (ones &* UInt64(byte))
  let marks = (zeros &- ones) & ~zeros & (ones << 7)
  return marks == 0 ? nil : marks.trailingZeroBitCount / 8
}

/// Names for the ASCII bytes that formats are made of.
@usableFromInline
package enum ASCII {
  // Computed, so that other modules hold the number and need not ask for it.
  @inlinable package static var newline: UInt8 { UInt8(ascii: "\n") }
  @inlinable package static var space: UInt8 { UInt8(ascii: " ") }

  /// The value of an ASCII digit, or nil.
  @inlinable
  package static func digit(_ byte: UInt8) -> Int? {
    byte >= 0x30 && byte <= 0x39 ? Int(byte) - 0x30 : nil
  }

  /// The value of a hexadecimal digit, or nil.
  @inlinable
  package static func hexDigit(_ byte: UInt8) -> Int? {
    let letter = byte | 0x20
    return letter >= 0x61 && letter <= 0x66 ? Int(letter) - 0x57 : digit(byte)
  }

  /// The byte in lower case where it is an ASCII capital.
  @inlinable
  package static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }
}
