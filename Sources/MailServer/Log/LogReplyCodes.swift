// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// The codes at the beginning of a reply: `421`, `421 4.7.0`, `421-4.7.0`, `421 #4.4.5`.
///
/// A number anywhere else (a size, a port, an address, a time) is no code.
struct LogReplyCodes {
  var basic: Int?
  var enhanced: EnhancedStatusCode?

  init(in line: Span<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    if let code = Self.basic(in: line, at: index, before: range.upperBound) {
      basic = code
      index = min(index + 4, range.upperBound)
    }
    while index < range.upperBound, line[index] == ASCII.space || line[index] == UInt8(ascii: "#") {
      index += 1
    }
    enhanced = Self.enhanced(in: line, at: index, before: range.upperBound)
    // qmail and its heirs write the enhanced code at the end: `451 disk full (#4.3.0)`.
    var from = index
    while enhanced == nil, basic != nil,
      let mark = line.firstIndex(of: "(#", from: from, before: range.upperBound)
    {
      enhanced = Self.enhanced(in: line, at: mark + 2, before: range.upperBound)
      from = mark + 2
    }
  }

  /// Three digits, the first of them 2 to 5, followed by a space, a hyphen or the end.
  static func basic(in line: Span<UInt8>, at index: Int, before end: Int) -> Int? {
    guard index + 3 <= end, let code = line.number(at: index, digits: 3), (200...599).contains(code)
    else { return nil }
    guard index + 3 < end else { return code }
    let next = line[index + 3]
    return next == ASCII.space || next == UInt8(ascii: "-") || next == UInt8(ascii: "\\")
      ? code : nil
  }

  /// Reads `d.d.d`; a fourth part makes it an IP address.
  private static func enhanced(in line: Span<UInt8>, at start: Int, before end: Int)
    -> EnhancedStatusCode?
  {
    var parts = (0, 0, 0)
    var index = start
    for part in 0..<3 {
      var (value, digits) = (0, 0)
      while index < end, digits < 4, let digit = ASCII.digit(line[index]) {
        (value, digits, index) = (value * 10 + digit, digits + 1, index + 1)
      }
      guard (1...3).contains(digits) else { return nil }
      parts = (parts.1, parts.2, value)
      if part == 2 { break }
      guard index < end, line[index] == UInt8(ascii: ".") else { return nil }
      index += 1
    }
    if index < end {
      let next = line[index]
      if ASCII.digit(next) != nil { return nil }
      if next == UInt8(ascii: "."), index + 1 < end, ASCII.digit(line[index + 1]) != nil {
        return nil
      }
    }
    return EnhancedStatusCode(parts.0, parts.1, parts.2)
  }
}
