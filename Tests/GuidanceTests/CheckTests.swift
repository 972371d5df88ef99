// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Guidance

struct AuthenticationTests {
  static func check(
    _ zone: [String: [String]], address: String? = "192.0.2.1", selectors: [String] = []
  ) async throws -> CheckResult {
    let domain = try #require(DomainName(validating: "news.shop.example"))
    return await SenderAuthentication(domain: domain) { name, type in
      name.text.contains("broken") ? .failed : .found(zone["\(type.rawValue) \(name)"] ?? [])
    }
    .check(
      address: address.flatMap { IPAddress($0) }, helo: "mx.shop.example",
      signatures: selectors.map { DKIMSignature(domain: "news.shop.example", selector: $0) },
      time: 1)
  }

  static let good = [
    "TXT news.shop.example": ["v=spf1 ip4:192.0.2.0/24 -all"],
    "TXT _dmarc.shop.example": ["v=DMARC1; p=quarantine; adkim=s"],
    "TXT s1._domainkey.news.shop.example": ["v=DKIM1; k=rsa; p=MIGf MA0"],
    "TXT old._domainkey.news.shop.example": ["v=DKIM1; p="],
  ]

  @Test func allInOrder() async throws {
    let result = try await Self.check(Self.good, selectors: ["s1"])
    #expect(result.verdict == .passed)
    #expect(
      result.details == [
        "SPF of news.shop.example covers this server (ip4:192.0.2.0/24).",
        "DKIM: there is a key at s1._domainkey.news.shop.example.",
        "DMARC of shop.example: p=quarantine, strict alignment.",
      ])
  }

  @Test(
    arguments: [
      ("192.0.2.1", ["old"], CheckResult.Verdict.failed, "is revoked"),
      ("192.0.2.1", ["none"], .failed, "there is no key"),
      ("192.0.2.1", ["broken"], .warns, "could not be looked up"),
      ("192.0.2.1", ["-x"], .warns, "cannot be looked up"),
      ("203.0.113.1", [], .failed, "forbids this server (-all)"),
      (nil, [], .warns, "source address is unknown"),
    ] as [(String?, [String], CheckResult.Verdict, String)])
  func says(
    _ address: String?, _ selectors: [String], _ verdict: CheckResult.Verdict, _ words: String
  ) async throws {
    let result = try await Self.check(Self.good, address: address, selectors: selectors)
    #expect(result.verdict == verdict)
    #expect(result.summary.contains(words), "\(result.summary)")
  }

  /// What was not looked at is said, and no ✓.
  @Test func withoutASignatureDKIMIsNotJudged() async throws {
    let result = try await Self.check(Self.good)
    #expect(result.verdict == .unavailable)
    #expect(result.summary.hasSuffix("pass; DKIM was not checked."))
  }

  @Test func missingRecordsWarn() async throws {
    let result = try await Self.check([:])
    #expect(result.verdict == .warns)
    #expect(result.details.contains("news.shop.example has no SPF record."))
    #expect(result.details.contains { $0.contains("no DMARC record") })
  }

  @Test(arguments: [
    ("v=DMARC1; p=none", DMARCRecord.Policy.none), ("v=DMARC1;p=REJECT;", .reject),
    (" v = DMARC1 ; p = quarantine ; rua=mailto:x@y", .quarantine),
    ("p=none; v=DMARC1", nil), ("v=DMARC1", nil), ("v=DMARC1; p=what", nil), ("", nil),
    ("v=spf1 -all", nil),
  ])
  func readsDMARC(_ text: String, _ policy: DMARCRecord.Policy?) {
    #expect(DMARCRecord(text)?.policy == policy)
  }

  @Test(arguments: [
    ("v=DKIM1; p=abc", false), ("p=abc", false), ("k=rsa; p=", true), ("v=DKIM2; p=abc", nil),
    ("hello", nil),
  ])
  func readsDKIM(_ text: String, _ isRevoked: Bool?) {
    #expect(DKIMKey(text)?.isRevoked == isRevoked)
  }
}

struct OwnIdentityTests {
  static func check(
    _ zone: [String: [String]], helo: String = "mx.shop.example"
  ) async throws -> CheckResult {
    await OwnIdentity(address: try #require(IPAddress("192.0.2.1")), helo: helo) { name, type in
      .found(zone["\(type.rawValue) \(name)"] ?? [])
    }
    .check(time: 1)
  }

  static let good = [
    "PTR 1.2.0.192.in-addr.arpa": ["mx.shop.example"], "A mx.shop.example": ["192.0.2.1"],
  ]

  @Test func agrees() async throws {
    let result = try await Self.check(Self.good)
    #expect(result.verdict == .passed)
    #expect(result.details.count == 3)
  }

  /// A resolver that does not answer is not "no record".
  @Test func aLookupThatFailsIsNoWrongRecord() async throws {
    let identity = OwnIdentity(
      address: try #require(IPAddress("192.0.2.1")), helo: "mx.shop.example"
    ) { _, type in type == .ptr ? .found(["mx.shop.example"]) : .failed }
    let result = await identity.check(time: 1)
    #expect(result.verdict == .warns)
    #expect(result.details.filter { $0.contains("could not be looked up") }.count == 2)
    #expect(!result.details.contains { $0.contains("does not resolve") })
  }

  @Test(
    arguments: [
      (good, "localhost", "localhost is not a fully qualified domain name"),
      (good, "other.example", "does not resolve to our address"),
      ([:], "mx.shop.example", "no PTR record"),
      (
        ["PTR 1.2.0.192.in-addr.arpa": ["mx.shop.example"]], "mx.shop.example",
        "does not resolve to our address"
      ),
      (
        [
          "PTR 1.2.0.192.in-addr.arpa": ["192-0-2-1.isp.example"],
          "A 192-0-2-1.isp.example": ["192.0.2.1"], "A mx.shop.example": ["192.0.2.1"],
        ], "mx.shop.example", "dial-up"
      ),
    ] as [([String: [String]], String, String)])
  func warns(_ zone: [String: [String]], _ helo: String, _ words: String) async throws {
    let result = try await Self.check(zone, helo: helo)
    #expect(result.verdict == .warns)
    #expect(result.summary.contains(words), "\(result.summary)")
  }
}

struct RetryPolicyTests {
  @Test(arguments: [
    ("Retry rule: *  *  F,2h,15m; G,16h,1h,1.5; F,4d,6h; \n", 900, 21_600, 345_600),
    ("Retry rule: busy.test  *  F,1h,1m; F,4d,5m; \n", 60, 300, 345_600),
  ])
  func readsExim(_ output: String, _ first: Int, _ longest: Int, _ lifetime: Int) {
    #expect(
      RetryPolicy(eximRule: output)
        == RetryPolicy(firstPause: first, longestPause: longest, lifetime: lifetime))
  }

  @Test(arguments: ["", "No retry information found\n", "F", "F,x,y", ";;;"])
  func readsNoRule(_ output: String) {
    #expect(RetryPolicy(eximRule: output) == nil)
  }

  @Test func readsPostfix() {
    let policy = RetryPolicy(postfix: [
      "minimal_backoff_time": "120s", "maximal_queue_lifetime": "5d",
    ])
    #expect(policy == RetryPolicy(firstPause: 120, longestPause: 4000, lifetime: 432_000))
    let result = policy.verdict(domain: "example.net", mta: .postfix, time: 1)
    #expect(result.verdict == .warns)
    #expect(result.details.contains("Proposed: minimal_backoff_time = 900s"))
  }

  @Test(arguments: [
    (900, 21_600, 345_600, CheckResult.Verdict.passed), (300, 4000, 432_000, .passed),
    (60, 4000, 432_000, .warns), (7200, 8000, 432_000, .warns), (900, 900, 432_000, .warns),
    (900, 4000, 3600, .warns),
  ])
  func judges(_ first: Int, _ longest: Int, _ lifetime: Int, _ verdict: CheckResult.Verdict) {
    let policy = RetryPolicy(firstPause: first, longestPause: longest, lifetime: lifetime)
    #expect(policy.verdict(domain: "x", mta: .exim, time: 1).verdict == verdict)
  }

  @Test(arguments: [
    ("300s", 300), ("1h30m", 5400), ("4000", 4000), ("5d", 432_000), ("1w", 604_800), ("", nil),
    ("m", nil), ("5x", nil), ("99999999999999999999d", nil), ("-5m", nil), ("٣m", nil),
  ])
  func readsTimes(_ text: String, _ seconds: Int?) {
    #expect(RetryPolicy.seconds(text) == seconds)
  }
}

struct ServerCheckTests {
  @Test(
    arguments: [
      (["exim4", "-bd", "-q30m"], 1800), (["exim", "-bd", "-q", "1h"], 3600),
      (["exim", "-qff15m"], 900), (["exim", "-bd"], nil), (["exim", "-q"], nil),
      (["exim", "-qGname"], nil),
    ] as [([String], Int?)])
  func readsTheInterval(_ arguments: [String], _ seconds: Int?) {
    #expect(QueueRunner.interval(ofEximArguments: arguments) == seconds)
  }

  @Test(arguments: [
    (QueueRunner(mta: .exim), CheckResult.Verdict.unavailable, "could not be determined"),
    // What else is fine says nothing of it.
    (QueueRunner(mta: .exim, diskUse: 40), .unavailable, "Whether Exim is running could not be"),
    (
      QueueRunner(mta: .postfix, interval: 300, overdue: 0), .unavailable, "could not be determined"
    ),
    (
      QueueRunner(mta: .exim, isRunning: true, interval: 1800, diskUse: 40), .passed,
      "Exim is running."
    ),
    (
      QueueRunner(mta: .exim, isRunning: true, interval: 1800, overdue: 0), .passed,
      "no message is overdue"
    ),
    (QueueRunner(mta: .postfix, isRunning: false), .failed, "is not running"),
    (QueueRunner(mta: .exim, interval: 1800, lastRun: 0), .failed, "last queue run"),
    (
      QueueRunner(mta: .exim, interval: 1800, lastRun: 9000), .unavailable,
      "could not be determined"
    ),
    (QueueRunner(mta: .exim, diskUse: 99), .failed, "disk is full: 99%"),
    (QueueRunner(mta: .exim, inodeUse: 91), .warns, "inodes are nearly full"),
    (QueueRunner(mta: .exim, freeMemory: 2), .warns, "2% of memory"),
  ])
  func judgesTheRunner(_ runner: QueueRunner, _ verdict: CheckResult.Verdict, _ words: String) {
    let result = runner.verdict(now: 10_000)
    #expect(result.verdict == verdict)
    #expect(result.summary.contains(words), "\(result.summary)")
  }

  @Test(
    arguments: [
      ([], CheckResult.Verdict.unavailable, "No limit"),
      ([(1, 20)], .passed, "No limit is near"),
      ([(16, 20), (1, 50)], .warns, "80%"),
      ([(999, 1000)], .warns, "99%"),
      ([(16, 20), (50, 50)], .failed, "l1 is exhausted"),
      ([(5, 0)], .unavailable, "No limit"),
    ] as [([(Int, Int)], CheckResult.Verdict, String)])
  func judgesLimits(_ uses: [(Int, Int)], _ verdict: CheckResult.Verdict, _ words: String) {
    let result = Limits.verdict(
      uses.enumerated().map { LimitUse(setting: "l\($0)", used: $1.0, limit: $1.1) }, time: 1)
    #expect(result.verdict == verdict)
    #expect(result.summary.contains(words), "\(result.summary)")
  }

  @Test(arguments: [
    ("4 packets transmitted, 4 received, 0% packet loss, time 3005ms", CheckResult.Verdict.passed),
    ("4 packets transmitted, 3 received, 25% packet loss, time 3005ms", .failed),
    ("4 packets transmitted, 0 received, 100% packet loss", .warns),
    ("4 packets transmitted, 0 received, +4 errors, 100% packet loss, time 1ms", .warns),
    ("3 packets transmitted, 2 packets received, 33.3% packet loss", .failed),
    ("1000 packets transmitted, 999 received, 0.1% packet loss", .failed),
    ("1000 packets transmitted, 1 received, 99.9% packet loss", .failed),
    ("ping: unknown host", .unavailable), ("% packet loss", .unavailable),
  ])
  func judgesThePath(_ ping: String, _ verdict: CheckResult.Verdict) {
    let result = NetworkPath.verdict(host: "mx", ping: ping, trace: "", time: 1)
    #expect(result.verdict == verdict, "\(result.summary)")
  }

  @Test(arguments: [
    (" 1  gw (192.0.2.254)  0.4 ms\n 2  * * *\n 3  mx (192.0.2.25)  8 ms\n 4  * * *\n", 3),
    (" 1?: [LOCALHOST]  pmtu 1500\n 1:  gw  0.4ms\n 2:  no reply\n", 1),
    ("traceroute to mx (192.0.2.25), 30 hops max\n", nil), ("", nil),
  ])
  func seesHowFarThePathGoes(_ trace: String, _ hop: Int?) {
    #expect(NetworkPath.lastHop(in: trace)?.number == hop)
  }

  @Test(
    arguments: [
      ([(220, Cause.notTemporary), (250, .notTemporary)], CheckResult.Verdict.passed),
      ([(220, .notTemporary), (421, .rateLimit)], .warns),
      ([(554, .notTemporary)], .failed), ([], .unavailable),
    ] as [([(Int, Cause)], CheckResult.Verdict)])
  func judgesAConversation(_ answers: [(Int, Cause)], _ verdict: CheckResult.Verdict) {
    let conversation = Conversation(
      domain: "example.net",
      exchanges: answers.map {
        Conversation.Exchange(
          command: "RCPT TO", answer: Subjects.classification($0.1, code: $0.0))
      })
    #expect(conversation.verdict(time: 1).verdict == verdict)
  }

  @Test(
    arguments: [
      (
        "Port 25 of a.test answers and is ready for mail.", "Port 25 answers and is ready for mail."
      ),
      ("There is no route to a.test: a router says so.", "There is no route: a router says so."),
      ("a.test: connection refused.", "Connection refused."),
      ("a.test has 2 mail exchangers.", "Has 2 mail exchangers."),
      ("No burst came before the deferrals of a.test.", "No burst came before the deferrals."),
      ("Only a.test: their side, most likely.", "Only a.test: their side, most likely."),
      ("SPF of a.test.example covers us.", "SPF of a.test.example covers us."),
      ("a.test", ""), ("of a.test.", ""), ("", ""),
    ])
  func aFactLeavesTheDomainOut(_ summary: String, _ fact: String) {
    let result = CheckResult(CheckRequest(.port25, of: "a.test"), .passed, summary, at: 1)
    #expect(result.fact == fact)
  }
}
