// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Synchronization
import Testing

@testable import Server

/// Scans of whole logs are compared with reading the same lines one by one.
struct LogScanTests {
  static let now: Int64 = 1_795_521_600
  static let grammar = LogGrammar(now: now, zone: .utc)

  /// A log of ten lines a second, 2026-11-24 00:00:00 and on: every seventh is a deferral, some are long.
  static func log(lines count: Int, seed: UInt64 = 1) -> [UInt8] {
    var (text, state) = ("", seed)
    for number in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let second = number / 10
      let time = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
      let stamp = "2026-11-24 \(time.joined(separator: ":"))"
      let padding = String(repeating: "x", count: Int(state >> 33) % 200)
      switch number % 7 {
      case 3:
        let (code, domain) = (number % 2 == 0 ? "421 4.7.0" : "450 4.2.0", number % 5)
        text +=
          "\(stamp) 1xVeaV-0004Pe-2Q == u\(number)@D\(domain).test R=r T=t defer (-44)"
          + " H=mx.test [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<u>:"
          + " \(code) Greylisted \(padding)\n"
      case 5: text += "\(stamp) Connection from [192.0.2.9]:421 refused: too many connections\n"
      default: text += "\(stamp) 1xVeaV-0004Pe-2Q => u@x.test R=r T=t \(padding)\n"
      }
    }
    return Array(text.utf8)
  }

  /// What is found by reading line by line.
  static func expected(in log: [UInt8], _ scan: LogScan) -> [LogEvent] {
    log.split(separator: 10).compactMap { line in
      scan.grammar.event(in: Array(line).span, mta: scan.mta)
    }.filter { event in
      guard [.deferral, .attempt, .refusal].contains(event.kind) else { return false }
      if let since = scan.since, let time = event.time, time < since { return false }
      return scan.includesAll ? event.code.map { $0 / 100 == 4 } ?? true : event.code == 421
    }
  }

  static func events(of log: LogInput, _ scan: LogScan) async throws -> [LogEvent] {
    let events = Mutex<[LogEvent]>([])
    try await scan.events(of: [log]) { batch in events.withLock { $0 += batch } }
    return events.withLock { $0 }
  }

  /// Counts and lists place a reply by the same settings, at whatever line it is met first.
  @Test func aReplyOfARelayIsCountedAsSuch() async throws {
    let reply = "said: 454 4.7.1 <u@a.test>: Relay access denied (in reply to RCPT TO command)"
    let hosts = ["hub.test", "mx.a.test", "hub.test", "mx.a.test"]
    let log = hosts.map { host in
      "2026-11-24T00:00:01+00:00 mail postfix/smtp[42]: 4dGXk2Tz9Bz1: to=<u@a.test>,"
        + " relay=\(host)[192.0.2.7]:25, delay=1, delays=0/0/1/0, dsn=4.7.1, status=deferred"
        + " (host \(host)[192.0.2.7] \(reply))\n"
    }.joined()
    let scratch = Scratch()
    scratch.write(log, to: "mail.log")
    let path = scratch.file("mail.log")
    for relays in [Relays(), Relays(relayhost: "[hub.test]")] {
      let grammar = LogGrammar(now: Self.now, zone: .utc, relays: relays)
      let scan = LogScan(grammar: grammar, mta: .postfix, includesAll: true)
      let events = try await Self.events(of: .file(path), scan)
      let summary = try await scan.summary(of: [.file(path)])
      #expect(events == Self.expected(in: Array(log.utf8), scan))
      let known = relays.isEmpty ? 0 : 2
      #expect(events.count { $0.hop == .relay } == known)
      #expect(summary.causes[.configuration] ?? 0 == known)
      #expect(summary.causes[.other] == 4 - known)
    }
  }

  /// A log of several parts, so that two threads read it.
  @Test(arguments: [true, false]) func partsGiveWhatTheWholeGives(includesAll: Bool) async throws {
    let log = Self.log(lines: 4000)
    let scratch = Scratch()
    scratch.write(String(decoding: log, as: UTF8.self), to: "main.log")
    let path = scratch.file("main.log")
    var scan = LogScan(grammar: Self.grammar, mta: .exim, includesAll: includesAll)
    scan.partLength = 50_000
    #expect(log.count > 6 * 50_000)
    let expected = Self.expected(in: log, scan)
    #expect(try await Self.events(of: .file(path), scan) == expected)
    let summary = try await scan.summary(of: [.file(path), .file(path)])
    let deferrals = expected.filter { $0.kind == .deferral }
    #expect(summary.deferrals == deferrals.count * 2)
    #expect(summary.refusals == expected.count { $0.kind == .refusal } * 2)
    #expect(summary.attempts == 0)
    #expect(summary.firstTime == expected.first?.time)
    #expect(summary.lastTime == expected.last?.time)
    for (cause, count) in summary.causes {
      #expect(count == deferrals.count { $0.cause == cause } * 2)
    }
    for row in summary.destinations {
      let domain = "@" + row.domain.uppercased().prefix(2) + ".test"
      #expect(row.deferrals == deferrals.count { $0.recipient?.hasSuffix(domain) == true } * 2)
      #expect(row.causes.values.reduce(0, +) == row.deferrals)
    }
    #expect(summary.destinations.map(\.deferrals).reduce(0, +) == summary.deferrals)
  }

  /// Syslog's pieces of a line are not torn apart, wherever a part would end.
  @Test(arguments: 0..<40) func aLineInPiecesStaysInOnePart(offset: Int64) async throws {
    let head = "Nov 24 00:30:00 mars exim[3]:"
    let pieces =
      "\(head) [1/3] 2026-11-24 00:30:00 1xVeaV-0004Pe-2Q == u@x.test R=r T=t defer (-45): SMTP error\n"
      + "\(head) [2\\3]  from remote mail server after RCPT TO:<u@x.test>: host mx.x.test [192.0.2.1]:\n"
      + "\(head) [3/3]  421 4.7.0 Greylisted, please come back later\n"
    let scratch = Scratch()
    scratch.write(String(repeating: pieces, count: 40), to: "syslog")
    var scan = LogScan(grammar: Self.grammar, mta: .exim, includesAll: false)
    scan.partLength = 300 + offset * 7
    let summary = try await scan.summary(of: [.file(scratch.file("syslog"))])
    #expect(summary.deferrals == 40)
    #expect(summary.causes == [.greylisting: 40])
  }

  @Test(arguments: [0, 1, 125, 298, 5000]) func sinceLeavesOutWhatWasBefore(second: Int64)
    async throws
  {
    let log = Self.log(lines: 3000)
    let start: Int64 = 1_795_478_400
    let scratch = Scratch()
    scratch.write(String(decoding: log, as: UTF8.self), to: "main.log")
    let path = scratch.file("main.log")
    let scan = LogScan(
      grammar: Self.grammar, mta: nil, includesAll: true, since: start + second)
    #expect(try await Self.events(of: .file(path), scan) == Self.expected(in: log, scan))
  }

  @Test func aCompressedLogIsReadThroughItsTool() async throws {
    let log = Self.log(lines: 1000)
    let scratch = Scratch()
    scratch.write(String(decoding: log, as: UTF8.self), to: "main.log")
    let path = scratch.file("main.log")
    let gzip = try #require(LocalHost().executable(["gzip"]))
    _ = try await LocalHost().child.run(
      Invocation(executable: gzip, arguments: ["-k", path]))
    let scan = LogScan(grammar: Self.grammar, mta: nil, includesAll: true)
    #expect(try await Self.events(of: .file(path + ".gz"), scan) == Self.expected(in: log, scan))
  }

  @Test func aLogThatIsNotThereIsTold() async throws {
    let scan = LogScan(grammar: Self.grammar, mta: nil, includesAll: true)
    for path in ["/nowhere/main.log", "/nowhere/main.log.gz"] {
      await #expect(throws: HostFailure.missing(path)) {
        try await scan.summary(of: [.file(path)])
      }
    }
  }

  /// An endless line neither fills the memory nor hides what comes after it.
  @Test func aLineLongerThanTheBufferIsPassedOver() async throws {
    let long = [UInt8](repeating: 0x78, count: LineBuffer.capacity * 2 + 5) + [10]
    let log = Self.log(lines: 20) + long + Self.log(lines: 20)
    let scratch = Scratch()
    scratch.write(String(decoding: log, as: UTF8.self), to: "main.log")
    let path = scratch.file("main.log")
    let scan = LogScan(grammar: Self.grammar, mta: nil, includesAll: true)
    #expect(try await Self.events(of: .file(path), scan) == Self.expected(in: log, scan))
  }
}
