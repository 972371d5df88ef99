// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

/// Where a line says that the delivery was, and whether what waits stays kept.
struct LogHopTests {
  struct Line: CustomTestStringConvertible {
    let text: String
    let cause: Cause
    let side: Side
    let hop: Hop
    var port: Int?

    var testDescription: String { text }

    /// What a Postfix program says of a delivery that it deferred.
    static func postfix(
      _ program: String, _ relay: String, _ reason: String, _ cause: Cause, _ side: Side,
      _ hop: Hop, port: Int? = nil, status: String = "deferred"
    ) -> Line {
      Line(
        text: "Nov 30 10:00:00 mail postfix/\(program)[42]: 4dGXk2Tz9Bz1: to=<u@example.com>,"
          + " relay=\(relay), delay=1, delays=0/0/1/0, dsn=4.0.0, status=\(status) (\(reason))",
        cause: cause, side: side, hop: hop, port: port)
    }

    static func exim(
      _ fields: String, _ cause: Cause, _ side: Side, _ hop: Hop, port: Int? = nil
    ) -> Line {
      Line(
        text: "2026-11-30 10:00:00 1vNaBc-0001dE-2F == u@example.com \(fields)", cause: cause,
        side: side, hop: hop, port: port)
    }
  }

  static let lines: [Line] = [
    .postfix(
      "smtp", "mx.example.com[192.0.2.1]:25",
      "host mx.example.com[192.0.2.1] refused to talk to me: 554 Blocked",
      .policy, .ours, .final, port: 25),
    .postfix(
      "smtp", "smtp.example.net[192.0.2.7]:587",
      "SASL authentication failed; server smtp.example.net[192.0.2.7] said: 535 5.7.8 authentication failed",
      .configuration, .ours, .relay, port: 587),
    .postfix(
      "smtp", "127.0.0.1[127.0.0.1]:10024",
      "host 127.0.0.1[127.0.0.1] said: 451 4.5.0 Error in processing, id=1-2, virus_scan FAILED (in reply to end of DATA command)",
      .downstream, .ours, .filter, port: 10024),
    .postfix(
      "smtp", "none", "connect to 127.0.0.1[127.0.0.1]:10024: Connection refused", .configuration,
      .ours, .filter, port: 10024),
    .postfix(
      "lmtp", "none",
      "connect to mail.example.com[private/dovecot-lmtp]: No such file or directory",
      .configuration, .ours, .local),
    .postfix(
      "lmtp", "mail.example.com[private/dovecot-lmtp]",
      "host mail.example.com[private/dovecot-lmtp] said: 452 4.2.2 <u@example.com> Quota exceeded (in reply to RCPT TO command)",
      .mailbox, .recipient, .local),
    .postfix(
      "lmtp", "none",
      "Host or domain name not found. Name service error for name=dovecot type=AAAA: Host not found, try again",
      .dns, .ours, .local),
    .postfix("pipe", "spamassassin", "temporary failure", .downstream, .ours, .filter),
    .postfix("local", "local", "alias database unavailable", .configuration, .ours, .local),
    .postfix("error", "none", "mail transport unavailable", .configuration, .ours, .local),
    .postfix(
      "smtp", "mx.example.com[192.0.2.1]:25",
      "host mx.example.com[192.0.2.1] said: 550 5.7.1 Client host blocked using zen.spamhaus.org",
      .policy, .ours, .final, port: 25, status: "SOFTBOUNCE"),
    .exim(
      "R=dnslookup T=remote_smtp defer (-44) H=mx.example.com [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<u@example.com>: 550 5.1.1 User unknown",
      .other, .recipient, .final),
    .exim(
      "R=smarthost T=remote_smtp_smarthost defer (111) H=relay.example.net [192.0.2.7]:587: Connection refused",
      .timeout, .theirs, .relay, port: 587),
    .exim(
      "R=local_user T=dovecot_lmtp defer (2): No such file or directory", .downstream, .ours, .local
    ),
  ]

  private static func event(_ line: String) -> LogEvent? {
    LogGrammar(now: 1_796_000_000, zone: .utc).event(in: Array(line.utf8).span)
  }

  @Test(arguments: lines) func saysWhyWhoseAndWhere(_ line: Line) throws {
    let found = Self.event(line.text)
    let event = try #require(found)
    #expect(event.kind == .deferral)
    #expect(event.cause == line.cause)
    #expect(event.side == line.side)
    #expect(event.hop == line.hop)
    #expect(event.port == line.port)
  }

  /// What we said to a client is seen from the other side.
  @Test func aRefusalOfOursIsOurs() throws {
    let line =
      "Nov 30 10:00:00 mail postfix/smtpd[42]: NOQUEUE: reject: RCPT from unknown[192.0.2.9]: 451 4.3.5 Server configuration error; from=<a@example.org> to=<u@example.com> proto=ESMTP helo=<x>"
    let found = Self.event(line)
    let event = try #require(found)
    #expect((event.side, event.hop) == (.ours, .local))
  }
}
