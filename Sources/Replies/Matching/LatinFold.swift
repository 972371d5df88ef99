// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The letter under an accent, and the small letter of a capital.
///
/// Enough for the languages that mail servers answer in; everything else is kept as it is.
enum LatinFold {
  enum Folded {
    case ascii(UInt8)
    /// A small letter between U+0430 and U+045F.
    case cyrillic(UInt32)
    case asItIs
  }

  /// U+00C0 to U+017F.
  private static let bases = Array(
    ("aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
      + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
      + "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8)

  /// A small letter or digit, or a space for everything that only separates words.
  ///
  /// `@` and `#` stay separators too: the mark is set by the caller.
  static func ascii(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    default: ASCII.space
    }
  }

  static func base(ofLatin1 byte: UInt8) -> UInt8? {
    byte >= 0xC0 ? bases[Int(byte) - 0xC0] : nil
  }

  /// Exim logs an 8-bit byte as a backslash and three octal digits.
  static func octalEscape(_ text: borrowing Span<UInt8>, _ index: Int, _ end: Int) -> UInt8? {
    guard text[index] == UInt8(ascii: "\\"), index + 3 < end else { return nil }
    var value = 0
    for offset in 1...3 {
      guard let digit = ASCII.digit(text[index + offset]), digit < 8 else { return nil }
      value = value << 3 | digit
    }
    return UInt8(exactly: value)
  }

  /// The character at `index` and its length.
  ///
  /// A byte that is no UTF-8 counts as ISO 8859-1, which old servers send.
  static func scalar(
    _ text: borrowing Span<UInt8>, _ index: Int, _ end: Int
  ) -> (scalar: UInt32, length: Int) {
    let lead = text[index]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
    guard length > 1, index + length <= end else { return (UInt32(lead), 1) }
    var scalar = UInt32(lead) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
    for offset in 1..<length {
      let byte = text[index + offset]
      guard byte & 0xC0 == 0x80 else { return (UInt32(lead), 1) }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    return (scalar, length)
  }

  static func fold(_ scalar: UInt32) -> Folded {
    switch scalar {
    case 0xC0...0x17F: .ascii(bases[Int(scalar) - 0xC0])
    case 0x80..<0xC0, 0x2000...0x206F, 0x3000...0x3002, 0xFF01, 0xFF0C: .ascii(ASCII.space)
    case 0x400...0x40F: .cyrillic(scalar + 0x50)
    case 0x410...0x42F: .cyrillic(scalar + 0x20)
    default: .asItIs
    }
  }
}
