// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Guidance
import MailServer
import Replies
import Testing

@testable import tempfail

/// What `explain` makes of lines and of whole texts.
struct ExplainTests {
  private static func lines(_ text: String) -> [[UInt8]] {
    Input.lines(of: Array(text.utf8)).map(Array.init)
  }

  private static func summary(_ explanation: Explanation) -> String {
    let reply = explanation.classification.reply
    let code = reply.code.map(String.init) ?? "-"
    return
      "\(code) \(reply.enhanced?.description ?? "-") \(explanation.classification.cause.rawValue)"
  }

  @Test(
    arguments: [
      ("421 4.7.0 Greylisted", "421 4.7.0 greylisting"),
      ("421", "421 - resource"),
      ("451 ", "451 - downstream"),
      ("421try later", "- - not-temporary"),
      ("4xx", "- - not-temporary"),
      ("", "- - not-temporary"),
      ("250 2.0.0 Ok", "250 2.0.0 not-temporary"),
      ("> 421 4.7.0 Too many connections", "421 4.7.0 connection-limit"),
      (">> 451 4.7.1 Greylisted\r", "451 4.7.1 greylisting"),
      ("<<< 452 4.2.2 Mailbox full", "452 4.2.2 mailbox"),
      ("    (reason: 452 4.2.2 Mailbox full)", "452 4.2.2 mailbox"),
      (#"421-4.7.0 Wait\n421 4.7.0 greylisted"#, "421 4.7.0 greylisting"),
      ("Diagnostic-Code: smtp;421 4.7.0 Too many connections", "421 4.7.0 connection-limit"),
      ("Status: 4.4.7", "- - not-temporary"),
      ("Action: delayed", "- - not-temporary"),
      (
        "Server at a.example (192.0.2.1) returned '450 4.7.320 Certificate validation failed'",
        "450 4.7.320 tls"
      ),
      (
        "SMTP error from remote mail server after RCPT TO:<a@b>: 550 5.1.1 unknown",
        "550 5.1.1 not-temporary"
      ),
      ("554 5.7.1 upstream said: 421 4.7.0 try again later", "554 5.7.1 not-temporary"),
      ("5.7.1 rejected (421 4.7.0)", "- 5.7.1 not-temporary"),
      ("retry timeout exceeded", "- - not-temporary"),
    ])
  func aLineHasItsCause(line: String, expected: String) {
    #expect(Self.summary(Explainer().explain(Array(line.utf8))) == expected)
  }

  @Test(
    arguments: [
      "Nov 24 10:00:00 h postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.5]: 450 4.7.1"
        + " Client host rejected: cannot find your hostname, [192.0.2.5]; from=<a@b> to=<c@d>",
      "NOQUEUE: reject: RCPT from unknown[192.0.2.5]: 450 4.7.1 Client host rejected: cannot find"
        + " your hostname, [192.0.2.5]; from=<a@b> to=<c@d> proto=ESMTP helo=<x>",
      "2026-11-24 00:00:00 H=(x) [192.0.2.4] F=<a@b> temporarily rejected RCPT <c@d>: greylisted",
    ])
  func whatWeSaidIsInbound(line: String) {
    let explanation = Explainer().explain(Array(line.utf8))
    #expect(explanation.direction == .inbound)
    #expect(explanation.classification.isTemporary)
  }

  @Test func whatWeRefusedForGoodIsInbound() {
    let line =
      "Nov 24 10:00:00 h postfix/smtpd[1]: NOQUEUE: reject: RCPT from c[192.0.2.5]: 554 5.7.1"
      + " <a@b.example>: Relay access denied; from=<a@c.example> to=<a@b.example>"
    let explanation = Explainer().explain(Array(line.utf8))
    #expect(explanation.direction == .inbound)
    #expect(!explanation.classification.isTemporary)
  }

  @Test(
    arguments: [
      ("exim", ["451 4.7.1 greylisting", "550 5.7.1 not-temporary"], true),
      ("postfix", ["421 4.7.28 rate-limit"], false),
      ("exchange", ["450 4.4.317 downstream"], false),
      ("qmail", ["452 4.2.2 mailbox", "- 4.4.3 dns"], true),
      ("sendmail", ["421 4.3.2 resource"], false),
    ])
  func aBounceIsAnsweredOnce(name: String, expected: [String], isGivenUp: Bool) throws {
    let text = try #require(contents(of: Place.fixture("bounces/\(name).txt")))
    let quoted = text.split(separator: "\n", omittingEmptySubsequences: false).map { "> " + $0 }
      .joined(separator: "\n")
    let dos = quoted.split(separator: "\n").joined(separator: "\r\n")
    for text in [text, quoted, dos] {
      let answer =
        Answer(report: Array(text.utf8), isMessage: false, by: Explainer())
        ?? Answer(Self.lines(text), by: Explainer())
      #expect(answer.explanations.map(Self.summary) == expected)
      #expect(answer.lines.joined(separator: " ").contains("failed permanently") == isGivenUp)
      #expect(answer.lines.count <= 18 * expected.count + 3)
    }
  }

  @Test(
    arguments: [
      ("postfix-delayed-554", "clerc@customer.example", "554 5.7.1 policy", true),
      ("exim-mailbox-full", "admin@customer.example", "- 5.0.0 not-temporary", false),
      ("ironport", nil, "421 4.3.2 policy", true),
    ] as [(String, String?, String, Bool)])
  func theReportSaysWhetherItIsKept(
    name: String, recipient: String?, expected: String, isKept: Bool
  ) async throws {
    let text = try #require(contents(of: Place.fixture("bounces/\(name).txt")))
    let outcome = try await tempfail("explain", "--message", "--json", input: text)
    #expect(outcome.status == 0)
    let object = try #require(outcome.objects?.first)
    #expect(outcome.objects?.count == 1)
    #expect(object["recipient"]?.text == recipient)
    #expect(object["temporary"] == .bool(isKept))
    let code = object["code"]?.integer.map(String.init) ?? "-"
    let enhanced = object["enhanced"]?.text ?? "-"
    #expect("\(code) \(enhanced) \(object["cause"]?.text ?? "")" == expected)
  }

  @Test func eachRecipientOfABounceHasItsObject() async throws {
    let text = """
      From: MAILER-DAEMON@sender.test
      Subject: Undelivered Mail Returned to Sender
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mx421.sender.test

      Final-Recipient: rfc822; bob@customer.example
      Action: failed
      Status: 5.1.1
      Diagnostic-Code: smtp; 550 5.1.1 User unknown

      Final-Recipient: rfc822; carol@customer.example
      Action: delayed
      Status: 4.2.2
      Diagnostic-Code: smtp; 452 4.2.2 Mailbox full

      Final-Recipient: rfc822; dave@customer.example
      Action: failed
      Status: 5.1.1
      Diagnostic-Code: smtp; 550 5.1.1 User unknown

      """
    let json = try await tempfail("explain", "--message", "--json", input: text)
    #expect(
      json.objects?.map { [$0["recipient"]?.text, $0["reply"]?.text, $0["cause"]?.text] } == [
        ["bob@customer.example", "User unknown", "not-temporary"],
        ["carol@customer.example", "Mailbox full", "mailbox"],
        ["dave@customer.example", "User unknown", "not-temporary"],
      ])
    #expect(json.objects?.map { $0["temporary"] } == [.bool(false), .bool(true), .bool(false)])
    let answer = try #require(Answer(report: Array(text.utf8), isMessage: false, by: Explainer()))
    let lines = answer.lines
    #expect(lines.filter { $0.contains("User unknown") }.count == 1)
    #expect(lines.contains { $0.contains("To") && $0.hasSuffix("bob@customer.example") })
    #expect(lines.contains { $0.hasSuffix("dave@customer.example") })
  }

  @Test func eachBounceOfAnMboxIsAnswered() async throws {
    func bounce(_ subject: String, _ address: String, _ code: String, _ words: String) -> String {
      """
      From MAILER-DAEMON Tue Nov 24 10:00:00 2026
      From: MAILER-DAEMON@sender.test
      Subject: \(subject)
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mx421.sender.test

      Final-Recipient: rfc822; \(address)
      Action: failed
      Status: 5.1.1
      Diagnostic-Code: smtp; \(code) \(words)


      """
    }
    let text =
      bounce("one", "bob@customer.example", "550 5.1.1", "User unknown")
      + bounce("two", "carol@other.example", "552 5.3.4", "Message too large")
      + bounce("three", "dave@third.example", "550 5.1.1", "User unknown")
    let json = try await tempfail("explain", "--message", "--json", input: text)
    #expect(json.status == 0)
    #expect(
      json.objects?.map { [$0["recipient"]?.text, $0["rule"]?.text] } == [
        ["bob@customer.example", "final-recipient"], ["carol@other.example", "final-size"],
        ["dave@third.example", "final-recipient"],
      ])
    let words = try await tempfail("explain", "--message", input: text)
    let heads = words.output.split(separator: "\n").filter { $0.hasPrefix("Message ") }
    #expect(heads == ["Message 1 of 3: one", "Message 2 of 3: two", "Message 3 of 3: three"])
    #expect(words.output.contains("carol@other.example"))
  }

  @Test func aMessageThatIsNoReportHasNoObject() async throws {
    let text = """
      From: Ann <ann@sender.test>
      Subject: Your connection timed out
      Authentication-Results: mx.sender.test; dkim=temperror (DNS timeout)

      My mailbox is full, and the connection was refused. See you later.

      """
    let outcome = try await tempfail("explain", "--message", "--json", input: text)
    #expect(outcome.status == 0)
    #expect(outcome.objects?.isEmpty == true)
    let quoted = try await tempfail(
      "explain", "--message", "--json", input: text + "They said:\n\n> 452 4.2.2 Mailbox full\n")
    #expect(quoted.objects?.map { $0["cause"]?.text } == ["mailbox"])
  }

  @Test func foldedLinesAreOneUnit() {
    let text = """
      Diagnostic-Code: smtp; 421-4.7.0 Too
       many
       421 4.7.0 connections
      421-4.7.0 one
      421 4.7.0 two
      451 another

        bob@example.org
          host mx [192.0.2.1]
          SMTP error from remote mail server after end of data:
          452 4.3.1 disk full
        carol@example.org
      """
    #expect(
      TextUnits(Self.lines(text)).units.map { String(decoding: $0, as: UTF8.self) } == [
        "Diagnostic-Code: smtp; 421-4.7.0 Too many 421 4.7.0 connections",
        "421-4.7.0 one 421 4.7.0 two", "451 another",
        "bob@example.org host mx [192.0.2.1] SMTP error from remote mail server after end of data:"
          + " 452 4.3.1 disk full",
        "carol@example.org",
      ])
  }

  @Test func linesOfALogAreCounted() {
    let line = "Nov 24 10:00:00 h postfix/smtp[1]: 4A1B2C3D4F: to=<a@x.example>, relay=mx.x.example"
    let reason =
      "[192.0.2.1]:25, delay=1, delays=1/0/0/0, dsn=4.7.1, status=deferred (host"
      + " mx.x.example[192.0.2.1] said: 451 4.7.1 Greylisted (in reply to RCPT TO command))"
    let answer = Answer(
      [[UInt8]](repeating: Array((line + reason).utf8), count: 3), by: Explainer())
    #expect(answer.explanations.count == 1)
    #expect(answer.lines.contains("  3 log lines have this reply."))
  }

  @Test(
    arguments: [
      (
        "connect to 127.0.0.1[127.0.0.1]:10024: Connection refused",
        "Ours. Hop: content filter 127.0.0.1:10024."
      ),
      (
        "Nov 30 10:00:00 mail postfix/smtp[42]: 4dGXk2Tz9Bz9: to=<x@example.com>, relay=smtp.isp.test[192.0.2.7]:587, delay=1, dsn=4.3.0, status=deferred (host smtp.isp.test[192.0.2.7] said: 451 4.3.0 Temporary lookup failure (in reply to RCPT TO command))",
        "Theirs. Hop: relay host smtp.isp.test[192.0.2.7]:587."
      ),
      ("421 4.7.0 Too many connections", "Ours. Hop: final server."),
      ("250 2.0.0 Ok", nil), ("Hello", nil),
    ] as [(String, String?)])
  func theAnswerSaysWhoseSideAndWhichHop(_ text: String, _ side: String?) {
    let answer = Answer(Self.lines(text), by: Explainer())
    let label = "  Side      "
    let found = answer.lines.first { $0.hasPrefix(label) }.map { String($0.dropFirst(label.count)) }
    #expect(found == side)
    let json = answer.explanations.first?.json
    if let side {
      #expect(side.lowercased().hasPrefix(json?["side"]?.text ?? "-"))
    }
  }

  @Test func textWithoutAReplySaysSo() {
    #expect(Answer(Self.lines("Hello,\n\nsee you later.\n"), by: Explainer()).lines.count == 1)
  }

  @Test func stepsOfAChangeInPartsAreOne() {
    let steps = Explainer().explain(Array("421 4.7.0 Too many connections".utf8)).steps
    #expect(Set(steps.map(\.title)).count == steps.count)
    #expect(!steps.contains { $0.title.contains(" of 3)") })
  }

  /// Also of blank lines and of lines that are no reply, there is one object each.
  @Test func eachLineHasItsObject() async throws {
    let text = try #require(contents(of: Place.fixture("bounces/exim.txt")))
    let outcome = try await tempfail("explain", "--json", input: text)
    #expect(outcome.status == 0)
    #expect(
      outcome.objects?.count == text.split(separator: "\n", omittingEmptySubsequences: false).count
        - 1)
    #expect(outcome.objects?.allSatisfy { $0["cause"] != nil } == true)
  }

  @Test func argumentsAreOneReplyOrOneEach() async throws {
    let one = try await tempfail("explain", "--json", "421", "4.7.0", "Greylisted")
    #expect(one.objects?.map { $0["cause"]?.text } == ["greylisting"])
    let two = try await tempfail(
      "explain", "--json", "421-4.7.0 Wait,\n421 4.7.0 greylisted", "250 2.0.0 Ok")
    #expect(two.objects?.map { $0["cause"]?.text } == ["greylisting", "not-temporary"])
  }
}
