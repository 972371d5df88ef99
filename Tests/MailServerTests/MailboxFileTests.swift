// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import TestSupport
import Testing

/// An mbox is cut where a mail begins, and nowhere else.
struct MailboxFileTests {
  private static func subjects(_ text: String) -> [String] {
    MailboxFile.mails(in: Array(text.utf8)).map { MailboxFile.subject(of: $0) ?? "-" }
  }

  private static let first = "From MAILER-DAEMON Tue Nov 24 10:00:00 2026\nSubject: one\n\nbody\n"
  private static let second =
    "From a@b.test Tue Nov  3 10:00 +0100 2026\nSubject: =?utf-8?B?endlaQ==?=\n\nbody\n"

  @Test(arguments: [
    (first, ["one"]),
    (first + "\n" + second, ["one", "zwei"]),
    (first + "\n" + second + "\n" + first, ["one", "zwei", "one"]),
    // Without a blank line, a date and a field it is text of a mail.
    (first + second, ["one"]),
    (first + "\nFrom here on it is text.\nSubject: no\n", ["one"]),
    (first + "\nFrom you May 1 it says 10:00, and no year\nSubject: no\n", ["one"]),
    (first + "\nFrom a@b.test Tue Nov 24 10:00:00 2026\n\nno field\n", ["one"]),
    (first + "\n>" + second, ["one"]),
    (first + "\nFrom ", ["one"]),
    // A text that is no mbox is one mail, whatever is in it.
    ("Subject: alone\n\n" + second, ["alone"]),
    ("From a letter\n", ["-"]),
    ("", ["-"]),
  ])
  func itIsCutWhereAMailBegins(text: String, subjects: [String]) {
    #expect(Self.subjects(text) == subjects)
    #expect(
      Self.subjects(
        text.split(separator: "\n", omittingEmptySubsequences: false)
          .joined(separator: "\r\n")) == subjects)
  }

  @Test func noByteIsLost() {
    let text = Array((Self.first + "\n" + Self.second + "\n" + Self.first).utf8)
    #expect(Array(MailboxFile.mails(in: text).joined()) == text)
  }
}
