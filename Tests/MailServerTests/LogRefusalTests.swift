// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

/// Lines about clients that we deferred: most of them do not hold the 421 that was said.
struct LogRefusalTests {
  struct Case: CustomTestStringConvertible {
    var line: String
    var code: Int?
    var cause: Cause
    var ip: String?
    var host: String? = nil
    var testDescription: String { line }
  }

  static let cases: [Case] = [
    Case(
      line:
        "2026-11-24 00:43:11.490 [16796] Connection from [127.0.0.40]:59933 refused: too many connections from that IP address",
      code: 421, cause: .connectionLimit, ip: "127.0.0.40"),
    Case(
      line:
        "2026-11-24 00:43:11 Connection from [2001:db8::1]:421 I=[::1]:25 refused: too many connections",
      code: 421, cause: .connectionLimit, ip: "2001:db8::1"),
    Case(
      line: "2026-11-24 00:43:11 Connection from [192.0.2.1]:5 refused: load average = 12.34",
      code: 421, cause: .resource, ip: "192.0.2.1"),
    Case(
      line:
        "2026-11-24 00:43:14.000 [21345] temporarily refused connection from mx.test (helo) [127.0.0.51]:36763: not in reserve list: connected=10 max=12 reserve=2",
      code: 421, cause: .connectionLimit, ip: "127.0.0.51", host: "mx.test"),
    Case(
      line:
        "2026-11-24 00:43:14 temporarily refused connection from [127.0.0.51]:36763: not in reserve list and load average = 9.1",
      code: 421, cause: .resource, ip: "127.0.0.51"),
    Case(
      line:
        "2026-11-24 00:43:16.605 [21352] rejected MAIL command H=(c.lab) [127.0.0.60]:40955: too many messages in one connection",
      code: 421, cause: .rateLimit, ip: "127.0.0.60"),
    Case(
      line:
        "2026-11-24 00:43:16 SMTP command timeout on TLS connection from mx.test (helo) [192.0.2.9]:40955 D=5m1s",
      code: 421, cause: .timeout, ip: "192.0.2.9", host: "mx.test"),
    Case(
      line:
        "2026-11-24 00:43:16 SMTP data timeout (message abandoned) on connection from (h) [192.0.2.9]:4 F=<a@b>",
      code: 421, cause: .timeout, ip: "192.0.2.9"),
    Case(
      line:
        "2026-11-24 00:40:56.563 [17823] unexpected disconnection while reading SMTP command from (c1.lab) [127.0.0.71]:34685 D=6s",
      code: 421, cause: .timeout, ip: "127.0.0.71"),
    Case(
      line:
        "2026-11-24 00:40:56 SMTP connection from (c1.lab) [127.0.0.71]:34685 closed after SIGTERM",
      code: 421, cause: .resource, ip: "127.0.0.71"),
    Case(
      line:
        "Nov 24 00:43:11 vm exim[77]: Connection from [192.0.2.5]:9 refused: too many connections",
      code: 421, cause: .connectionLimit, ip: "192.0.2.5"),
    Case(
      line:
        "Nov 24 00:43:16 h postfix/smtpd[21427]: warning: Connection concurrency limit exceeded: 5 from unknown[127.0.0.40] for service 127.0.0.3:25",
      code: 421, cause: .connectionLimit, ip: "127.0.0.40"),
    Case(
      line:
        "Nov 24 00:43:54 h postfix/smtpd[1]: warning: Connection rate limit exceeded: 61 from mx.test[192.0.2.67] for service smtp",
      code: 421, cause: .rateLimit, ip: "192.0.2.67", host: "mx.test"),
    Case(
      line:
        "Nov 24 00:43:54 h postfix/smtpd[1]: warning: New TLS session rate limit exceeded: 61 from mx.test[192.0.2.67] for service smtp",
      code: 421, cause: .rateLimit, ip: "192.0.2.67", host: "mx.test"),
    Case(
      line:
        "Nov 24 00:43:54 h postfix/submission/smtpd[1]: timeout after DATA (421 bytes) from mx.test[192.0.2.67]",
      code: 421, cause: .timeout, ip: "192.0.2.67", host: "mx.test"),
    Case(
      line:
        "Nov 24 00:43:54 h postfix/smtpd[1]: too many errors after RCPT from unknown[192.0.2.67]",
      code: 421, cause: .other, ip: "192.0.2.67"),
    Case(
      line:
        "Nov 24 00:43:54 h postfix/postscreen[1]: NOQUEUE: reject: CONNECT from [192.0.2.6]:421: too many connections",
      code: 421, cause: .connectionLimit, ip: "192.0.2.6"),
    Case(
      line:
        "Nov 24 00:43:54 h postfix/postscreen[1]: NOQUEUE: reject: CONNECT from [192.0.2.6]:9: all server ports busy",
      code: 421, cause: .resource, ip: "192.0.2.6"),
    Case(
      line:
        "Nov 24 00:43:54 h postfix/postscreen[1]: reject: connect from [2001:db8::6]:9: all screening ports busy",
      code: 421, cause: .resource, ip: "2001:db8::6"),
    Case(
      line:
        #"Nov 24 00:43:54 h postfix/master[1]: warning: service "smtp" (25) has reached its process limit "100": new clients may experience noticeable delays"#,
      code: nil, cause: .connectionLimit, ip: nil),
  ]

  @Test(arguments: cases) func theReplyThatWeGaveIsKnown(_ expected: Case) throws {
    let event = try #require(LogFixture.event(expected.line))
    #expect(event.kind == .refusal)
    #expect(event.direction == .inbound)
    #expect(event.code == expected.code)
    #expect(event.cause == expected.cause)
    #expect(event.remoteIP == expected.ip)
    #expect(event.remoteHost == expected.host)
    #expect(event.code == nil || event.reply.hasPrefix("\(event.code ?? 0) "))
    #expect(event.queueID == nil)
  }

  @Test(
    arguments: [
      (
        "Nov 24 00:43:54 h postfix/smtpd[1]: NOQUEUE: reject: RCPT from mx.test[192.0.2.7]: 450 4.7.1 <x@y.test>: Recipient address rejected: Greylisted; from=<a@b.test> to=<x@y.test> proto=ESMTP helo=<h>",
        450, "450 4.7.1 <x@y.test>: Recipient address rejected: Greylisted", "x@y.test"
      ),
      (
        "Nov 24 00:43:54 h postfix/cleanup[1]: 4A1B2C3D4F: milter-reject: END-OF-MESSAGE from mx.test[192.0.2.7]: 4.7.1 Service unavailable - try again later; from=<a@b.test> to=<x@y.test> proto=ESMTP helo=<h>",
        nil, "4.7.1 Service unavailable - try again later", "x@y.test"
      ),
      (
        "2026-11-24 00:40:48.994 [17286] H=mx.test (client.lab) [192.0.2.7]:35647 F=<a@sender.test> temporarily rejected RCPT <x@y.test>: try again later (lab ACL)",
        451, "try again later (lab ACL)", "x@y.test"
      ),
      (
        "2026-11-24 00:40:48.994 1xVeaV-0004Pe-2Q H=mx.test (client.lab) [192.0.2.7] F=<a@sender.test> temporarily rejected after DATA: 421 not today",
        421, "421 not today", nil
      ),
    ] as [(String, Int?, String, String?)]) func whatAnAccessRuleSaysIsRead(
      line: String, code: Int?, reply: String, recipient: String?
    ) throws
  {
    let event = try #require(LogFixture.event(line))
    #expect(event.kind == .refusal)
    #expect(event.direction == .inbound)
    #expect((event.remoteHost, event.remoteIP) == ("mx.test", "192.0.2.7"))
    #expect(event.code == code)
    #expect(event.reply == reply)
    #expect(event.recipient == recipient)
  }

  @Test(arguments: [
    "2026-11-24 00:40:48.987 [17278] H=(client.lab) [127.0.0.9]:53813 F=<a@sender.test> rejected RCPT <x@norelay.test>: relay not permitted",
    "2026-11-24 00:43:16.607 [21383] SMTP call from (c.lab) [127.0.0.61]:58837 dropped: too many unrecognized commands",
    "2026-11-24 00:43:16 refused connection from [192.0.2.1] (host_reject_connection)",
    "Nov 24 00:43:54 h postfix/smtpd[1]: NOQUEUE: reject: RCPT from mx.test[192.0.2.7]: 554 5.7.1 <x@y.test>: Relay access denied; from=<a@b.test> to=<x@y.test>",
    "Nov 24 00:43:54 h postfix/smtpd[1]: connect from mail421.example.net[192.0.2.142]:421",
    "Nov 24 00:43:54 h postfix/anvil[1]: statistics: max connection rate 421/60s for (smtp:127.0.0.40) at Nov 24 00:43:16",
    "Nov 24 00:43:54 h sshd[1]: Connection from [192.0.2.5]:9 refused: too many connections",
    "Nov 24 00:43:54 h sshd[421]: Failed password for root from 192.0.2.5 port 421 ssh2",
    "", " ", "421", "421 4.7.0 Try again later", "{}", "[1/2] ",
  ]) func whatIsNoTemporaryRefusalIsNone(line: String) {
    #expect(LogFixture.event(line) == nil)
  }

  /// A milter may leave the words out: the status alone says that the client keeps the message.
  @Test func aRefusalWithoutWordsIsTemporary() throws {
    let event = try #require(
      LogFixture.event(
        "Nov 24 00:43:54 h postfix/cleanup[1]: 4A1B2C3D4F: milter-reject: END-OF-MESSAGE from mx.test[192.0.2.7]: 4.7.1  ; from=<a@b.test> to=<x@y.test> proto=ESMTP helo=<h>"
      ))
    #expect(event.cause == .other)
    #expect(event.side == .ours)
  }
}
