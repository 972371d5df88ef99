// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What the line-based formats have in common.
enum ListingText {
  /// The end of a line without its carriage return (a listing that went through a Windows machine).
  static func withoutReturn(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Int {
    let last = line.upperBound - 1
    return last >= line.lowerBound && bytes[last] == 0x0D ? last : line.upperBound
  }

  /// Where the first byte that is no space stands, or the end.
  static func afterBlanks(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index < range.upperBound, bytes[index] == ASCII.space { index += 1 }
    return index
  }

  /// The next word: what is before the next space, after any spaces.
  static func word(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    let start = afterBlanks(bytes, range)
    var end = start
    while end < range.upperBound, bytes[end] != ASCII.space { end += 1 }
    return start..<end
  }

  /// A decimal number of at most ten digits.
  static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard (1...10).contains(range.count) else { return nil }
    var number: Int64 = 0
    for index in range {
      guard let digit = ASCII.digit(bytes[index]) else { return nil }
      number = number * 10 + Int64(digit)
    }
    return number
  }

  /// Whether a line is the command's own warning or error, as it appears in a saved listing.
  static func isComplaint(_ bytes: Span<UInt8>, at start: Int) -> Bool {
    bytes.has("exim: ", at: start) || bytes.has("exim4: ", at: start)
      || bytes.has("postqueue: ", at: start) || bytes.has("mailq: ", at: start)
      || bytes.has("sendmail: ", at: start)
  }
}
