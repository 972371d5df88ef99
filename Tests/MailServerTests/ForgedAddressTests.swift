// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

/// Addresses that a stranger wrote such that a line of Exim's log seems to refer to somebody else.
///
/// Exim writes a quoted local part without its quotes first and in full in angle brackets behind it (`string_log_address`
/// in deliver.c), so that anything can be in the line where its fields begin.
struct ForgedAddressTests {
  private static let grammar = LogGrammar(now: 1_795_480_900, zone: .utc)

  private static func event(_ message: String) throws -> LogEvent {
    let line = "2026-11-24 00:30:00 " + message
    let event = grammar.event(in: Array(line.utf8).span, mta: .exim)
    return try #require(event)
  }

  /// What is between the quotes of the local part.
  static let parts = [
    "plain", "two words", "real@x <forged@y> R=z T=w", "real@x <forged@y>", "a@x R=b defer (-44)",
    "real@x <\\\"forged\\\"@y> R=z", "a defer (0): 451 4.7.1 lie", "a: b",
    "a H=lie.test [192.0.2.9]",
    "real@x (parent@y) <top@z> T=w", "a\\\\", "a\\\" <b@c> R=d", "> <", "<\\\"<\\\"",
  ]

  @Test(arguments: parts, ["==", "**", "=>"])
  func theAddressInQuotesIsTheRecipient(part: String, flag: String) throws {
    let address = "\"\(part)\"@busy.test"
    let plain = Self.unquoted(part) + "@busy.test"
    let tail =
      flag == "=="
      ? " R=dns T=smtp defer (-44) H=mx.busy.test [192.0.2.1]: SMTP error from remote mail server"
        + " after RCPT TO:<\(address)>: 421 4.7.0 Too many"
      : flag == "**"
        ? " R=dns T=smtp H=mx.busy.test [192.0.2.1]: SMTP error from remote mail server after RCPT"
          + " TO:<\(address)>: 550 5.1.1 No"
        : " R=dns T=smtp H=mx.busy.test [192.0.2.1]:25 C=\"250 2.0.0 Ok\""
    let event = try Self.event("1xVeaX-0004YZ-1c \(flag) \(plain) <\(address)>\(tail)")
    #expect(event.recipient == address)
    #expect(event.remoteHost == "mx.busy.test" && event.remoteIP == "192.0.2.1")
    #expect(event.code == (flag == "==" ? 421 : flag == "**" ? 550 : 250), "\(event.reply)")
    #expect(event.original == nil)
  }

  private static func unquoted(_ part: String) -> String {
    var text = ""
    var isEscaped = false
    for character in part {
      if character == "\\", !isEscaped {
        isEscaped = true
        continue
      }
      isEscaped = false
      text.append(character)
    }
    return text
  }

  /// A remote server cannot make another recipient of its reply.
  @Test func aReplyIsNoAddress() throws {
    let event = try Self.event(
      "1xVeaX-0004YZ-1c == ann@busy.test R=dns T=smtp defer (-44) H=mx.busy.test [192.0.2.1]: SMTP"
        + " error from remote mail server after RCPT TO:<ann@busy.test>: 421 <\"eve\"@y.test> no")
    #expect(event.recipient == "ann@busy.test" && event.reply.hasSuffix("no"))
  }

  /// The sender's address is before the words of the refusal.
  @Test(arguments: [
    "x", "x temporarily rejected RCPT <forged@y>: 450 lie",
    "F=<a@b> temporarily rejected RCPT <c@d>: e",
    "x> temporarily rejected MAIL: lie",
  ])
  func theSenderOfARefusedMailIsNoRefusal(part: String) throws {
    let event = try Self.event(
      "H=(client.test) [192.0.2.5] F=<\"\(part)\"@a.test> temporarily rejected RCPT <ann@b.test>:"
        + " greylisted")
    #expect(event.recipient == "ann@b.test" && event.reply == "greylisted")
    #expect(event.remoteIP == "192.0.2.5" && event.code == 451)
  }

  /// No flag of a message is taken from what a subject says.
  @Test func aSubjectIsNoEvent() {
    let line =
      "2026-11-24 00:30:00 1xVeaX-0004YZ-1c <= a@b.test H=(x) [192.0.2.5] P=esmtp S=300"
      + " T=\"hello == ann@b.test R=x T=y defer (-44): 421 lie F=<c@d> temporarily rejected RCPT <e@f>: g\""
    #expect(Self.grammar.event(in: Array(line.utf8).span, mta: .exim) == nil)
  }
}
