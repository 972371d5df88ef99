// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Distinguishes a host name, mail address, URL, IP address or dotted number from words.
enum AddressShape {
  /// Suffixes that tell `example.com` from two sentences without a space between them.
  private static let topLevels: Set<String> = [
    "arpa", "biz", "cloud", "com", "edu", "email", "example", "gov", "info", "int", "invalid",
    "lan", "local", "localdomain", "mail", "mil", "net", "org", "online", "test",
  ]

  static func matches(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    var dots = 0
    var lastDot = range.lowerBound
    var digitsOnly = true
    for index in range {
      switch text[index] {
      case UInt8(ascii: "@"): return true
      case UInt8(ascii: ":") where text.has("://", at: index): return true
      case UInt8(ascii: "."):
        // Dots at an end, or two together, are punctuation.
        guard index > range.lowerBound, index + 1 < range.upperBound,
          isWordByte(text[index - 1]), isWordByte(text[index + 1])
        else { continue }
        dots += 1
        lastDot = index
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
        digitsOnly = false
      default: continue
      }
    }
    guard dots > 0 else { return false }
    if dots > 1 || digitsOnly { return true }
    return isTopLevel(text, lastDot + 1, range.upperBound)
  }

  private static func isTopLevel(_ text: borrowing Span<UInt8>, _ start: Int, _ limit: Int) -> Bool
  {
    var end = start
    while end < limit, isWordByte(text[end]) { end += 1 }
    if end - start == 2 { return text[start] >= UInt8(ascii: "a") }
    guard end - start < 12 else { return false }
    return topLevels.contains(text.string(start..<end))
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    LatinFold.ascii(byte) != ASCII.space || byte == UInt8(ascii: "-") || byte >= 0x80
  }
}
