// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

/// Everything that can stand before a message, and around it.
struct LogShapesTests {
  static let delivery =
    "1wtMbN-00000004FD3-2aBc == u@x.test R=r T=t defer (-44) H=mx.x.test [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<u@x.test>: 421 4.7.0 no"
  static let postfix =
    "4A1B2C3D4F: to=<u@x.test>, relay=mx.x.test[192.0.2.1]:25, delay=1, delays=0/0/1/0, dsn=4.7.0, status=deferred (host mx.x.test[192.0.2.1] said: 421 4.7.0 no (in reply to RCPT TO command))"

  /// 2026-11-23 23:30:00 UTC.
  static let time: Int64 = 1_795_476_600

  @Test(arguments: [
    "2026-11-24 00:30:00 ", "2026-11-24 00:30:00.123 ", "2026-11-24 00:30:00.004217 ",
    "2026-11-23 23:30:00 +0000 ", "2026-11-23 18:30:00.123 -0500 ", "2026-11-24 00:30:00 [421] ",
    "2026-11-24 01:30:00.123 +0200 [421] ", "Nov 24 00:30:00 mars exim[303421]: ",
    "Nov 24 00:30:01 mars exim[303421]: 2026-11-24 00:30:00 ", "Nov 24 00:30:00 mars exim-out: ",
    "2026-11-24T00:30:00.211184+01:00 mars exim[3]: 2026-11-24 00:30:00 [7] ",
    "2026-11-23T23:30:00Z mars mta-out[9]: ",
    "Nov 24 00:30:00 mars exim[3]: [1/3] 2026-11-24 00:30:00 ",
  ]) func everyStampOfEximIsRead(stamp: String) throws {
    let grammar = LogGrammar(now: Self.time + 600, zone: LocalZone(offset: 3600))
    let event = try #require(LogFixture.event(stamp + Self.delivery, by: grammar))
    #expect(event.time == Self.time)
    #expect(event.queueID == "1wtMbN-00000004FD3-2aBc")
    #expect((event.kind, event.code) == (.deferral, 421))
    #expect(event.recipient == "u@x.test")
  }

  @Test(arguments: [
    "Nov 24 00:30:00 mail postfix/smtp[421]: ",
    "Nov 24 00:30:00 postfix postfix-out/relay/smtp[4]: ",
    "2026-11-24T00:30:00.211184+01:00 mail postfix/lmtp[4]: ",
    "2026-11-23T23:30:00Z mail postfix/pipe[4]: ",
    "2026-11-23T18:30:00.5-05:00 mail postfix-192.0.2.4/virtual[4]: ",
    "Nov 24 00:30:00 mail postfix/local: ",
  ]) func everyStampOfPostfixIsRead(stamp: String) throws {
    let grammar = LogGrammar(now: Self.time + 600, zone: LocalZone(offset: 3600))
    let event = try #require(LogFixture.event(stamp + Self.postfix, by: grammar))
    #expect(event.time == Self.time)
    #expect(event.queueID == "4A1B2C3D4F")
    #expect((event.kind, event.code) == (.deferral, 421))
    #expect(event.reply == "421 4.7.0 no")
    #expect((event.remoteHost, event.remoteIP) == ("mx.x.test", "192.0.2.1"))
  }

  /// A date without a year: seconds since 1970 of `now`, the stamp, and what it means.
  @Test(
    arguments: [
      (1_767_225_600, "Dec 31 23:59:59", 1_767_225_599),
      (1_767_225_600, "Jan  1 00:00:00", 1_767_225_600),
      (1_767_225_600, "Jan 01 12:00:00", 1_767_268_800),
      (1_767_225_600, "Jan  3 00:00:00", 1_735_862_400),
      (1_767_225_600, "Feb 29 00:00:00", 1_709_164_800),
    ] as [(Int64, String, Int64)]) func aDateWithoutAYearIsTheLastOne(
      now: Int64, stamp: String, expected: Int64
    )
  {
    let grammar = LogGrammar(now: now, zone: .utc)
    #expect(LogFixture.time("\(stamp) h postfix/smtp[1]: x", by: grammar) == expected)
  }

  @Test(arguments: [
    "2026-02-30 00:00:00 x", "2026-13-01 00:00:00 x", "2026-01-01 24:00:00 x",
    "Foo 12 00:00:00 h p: x",
    "2026-01-01", "Jan  1", "9999999999999999999",
  ]) func aTimeThatCannotBeIsNone(line: String) {
    #expect(LogFixture.time(line) == nil)
  }

  @Test(
    arguments: [
      (
        #"jane q. public@busy.test <"jane q. public"@busy.test>"#, #""jane q. public"@busy.test"#,
        nil
      ),
      ("d@busy.test <D@busy.test>", "d@busy.test", "D@busy.test"),
      ("child@mixed.test <list@alias.test>", "child@mixed.test", "list@alias.test"),
      (
        "child@mixed.test (middle@alias.test) <list@alias.test>", "child@mixed.test",
        "list@alias.test"
      ),
      ("|/usr/bin/vacation -a <jane@x.test>", "jane@x.test", nil),
      (#"a R=b@x.test <"a R=b"@x.test>"#, #""a R=b"@x.test"#, nil),
      ("bare", "bare", nil),
    ] as [(String, String, String?)]) func addressesWithSpacesAreWhole(
      written: String, recipient: String, original: String?
    ) throws
  {
    let line =
      "2026-11-24 00:00:00 1xVeaV-0004Pe-2Q == \(written) R=r T=t defer (-44): SMTP error from remote mail server after RCPT TO:<x>: 450 no"
    let event = try #require(LogFixture.event(line))
    #expect(event.recipient == recipient)
    #expect(event.original == original)
  }

  /// The first code of the reply counts, and it alone.
  @Test(
    arguments: [
      ("450 4.7.1 text\\r421 4.0.0 forged second reply", 450, "4.7.1"),
      ("421-4.7.27 one\\n421 4.7.27 two", 421, "4.7.27"), ("421", 421, nil),
      ("450 (host evil[1.2.3.4] said: 421 x)", 450, nil),
      ("450 4.16.55.1 text", 450, nil), ("421 #4.4.5 Too many", 421, "4.4.5"),
      ("451 disk full (#4.3.0)", 451, "4.3.0"),
      ("450 9.9.9 text", 450, nil), ("450Greylisted", nil, nil), ("999 what", nil, nil),
      ("mx421 busy", nil, nil),
    ] as [(String, Int?, String?)]) func theCodesOfAReply(
      reply: String, code: Int?, enhanced: String?
    ) throws
  {
    let line =
      "2026-11-24 00:00:00 1xVeaV-0004Pe-2Q == u@x.test R=r T=t defer (0) H=mx [192.0.2.1]:421 DT=421s: SMTP error from remote mail server after initial connection: \(reply)"
    let event = try #require(LogFixture.event(line))
    #expect(event.code == code)
    #expect(event.enhanced?.description == enhanced)
    #expect(event.reply == reply)
  }

  @Test func aReplyToEHLOIsFoundInTheTextOfTheClosing() throws {
    let line =
      "2026-11-24 00:00:00 1xVeaV-0004Ph-2S == bob@x.test R=r T=t defer (-18) H=mx.x.test [127.0.0.13]:25 DT=0.003s: Remote host closed connection in response to HELO exim.lab (EHLO response was: 421 4.7.0 mx Try again later, closing connection. (EHLO))"
    let event = try #require(LogFixture.event(line))
    #expect((event.kind, event.code) == (.deferral, 421))
    #expect(event.reply == "421 4.7.0 mx Try again later, closing connection. (EHLO)")
  }

  @Test func aConnectionThatFailsHasNoCode() throws {
    let line =
      "2026-11-24 00:43:15.841 [20549] 1xVeaY-0004c1-13 == x1@timeout.test R=manual T=remote_smtp defer (110): Connection timed out H=mx1.timeout.test [127.0.0.21]:25 DT=10s: SMTP timeout after initial connection"
    let event = try #require(LogFixture.event(line))
    #expect((event.remoteHost, event.remoteIP) == ("mx1.timeout.test", "127.0.0.21"))
    #expect(event.code == nil)
    #expect(event.reply == "SMTP timeout after initial connection")
  }

  @Test(arguments: ["-52", "-53", "-54"]) func aRetryTimeNotReachedIsNotCounted(number: String)
    throws
  {
    for (route, words) in [
      (" routing", "retry time not reached"), (" R=r T=t", "Retry time not yet reached"),
    ] {
      let line =
        "2026-11-24 00:00:00 1xVeaX-0004Xw-1K == p@policy.test\(route) defer (\(number)) DT=0.000s: \(words)"
      let event = try #require(LogFixture.event(line))
      #expect((event.kind, event.code, event.cause) == (.attempt, nil, .other))
    }
  }

  @Test func aSuspendedDeliveryRepeatsItsReplyAndIsNotCounted() throws {
    let line =
      "Nov 24 00:43:18 h postfix/error[1]: 7F6A7135DE9: to=<x@busy.test>, relay=none, delay=148, delays=138/10/0/0, dsn=4.4.2, status=deferred (delivery temporarily suspended: host mx1.busy.test[127.0.0.12] refused to talk to me: 421 4.3.2 busy)"
    let event = try #require(LogFixture.event(line))
    #expect((event.kind, event.code) == (.attempt, 421))
    #expect((event.remoteHost, event.remoteIP) == ("mx1.busy.test", "127.0.0.12"))
    #expect((event.recipient, event.reply) == ("x@busy.test", "421 4.3.2 busy"))
  }

  @Test(arguments: [
    ("postfix/qmgr[1]: 7F6A7135DE9: removed", LogEvent.Kind.completed),
    ("postfix/qmgr[1]: 7F6A7135DE9: from=<a@b>, status=expired, returned to sender", .bounce),
    ("postfix/qmgr[1]: 7F6A7135DE9: from=<a@b>, status=force-expired, returned to sender", .bounce),
    (
      "postfix/local[1]: 7F6A7135DE9: to=<a@b>, relay=local, delay=1, dsn=2.0.0, status=sent (delivered to mailbox)",
      .delivery
    ),
  ]) func theEndOfAMessageIsSeen(text: String, kind: LogEvent.Kind) throws {
    let event = try #require(LogFixture.event("Nov 24 00:43:18 h \(text)"))
    #expect((event.kind, event.queueID, event.cause) == (kind, "7F6A7135DE9", .notTemporary))
  }

  @Test(arguments: [
    #"{"MESSAGE":"4A1B2C3D4F: to=<u@x.test>, relay=none, delay=1, status=deferred (connect to mx[192.0.2.1]:25: Connection \"timed\" out)","SYSLOG_IDENTIFIER":"postfix/smtp","__REALTIME_TIMESTAMP":"1795476600123456","_PID":"421"}"#,
    #"{ "__REALTIME_TIMESTAMP" : "1795476600123456", "SYSLOG_IDENTIFIER" : "postfix/smtp", "PRIORITY":6, "X":null, "MESSAGE" : [52,65,49,66,50,67,51,68,52,70,58,32,116,111,61,60,117,64,120,46,116,101,115,116,62,44,32,114,101,108,97,121,61,110,111,110,101,44,32,100,101,108,97,121,61,49,44,32,115,116,97,116,117,115,61,100,101,102,101,114,114,101,100,32,40,99,111,110,110,101,99,116,32,116,111,32,109,120,91,49,57,50,46,48,46,50,46,49,93,58,50,53,58,32,120,41] }"#,
  ]) func aJournalEntryIsALine(line: String) throws {
    let event = try #require(LogFixture.event(line))
    #expect((event.time, event.mta, event.kind) == (Self.time, .postfix, .deferral))
    #expect(
      (event.queueID, event.recipient, event.remoteIP) == ("4A1B2C3D4F", "u@x.test", "192.0.2.1"))
  }
}
