// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Guidance

/// Scenarios: what the queue and the log hold, and what is found in it.
struct FindingTests {
  /// 2026-11-24 23:14:00 UTC.
  static let now: Int64 = 1_795_562_040

  static func event(
    _ kind: LogEvent.Kind, _ domain: String, minutesAgo: Int64, _ cause: Cause = .other,
    host: String? = nil, side: Side = .unknown, hop: Hop = .final, port: Int? = nil
  ) -> LogEvent {
    LogEvent(
      time: now - minutesAgo * 60, mta: .postfix, kind: kind,
      direction: kind == .refusal ? .inbound : .outbound, queueID: nil,
      recipient: kind == .refusal ? nil : "ann@\(domain)", remoteHost: host ?? "mx.\(domain)",
      remoteIP: kind == .refusal ? domain : nil, code: 421, enhanced: nil, cause: cause,
      side: side, hop: hop, port: port, reply: "", line: "")
  }

  /// - Parameter destinations: nil for one message to each that deferred.
  static func evidence(
    _ events: [LogEvent], messages: Int = 0, held: Int = 0, destinations: [Tally]? = nil,
    senders: [Tally] = [], limits: [LimitUse] = [], load: [LoadSample] = [], mta: MTA = .postfix
  ) -> Evidence {
    var traffic = Traffic()
    traffic.record(events)
    let deferring = Set(events.filter { $0.kind == .deferral }.compactMap(\.destination))
    var totals = QueueTotals()
    totals.messages = messages + held
    totals.deferred = messages
    totals.held = held
    return Evidence(
      now: now, mta: mta,
      queue: QueueFacts(
        totals: totals,
        destinations: destinations ?? deferring.sorted().map { Tally(key: $0, count: 1) },
        senders: senders),
      traffic: traffic, limits: limits, load: load)
  }

  @Test func nothingIsFoundInAQuietServer() {
    let events = (0..<30).map { Self.event(.delivery, "example.net", minutesAgo: 30 - $0) }
    #expect(Finding.all(from: Self.evidence(events)).isEmpty)
    #expect(Finding.all(from: Evidence(now: 0, mta: .exim)).isEmpty)
  }

  @Test func oneDestinationAfterABurst() throws {
    var events = (0..<40).map { Self.event(.delivery, "gmail.com", minutesAgo: 25 - $0 / 8) }
    events += (0..<20).map { Self.event(.deferral, "gmail.com", minutesAgo: 20 - $0, .rateLimit) }
    let evidence = Self.evidence(
      events, messages: 250, destinations: [Tally(key: "Gmail.com", count: 212)],
      senders: [Tally(key: "news@shop.example", count: 204)])
    let findings = Finding.all(from: evidence)
    #expect(findings.map(\.id) == ["destination:gmail.com", "sender:news@shop.example"])
    let first = try #require(findings.first)
    #expect(first.title == "gmail.com is rate-limiting our mail, since 22:54")
    #expect(first.cause == .rateLimit)
    #expect(first.evidence.first == "212 of 250 queued messages wait for it.")
    #expect(first.evidence.contains("Cause rate-limit: 100% of the deferrals."))
    #expect(first.evidence.contains { $0.hasPrefix("A burst came first: 40 messages in 10") })
    #expect(first.evidence.contains { $0.hasSuffix("rising.") })
    #expect(findings.last?.evidence.first == "That is 82% of the queue.")
  }

  @Test func aProviderBehindSeveralDomains() {
    let events = ["a.example", "b.example", "c.example"].map {
      Self.event(
        .deferral, $0, minutesAgo: 2, .policy, host: "\($0).mail.protection.outlook.com")
    }
    let findings = Finding.all(from: Self.evidence(events, messages: 3))
    let provider = findings.first { $0.id == "provider:Microsoft 365" }
    #expect(
      provider?.title == "Microsoft 365 is deferring our mail (policy or reputation): 3 domains")
    #expect(provider?.cause == .policy)
    #expect(provider?.evidence.first == "3 messages wait for a.example, b.example, c.example.")
  }

  /// Domains with the host that answered for each, and the provider that they have in common.
  @Test(
    arguments: [
      ([("a.example", "192.0.2.1"), ("b.example", "192.0.2.1")], nil),
      ([("a.example", "127.0.0.1"), ("b.example", "127.0.0.1"), ("c.example", "127.0.0.1")], nil),
      ([("a.example", "2001:db8::1"), ("b.example", "2001:db8::1")], nil),
      ([("shop.co.uk", "mx.shop.co.uk"), ("club.co.uk", "mx.club.co.uk")], nil),
      ([("shop.parma.it", "mx.shop.parma.it"), ("bar.parma.it", "mx.bar.parma.it")], nil),
      ([("shop.co.uk", "co.uk"), ("club.co.uk", "co.uk")], nil),
      ([("a.example", "localhost"), ("b.example", "localhost")], nil),
      ([("a.example", "mx1.hoster.co.uk"), ("b.example", "mx2.hoster.co.uk")], "hoster.co.uk"),
      ([("a.example", "mx.hoster.test"), ("b.example", "mx.hoster.test")], "hoster.test"),
      ([("a.example", "mx.gmx.net"), ("b.example", "mx.web.de")], "GMX and WEB.DE"),
    ] as [([(String, String)], String?)])
  func onlyAnOwnerIsAProvider(_ domains: [(String, String)], _ name: String?) {
    let delivered = Self.event(.delivery, "ok.example", minutesAgo: 1)
    let events = domains.map { Self.event(.deferral, $0.0, minutesAgo: 2, host: $0.1) }
    let evidence = Self.evidence(events + [delivered], messages: domains.count)
    let found = Finding.all(from: evidence).filter { $0.id.hasPrefix("provider:") }
    #expect(found.map(\.id) == name.map { ["provider:\($0)"] } ?? [])
  }

  /// The log mentions domains for which nothing waits anymore.
  @Test func onlyDomainsWithQueuedMailCount() {
    let events = ["a", "b", "c", "d", "e"].map {
      Self.event(.deferral, "\($0).example", minutesAgo: 2, .rateLimit, host: "mx.hoster.test")
    }
    let findings = Finding.all(
      from: Self.evidence(
        events + [Self.event(.delivery, "ok.example", minutesAgo: 1)], messages: 5,
        destinations: [Tally(key: "a.example", count: 3), Tally(key: "B.example", count: 2)]))
    let provider = findings.first { $0.id == "provider:hoster.test" }
    #expect(provider?.title == "hoster.test is rate-limiting our mail: 2 domains")
    #expect(provider?.evidence.first == "5 messages wait for a.example, b.example.")
    #expect(Finding.all(from: Self.evidence(events, messages: 0, destinations: [])).isEmpty)
  }

  @Test func everythingPointsToOurSide() {
    let events = (1...6).map {
      Self.event(.deferral, "d\($0).example", minutesAgo: 3, .timeout, host: "mx.h\($0).example")
    }
    let findings = Finding.all(from: Self.evidence(events, messages: 6))
    #expect(findings.map(\.id) == ["everywhere"])
    #expect(findings.first?.severity == .critical)
    #expect(findings.first?.evidence.last?.contains("port 25") == true)
    // What it opens is what it counted, and no other mail.
    #expect(findings.first?.destinations.sorted() == (1...6).map { "d\($0).example" })
    // What was deferred before the last half hour, greylisting and full mailboxes say nothing of our side.
    for events in [
      (1...6).map { Self.event(.deferral, "d\($0).example", minutesAgo: 40, .timeout) },
      (1...6).map { Self.event(.deferral, "d\($0).example", minutesAgo: 3, .greylisting) },
      (1...6).map { Self.event(.deferral, "d\($0).example", minutesAgo: 3, .mailbox) },
    ] {
      #expect(
        !Finding.all(from: Self.evidence(events, messages: 6)).contains { $0.id == "everywhere" })
    }
    // One delivery is enough to say that mail gets out.
    let delivered = events + [Self.event(.delivery, "ok.example", minutesAgo: 1)]
    #expect(
      !Finding.all(from: Self.evidence(delivered, messages: 6)).contains { $0.id == "everywhere" })
  }

  /// All through a relay of ours, or a content filter: the recipients' domains are not to blame.
  @Test(arguments: ["relay.isp.example", "127.0.0.1"])
  func aRelayThatTakesNothing(_ host: String) throws {
    let events = (1...5).map {
      Self.event(.deferral, "d\($0).test", minutesAgo: 3, .timeout, host: host)
    }
    let finding = try #require(Finding.all(from: Self.evidence(events, messages: 5)).first)
    #expect(finding.id == "everywhere" && finding.severity == .critical)
    #expect(finding.title == "No mail is delivered: 5 destinations wait for \(host)")
    #expect(finding.evidence.contains { $0.hasPrefix("All of it goes through \(host)") })
  }

  /// What a hop of ours holds up is the fault of no destination, and no provider's.
  @Test(
    arguments: [
      (Hop.relay, "Mail for 2 domains waits for our relay host smtp.isp.example:587"),
      (.filter, "Mail for 2 domains waits for our content filter smtp.isp.example:587"),
      (.local, "Mail for 2 domains waits for our local delivery smtp.isp.example:587"),
      (.unknown, "Mail for 2 domains waits for smtp.isp.example:587"), (.final, nil),
    ] as [(Hop, String?)])
  func mailThatAHopOfOursHoldsUp(_ hop: Hop, _ title: String?) {
    let events = ["a.test", "b.test"].map {
      Self.event(
        .deferral, $0, minutesAgo: 3, .timeout, host: "smtp.isp.example", hop: hop, port: 587)
    }
    let evidence = Self.evidence(
      events + [Self.event(.delivery, "ok.example", minutesAgo: 1)], messages: 2)
    let findings = Finding.all(from: evidence)
    let first = findings.first { $0.id.hasPrefix("hop:") }
    #expect(first?.title == title)
    #expect(findings.contains { $0.id.hasPrefix("destination:") } == (title == nil))
    #expect(findings.contains { $0.id.hasPrefix("provider:") } == (title == nil))
    let scope = evidence.scope(of: "a.test")
    #expect(scope.verdict == .warns)
    #expect(!scope.summary.contains("Their"))
    // A relay that does not answer is no fault of ours.
    #expect(!scope.summary.contains("Our side") || hop == .final)
  }

  /// The end of the last deferral is named, not the server that took a message since.
  @Test func aDeliveryByAnotherWayIsNotTheRelay() {
    let events = [
      Self.event(
        .deferral, "a.test", minutesAgo: 3, .timeout, host: "smtp.isp.example", hop: .relay,
        port: 587), Self.event(.delivery, "a.test", minutesAgo: 2, host: "mx.a.test"),
    ]
    let findings = Finding.all(from: Self.evidence(events, messages: 1))
    #expect(
      findings.first?.title == "Mail for a.test waits for our relay host smtp.isp.example:587")
  }

  /// A relay that takes mail again is not the destination that does.
  @Test func aRelayRecovers() {
    var events = [
      Self.event(
        .deferral, "a.test", minutesAgo: 40, .timeout, host: "smtp.isp.example", hop: .relay)
    ]
    events += [4, 3].map { Self.event(.delivery, "a.test", minutesAgo: $0) }
    let findings = Finding.all(from: Self.evidence(events, messages: 2))
    #expect(findings.first?.title.hasPrefix("Mail for a.test is delivered again") == true)
  }

  /// Minutes ago of deferrals and of deliveries, messages that wait, and whether the trouble is over.
  @Test(arguments: [
    ([40], [4, 3], 2, true), ([40], [4], 2, false), ([40], [4], 0, true),
    ([40, 2], [4, 3], 2, false),
    ([5], [4, 3, 2], 18, false), ([40], [], 2, false), ([40, 2], [1], 18, false),
    ([16], [15, 14, 1], 1, true),
  ])
  func oneDeliveryIsNoEndOfTheTrouble(
    _ deferrals: [Int64], _ deliveries: [Int64], _ waiting: Int, _ isOver: Bool
  ) throws {
    var events = deferrals.map { Self.event(.deferral, "example.net", minutesAgo: $0, .rateLimit) }
    events += deliveries.map { minutes in
      var event = Self.event(.delivery, "example.net", minutesAgo: minutes)
      event.queueID = "M\(minutes)"
      return event
    }
    events.sort { ($0.time ?? 0) < ($1.time ?? 0) }
    let evidence = Self.evidence(
      events, messages: waiting, destinations: [Tally(key: "example.net", count: waiting)])
    let finding = Finding.all(from: evidence).first
    let check = evidence.recovery(of: "example.net")
    #expect((check.verdict == .passed) == isOver)
    if waiting == 0 {
      #expect(finding == nil)
    } else {
      #expect((finding?.severity == .note) == isOver)
      #expect(finding?.title.contains("accepts mail again") == isOver)
    }
  }

  /// Five recipients of one message are one delivery.
  @Test func recipientsOfOneMessageAreNoSeveralDeliveries() {
    var events = [Self.event(.deferral, "example.net", minutesAgo: 40, .rateLimit)]
    events += (0..<5).map { _ in
      var event = Self.event(.delivery, "example.net", minutesAgo: 4)
      event.queueID = "M1"
      return event
    }
    let findings = Finding.all(
      from: Self.evidence(events, messages: 2, destinations: [Tally(key: "example.net", count: 2)]))
    #expect(findings.first?.severity == .warning)
    #expect(
      findings.first?.evidence.contains("1 message delivered since the last deferral, at 23:10.")
        == true)
  }

  /// Mail on hold counts with the rest: the title never says more of one sender than there is.
  @Test func aSendersHeldMailIsPartOfTheQueue() {
    let evidence = Self.evidence(
      [], messages: 20, held: 30, senders: [Tally(key: "a@shop.example", count: 40)])
    let finding = Finding.all(from: evidence).first { $0.id == "sender:a@shop.example" }
    #expect(finding?.title == "a@shop.example has 40 of 50 queued messages")
  }

  @Test(arguments: [
    (57, 68, 84), (1, 3, 33), (2, 3, 67), (999, 1000, 99), (1, 1000, 1), (0, 5, 0), (5, 5, 100),
    (7, 5, 140), (3, 0, 0), (-1, 5, 0), (Int.max, 1, 100_000),
  ])
  func percentagesAreRounded(_ part: Int, _ whole: Int, _ percent: Int) {
    #expect(part.percent(of: whole) == percent)
  }

  @Test(arguments: [(MTA.postfix, "on hold"), (.exim, "frozen")])
  func forgottenMail(_ mta: MTA, _ word: String) {
    let findings = Finding.all(from: Self.evidence([], held: 1, mta: mta))
    #expect(findings.first?.title == "1 message is \(word) and will not be delivered")
    #expect(findings.first?.severity == .warning)
  }

  @Test func oneClientIsTurnedAway() {
    var events = (0..<8).map { _ in
      Self.event(.refusal, "192.0.2.7", minutesAgo: 3, .connectionLimit)
    }
    events.append(Self.event(.refusal, "192.0.2.8", minutesAgo: 3, .connectionLimit))
    let finding = Finding.all(from: Self.evidence(events)).first
    #expect(finding?.title == "We deferred 192.0.2.7 8 times in 15 minutes")
    #expect(finding?.client == "192.0.2.7")
    #expect(finding?.cause == .connectionLimit)
  }

  @Test(arguments: [(79, 0), (80, 1), (100, 1), (0, 0)])
  func limitsInUse(_ used: Int, _ count: Int) {
    let use = LimitUse(
      setting: "smtp_accept_max", used: used, limit: 100, biggest: Tally(key: "x", count: 9))
    let findings = Finding.all(from: Self.evidence([], limits: [use]))
    #expect(findings.count == count)
  }

  @Test func deferralsThatComeWithLoad() {
    let events = (0..<20).map {
      Self.event(.deferral, "example.net", minutesAgo: 10 - $0 / 2, .resource)
    }
    let load = (0..<20).map {
      LoadSample(time: Self.now - Int64($0) * 60, perProcessor: $0 <= 10 ? 2 : 0.2)
    }
    let ids = Finding.all(from: Self.evidence(events, load: load)).map(\.id)
    #expect(ids.contains("load"))
  }

  @Test func theTitlesFitAndTheOrderIsStable() {
    var events: [LogEvent] = []
    for (index, cause) in Cause.allCases.enumerated() {
      events.append(Self.event(.deferral, "d\(index).example", minutesAgo: 2, cause))
    }
    events.append(Self.event(.delivery, "ok.example", minutesAgo: 1))
    let evidence = Self.evidence(events.shuffled(), messages: 12, held: 2)
    let findings = Finding.all(from: evidence)
    #expect(findings == Finding.all(from: evidence))
    #expect(Set(findings.map(\.id)).count == findings.count)
    #expect(findings.map(\.severity) == findings.map(\.severity).sorted(by: >))
    for finding in findings { #expect(finding.title.count <= 76, "\(finding.title)") }
  }
}

struct TrafficTests {
  @Test func forgetsTheLeastRecent() {
    var traffic = Traffic()
    for index in 0..<3000 {
      traffic.record([
        LogEvent(
          time: Int64(1_000_000 + index), mta: .exim, kind: .deferral, direction: .outbound,
          queueID: nil, recipient: "x@d\(index).example", remoteHost: nil, remoteIP: nil,
          code: 421, enhanced: nil, cause: .other, reply: "", line: "")
      ])
    }
    #expect(traffic.destinations.count <= Traffic.capacity * 5 / 4)
    #expect(traffic.destinations["d2999.example"] != nil)
    #expect(traffic.destinations["d0.example"] == nil)
  }

  @Test func countsByMinute() {
    var counts = MinuteCounts()
    for time: Int64 in [0, 59, 60, 3599, -5, .min] { counts.add(time) }
    #expect(counts.total(minutes: 60, endingAt: 3599) == 6)
    #expect(counts.total(minutes: 1, endingAt: 3599) == 1)
    counts.add(3600)
    #expect(counts.total(minutes: 60, endingAt: 3600) == 3)
    counts.add(1_000_000)
    #expect(counts.total(minutes: 60, endingAt: 1_000_000) == 1)
    counts.add(0)
    #expect(counts.total(minutes: 600, endingAt: 1_000_000) == 1)
    #expect(counts.total(minutes: 0, endingAt: 1_000_000) == 0)
  }

  @Test(
    arguments: [
      (1_795_562_040, 0, "2026-11-24 23:14:00 +0000"),
      (1_795_562_040, -12_600, "2026-11-24 19:44:00 -0330"),
      (951_782_400, 3600, "2000-02-29 01:00:00 +0100"), (Int64.max, 0, "9999-12-30 20:00:00 +0000"),
    ] as [(Int64, Int, String)])
  func tellsTheTime(_ time: Int64, _ offset: Int, _ words: String) {
    #expect(LocalTime(time, zone: LocalZone(offset: offset)).stamp == words)
  }
}
