// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The header of a mail or of one of its parts (RFC 5322, section 2.2), unfolded.
struct MailHeader {
  private(set) var fields: [(name: String, value: [UInt8])] = []

  /// No mail has more; what follows is passed over.
  private static let most = 500
  private static let longest = 16 << 10

  init() {}

  /// Reads fields from `lines` and moves `index` to the first line of the body.
  ///
  /// A line of an mbox (`From …`) before them is passed over. What is no field ends the header: a mail that
  /// somebody cut off has no blank line there.
  init(_ lines: [ArraySlice<UInt8>], from index: inout Int) {
    while index < lines.endIndex, lines[index].isBlank { index += 1 }
    if index < lines.endIndex, lines[index].begins("From ") || lines[index].begins(">From ") {
      index += 1
    }
    while index < lines.endIndex, !lines[index].isBlank {
      let line = lines[index]
      if line.first == ASCII.space || line.first == ASCII.tab, !fields.isEmpty {
        if fields[fields.count - 1].value.count < Self.longest {
          fields[fields.count - 1].value += [ASCII.space] + line.trimmed
        }
      } else if let colon = Self.colon(of: line) {
        if fields.count < Self.most {
          let name = line[..<colon].map(ASCII.lowercase)
          fields.append(
            (String(decoding: name, as: UTF8.self), Array(line[(colon + 1)...].trimmed)))
        }
      } else {
        return
      }
      index += 1
    }
    if index < lines.endIndex { index += 1 }
  }

  /// The value of the first field of a name in small letters, its encoded words decoded.
  subscript(name: String) -> String? {
    fields.first { $0.name == name }.map { EncodedWords.decoded($0.value) }
  }

  /// Whether this is the header of a mail: fields that every mail has.
  var isOfMail: Bool {
    let usual: Set = [
      "from", "to", "subject", "date", "received", "return-path", "message-id", "content-type",
      "delivered-to", "mime-version",
    ]
    return Set(fields.map(\.name)).intersection(usual).count >= 2
  }

  /// Whether a line begins with a field.
  static func begins(_ line: ArraySlice<UInt8>) -> Bool { colon(of: line) != nil }

  /// Where the name of a field ends in a line that begins with one.
  private static func colon(of line: ArraySlice<UInt8>) -> Int? {
    guard let colon = line.prefix(80).firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy({ (33...126).contains($0) })
    else { return nil }
    return colon
  }
}

/// A field's value with parameters: `text/plain; charset="utf-8"` (RFC 2045, section 5.1).
struct FieldParameters {
  /// In small letters.
  let value: String
  private let parameters: [(name: String, value: String)]

  init(_ text: String) {
    let bytes = Array(text.utf8)
    var parts: [[UInt8]] = [[]]
    var isQuoted = false
    for byte in bytes.prefix(4096) {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: ";"), !isQuoted {
        parts.append([])
      } else {
        parts[parts.count - 1].append(byte)
      }
    }
    // Some forget the semicolon before the first parameter.
    let name = parts[0][...].trimmed.prefix { $0 > ASCII.space }
    value = String(decoding: name.map(ASCII.lowercase), as: UTF8.self)
    parameters = parts.dropFirst().compactMap { part in
      guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      var text = part[(equals + 1)...].trimmed
      if text.first == UInt8(ascii: "\"") { text = text.dropFirst() }
      if text.last == UInt8(ascii: "\"") { text = text.dropLast() }
      let name = part[..<equals].trimmed.map(ASCII.lowercase)
      return (String(decoding: name, as: UTF8.self), String(decoding: text, as: UTF8.self))
    }
  }

  subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }
}
