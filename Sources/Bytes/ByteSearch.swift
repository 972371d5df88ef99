// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Reading and searching of bytes that came from outside. Every access is bounds-checked.
extension Span where Element == UInt8 {
  /// The index of the first `byte` at or after `start`, or nil.
  package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    var index = start
    while index < count {
      if self[index] == byte { return index }
      index += 1
    }
    return nil
  }

  /// The index of the last `byte` before `end`, or nil.
  package func lastIndex(of byte: UInt8, before end: Int) -> Int? {
    var index = Swift.min(end, count) - 1
    while index >= 0 {
      if self[index] == byte { return index }
      index -= 1
    }
    return nil
  }

  /// Whether `text` (ASCII) stands at `index`.
  package func has(_ text: StaticString, at index: Int = 0) -> Bool {
    let length = text.utf8CodeUnitCount
    guard index >= 0, index <= count - length else { return false }
    return text.withUTF8Buffer { buffer in
      for offset in 0..<length where self[index + offset] != buffer[offset] { return false }
      return true
    }
  }

  /// The index of the first occurrence of `text` (ASCII, not empty) at or after `start`, or nil.
  package func firstIndex(of text: StaticString, from start: Int = 0) -> Int? {
    let first = text.withUTF8Buffer { $0.first ?? 0 }
    var index = start
    while let candidate = firstIndex(of: first, from: index) {
      if has(text, at: candidate) { return candidate }
      index = candidate + 1
    }
    return nil
  }

  /// The text in `range`.
  ///
  /// Bytes that are no UTF-8 become U+FFFD. Not safe for a terminal as it is.
  package func string(_ range: Range<Int>) -> String {
    extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  /// The text in a place of this arena.
  package func string(_ place: ByteRange) -> String { string(place.range) }
}

/// Names for the ASCII bytes that formats are made of.
package enum ASCII {
  package static let newline = UInt8(ascii: "\n")
  package static let space = UInt8(ascii: " ")

  /// The value of an ASCII digit, or nil.
  package static func digit(_ byte: UInt8) -> Int? {
    byte >= 0x30 && byte <= 0x39 ? Int(byte) - 0x30 : nil
  }

  /// The byte in lower case where it is an ASCII capital.
  package static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }
}
