// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A queue ID that has the exact form of one: it can be given to a command as an argument.
///
/// `ALL`, `-`, options and paths cannot be expressed. Exim: 6-6-2 (up to 4.96) or 6-11-4 (4.97 and newer);
/// Postfix: short (hexadecimal) or long (`enable_long_queue_ids`).
package struct QueueID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let text: String

  /// Fails where `text` is no queue ID of `mta`.
  package init?(_ text: String, of mta: MTA) {
    let valid =
      switch mta {
      case .exim: Self.isExim(text)
      case .postfix: Self.isPostfix(text)
      }
    guard valid else { return nil }
    self.text = text
  }

  package var description: String { text }

  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  private static func isExim(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 3 else { return false }
    guard [[6, 6, 2], [6, 11, 4]].contains(parts.map(\.count)) else { return false }
    return parts.allSatisfy { $0.allSatisfy(isAlphanumeric) }
  }

  private static func isPostfix(_ text: String) -> Bool {
    guard (6...25).contains(text.utf8.count) else { return false }
    if text.utf8.allSatisfy(isUpperHex) { return true }
    // Long IDs: digits and letters without vowels (mail_queue.h), at least 12.
    return text.utf8.count >= 12
      && text.utf8.allSatisfy { isAlphanumeric($0) && !"AEIOUaeiou".utf8.contains($0) }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isUpperHex(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte)
  }
}
