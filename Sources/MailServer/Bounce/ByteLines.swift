// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What mail is read by.
extension ASCII {
  static var tab: UInt8 { UInt8(ascii: "\t") }
  static var carriageReturn: UInt8 { UInt8(ascii: "\r") }
}

extension ArraySlice where Element == UInt8 {
  var isBlank: Bool { allSatisfy { $0 <= ASCII.space } }

  /// Without white space at its ends.
  var trimmed: ArraySlice<UInt8> {
    guard let start = firstIndex(where: { $0 > ASCII.space }),
      let end = lastIndex(where: { $0 > ASCII.space })
    else { return self[startIndex..<startIndex] }
    return self[start...end]
  }

  /// Whether it begins with these bytes (ASCII).
  func begins(_ text: StaticString) -> Bool { span.has(text) }

  /// Whether it holds these bytes (ASCII).
  func holds(_ text: StaticString) -> Bool { span.firstIndex(of: text) != nil }

  /// Where these bytes (ASCII) begin, or nil.
  func place(of text: StaticString) -> Int? { span.firstIndex(of: text).map { $0 + startIndex } }

  /// The same in small letters (ASCII).
  var lowercased: [UInt8] { map(ASCII.lowercase) }
}

extension Array where Element == UInt8 {
  func holds(_ text: StaticString) -> Bool { self[...].holds(text) }
  func begins(_ text: StaticString) -> Bool { self[...].begins(text) }
  func place(of text: StaticString) -> Int? { self[...].place(of: text) }

  /// The lines, whether they end with LF, CRLF or CR alone.
  var mailLines: [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    var index = 0
    while index < count {
      let byte = self[index]
      index += 1
      guard byte == ASCII.newline || byte == ASCII.carriageReturn else { continue }
      lines.append(self[start..<(index - 1)])
      // Some write CR CR LF.
      if byte == ASCII.carriageReturn {
        while index < count, self[index] == ASCII.carriageReturn, index + 1 < count,
          self[index + 1] == ASCII.newline
        { index += 1 }
        if index < count, self[index] == ASCII.newline { index += 1 }
      }
      start = index
    }
    if start < count { lines.append(self[start...]) }
    return lines
  }
}
