// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The digits that times are written with in queue IDs.
enum IDDigit {
  /// 0-9 A-Z a-z.
  static func base62(_ byte: UInt8) -> Int64? {
    switch byte {
    case 0x30...0x39: Int64(byte) - 0x30
    case 0x41...0x5A: Int64(byte) - 0x41 + 10
    case 0x61...0x7A: Int64(byte) - 0x61 + 36
    default: nil
    }
  }

  /// The same without vowels.
  static func base52(_ byte: UInt8) -> Int64? {
    guard let digit = base62(byte), digit >= 10 else { return base62(byte) }
    let letter = ASCII.lowercase(byte) - UInt8(ascii: "a")
    guard vowels >> letter & 1 == 0 else { return nil }
    let vowelsBefore = (vowels & (1 << letter - 1)).nonzeroBitCount
    return 10 + Int64(letter) - Int64(vowelsBefore) + (byte >= UInt8(ascii: "a") ? 21 : 0)
  }

  /// A bit for each of a, e, i, o and u: looked up for every byte of every ID of a listing.
  private static let vowels: UInt32 = 0b1_0000_0100_0001_0001_0001
}
