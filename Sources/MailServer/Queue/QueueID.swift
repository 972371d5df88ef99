// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A queue ID that has the exact form of one: it can be given to a command as an argument.
///
/// `ALL`, `-`, options and paths cannot be expressed. Exim: 6-6-2 (up to 4.96) or 6-11-4 (4.97 and newer);
/// Postfix: short (hexadecimal) or long (`enable_long_queue_ids`).
package struct QueueID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String

  /// Fails where `text` is no queue ID of `mta`.
  package init?(_ text: String, of mta: MTA) {
    let bytes = Array(text.utf8)
    guard Self.isValid(bytes.span, 0..<bytes.count, of: mta) else { return nil }
    self.text = text
  }

  package var description: String { text }

  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// The time in the ID, in seconds since 1970, or nil where the form of ID carries none.
  ///
  /// Exim: when reception began. Postfix, long IDs only: when the queue file was made, which is
  /// later than the arrival for a message that was requeued.
  package func arrival(of mta: MTA) -> Int64? {
    let bytes = Array(text.utf8)
    return switch mta {
    case .exim: Self.eximTime(bytes.span, at: 0)
    case .postfix: Self.postfixTime(bytes.span)
    }
  }

  /// Whether the bytes in `range` have the form of a queue ID.
  static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>, of mta: MTA) -> Bool {
    switch mta {
    case .exim: isExim(bytes, range)
    case .postfix: isPostfix(bytes, range)
    }
  }

  private static func isExim(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count == 16 || range.count == 23 else { return false }
    let dashes = (range.lowerBound + 6, range.upperBound - (range.count == 16 ? 3 : 5))
    for index in range {
      let isDash = index == dashes.0 || index == dashes.1
      guard isDash ? bytes[index] == UInt8(ascii: "-") : base62(bytes[index]) != nil else {
        return false
      }
    }
    return true
  }

  private static func isPostfix(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard (6...25).contains(range.count) else { return false }
    if range.allSatisfy({ isUpperHexadecimal(bytes[$0]) }) { return true }
    // Seconds (6 or more), microseconds (4), `z`, inode (1 or more); the inode has no `z`.
    guard range.allSatisfy({ base52(bytes[$0]) != nil }),
      let separator = bytes.lastIndex(of: UInt8(ascii: "z"), before: range.upperBound)
    else { return false }
    return separator - range.lowerBound >= 10 && separator < range.upperBound - 1
  }

  /// The time in the first six characters of an Exim ID.
  static func eximTime(_ bytes: Span<UInt8>, at start: Int) -> Int64? {
    guard start <= bytes.count - 6 else { return nil }
    var seconds: Int64 = 0
    for index in start..<start + 6 {
      guard let digit = base62(bytes[index]) else { return nil }
      seconds = seconds * 62 + digit
    }
    return seconds
  }

  /// The time in a long Postfix ID (`mail_queue.h`: base 52, then four digits of microseconds).
  private static func postfixTime(_ bytes: Span<UInt8>) -> Int64? {
    guard let separator = bytes.lastIndex(of: UInt8(ascii: "z"), before: bytes.count),
      (10...14).contains(separator)
    else { return nil }
    var seconds: Int64 = 0
    for index in 0..<separator - 4 {
      guard let digit = base52(bytes[index]) else { return nil }
      seconds = seconds * 52 + digit
    }
    return seconds
  }

  private static func isUpperHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte)
  }

  /// 0-9 A-Z a-z.
  private static func base62(_ byte: UInt8) -> Int64? {
    switch byte {
    case 0x30...0x39: Int64(byte) - 0x30
    case 0x41...0x5A: Int64(byte) - 0x41 + 10
    case 0x61...0x7A: Int64(byte) - 0x61 + 36
    default: nil
    }
  }

  /// The same without vowels.
  private static func base52(_ byte: UInt8) -> Int64? {
    guard let digit = base62(byte), digit >= 10 else { return base62(byte) }
    let letter = ASCII.lowercase(byte) - UInt8(ascii: "a")
    guard vowels >> letter & 1 == 0 else { return nil }
    let vowelsBefore = (vowels & (1 << letter - 1)).nonzeroBitCount
    return 10 + Int64(letter) - Int64(vowelsBefore) + (byte >= UInt8(ascii: "a") ? 21 : 0)
  }

  /// A bit for each of a, e, i, o and u: looked up for every byte of every ID of a listing.
  private static let vowels: UInt32 = 0b1_0000_0100_0001_0001_0001
}
