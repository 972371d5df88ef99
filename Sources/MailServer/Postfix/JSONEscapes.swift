// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The escapes of JSON strings (RFC 8259, section 7).
enum JSONEscapes {
  /// Gives a string with escapes a new place at the end of the arena, where it stands decoded.
  ///
  /// What is no escape stays as it is.
  static func decode(_ place: inout ByteRange, in arena: inout [UInt8]) {
    let range = place.range
    guard arena[range].contains(UInt8(ascii: "\\")) else { return }
    let start = arena.count
    var index = range.lowerBound
    while index < range.upperBound {
      if arena[index] != UInt8(ascii: "\\") || index + 1 == range.upperBound {
        arena.append(arena[index])
        index += 1
      } else if let scalar = scalar(arena, index, range.upperBound) {
        arena.append(contentsOf: String(Character(scalar.value)).utf8)
        index = scalar.end
      } else {
        arena.append(plain(arena[index + 1]))
        index += 2
      }
    }
    place = ByteRange(start..<arena.count)
  }

  private static func plain(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    default: letter
    }
  }

  /// `\u0041` or a surrogate pair; half of a pair is U+FFFD.
  private static func scalar(
    _ bytes: [UInt8], _ start: Int, _ end: Int
  ) -> (value: Unicode.Scalar, end: Int)? {
    guard let first = unit(bytes, start, end) else { return nil }
    if let scalar = Unicode.Scalar(first) { return (scalar, start + 6) }
    guard UTF16.isLeadSurrogate(first), let second = unit(bytes, start + 6, end),
      UTF16.isTrailSurrogate(second)
    else { return ("\u{FFFD}", start + 6) }
    let pair = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))
    return (Unicode.Scalar(pair) ?? "\u{FFFD}", start + 12)
  }

  /// The four hexadecimal digits after `\u` at `start`.
  private static func unit(_ bytes: [UInt8], _ start: Int, _ end: Int) -> UInt16? {
    guard start + 6 <= end, bytes[start] == UInt8(ascii: "\\"),
      bytes[start + 1] == UInt8(ascii: "u")
    else { return nil }
    var value: UInt16 = 0
    for index in start + 2..<start + 6 {
      guard let digit = ASCII.hexDigit(bytes[index]) else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}
