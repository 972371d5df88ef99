// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The spool file -H of an Exim message, which `exim -Mvh` prints as it is (spec.txt, "Format of
/// the -H file").
package struct EximHeaderFile: Hashable, Sendable {
  package let envelope: MessageEnvelope
  /// The message's header section as it will be sent, without the empty line that ends it; nil if it breaks off.
  private let headers: [UInt8]?
  /// The -D file has CRLF and doubled dots (`spool_wireformat`).
  private let hasWireFormat: Bool

  /// Nil if it breaks off before the last recipient, or where it is something else.
  package init?(_ bytes: [UInt8]) {
    var reader = LineReader(bytes: bytes)
    guard let name = reader.line(), name.hasSuffix("-H"), reader.line() != nil,
      let sender = reader.line(), sender.hasPrefix("<"), sender.hasSuffix(">"),
      let times = reader.line(),
      let received = times.split(separator: " ").first.flatMap({ Int64($0) })
    else { return nil }

    var line = reader.line()
    var variables: Set<Substring> = []
    while let variable = line, variable.hasPrefix("-") {
      // `--name` for a tainted value, `--(lookup)name` for one that is quoted too.
      var words = variable.drop { $0 == "-" }
      if words.hasPrefix("("), let end = words.firstIndex(of: ")") {
        words = words[end...].dropFirst()
      }
      let fields = words.split(separator: " ")
      if let name = fields.first { variables.insert(name) }
      // The value of an ACL variable, which may be several lines, follows its length.
      if words.hasPrefix("acl") {
        guard let length = fields.last.flatMap({ Int($0) }), reader.skip(length) else { return nil }
      }
      line = reader.line()
    }

    // The tree of addresses that are done: `YN address`, the letters telling which branches follow.
    var done: Set<String> = []
    while let node = line, Int(node) == nil {
      if node != "XX" { done.insert(Self.comparable(node.dropFirst(3))) }
      line = reader.line()
    }

    guard let count = line.flatMap({ Int($0) }), count >= 0 else { return nil }
    var recipients: [String] = []
    for _ in 0..<count {
      guard let recipient = reader.line(), !recipient.isEmpty else { return nil }
      let address = Self.address(recipient)
      if !done.contains(Self.comparable(address[...])) { recipients.append(address) }
    }
    envelope = MessageEnvelope(
      idText: String(name.dropLast(2)), isHeld: variables.contains("frozen"), arrival: received,
      sender: String(sender.dropFirst().dropLast()), recipients: recipients)
    headers = reader.line() == "" ? reader.headers() : nil
    hasWireFormat = variables.contains("spool_file_wireformat")
  }

  /// The whole message, as `exim -Mvc` shows it.
  ///
  /// Nil if the files are not whole or of a form that is not known.
  ///
  /// - Parameter dataFile: the spool file -D of the same message.
  package func message(dataFile: [UInt8]) -> [UInt8]? {
    let name = Array((envelope.idText + "-D\n").utf8)
    guard let headers, !hasWireFormat, dataFile.starts(with: name) else { return nil }
    return headers + [ASCII.newline] + dataFile.dropFirst(name.count)
  }

  /// The envelope without the recipients that a -J file names: a line each, of a delivery that broke off before
  /// it could write them here.
  package func envelope(without journal: [UInt8]) -> MessageEnvelope {
    let done = Set(
      journal.split(separator: ASCII.newline).map {
        Self.comparable(String(decoding: $0, as: UTF8.self)[...])
      })
    var envelope = envelope
    envelope.recipients.removeAll { done.contains(Self.comparable($0[...])) }
    return envelope
  }

  /// The address of a recipient line, without what may follow it (`… 0,1#1`, the DSN options).
  private static func address(_ line: String) -> String {
    var isQuoted = false
    var isEscaped = false
    for index in line.indices {
      switch line[index] {
      case _ where isEscaped: isEscaped = false
      case "\\": isEscaped = true
      case "\"": isQuoted.toggle()
      case " " where !isQuoted: return String(line[..<index])
      default: break
      }
    }
    return line
  }

  /// Exim keeps domains in lower case in its tree of done addresses, local parts as they are.
  private static func comparable(_ address: Substring) -> String {
    guard let at = address.lastIndex(of: "@") else { return String(address) }
    return address[..<at] + address[at...].lowercased()
  }
}

private struct LineReader {
  let bytes: [UInt8]
  var index = 0

  /// The next line that is ended by a newline, or nil.
  mutating func line() -> String? {
    guard let end = bytes.span.firstIndex(of: ASCII.newline, from: index) else { return nil }
    defer { index = end + 1 }
    return bytes.span.string(index..<end)
  }

  /// Goes past `count` bytes and the newline after them; false where they are not there.
  mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, count < bytes.count - index, bytes[index + count] == ASCII.newline else {
      return false
    }
    index += count + 1
    return true
  }

  /// The header fields up to the end, each `183P ` (length, type) and its text; a deleted one has the type `*`.
  mutating func headers() -> [UInt8]? {
    var text: [UInt8] = []
    while index < bytes.count {
      let start = index
      while index < bytes.count, ASCII.digit(bytes[index]) != nil { index += 1 }
      guard let length = Int(bytes.span.string(start..<index)), index <= bytes.count - 2,
        length <= bytes.count - index - 2, bytes[index + 1] == ASCII.space
      else { return nil }
      if bytes[index] != UInt8(ascii: "*") { text += bytes[index + 2..<index + 2 + length] }
      index += 2 + length
    }
    return text
  }
}
