// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

extension MessageEnvelope {
  /// Reads what `exim -Mvh` prints: the spool file -H (spec.txt, "Format of the -H file").
  ///
  /// Nil where it breaks off before the last recipient, or where it is something else.
  package init?(eximHeaderFile bytes: [UInt8]) {
    var lines = bytes.split(separator: ASCII.newline, omittingEmptySubsequences: false)
      .lazy.map { String(decoding: $0, as: UTF8.self) }.makeIterator()
    guard let name = lines.next(), name.hasSuffix("-H"), lines.next() != nil,
      let sender = lines.next(), sender.hasPrefix("<"), sender.hasSuffix(">"),
      let times = lines.next(),
      let received = times.split(separator: " ").first.flatMap({ Int64($0) })
    else { return nil }

    var line = lines.next()
    var isHeld = false
    while let variable = line, variable.hasPrefix("-") {
      if variable.hasPrefix("-frozen") { isHeld = true }
      line = lines.next()
    }

    // The tree of addresses that are done: `YN address`, the letters telling which branches follow.
    var done: Set<String> = []
    while let node = line, Int(node) == nil {
      if node != "XX" { done.insert(Self.comparable(node.dropFirst(3))) }
      line = lines.next()
    }

    guard let count = line.flatMap({ Int($0) }), count >= 0 else { return nil }
    var recipients: [String] = []
    for _ in 0..<count {
      guard let recipient = lines.next(), !recipient.isEmpty else { return nil }
      let address = Self.address(recipient)
      if !done.contains(Self.comparable(address[...])) { recipients.append(address) }
    }
    self.init(
      idText: String(name.dropLast(2)), isHeld: isHeld, arrival: received,
      sender: String(sender.dropFirst().dropLast()), recipients: recipients)
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
