// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

/// What syslog, the journal, containers, pods, grep and log collectors put before a line.
struct LogPrefixTests {
  /// 2026-11-24 00:30:00 where the clocks stand an hour before UTC: 2026-11-23 23:30:00 UTC.
  static let time: Int64 = 1_795_476_600
  static let grammar = LogGrammar(now: time + 600, zone: LocalZone(offset: 3600))

  static let syslog = "Nov 24 00:30:00 mail postfix/smtp[421]: "

  /// What is before `4A1B2C3D4F: to=<…` or a whole line of syslog.
  static let postfix: [String] = [
    "postfix-mailcow-1  | \(syslog)", "postfix_1  | \(syslog)", "smtp-1 | \(syslog)",
    "\u{1B}[36mpostfix-1  |\u{1B}[0m \(syslog)",
    "2026-11-23T23:30:00.123456789Z \(syslog)",
    "[pod/postfix-0/postfix] \(syslog)", "[pod/postfix-0/postfix] 2026-11-23T23:30:00.1Z \(syslog)",
    "postfix-0 postfix \(syslog)", "2026-11-23T23:30:00.123456789Z stdout F \(syslog)",
    "Nov 24 00:30:00 host mailu-smtp[840]: Nov 24 00:30:01 mail postfix/smtp[38144]: ",
    "2026-11-24T00:30:00+01:00 host docker/smtp[840]: \(syslog)",
    "Nov 24 00:30:00 host container: postfix/smtp[3]: ",
    "<22>\(syslog)", "<22>Nov 24 00:30:00 postfix/smtp[421]: ", "<22>postfix/smtp[421]: \(syslog)",
    "<22>1 2026-11-24T00:30:00.003+01:00 mail postfix/smtp 421 - - ",
    #"<22>1 2026-11-23T23:30:00Z mail postfix/relay/smtp 421 ID47 [a@1 k="v \] x"][b@2 c="d"] "#,
    "<22>1 2026-11-23T23:30:00Z mail postfix/smtp 421 - - \u{FEFF}",
    "   \(syslog)", "\t\(syslog)",
    "mail.log:\(syslog)", "mail.log.1-\(syslog)", "mail.log-2024:12:\(syslog)", "12:\(syslog)",
    "/var/log/mail.log.2.gz:421:\(syslog)", "mail.log: \(syslog)", "421-\(syslog)",
    "2026-11-24 00:30:00 mail postfix/smtp[421]: ", "2026-11-24 00:30:00.003 postfix/smtp[421]: ",
    "2026-11-24T00:30:00 mail postfix/smtp[421]: ", "2026-11-23 23:30:00Z mail postfix/smtp[421]: ",
    "2026-11-24T00:30:00+0100 mail postfix/smtp[421]: ",
    "2026-11-24T00:30:00,123456+01:00 mail postfix/smtp[421]: ",
    "2026-11-24T00:30:00.1+01 mail postfix/smtp[421]: ",
    "Tue 2026-11-24 00:30:00 CET mail postfix/smtp[421]: ",
    "Mo 2026-11-23 23:30:00 UTC mail postfix/smtp[421]: ",
    "Mon 2026-11-23 23:30:00 UTC mail postfix@-.service[421]: ",
    "1795476600.123456 mail postfix/smtp[421]: ", "Nov 24 00:30:00.123456 mail postfix/smtp[421]: ",
    "2026-11-24T00:30:00.064246+01:00 INFO    postfix/smtp[1204]: ",
    "Nov 24 00:30:00 c49364445807 mail.info postfix/smtp[2474]: ",
    "@400000006a0000000000abcd postfix/smtp[1]: ", "Nov 24 00:30:00 2026 mail postfix/smtp[421]: ",
    "Nov 24 2026 00:30:00 mail postfix/smtp[421]: ", "Nov 24 00:30:00 outbound/smtp: ",
    "2026-11-24_00:30:00.12345 postfix/smtp[1]: ",
    "postfix/smtp[421]: ", "postfix-0 postfix/smtp[216]: ", "",
    "3:06:29 c49364445807 mail.info postfix/smtp[2474]: ", "MESSAGE=",
    #"level=info msg=""#, "what: ever: postfix/smtp[421]: ",
  ]

  /// Those among them in which no time or another one stands.
  static func time(of prefix: String) -> Int64? {
    switch prefix {
    case "", "postfix/smtp[421]: ", "postfix-0 postfix/smtp[216]: ": nil
    case let text where ["3:06", "MESSAGE=", "level=", "what:"].contains { text.hasPrefix($0) }: nil
    case let text where text.hasPrefix("@"): 1_778_384_886
    default: time
    }
  }

  @Test(arguments: postfix, [nil, MTA.postfix]) func whatStandsBeforePostfixsLine(
    prefix: String, mta: MTA?
  ) throws {
    let line = Array((prefix + LogShapesTests.postfix).utf8)
    let found = Self.grammar.event(in: line.span, mta: mta)
    let event = try #require(found)
    #expect(event.time == Self.time(of: prefix))
    #expect((event.mta, event.kind, event.code) == (.postfix, .deferral, 421))
    #expect((event.queueID, event.recipient) == ("4A1B2C3D4F", "u@x.test"))
    let others = Self.grammar.event(in: line.span, mta: .exim)
    #expect(others == nil)
    // What passes ordinary lines over must not pass over this one.
    for joined in [line + [13], line + [10] + line] {
      #expect(LogFixture.events(in: joined, of: .trouble).last?.recipient == "u@x.test")
    }
  }

  static let exim: [String] = [
    "exim-1  | 2026-11-24 00:30:00 ", "2026-11-23T23:30:00.123456789Z 2026-11-24 00:30:00 ",
    "[pod/exim-0/exim] 2026-11-24 00:30:00 ", "<22>Nov 24 00:30:00 mail exim[3]: ",
    "<22>1 2026-11-23T23:30:00Z mail exim 3 - - 2026-11-24 00:30:00 ",
    "Nov 24 00:30:00 host docker[12]: 2026-11-24 00:30:00 ", "  2026-11-24 00:30:00 ",
    "exim_mainlog:2026-11-24 00:30:00 ", "exim_mainlog-20261124:7:2026-11-24 00:30:00 [12] ",
    "mainlog.1-2026-11-24 00:30:00.123 +0100 ", "2026-11-24T00:30:00 ",
    "Nov 24 00:30:00 mail exim4.service[303]: 2026-11-24 00:30:00 ",
    "Mon 2026-11-23 23:30:00 UTC mail exim[3]: 2026-11-24 00:30:00 ",
    "@400000006a0000000000abcd 2026-11-24 00:30:00 ", "2026-11-24 00:30:00+01:00 ", "",
  ]

  @Test(arguments: exim, [nil, MTA.exim]) func whatStandsBeforeEximsLine(
    prefix: String, mta: MTA?
  ) throws {
    let line = Array((prefix + LogShapesTests.delivery).utf8)
    let found = Self.grammar.event(in: line.span, mta: mta)
    let event = try #require(found)
    #expect(event.time == Self.time(of: prefix))
    #expect((event.mta, event.kind, event.code) == (.exim, .deferral, 421))
    #expect((event.queueID, event.recipient) == ("1wtMbN-00000004FD3-2aBc", "u@x.test"))
    let others = Self.grammar.event(in: line.span, mta: .postfix)
    #expect(others == nil)
    for joined in [line + [13], line + [10] + line] {
      #expect(LogFixture.events(in: joined, of: .trouble).last?.recipient == "u@x.test")
    }
  }

  /// Lines without a queue ID have nothing but what is before them to tell whose they are.
  @Test(
    arguments: exim.filter {
      !$0.isEmpty && !$0.contains("T00:30:00 ") && !$0.contains("00+01:00")
    })
  func aRefusalIsReadBehindIt(prefix: String) throws {
    let line = prefix + "Connection from [192.0.2.9]:421 refused: too many connections"
    let event = try #require(LogFixture.event(line, by: Self.grammar))
    #expect((event.kind, event.remoteIP) == (.refusal, "192.0.2.9"))
  }

  /// `journalctl` writes the months in the language of who reads it.
  @Test(arguments: [
    ("Mär 24", 3), ("Mai 24", 5), ("Okt 24", 10), ("Dez 24", 12), ("janv. 24", 1),
    ("févr. 24", 2), ("mars 24", 3), ("avril 24", 4), ("mai 24", 5), ("juin  4", 6),
    ("juil. 24", 7), ("août 24", 8), ("déc.  4", 12), ("ene 24", 1), ("dic 24", 12),
    ("gen 24", 1), ("mag 24", 5), ("set 24", 9), ("out 24", 10), ("mrt 24", 3), ("мар 24", 3),
    ("июн 24", 6), ("paź 24", 10), ("Şub 24", 2), ("kesä 24", 6),
  ]) func monthsInOtherLanguages(date: String, month: Int) throws {
    let english = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let day = date.contains("  ") ? "04" : "24"
    let expected = LogFixture.time("\(english[month - 1]) \(day) 00:30:00 h postfix/smtp[1]: x")
    let event = try #require(
      LogFixture.event("\(date) 00:30:00 mail postfix/smtp[421]: " + LogShapesTests.postfix))
    #expect(event.time == expected && expected != nil)
  }

  static let message =
    #"4A1B2C3D4F: to=<u@x.test>, relay=none, delay=1, status=deferred (connect to mx.x.test[192.0.2.1]:25: Connection \"timed\" out)"#

  @Test(arguments: [
    #"{"log":"\#(syslog)\#(message)\n","stream":"stdout","time":"2026-11-23T23:30:00.123456Z"}"#,
    #"{"@timestamp":"2026-11-23T23:30:00Z","host":{"name":"m","ip":["a}","b"]},"program":"postfix/smtp","message":"\#(message)"}"#,
    #"{"time":"1795476600","priority":"info","program":"postfix/smtp","message":"\#(message)"}"#,
    #"{"time":"2026-11-24T00:30:00+01:00","host":"m","program":"postfix/smtp","pid":7,"severity":"info","msg":"\#(message)"}"#,
    #"{"timestamp":"2026-11-24T00:30:00+01:00","syslogtag":"postfix/smtp[12]:","msg":" \#(message)"}"#,
    #"smtp-1  | {"program":"postfix/smtp","message":"\#(message)","time":"1795476600"}"#,
    #"{"message":"\#(syslog)\#(message)","tags":["mail",{"a":"b"}]}"#,
  ]) func anObjectOfACollectorIsALine(line: String) throws {
    let event = try #require(LogFixture.event(line, by: Self.grammar))
    #expect((event.time, event.mta, event.kind) == (Self.time, .postfix, .deferral))
    #expect((event.recipient, event.remoteHost) == ("u@x.test", "mx.x.test"))
    #expect(event.reply.hasSuffix(#"Connection "timed" out"#))
  }

  /// What a stranger can have written into another program's line is no line of ours.
  @Test(arguments: [
    "Nov 24 00:30:00 h sshd[1]: Invalid user postfix/smtp[1]: \(message)",
    "Nov 24 00:30:00 h sshd[1]: error: x \(syslog)\(message)",
    "Nov 24 00:30:00 h postfix/smtpd[1]: warning: non-SMTP command from x: postfix/smtp[1]: \(message)",
    "2026-11-24 00:30:00 H=(x) [192.0.2.3] rejected EHLO: postfix/smtp[1]: \(message)",
    #"{"user-agent":"postfix/smtp[1]: \#(message)","status":200}"#,
    #"192.0.2.1 - - [24/Nov/2026:00:30:00 +0100] "GET /postfix/smtp[1]: 4A1B2C3D4F: to=<u@x.test> HTTP/1.1" 404 12"#,
  ]) func aForgedLineIsNone(line: String) { #expect(LogFixture.event(line)?.kind != .deferral) }
}
