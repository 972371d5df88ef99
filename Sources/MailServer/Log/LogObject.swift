// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A log line that is a JSON object: of `journalctl -o json`, of Docker's files, or of a log collector.
///
/// systemd.journal-fields(7): `MESSAGE` is a string, or an array of byte values where it is no clean UTF-8.
struct LogObject {
  /// `identifier: message`, or the message alone where it holds its own head.
  var bytes: [UInt8] = []
  /// Seconds since 1970.
  var time: Int64?
  /// The program's place in `bytes`; nil if the object names none.
  var program: Range<Int>?
  var message = 0

  /// Fails where the line is no object with a message.
  init?(in line: Span<UInt8>, at start: Int) {
    var (identifier, text): ([UInt8], [UInt8]?) = ([], nil)
    var scanner = JSONScanner(at: start + 1)
    while let name = try? scanner.string(line) {
      guard scanner.take(UInt8(ascii: ":"), line),
        let value = try? Self.value(in: line, at: &scanner)
      else { return nil }
      switch line.string(name) {
      case "MESSAGE", "message", "msg", "log": text = text ?? value
      case "SYSLOG_IDENTIFIER", "program", "ident", "syslogtag", "appname": identifier = value
      case "__REALTIME_TIMESTAMP": time = Self.number(value).map { $0 / 1_000_000 }
      case "time", "@timestamp", "timestamp": time = time ?? Self.time(value)
      default: break
      }
      guard scanner.take(UInt8(ascii: ","), line) else { break }
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

  /// A string, an array of byte values, or any other scalar as it is written.
  ///
  /// An object in the object and an array in an array say nothing that is needed.
  private static func value(
    in line: Span<UInt8>, at scanner: inout JSONScanner, isElement: Bool = false
  ) throws(JSONScanner.Malformed) -> [UInt8] {
    guard scanner.skipBlanks(line) else { throw JSONScanner.Malformed() }
    switch line[scanner.position] {
    case UInt8(ascii: "\""): return line.unescaped(try scanner.string(line).range).text
    case UInt8(ascii: "[") where !isElement: break
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      try scanner.skipValue(line)
      return []
    default: return line.array(try scanner.scalar(line))
    }
    // Several values of one field are an array of strings: the last one counts.
    scanner.position += 1
    var (values, last): ([UInt8], [UInt8]?) = ([], nil)
    while !scanner.take(UInt8(ascii: "]"), line) {
      let element = try value(in: line, at: &scanner, isElement: true)
      if let number = UInt8(String(decoding: element, as: UTF8.self)) {
        values.append(number)
      } else {
        last = element
      }
      _ = scanner.take(UInt8(ascii: ","), line)
    }
    return last ?? values
  }
}
