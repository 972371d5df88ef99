// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MailServer
import Replies
import TestSupport
import Testing

/// Whom a bounce names, and why.
struct BounceTests {
  /// A row of the table: one recipient, or none where the mail is no report.
  struct Row {
    let name: String
    let recipient: String
    let code: String
    let status: String
    let kept: String
    let words: String
  }

  static let rows: [Row] = {
    let table = (try? bytes("expected.tsv")) ?? []
    return String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Row(
        name: fields[0], recipient: fields[1], code: fields[2], status: fields[3], kept: fields[4],
        words: fields[5])
    }
  }()

  static let names = Array(Set(rows.map(\.name))).sorted()

  static func mail(_ name: String) throws -> [UInt8] { try bytes("\(name).eml") }

  private static func bytes(_ file: String) throws -> [UInt8] {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/bounces/\(file)", withExtension: nil))
    return [UInt8](try Data(contentsOf: url))
  }

  @Test func theTableIsThere() { #expect(Self.names.count >= 75) }

  @Test(arguments: names) func eachRecipientHasItsReason(name: String) throws {
    let expected = Self.rows.filter { $0.name == name && !$0.recipient.isEmpty }
    let found = Bounce(try Self.mail(name)).recipients
    #expect(found.map { $0.address ?? "" } == expected.map(\.recipient))
    for (one, row) in zip(found, expected) {
      #expect(one.code.map(String.init) ?? "-" == row.code)
      #expect(one.status?.description ?? "-" == row.status)
      #expect((one.outcome == .delayed) == (row.kept == "delayed"))
      #expect(row.words.isEmpty || one.reason.contains(row.words), "\(one.reason)")
      #expect(!one.reason.contains("5.9.9"), "the returned mail is no reply")
    }
  }

  /// As it is copied: quoted, with other ends of lines, and without the header.
  @Test(arguments: names) func itIsReadHoweverItWasCopied(name: String) throws {
    let mail = String(decoding: try Self.mail(name), as: UTF8.self)
    let expected = Bounce(Array(mail.utf8)).recipients
    let lines = mail.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r" }
    for end in ["\r\n", "\r", "\r\r\n"] {
      #expect(
        Bounce(Array(lines.joined(separator: end).utf8)).recipients == expected,
        "\(end.debugDescription)")
    }
    let mailbox = "From MAILER-DAEMON Tue Nov 24 10:00:00 2026\n" + lines.joined(separator: "\n")
    #expect(Bounce(Array(mailbox.utf8)).recipients == expected)
  }

  @Test(arguments: [
    "", "\n", "Hello,\n\nsee you later.\n",
    "550 5.1.1 <bob@customer.example>: User unknown\n452 4.2.2 <carol@customer.example>: Mailbox full\n",
    "Nov 24 10:00:00 h postfix/smtp[1]: 4A1B2C3D4F: to=<bob@customer.example>, relay=none, status=bounced"
      + " (undeliverable address: host mx[192.0.2.1] said: 550 User unknown)\n",
    "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
      + "4A1B2C3D4F     1000 Tue Nov 24 10:00:00  ann@sender.test\n"
      + "(host mx[192.0.2.1] said: 450 4.1.1 undeliverable address: could not be delivered)\n"
      + "                                         bob@customer.example\n",
    "2026-11-24 10:00:00 1xVeaV-0004Pe-2Q ** bob@customer.example: Unrouteable address\n"
      + "2026-11-24 10:00:00 1xVeaV-0004Pe-2Q == carol@customer.example could not be delivered\n",
  ]) func otherTextsAreNone(text: String) {
    #expect(Bounce(Array(text.utf8)).recipients.isEmpty)
  }

  @Test func mutatedMailsGiveValues() throws {
    let mails = try Self.names.map(Self.mail)
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<Rounds.count(3_000, of: 60_000) {
      let mail = generator.mutated(mails.randomElement(using: &generator) ?? [], with: mails)
      for recipient in Bounce(mail).recipients {
        #expect(recipient.address?.isEmpty != true)
        #expect(recipient.code.map { (400...599).contains($0) } ?? true)
      }
    }
  }

  /// Parts within parts, boundaries of one letter, addresses, brackets and tags without an end: the time stays short.
  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      "--a\nContent-Type: multipart/mixed; boundary=a\n\n", "--a\nContent-Type: message/rfc822\n\n",
      "--a\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b\nAction: failed\n\n",
      "a@b ",
      "<a@b>:\n", "@", "<", "<style>", "&#1;", "=?a?b?", "\u{1B}$B", "+AAAA", "=3D", "\r",
      "550 5.1.1 a@b... x\n",
      "could not be delivered to a@b\n\n", "a@b\n  said: \n", ">", "RCPT TO:<a@b>\n", "X: y\n z\n",
      "\"",
    ]) func hugeTextsAreRead(filler: String)
  {
    let heads = [
      "", "From: MAILER-DAEMON@x.test\nTo: a@x.test\nSubject: failure notice\n\n",
      "From: MAILER-DAEMON@x.test\nTo: a@x.test\nContent-Type: multipart/report; boundary=a\n\n",
      "From: MAILER-DAEMON@x.test\nTo: a@x.test\nContent-Type: text/html; charset=utf-7\n\n",
    ]
    for head in heads {
      let count = 600_000 / filler.utf8.count
      let mail = Array(head.utf8) + Array(String(repeating: filler, count: count).utf8)
      #expect(Bounce(mail).recipients.count <= 1_000)
    }
  }
}
