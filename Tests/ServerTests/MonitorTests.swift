// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Replies
import Testing

@testable import Server

@Suite("Watching a server", .timeLimit(.minutes(4)))
struct MonitorTests {
  private static let exim = MailSystem(
    tools: .exim(exim: "/usr/sbin/exim"), version: nil, spool: "/var/spool/exim",
    logs: [.file("/log")])
  private static let postfix = MailSystem(
    tools: .postfix(
      postqueue: "/usr/sbin/postqueue", postconf: nil, postcat: nil, postsuper: nil),
    version: nil, spool: "/var/spool/postfix", logs: [])
  private static let listing = """
     2m   646 1xVeaV-0004PH-2g <alice@sender.test>
              bob@busy.test


    """

  /// The reports of a monitor, one after the other.
  private final class Reports {
    private var iterator: AsyncStream<ServerReport>.Iterator
    let monitor: Monitor

    init(_ host: FakeHost, _ system: MailSystem) {
      let (stream, continuation) = AsyncStream<ServerReport>.makeStream()
      monitor = Monitor(
        host: host, system: system, options: MonitorOptions(queueInterval: .seconds(3600))
      ) { continuation.yield($0) }
      iterator = stream.makeAsyncIterator()
    }

    /// The first report that `pick` makes something of.
    func first<Value>(_ pick: (ServerReport) -> Value?) async -> Value? {
      while let report = await iterator.next() {
        if let value = pick(report) { return value }
      }
      return nil
    }

    func queue() async -> QueueSnapshot? {
      await first { if case .queue(let snapshot) = $0 { snapshot } else { nil } }
    }

    func health(_ source: Source) async -> SourceHealth? {
      await first { if case .health(source, let health) = $0 { health } else { nil } }
    }
  }

  @Test func joinsTheQueueWithTheLog() async throws {
    let host = FakeHost {
      $0.answer("exim -bp", Self.listing)
      $0.files["/log"] = ("", 1)
    }
    let reports = Reports(host, Self.exim)
    let before = try #require(await reports.queue())
    #expect(before.count == 1)
    #expect(before.message(at: 0).recipients.map(\.reply) == [nil])
    host.logs(
      .lines(
        Array(
          "2026-11-24 00:41:30 1xVeaV-0004PH-2g == bob@busy.test R=manual T=remote_smtp defer (-44) H=mx1.busy.test [127.0.0.12]: SMTP error from remote mail server after RCPT TO:<bob@busy.test>: 450 4.2.1 mailbox busy\n"
            .utf8)))
    let after = try #require(await reports.queue())
    #expect(after.message(at: 0).recipients.first?.reply?.contains("mailbox busy") == true)
    await reports.monitor.stop()
  }

  @Test func saysWhatTheQueueAndTheLogShow() async throws {
    let host = FakeHost {
      $0.answer(
        "exim -bp",
        Self.listing + " 3h   700 1xVeaV-0004PH-3h <> *** frozen ***\n          x@old.test\n\n")
      $0.files["/log"] = ("", 1)
    }
    let reports = Reports(host, Self.exim)
    func findings() async -> [Finding]? {
      await reports.first { if case .diagnosis(let findings, _) = $0 { findings } else { nil } }
    }
    #expect(await findings()?.map(\.id) == ["held"])
    host.logs(
      .lines(
        Array(
          "2026-11-24 00:41:30 1xVeaV-0004PH-2g == bob@busy.test R=manual T=remote_smtp defer (-44) H=mx1.busy.test [127.0.0.12]: SMTP error from remote mail server after RCPT TO:<bob@busy.test>: 450 4.2.1 mailbox busy\n"
            .utf8)))
    let later = try #require(await findings())
    let busy = try #require(later.first { $0.destinations == ["busy.test"] })
    #expect(busy.evidence.first == "1 of 2 queued messages wait for it.")
    #expect(reports.monitor.diagnosis.evidence.traffic.destinations.keys.sorted() == ["busy.test"])
    await reports.monitor.stop()
  }

  /// The log shows that a message left; the MTA is not asked.
  @Test func aMessageThatLeftIsGoneBeforeTheQueueIsReadAgain() async throws {
    let host = FakeHost {
      $0.answer(
        "exim -bp", Self.listing + " 3h   700 1xVeaV-0004PH-3h <>\n          x@old.test\n\n")
      $0.files["/log"] = ("", 1)
    }
    let reports = Reports(host, Self.exim)
    #expect(await reports.queue()?.count == 2)
    // The first is of the time before the listing: an ID may have been given again since.
    host.logs(
      .lines(
        Array(
          ("2026-11-24 00:41:30 1xVeaV-0004PH-3h Completed\n"
            + "2026-11-24 00:41:45 1xVeaV-0004PH-2g Completed\n").utf8)))
    let after = try #require(await reports.queue())
    #expect(after.count == 1)
    #expect(after.totals.messages == 1)
    #expect(after.message(at: 0).idText == "1xVeaV-0004PH-3h")
    #expect(after.message(withID: "1xVeaV-0004PH-2g") == nil)
    #expect(host.asked.count { $0 == "exim -bp" } == 1)
    await reports.monitor.stop()
  }

  @Test(arguments: [(0, 10), (1, 10), (3, 30), (60, 600)])
  func aSlowQueueIsReadATenthOfTheTime(seconds: Int, pause: Int) {
    #expect(
      Repeater.pause(after: .seconds(seconds), atLeast: .seconds(10)) == .seconds(pause))
  }

  @Test func keepsTheLastGoodQueue() async throws {
    let host = FakeHost {
      $0.answer("exim -bp", Self.listing)
      $0.files["/log"] = ("", 1)
    }
    let reports = Reports(host, Self.exim)
    let taken = try #require(await reports.queue()).taken
    host.change { $0.answers["exim -bp"] = .failure(.timedOut(command: "exim -bp", seconds: 120)) }
    await reports.monitor.refresh(.queue)
    let health = await reports.first { report -> (Problem, Int64?)? in
      if case .health(.queue, .failed(let problem, let lastGood)) = report {
        (problem, lastGood)
      } else {
        nil
      }
    }
    #expect(health?.0.what == "exim -bp did not answer within 120 s and was stopped.")
    #expect(health?.1 == taken)
    await reports.monitor.stop()
  }

  @Test func reportsTheLastHourAndGoesOnAfterIt() async throws {
    let old = "2026-11-23 22:00:00 1xVeaV-0004PH-2g == old@busy.test R=r T=t defer (0): 421 no\n"
    let new = "2026-11-24 00:41:00 1xVeaV-0004PH-2g == new@busy.test R=r T=t defer (0): 421 no\n"
    let cut = "2026-11-24 00:41:30 1xVeaV-00"
    let host = FakeHost {
      $0.answer("exim -bp", "")
      $0.files["/log"] = (old + new + cut, 1)
    }
    let reports = Reports(host, Self.exim)
    let history = await reports.first { report -> [LogEvent]? in
      if case .log(let events, _) = report { events } else { nil }
    }
    #expect(history?.map(\.recipient) == ["new@busy.test"])
    _ = await reports.health(.log)
    let position = LogPosition.file(inode: 7, offset: Int64((old + new).utf8.count))
    host.logs(.restarted)
    _ = await reports.health(.log)
    #expect(host.asked.contains("follow from \(position)"))
    await reports.monitor.stop()
  }

  @Test(
    arguments: [
      (
        "exim: permission denied\n", 1 as Int32,
        "exim -bp: ann may not list the queue.", "Debian-exim"
      ),
      ("exim: something new\n", 1, "something new", "by hand"),
    ])
  func saysWhyEximRefuses(
    complaint: String, status: Int32, what: String, remedy: String
  ) async throws {
    let host = FakeHost(isRoot: false) {
      $0.answer("exim -bp", "", complaint: complaint, status: status)
      $0.owners[Self.exim.spool] = FileOwnership(
        user: "Debian-exim", group: "Debian-exim", permissions: 0o750)
    }
    let failure = await #expect(throws: SourceFailure.self) {
      try await QueueReader(host: host, system: Self.exim).listing()
    }
    #expect(failure?.problem.what.contains(what) == true)
    #expect(failure?.problem.remedy.contains(remedy) == true)
  }

  @Test(arguments: [(69 as Int32, "Postfix is down"), (77, "may not list"), (75, "status 75")])
  func saysWhyPostfixRefuses(status: Int32, what: String) async throws {
    let host = FakeHost(isRoot: false) {
      $0.answer("postqueue -j", "", complaint: "postqueue: fatal: no\n", status: status)
    }
    let failure = await #expect(throws: SourceFailure.self) {
      try await QueueReader(host: host, system: Self.postfix).listing()
    }
    #expect(failure?.problem.what.contains(what) == true)
  }

  @Test func asksAnOldPostfixForText() async throws {
    let host = FakeHost {
      $0.answer(
        "postqueue -j", "", complaint: "postqueue: invalid option -- 'j'\n", status: 64)
      $0.answer("postqueue -p", "Mail queue is empty\n")
    }
    let (listing, _) = try await QueueReader(host: host, system: Self.postfix).listing()
    #expect(listing.count == 0)
    #expect(host.asked == ["postqueue -j", "postqueue -p"])
  }

  @Test func saysWhatCannotBeReadOfTheLog() async {
    let host = FakeHost(isRoot: false) {
      $0.answer("exim -bp", "")
      $0.forbidden = ["/log"]
    }
    let reports = Reports(host, Self.exim)
    guard case .failed(let problem, _) = await reports.health(.log) else {
      Issue.record("no failure")
      return
    }
    #expect(problem.what == "ann may not read /log.")
    await reports.monitor.stop()
  }

  /// A log that is not understood is a failure and a finding, until it is understood.
  @Test func saysWhatIsNotUnderstoodOfTheLog() async {
    let host = FakeHost {
      $0.answer("exim -bp", "")
      $0.files["/log"] = (String(repeating: "what is this\n", count: 20), 1)
    }
    let reports = Reports(host, Self.exim)
    guard case .failed(let problem, _) = await reports.health(.log) else {
      Issue.record("no failure")
      return
    }
    #expect(problem.what.contains("0 of 20 lines understood"))
    let findings = await reports.first { report -> [Finding]? in
      if case .diagnosis(let findings, _) = report { findings } else { nil }
    }
    #expect(findings?.map(\.id) == ["log"])
    #expect(findings?.first?.severity == .critical)
    host.logs(.lines(Array("2026-11-24 00:41:45 1xVeaV-0004PH-2g Completed\n".utf8)))
    guard case .live = await reports.health(.log) else {
      Issue.record("still a failure")
      return
    }
    await reports.monitor.stop()
  }

  @Test func saysThatTheFormChangedWhileItIsRead() async {
    let host = FakeHost {
      $0.answer("exim -bp", "")
      $0.files["/log"] = ("2026-11-24 00:41:45 1xVeaV-0004PH-2g Completed\n", 1)
    }
    let reports = Reports(host, Self.exim)
    _ = await reports.health(.log)
    host.logs(.lines(Array(String(repeating: "what is this\n", count: 300).utf8)))
    let problem = await reports.first { report -> Problem? in
      if case .health(.log, .failed(let problem, _)) = report { problem } else { nil }
    }
    #expect(problem?.what.contains("0 of 300 lines understood") == true)
    await reports.monitor.stop()
  }

  @Test(
    arguments: [
      ("", "/log is empty."),
      ("Nov 24 00:30:00 h sshd[1]: x\n", "None of the last 1 lines of /log is from Exim."),
    ])
  func saysThatNothingWasLogged(text: String, note: String) async {
    let host = FakeHost {
      $0.answer("exim -bp", "")
      $0.files["/log"] = (text, 1)
    }
    let reports = Reports(host, Self.exim)
    guard case .live(_, let found) = await reports.health(.log) else {
      Issue.record("not live")
      return
    }
    #expect(found == note)
    await reports.monitor.stop()
  }

  @Test(
    arguments: [
      ("BC16A135FF6", 1, "/s/deferred/B/BC16A135FF6"),
      ("BC16A135FF6", 2, "/s/deferred/B/C/BC16A135FF6"),
      ("BC16A135FF6", 0, "/s/deferred/BC16A135FF6"),
      // 999,999 microseconds: F423F.
      ("4cXn2k75plz9QsB", 1, "/s/deferred/F/4cXn2k75plz9QsB"),
    ])
  func knowsWhereADeferredMessageIs(id: String, depth: Int, expected: String) {
    #expect(PostfixSpool.deferredFile(of: id, in: "/s", hashDepth: depth) == expected)
  }

  @Test func readsTheRetryRecordsOfExim() async throws {
    let host = FakeHost {
      $0.answer("exim -bp", Self.listing)
      $0.executables["exim_dumpdb"] = "/usr/sbin/exim_dumpdb"
      $0.answer(
        "exim_dumpdb /var/spool/exim retry",
        """
          T:mx1.busy.test:127.0.0.12 0 5441 421 later
        24-Nov-2026 00:40:48  24-Nov-2026 00:42:02  24-Nov-2026 00:44:02

        """)
    }
    let reader = QueueReader(host: host, system: Self.exim)
    let times = await reader.retryTimes(of: try await reader.listing().listing)
    #expect(times.hosts["127.0.0.12"] == 1_795_481_042)
  }

  @Test func readsTheTimeOfTheNextAttempt() async throws {
    let host = FakeHost {
      $0.answer(
        "postqueue -j",
        """
        {"queue_name": "deferred", "queue_id": "BC16A135FF6", "arrival_time": 1795480847, \
        "message_size": 617, "sender": "a@b.test", "recipients": [{"address": "c@d.test", \
        "delay_reason": "no"}]}

        """)
      $0.files["/var/spool/postfix/deferred/B/BC16A135FF6"] = ("", 1_795_481_200)
    }
    let reader = QueueReader(host: host, system: Self.postfix)
    let times = await reader.retryTimes(of: try await reader.listing().listing)
    #expect(times.messages == ["BC16A135FF6": 1_795_481_200])
  }
}

@Suite("The mailbox")
struct MailboxTests {
  @Test func joinsWhatWaits() throws {
    let mailbox = try Mailbox<ServerReport> { $0.merge($1) }
    mailbox.post(.load(1))
    mailbox.post(.health(.queue, .starting))
    mailbox.post(.load(2))
    mailbox.post(.health(.queue, .live(since: 1, note: nil)))
    mailbox.post(.health(.log, .starting))
    let waiting = mailbox.drain()
    guard waiting.count == 3, case .load(2) = waiting[0],
      case .health(.queue, .live(since: 1, note: nil)) = waiting[1]
    else {
      Issue.record("\(waiting)")
      return
    }
    #expect(mailbox.drain().isEmpty)
  }

  @Test func countsTheEventsThatItDrops() throws {
    let mailbox = try Mailbox<ServerReport> { $0.merge($1) }
    let event = LogEvent(
      time: 1, mta: .exim, kind: .deferral, direction: .outbound, queueID: nil, recipient: nil,
      remoteHost: nil, remoteIP: nil, code: 421, enhanced: nil, cause: .other, reply: "", line: "")
    for number in 0..<60 {
      var some = event
      some.time = Int64(number)
      mailbox.post(
        .log(Array(repeating: some, count: 100), dropped: 1))
    }
    guard case .log(let events, let dropped) = mailbox.drain().first else {
      Issue.record("no events")
      return
    }
    #expect(events.count == ServerReport.eventLimit)
    #expect(dropped.count == 60 + 1000)
    #expect(dropped.told.code421.values.reduce(0, +) == 1000)
    #expect(events.first?.time == 10 && events.last?.time == 59)
  }

  @Test func wakesWhoWaits() async throws {
    let mailbox = try Mailbox<Int> { _, _ in false }
    let woken = Task { await BlockingThread.value { Poll.isReadable(mailbox.descriptor, -1) } }
    mailbox.post(1)
    #expect(await woken.value == true)
    #expect(mailbox.drain() == [1])
    #expect(!Poll.isReadable(mailbox.descriptor, 0))
  }
}
