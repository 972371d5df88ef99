// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A log line that is a JSON object: of `journalctl -o json`, of Docker's files, or of a log collector.
///
/// systemd.journal-fields(7): `MESSAGE` is a string, or an array of byte values where it is no clean UTF-8.
struct LogObject {
  /// `identifier: message`, or the message alone where it holds a head of its own.
  var bytes: [UInt8] = []
  /// Seconds since 1970.
  var time: Int64?
  /// The program's place in `bytes`; nil where the object names none.
  var program: Range<Int>?
  var message = 0

  /// Fails where the line is no object with a message.
  init?(in line: Span<UInt8>, at start: Int) {
    var (identifier, text): ([UInt8], [UInt8]?) = ([], nil)
    var index = start + 1
    while let key = Self.string(in: line, at: &index) {
      guard Self.skip(UInt8(ascii: ":"), in: line, at: &index) else { return nil }
      guard let value = Self.value(in: line, at: &index) else { return nil }
      switch String(decoding: key, as: UTF8.self) {
      case "MESSAGE", "message", "msg", "log": text = text ?? value
      case "SYSLOG_IDENTIFIER", "program", "ident", "syslogtag", "appname": identifier = value
      case "__REALTIME_TIMESTAMP": time = Self.number(value).map { $0 / 1_000_000 }
      case "time", "@timestamp", "timestamp": time = time ?? Self.time(value)
      default: break
      }
      guard Self.skip(UInt8(ascii: ","), in: line, at: &index) else { break }
    }
    guard var text else { return nil }
    // Docker keeps the end of the line.
    while let last = text.last, last == 0x0A || last == 0x0D { text.removeLast() }
    // rsyslog's tag holds more than the name: `postfix/smtp[421]:`.
    let end = identifier.firstIndex { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: ":") }
    identifier = Array(identifier[..<(end ?? identifier.count)])
    guard !identifier.isEmpty else {
      bytes = text
      return
    }
    // What rsyslog calls the message begins with the blank behind the tag (RFC 3164).
    if text.first == ASCII.space { text.removeFirst() }
    program = 0..<identifier.count
    message = identifier.count + 2
    bytes = identifier + [UInt8(ascii: ":"), ASCII.space] + text
  }

  /// Where an object begins in a line: at once, or behind a container's or a pod's name.
  static func start(in line: Span<UInt8>) -> Int? {
    line.byte(at: 0) == UInt8(ascii: "{")
      ? 0 : line.firstIndex(of: " {\"", before: 128).map { $0 + 1 }
  }

  private static func number(_ digits: [UInt8]) -> Int64? {
    guard digits.count <= 18 else { return nil }
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  /// RFC 3339 text, or seconds since 1970.
  private static func time(_ value: [UInt8]) -> Int64? {
    let span = value.span
    guard let stamp = LogStamp(in: span, at: 0), stamp.value == .instant else { return nil }
    return stamp.time(now: 0, zone: .utc)
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
    case UInt8(ascii: "{"): return nested(in: line, at: &index)
    case UInt8(ascii: "["):
      // Several values of one field are an array of strings: the last one counts.
      index += 1
      var (values, last): ([UInt8], [UInt8]?) = ([], nil)
      while !skip(UInt8(ascii: "]"), in: line, at: &index) {
        guard let element = element(in: line, at: &index) else { return nil }
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
  private static func element(in line: Span<UInt8>, at index: inout Int) -> [UInt8]? {
    while line.byte(at: index) == ASCII.space { index += 1 }
    switch line.byte(at: index) {
    case UInt8(ascii: "\""): return string(in: line, at: &index)
    case UInt8(ascii: "{"), UInt8(ascii: "["): return nested(in: line, at: &index)
    default: return scalar(in: line, at: &index)
    }
  }

  /// Passes over what tells nothing that is needed: an object in the object, an array in an array.
  private static func nested(in line: Span<UInt8>, at index: inout Int) -> [UInt8]? {
    var depth = 0
    while let byte = line.byte(at: index) {
      switch byte {
      case UInt8(ascii: "\""):
        guard string(in: line, at: &index) != nil else { return nil }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      default: break
      }
      index += 1
      if depth == 0 { return [] }
    }
    return nil
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
      guard let digit = ASCII.hexDigit(line[index + offset]) else { return nil }
      value = value * 16 + UInt16(digit)
    }
    return value
  }
}
