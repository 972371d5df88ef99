// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What a mail server answered, command by command.
///
/// Not safe for a terminal as it is.
package struct SMTPTranscript: Hashable, Sendable {
  /// The names of the commands of a delivery, beyond `MAIL FROM` and `RCPT TO`.
  static let (data, endOfData) = ("DATA", "end of data")

  package struct Exchange: Hashable, Sendable {
    /// `greeting`, `EHLO`, `MAIL FROM`, `RCPT TO`.
    package var command: String
    /// The reply, its lines joined by newlines.
    package var reply: String

    package init(command: String, reply: String) {
      self.command = command
      self.reply = reply
    }

    /// The code of the reply, or nil if it has none.
    package var code: Int? {
      let digits = reply.utf8.prefix(3)
      guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      return Int(String(decoding: digits, as: UTF8.self))
    }
  }

  package var exchanges: [Exchange]
  /// How it ended before all was said; nil if it did not.
  package var failure: ProbeOutcome?
  /// The protocol and cipher of the encryption, where it was begun: `TLSv1.3:TLS_AES_256_GCM_SHA384:256`.
  package var encryption: String?

  package init(exchanges: [Exchange], failure: ProbeOutcome? = nil) {
    self.exchanges = exchanges
    self.failure = failure
  }

  /// What the connection and the greeting came to.
  package var outcome: ProbeOutcome {
    exchanges.first.map { .greeting($0.reply) } ?? failure ?? .closed
  }

  /// What is known of encryption, in a sentence; nil if EHLO had no agreement.
  var encryptionWords: String? {
    if let encryption { return "Encrypted with \(encryption)." }
    guard let greeting = exchanges.first(where: { $0.command == "EHLO" }),
      greeting.code.map({ (200...299).contains($0) }) == true
    else { return nil }
    let isOffered = greeting.reply.split(separator: "\n").contains {
      $0.dropFirst(4).uppercased().hasPrefix("STARTTLS")
    }
    return isOffered
      ? "They offer STARTTLS."
      : "They offer no STARTTLS: mail goes in clear text, or waits if we require TLS."
  }

  /// The largest message that the server takes, as its answer to EHLO announces (RFC 1870); nil
  /// where it sets no limit.
  package var announcedSize: Int? {
    for line in exchanges.first(where: { $0.command == "EHLO" })?.reply.split(separator: "\n") ?? []
    {
      let words = line.dropFirst(4).split(separator: " ")
      guard words.first?.uppercased() == "SIZE" else { continue }
      return words.dropFirst().first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
    return nil
  }
}
