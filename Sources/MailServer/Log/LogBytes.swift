// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Small readings that log formats share. All are total: outside of the line there is nothing.
extension Span where Element == UInt8 {
  /// The byte at `index`, or nil outside.
  func byte(at index: Int) -> UInt8? { index >= 0 && index < count ? self[index] : nil }

  /// The value of exactly `digits` ASCII digits at `index`, or nil.
  func number(at index: Int, digits: Int) -> Int? {
    guard index >= 0, index <= count - digits else { return nil }
    var value = 0
    for offset in 0..<digits {
      guard let digit = ASCII.digit(self[index + offset]) else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// The place after the digits at `index`.
  func endOfDigits(from index: Int) -> Int {
    var end = index
    while let byte = byte(at: end), ASCII.digit(byte) != nil { end += 1 }
    return end
  }

  /// The port in `]:25`, whose bracket stands at `index`; nil if there is none.
  func port(behind index: Int) -> UInt16? {
    guard has("]:", at: index) else { return nil }
    let end = endOfDigits(from: index + 2)
    guard (index + 3...index + 7).contains(end) else { return nil }
    return number(at: index + 2, digits: end - index - 2).flatMap(UInt16.init(exactly:))
  }

  /// The first IP address in square brackets in `range`, with the place of its opening bracket.
  func bracketedIP(in range: Range<Int>) -> (open: Int, ip: Range<Int>)? {
    var from = range.lowerBound
    while let open = firstIndex(of: UInt8(ascii: "["), from: from, before: range.upperBound) {
      // No address is longer, and a line of opening brackets must not be searched to its end from each.
      let limit = Swift.min(range.upperBound, open + 48)
      if let close = firstIndex(of: UInt8(ascii: "]"), from: open, before: limit),
        isIP(open + 1..<close)
      {
        return (open, open + 1..<close)
      }
      from = open + 1
    }
    return nil
  }

  /// Whether `range` can be an IPv4 or IPv6 address: no path, no name.
  private func isIP(_ range: Range<Int>) -> Bool {
    guard (2...45).contains(range.count) else { return false }
    var separators = 0
    for index in range {
      switch self[index] {
      case UInt8(ascii: "."), UInt8(ascii: ":"): separators += 1
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        continue
      default: return false
      }
    }
    return separators > 1
  }

  /// The place after the address that begins with `<` at `open`: behind its `>`, quoted parts respected.
  ///
  /// Nil if none ends within 1024 bytes, which is four times what RFC 5321 allows.
  func endOfAngle(from open: Int, before end: Int) -> Int? {
    var isQuoted = false
    var index = open + 1
    let end = Swift.min(end, count, open + 1024)
    while index < end {
      switch self[index] {
      case UInt8(ascii: "\\") where isQuoted: index += 1
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ">") where !isQuoted: return index + 1
      default: break
      }
      index += 1
    }
    // A quote that is never closed is no quote.
    return firstIndex(of: UInt8(ascii: ">"), from: open, before: end).map { $0 + 1 }
  }
}
