// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// An enhanced mail system status code (RFC 3463), such as 4.7.1.
package struct EnhancedStatusCode: Hashable, Sendable, CustomStringConvertible {
  /// 2 success, 4 persistent transient failure, 5 permanent failure.
  package let category: Int
  /// 0 to 999.
  package let subject: Int
  /// 0 to 999.
  package let detail: Int

  /// Fails where the numbers are outside RFC 3463, section 2.
  package init?(_ category: Int, _ subject: Int, _ detail: Int) {
    guard [2, 4, 5].contains(category), (0...999).contains(subject), (0...999).contains(detail)
    else { return nil }
    self.category = category
    self.subject = subject
    self.detail = detail
  }

  /// Reads exactly `d.d.d`; anything else, a dotted quad among them, is nil.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let (code, end) = Self.read(bytes.span, 0..<bytes.count), end == bytes.count else {
      return nil
    }
    self = code
  }

  /// The code at the start of `range` and where it ends; nil for the head of a dotted quad.
  static func read(
    _ text: borrowing Span<UInt8>, _ range: Range<Int>
  ) -> (code: EnhancedStatusCode, end: Int)? {
    var numbers = (0, 0, 0)
    var index = range.lowerBound
    for part in 0..<3 {
      var value = 0
      var digits = 0
      while index < range.upperBound, digits < 3, let digit = ASCII.digit(text[index]) {
        value = value * 10 + digit
        digits += 1
        index += 1
      }
      guard digits > 0 else { return nil }
      switch part {
      case 0: numbers.0 = value
      case 1: numbers.1 = value
      default: numbers.2 = value
      }
      guard part < 2 else { break }
      guard index < range.upperBound, text[index] == UInt8(ascii: ".") else { return nil }
      index += 1
    }
    guard let code = EnhancedStatusCode(numbers.0, numbers.1, numbers.2),
      !continuesNumber(text, index, range.upperBound)
    else { return nil }
    return (code, index)
  }

  private static func continuesNumber(
    _ text: borrowing Span<UInt8>, _ index: Int, _ end: Int
  ) -> Bool {
    guard index < end else { return false }
    let byte = text[index]
    if byte == UInt8(ascii: ".") { return index + 1 < end && ASCII.digit(text[index + 1]) != nil }
    return LatinFold.ascii(byte) != ASCII.space
  }

  package var description: String { "\(category).\(subject).\(detail)" }
}
