// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// An entry of the systemd journal as `journalctl -o json` prints it: one object a line.
///
/// systemd.journal-fields(7): `MESSAGE` is a string, or an array of byte values where it is no clean UTF-8.
struct LogJournalEntry {
  /// `identifier: message`.
  var bytes: [UInt8] = []
  /// Seconds since 1970.
  var time: Int64?
  var programEnd = 0
  var message = 0

  /// Fails where the line is no object with a message.
  init?(in line: Span<UInt8>) {
    var (identifier, text): ([UInt8], [UInt8]?) = ([], nil)
    var index = 1
    while let key = Self.string(in: line, at: &index) {
      guard Self.skip(UInt8(ascii: ":"), in: line, at: &index) else { return nil }
      guard let value = Self.value(in: line, at: &index) else { return nil }
      switch key {
      case Self.messageKey: text = value
      case Self.identifierKey: identifier = value
      case Self.timeKey: time = Self.microseconds(value).map { $0 / 1_000_000 }
      default: break
      }
      guard Self.skip(UInt8(ascii: ","), in: line, at: &index) else { break }
    }
    guard let text else { return nil }
    programEnd = identifier.count
    message = identifier.count + 2
    bytes = identifier + [UInt8(ascii: ":"), ASCII.space] + text
  }

  private static let messageKey = Array("MESSAGE".utf8)
  private static let identifierKey = Array("SYSLOG_IDENTIFIER".utf8)
  private static let timeKey = Array("__REALTIME_TIMESTAMP".utf8)

  private static func microseconds(_ digits: [UInt8]) -> Int64? {
    guard digits.count <= 18 else { return nil }
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  private static func skip(_ byte: UInt8, in line: Span<UInt8>, at index: inout Int) -> Bool {
    while let next = line.byte(at: index), next == ASCII.space || next == 0x09 { index += 1 }
    guard line.byte(at: index) == byte else { return false }
    index += 1
    return true
  }

  /// A string, an array of byte values, or any other scalar as it is written.
  private static func value(in line: Span<UInt8>, at index: inout Int) -> [UInt8]? {
    while line.byte(at: index) == ASCII.space { index += 1 }
    switch line.byte(at: index) {
    case UInt8(ascii: "\""): return string(in: line, at: &index)
    case UInt8(ascii: "["):
      // Several values of one field are an array of strings: the last one counts.
      index += 1
      var (values, last): ([UInt8], [UInt8]?) = ([], nil)
      while !skip(UInt8(ascii: "]"), in: line, at: &index) {
        guard let element = value(in: line, at: &index, depthAllowed: false) else { return nil }
        if let number = UInt8(String(decoding: element, as: UTF8.self)) {
          values.append(number)
        } else {
          last = element
        }
        _ = skip(UInt8(ascii: ","), in: line, at: &index)
      }
      return last ?? values
    default: return scalar(in: line, at: &index)
    }
  }

  /// An element of an array: it holds no further array.
  private static func value(in line: Span<UInt8>, at index: inout Int, depthAllowed: Bool)
    -> [UInt8]?
  {
    while line.byte(at: index) == ASCII.space { index += 1 }
    return line.byte(at: index) == UInt8(ascii: "\"")
      ? string(in: line, at: &index) : scalar(in: line, at: &index)
  }

  private static func scalar(in line: Span<UInt8>, at index: inout Int) -> [UInt8]? {
    let start = index
    while let byte = line.byte(at: index), ![0x2C, 0x5D, 0x7D].contains(byte) { index += 1 }
    return index > start ? line.array(start..<index) : nil
  }

  /// A JSON string at `index`, its escapes undone.
  private static func string(in line: Span<UInt8>, at index: inout Int) -> [UInt8]? {
    guard skip(UInt8(ascii: "\""), in: line, at: &index) else { return nil }
    var text: [UInt8] = []
    while let byte = line.byte(at: index) {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return text
      case UInt8(ascii: "\\"):
        guard let escape = line.byte(at: index) else { return nil }
        index += 1
        switch escape {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"): text += unicode(in: line, at: &index)
        default: text.append(escape)
        }
      default: text.append(byte)
      }
    }
    return nil
  }

  /// The four digits behind `\u`, with the second half of a surrogate pair, as UTF-8.
  private static func unicode(in line: Span<UInt8>, at index: inout Int) -> [UInt8] {
    guard let first = hex(in: line, at: index) else { return [] }
    index += 4
    var units = [first]
    if UTF16.isLeadSurrogate(first), line.has("\\u", at: index),
      let second = hex(in: line, at: index + 2)
    {
      units.append(second)
      index += 6
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  private static func hex(in line: Span<UInt8>, at index: Int) -> UInt16? {
    guard index >= 0, index <= line.count - 4 else { return nil }
    var value: UInt16 = 0
    for offset in 0..<4 {
      switch line[index + offset] {
      case let byte where (0x30...0x39).contains(byte): value = value * 16 + UInt16(byte - 0x30)
      case let byte where (0x41...0x46).contains(byte): value = value * 16 + UInt16(byte - 0x37)
      case let byte where (0x61...0x66).contains(byte): value = value * 16 + UInt16(byte - 0x57)
      default: return nil
      }
    }
    return value
  }
}
