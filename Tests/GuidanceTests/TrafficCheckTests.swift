// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Guidance

struct TrafficCheckTests {
  private static let now: Int64 = 1_795_521_600

  private static func event(_ kind: LogEvent.Kind, _ minutesAgo: Int64, _ number: Int = 0)
    -> LogEvent
  {
    LogEvent(
      time: now - minutesAgo * 60, mta: .postfix, kind: kind, direction: .outbound,
      queueID: "A\(number)", recipient: "bob@busy.test", remoteHost: "mx1.busy.test",
      remoteIP: "192.0.2.1", code: kind == .deferral ? 421 : 250, enhanced: nil, cause: .rateLimit,
      reply: "", line: "")
  }

  private static func evidence(_ events: [LogEvent], load: [Double] = []) -> Evidence {
    var traffic = Traffic()
    traffic.record(events)
    let samples = load.enumerated().map {
      LoadSample(time: now - Int64(load.count - $0.offset) * 60, perProcessor: $0.element)
    }
    return Evidence(now: now, mta: .postfix, traffic: traffic, load: samples)
  }

  @Test func aBurstIsTheCause() {
    let burst = (0..<30).map { Self.event(.delivery, 12, $0) } + [Self.event(.deferral, 10)]
    let result = Self.evidence(burst).rate(to: "Busy.test")
    #expect(result.verdict == .failed)
    #expect(result.summary == "A burst came first: 30 messages in 10 minutes. That is the cause.")
    #expect(
      result.details.contains(
        "Busiest minute: 30 messages, 30 recipients, at least 30 connections."))
    #expect(
      result.details.last(where: { $0.hasPrefix("In those ten minutes") })
        == "In those ten minutes: 30 messages, 30 recipients, at least 30 connections.")
  }

  @Test func messagesRecipientsAndConnectionsAreToldApart() {
    let lines: [(String, String, String)] = [
      ("A1", "1@busy.test", ""), ("A1", "2@busy.test", ""), ("A1", "3@busy.test", ""),
      ("A2", "1@busy.test", ", conn_use=2"), ("A3", "1@busy.test", ""),
    ]
    let events = lines.map { id, recipient, use in
      var event = Self.event(.delivery, 3)
      (event.queueID, event.recipient) = (id, recipient)
      event.line =
        "postfix/smtp[7]: \(id): to=<\(recipient)>, relay=mx1.busy.test[192.0.2.1]:25\(use)"
      return event
    }
    let details = Self.evidence(events).rate(to: "busy.test").details
    #expect(
      details.contains("Busiest minute: 3 messages, 5 recipients, at least 2 connections."),
      "\(details)")
  }

  @Test(arguments: [
    (MTA.exim, "=> a@b R=dnslookup T=remote_smtp H=mx1.b [192.0.2.1] C=\"250 OK\"", false),
    (.exim, "=> a@b R=dnslookup T=remote_smtp H=mx1.b [192.0.2.1]* C=\"250 OK\"", true),
    (.exim, "=> a@b R=dnslookup T=remote_smtp H=mx1.b [2001:db8::1]:25* C=\"250 OK\"", true),
    (.exim, "=> a@b R=dnslookup T=remote_smtp H=mx1.b [192.0.2.1]:25 C=\"250 *\"", false),
    (.exim, "=> a@b H=mx1.b [", false), (.exim, "", false),
    (.postfix, "to=<a@b>, relay=mx1.b[192.0.2.1]:25, conn_use=3, delay=1, status=sent", true),
    (.postfix, "to=<a@b>, relay=mx1.b[192.0.2.1]:25, delay=1, status=sent (250 OK)", false),
  ])
  func aConnectionThatIsUsedAgainIsKnown(_ mta: MTA, _ line: String, _ continues: Bool) {
    var event = Self.event(.delivery, 1)
    (event.mta, event.line) = (mta, line)
    #expect(event.continuesConnection == continues)
  }

  @Test func aSteadyRateIsNot() {
    let steady =
      (0..<40).map { Self.event(.delivery, Int64(55 - $0), $0) } + [Self.event(.deferral, 10)]
    #expect(Self.evidence(steady).rate(to: "busy.test").verdict == .passed)
    // The log that was read begins with the deferral: what was before is not known.
    let blind = Self.evidence([Self.event(.deferral, 10)]).rate(to: "busy.test")
    #expect(blind.verdict == .unavailable && blind.summary.contains("where the log begins"))
    #expect(Self.evidence([]).rate(to: "busy.test").verdict == .unavailable)
  }

  @Test func knowsWhetherItRecovered() {
    let deferred = Self.event(.deferral, 10)
    let delivered = Self.event(.delivery, 5)
    #expect(Self.evidence([deferred]).recovery(of: "busy.test").verdict == .warns)
    var evidence = Self.evidence([deferred, delivered])
    #expect(evidence.recovery(of: "busy.test").verdict == .passed)
    evidence.queue.destinations = [Tally(key: "busy.test", count: 18)]
    #expect(evidence.recovery(of: "busy.test").summary.hasPrefix("Too early to tell: 1 message"))
    // So many destinations that those of this one may be left out.
    evidence.queue.destinations = (0..<1000).map { Tally(key: "d\($0).test", count: 2) }
    #expect(evidence.recovery(of: "busy.test").verdict == .warns)
    #expect(Self.evidence([delivered]).recovery(of: "busy.test").verdict == .passed)
    #expect(Self.evidence([]).recovery(of: "busy.test").verdict == .unavailable)
  }

  private static func trouble(_ domains: [String], delivered: Bool = true) -> Evidence {
    var evidence = FindingTests.evidence(
      domains.map { FindingTests.event(.deferral, $0, minutesAgo: 5, .rateLimit) }
        + (delivered ? [FindingTests.event(.delivery, "fine.test", minutesAgo: 2)] : []))
    evidence.queue.destinations = domains.map { Tally(key: $0, count: 3) }
    return evidence
  }

  @Test func saysWhoElseIsDeferred() {
    let two = Self.trouble(["busy.test", "other.example"]).scope(of: "Busy.test")
    #expect(two.verdict == .warns)
    #expect(
      two.summary
        == "Our side: we send more than they allow. 1 other destination is also deferred, for the same cause."
    )
    #expect(two.details.first == "other.example: 3 messages queued, cause rate-limit")
    let provider = Self.trouble(["gmail.com", "googlemail.com"]).scope(of: "gmail.com")
    #expect(provider.verdict == .warns && provider.summary.contains("2 domains"))
    let all = Self.trouble(["a.test", "b.example", "c.invalid", "d.org"], delivered: false)
    #expect(all.scope(of: "a.test").verdict == .failed)
    #expect(Self.trouble(["busy.test"]).scope(of: "unheard.test").verdict == .unavailable)
  }

  /// "Their side" only where cause and numbers say so.
  @Test(arguments: Cause.allCases, [true, false])
  func whoseSideGoesByTheCause(_ cause: Cause, _ isDelivered: Bool) {
    var events = [FindingTests.event(.deferral, "busy.test", minutesAgo: 5, cause)]
    if isDelivered { events.append(FindingTests.event(.delivery, "fine.test", minutesAgo: 2)) }
    let result = FindingTests.evidence(events).scope(of: "busy.test")
    let isTheirs =
      switch cause {
      case .greylisting, .mailbox, .resource, .downstream: true
      case .timeout, .dns: isDelivered
      default: false
      }
    #expect((result.verdict == .passed) == isTheirs, "\(cause): \(result.summary)")
    #expect(
      !result.summary.contains("Their") || isTheirs, "\(cause): \(result.summary)")
  }

  /// The words of the replies go before the cause, but for limits that we exceed.
  @Test(arguments: [
    (Side.senderDomain, Cause.policy, CheckResult.Verdict.warns, "The sender's domain"),
    (.ours, .tls, .warns, "Our side"), (.theirs, .tls, .passed, "Their side"),
    (.recipient, .other, .passed, "The recipient's side"),
    (.theirs, .rateLimit, .warns, "Our side"),
    (.theirs, .connectionLimit, .warns, "Our side"), (.ours, .configuration, .warns, "Our side"),
    (.unknown, .configuration, .failed, "Our side"),
  ])
  func whoseSideGoesByTheWords(
    _ side: Side, _ cause: Cause, _ verdict: CheckResult.Verdict, _ words: String
  ) {
    let result = FindingTests.evidence([
      FindingTests.event(.deferral, "busy.test", minutesAgo: 5, cause, side: side)
    ]).scope(of: "busy.test")
    #expect(result.verdict == verdict && result.summary.hasPrefix(words), "\(result.summary)")
  }

  @Test(arguments: [Cause.timeout, .dns])
  func whereManyFailAlikeItIsOurSide(_ cause: Cause) {
    let events = ["a.test", "b.example", "c.invalid"].map {
      FindingTests.event(.deferral, $0, minutesAgo: 5, cause)
    }
    let evidence = FindingTests.evidence(
      events + [FindingTests.event(.delivery, "fine.test", minutesAgo: 2)])
    #expect(evidence.scope(of: "a.test").verdict == .failed)
  }

  @Test func saysWhoSendsMostOfIt() {
    var evidence = FindingTests.evidence([], messages: 40)
    #expect(FindingTests.evidence([]).senderShares.summary == "The queue is empty.")
    evidence.queue.senders = [Tally(key: "news@shop.test", count: 30), Tally(key: "", count: 4)]
    #expect(evidence.senderShares.verdict == .warns)
    #expect(evidence.senderShares.details.last == "The null sender (bounces): 4 messages")
    evidence.queue.senders[0].count = 9
    #expect(
      evidence.senderShares.summary
        == "No sender dominates: news@shop.test has 9 of 40.")
  }

  @Test func comparesWithTheLoad() {
    let events = (1...10).flatMap { minute in
      (0..<4).map { Self.event(.deferral, Int64(minute), $0) }
    }
    let busyNow = [Double](repeating: 0.2, count: 10) + [Double](repeating: 2, count: 10)
    #expect(Self.evidence(events, load: busyNow).loadAndDeferrals.verdict == .warns)
    #expect(
      Self.evidence(events, load: Array(repeating: 0.2, count: 20)).loadAndDeferrals.verdict
        == .passed)
    #expect(Self.evidence(events, load: [1]).loadAndDeferrals.verdict == .unavailable)
    // Without a deferral in the log there is nothing to compare with.
    #expect(
      Self.evidence([], load: Array(repeating: 0.2, count: 20)).loadAndDeferrals.verdict
        == .unavailable)
  }

  private static func facts(
    size: Int64? = 5000, there: Int = 1, announced: Int? = nil, own: Int? = nil,
    headers: [String] = []
  ) throws -> CheckResult {
    MessageFacts(
      id: try #require(QueueID("4dGXk2Tz9Bz1", of: .postfix)), domain: "busy.test", size: size,
      recipients: there + 1, recipientsThere: there, announced: announced, ownLimit: own,
      headers: headers
    ).verdict(time: now)
  }

  @Test func aMessageCanBeTooLarge() throws {
    #expect(try Self.facts().verdict == .unavailable)
    #expect(try Self.facts(announced: 5000).verdict == .passed)
    #expect(
      try Self.facts(announced: 4999).summary
        == "busy.test accepts at most 4999 bytes; the message is 5000.")
    #expect(try Self.facts(own: 4999).verdict == .failed)
    #expect(try Self.facts(size: nil, announced: 10).verdict == .unavailable)
    #expect(try Self.facts(there: 101).verdict == .warns)
  }

  @Test func tellsOfAttachmentsFromTheHeader() throws {
    let details = try Self.facts(headers: [
      "Content-Type: multipart/mixed;", "\tboundary=x", "content-transfer-encoding: 8bit",
    ]).details
    #expect(details.contains { $0.contains("attachments") })
    #expect(details.contains { $0.contains("8-bit text") })
  }

  @Test func findsTheSigners() {
    let headers = HeaderFields([
      "Received: from x", "DKIM-Signature: v=1; a=rsa-sha256; d=Shop.Example;", " \ts=s1; h=From;",
      "\tb=abc", "Subject: s=no", "DKIM-Signature: v=1; d=only.test",
      "dkim-signature: d=b.test; s=k",
    ])
    #expect(
      DKIMSignature.all(in: headers) == [
        DKIMSignature(domain: "shop.example", selector: "s1"),
        DKIMSignature(domain: "b.test", selector: "k"),
      ])
  }
}

struct BlockListTests {
  private static func check(_ answers: [String: [String]]) async throws -> CheckResult {
    let zone = try #require(DomainName(validating: "zen.example.org"))
    let address = try #require(IPAddress("192.0.2.99"))
    return await BlockLists(zones: [zone]) { name, type in
      name.text == "99.2.0.192.zen.example.org" ? .found(answers[type.rawValue] ?? []) : .failed
    }.check(address, time: 1)
  }

  @Test func namesTheListAndItsReason() async throws {
    let result = try await Self.check(["A": ["127.0.0.2"], "TXT": ["see https://example.org"]])
    #expect(result.verdict == .warns)
    #expect(result.summary == "zen.example.org lists 192.0.2.99: 127.0.0.2.")
    #expect(result.details == ["see https://example.org"])
  }

  /// A refusal is no listing, and no all-clear either.
  @Test(
    arguments: [
      ([:], .passed), (["A": ["127.255.255.254"]], .unavailable),
      (["A": ["192.0.2.7"]], .unavailable),
    ] as [([String: [String]], CheckResult.Verdict)])
  func aRefusalIsNoListing(_ answers: [String: [String]], _ verdict: CheckResult.Verdict)
    async throws
  {
    #expect(try await Self.check(answers).verdict == verdict)
  }

  /// Lists that answer, of two, and the verdict.
  @Test(
    arguments: [
      (["one.example.org", "two.example.org"], .passed), (["one.example.org"], .unavailable),
      ([], .unavailable),
    ] as [([String], CheckResult.Verdict)])
  func aListThatDoesNotAnswerIsNoAllClear(_ alive: [String], _ verdict: CheckResult.Verdict)
    async throws
  {
    let zones = try ["one.example.org", "two.example.org"].map {
      try #require(DomainName(validating: $0))
    }
    let address = try #require(IPAddress("192.0.2.99"))
    let result = await BlockLists(zones: zones) { name, _ in
      alive.contains { name.text.hasSuffix($0) } ? .found([]) : .failed
    }.check(address, time: 1)
    #expect(result.verdict == verdict)
    #expect(result.summary.contains("192.0.2.99"))
  }

  @Test func asksNoneByItself() async throws {
    let address = try #require(IPAddress("192.0.2.99"))
    let result = await BlockLists(zones: []) { _, _ in
      Issue.record("a list was asked")
      return .failed
    }.check(address, time: 1)
    #expect(result.verdict == .unavailable)
  }
}
