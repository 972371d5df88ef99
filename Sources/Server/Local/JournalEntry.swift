// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One entry of `journalctl -o json`, as far as a log line needs it.
///
/// A field is a string, or an array of bytes where it is no UTF-8 or holds control characters
/// (systemd, Journal JSON Format).
struct JournalEntry {
  private(set) var fields: [String: [UInt8]] = [:]

  private static let wanted: Set<String> = [
    "MESSAGE", "SYSLOG_IDENTIFIER", "SYSLOG_PID", "_PID", "_HOSTNAME", "__REALTIME_TIMESTAMP",
    "__CURSOR",
  ]

  /// Nil where `json` is no object of that form.
  init?(_ json: Span<UInt8>) {
    var reader = Reader(position: 0)
    guard reader.take(UInt8(ascii: "{"), in: json) else { return nil }
    while !reader.take(UInt8(ascii: "}"), in: json) {
      guard let name = reader.string(in: json), reader.take(UInt8(ascii: ":"), in: json),
        let value = reader.value(in: json)
      else { return nil }
      let key = String(decoding: name, as: UTF8.self)
      if Self.wanted.contains(key) { fields[key] = value }
      _ = reader.take(UInt8(ascii: ","), in: json)
    }
  }

  var cursor: String? { fields["__CURSOR"].map { String(decoding: $0, as: UTF8.self) } }

  /// The entry as syslog daemons write it to a file, with an RFC 3339 time and ended by a newline; nil without a message.
  var line: [UInt8]? {
    guard let message = fields["MESSAGE"],
      let stamp = fields["__REALTIME_TIMESTAMP"].flatMap({
        Int64(String(decoding: $0, as: UTF8.self))
      })
    else { return nil }
    var line = Array(Timestamp.rfc3339(microseconds: stamp).utf8)
    line.append(ASCII.space)
    line += fields["_HOSTNAME"] ?? Array("localhost".utf8)
    line.append(ASCII.space)
    line += fields["SYSLOG_IDENTIFIER"] ?? []
    if let process = fields["SYSLOG_PID"] ?? fields["_PID"] {
      line += [UInt8(ascii: "[")] + process + [UInt8(ascii: "]")]
    }
    line += Array(": ".utf8)
    // A line break inside a message must not look like another line.
    line += message.map { $0 == ASCII.newline ? ASCII.space : $0 }
    line.append(ASCII.newline)
    return line
  }

  /// A reader of the few forms that occur: flat objects of strings, nulls and arrays of numbers.
  private struct Reader {
    var position: Int

    mutating func take(_ byte: UInt8, in json: Span<UInt8>) -> Bool {
      while position < json.count, json[position] <= ASCII.space { position += 1 }
      guard position < json.count, json[position] == byte else { return false }
      position += 1
      return true
    }

    mutating func value(in json: Span<UInt8>) -> [UInt8]? {
      if let text = string(in: json) { return text }
      if take(UInt8(ascii: "["), in: json) { return array(in: json) }
      // null, a number or a word: of no interest.
      let start = position
      while position < json.count, !(",}]".utf8.contains(json[position])) { position += 1 }
      return position > start ? [] : nil
    }

    /// Bytes as numbers; of several values of a field (an array of strings) the first counts.
    private mutating func array(in json: Span<UInt8>) -> [UInt8]? {
      var bytes: [UInt8] = []
      var first: [UInt8]?
      while !take(UInt8(ascii: "]"), in: json) {
        if let text = string(in: json) {
          first = first ?? text
        } else if let number = number(in: json) {
          bytes.append(number)
        } else {
          return nil
        }
        _ = take(UInt8(ascii: ","), in: json)
      }
      return first ?? bytes
    }

    private mutating func number(in json: Span<UInt8>) -> UInt8? {
      var number: Int?
      while position < json.count, let digit = ASCII.digit(json[position]) {
        number = min((number ?? 0) * 10 + digit, 256)
        position += 1
      }
      return number.flatMap { UInt8(exactly: $0) }
    }

    mutating func string(in json: Span<UInt8>) -> [UInt8]? {
      guard take(UInt8(ascii: "\""), in: json) else { return nil }
      var bytes: [UInt8] = []
      while position < json.count {
        let byte = json[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return bytes
        case UInt8(ascii: "\\"):
          guard let escaped = escape(in: json) else { return nil }
          bytes += escaped
        default: bytes.append(byte)
        }
      }
      return nil
    }

    private mutating func escape(in json: Span<UInt8>) -> [UInt8]? {
      guard position < json.count else { return nil }
      let byte = json[position]
      position += 1
      switch byte {
      case UInt8(ascii: "n"): return [0x0A]
      case UInt8(ascii: "t"): return [0x09]
      case UInt8(ascii: "r"): return [0x0D]
      case UInt8(ascii: "b"): return [0x08]
      case UInt8(ascii: "f"): return [0x0C]
      case UInt8(ascii: "u"):
        guard position <= json.count - 4,
          let unit = UInt32(json.string(position..<position + 4), radix: 16)
        else { return nil }
        position += 4
        // journalctl writes characters beyond ASCII as they are: half a pair stands for nothing.
        return Array(String(Character(Unicode.Scalar(unit) ?? "\u{FFFD}")).utf8)
      default: return [byte]
      }
    }
  }
}
