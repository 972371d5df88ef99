// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Guidance

/// Steps and checks go to the end that was used, not by habit to port 25 of the destination.
struct OnItsWayTests {
  private static let relay = Endpoint(host: "smtp.relay.test", address: "192.0.2.7", port: 587)
  private static let filter = Endpoint(host: "127.0.0.1", address: "127.0.0.1", port: 10024)
  private static let socket = Endpoint(host: "mail.shop.example", socket: "private/dovecot-lmtp")

  static func subject(
    _ cause: Cause, _ side: Side, _ hop: Hop, _ end: Endpoint?, _ mta: MTA = .postfix
  ) -> DeferralSubject {
    var classification = Subjects.classification(cause)
    (classification.side, classification.hop) = (side, hop)
    var subject = Subjects.subject(classification, mta: mta)
    subject.endpoint = end
    return subject
  }

  private static func checks(_ subject: DeferralSubject) -> [CheckRequest] {
    Guide(for: subject).steps.compactMap {
      if case .check(let request) = $0.action { request } else { nil }
    }
  }

  @Test(arguments: Cause.allCases, [relay, filter, socket])
  func theDestinationIsNotAskedForWhatFailedHere(_ cause: Cause, _ end: Endpoint) {
    let hop: Hop = end == Self.relay ? .relay : end == Self.filter ? .filter : .local
    for mta in MTA.allCases {
      for side in Side.allCases {
        let subject = Self.subject(cause, side, hop, end, mta)
        for check in Self.checks(subject) {
          switch check.check {
          case .mailExchangers where check.domain != "example.net": break
          case .port25, .conversation, .handshake, .mailExchangers:
            Issue.record("\(check) for \(cause) at \(end.words)")
          case .service: #expect(check.end == end)
          default: break
          }
        }
        #expect(
          !Guide(for: subject).steps.contains { $0.action == .testMessage(domain: "example.net") })
      }
    }
  }

  @Test(
    arguments: [
      (.configuration, .ours, .relay, relay), (.timeout, .theirs, .relay, relay),
      (.configuration, .ours, .filter, filter), (.timeout, .ours, .filter, filter),
      (.downstream, .ours, .filter, filter), (.configuration, .ours, .local, socket),
    ] as [(Cause, Side, Hop, Endpoint)])
  func theEndThatWasUsedIsAsked(_ cause: Cause, _ side: Side, _ hop: Hop, _ end: Endpoint) {
    #expect(
      Self.checks(Self.subject(cause, side, hop, end)).contains(CheckRequest(.service, end: end)))
  }

  /// Causes whose title names the destination itself, whoever replied.
  private static let ofTheDestination: Set<Cause> = [.mailbox, .configuration, .notTemporary]

  /// Who answered, or did not, is named with its port, and never the domain that the mail is for.
  @Test(
    arguments: Cause.allCases,
    [
      (.relay, relay, "relay host smtp.relay.test:587"),
      (.filter, filter, "content filter 127.0.0.1:10024"),
      (.local, socket, "local delivery private/dovecot-lmtp"),
      (.unknown, Endpoint(host: "hub.isp.test", port: 25), "hub.isp.test:25"),
    ] as [(Hop, Endpoint, String)])
  func thePartyIsNamed(_ cause: Cause, _ place: (hop: Hop, end: Endpoint, name: String)) {
    for mta in MTA.allCases {
      for side in Side.allCases {
        let subject = Self.subject(cause, side, place.hop, place.end, mta)
        let guide = Guide(for: subject)
        let title = guide.title
        let isOfDestination =
          Self.ofTheDestination.contains(cause) || title.hasPrefix("A setting or service")
        if !isOfDestination {
          #expect(!title.contains("example.net"), "\(title)")
          #expect(title.lowercased().contains(place.name), "\(title)")
        }
        for step in guide.steps where step.kind == .change {
          #expect(
            !step.title.contains("example.net") || step.title.hasPrefix("Hold the bulk mail"),
            "\(step.title)")
        }
        for step in guide.steps where step.kind == .look {
          #expect(
            !step.commands.contains {
              $0.contains("dig MX") || $0.contains("posttls") && $0.contains("example.net")
            },
            "\(step.commands)")
          #expect(!step.why.hasPrefix("Only example.net"), "\(step.why)")
        }
      }
    }
  }

  /// Mail is permanently refused by whoever replied.
  @Test(arguments: Refusal.allCases)
  func aRefusalIsOfWhoSaidIt(_ refusal: Refusal) {
    guard let reply = Subjects.refusals.first(where: { $0.kind == refusal })?.reply else { return }
    var classification = RuleBook.standard.classify(reply)
    classification.hop = .relay
    var subject = Subjects.subject(classification)
    subject.endpoint = Self.relay
    let title = Guide(for: subject).title
    // These tell of the domain or its mailbox, whoever tells it.
    let isOfDestination = [.mailboxFull, .domain, .loop, .relaying, .expired, .complaint, .login]
      .contains(refusal)
    #expect(isOfDestination || title.contains("relay host smtp.relay.test:587"), "\(title)")
  }

  /// What a provider says of its own servers is not said where a relay answered.
  @Test func aRelayIsNotTheProviderBehindIt() {
    var subject = Self.subject(.rateLimit, .ours, .relay, Self.relay)
    (subject.recipient, subject.remoteHost) = ("ann@gmail.com", "smtp.relay.test")
    #expect(!Guide(for: subject).escalation.contains("Gmail"))
  }

  /// Mail that goes straight to its destination is checked as ever.
  @Test func theDestinationIsAskedWhereItWasUsed() {
    let checks = Self.checks(Self.subject(.timeout, .theirs, .final, nil))
    #expect(checks.contains(CheckRequest(.port25, of: "example.net")))
    let configuration = Self.checks(Self.subject(.configuration, .ours, .final, nil))
    #expect(!configuration.contains { $0.check == .service })
  }

  @Test func theSenderDomainIsFixedThere() {
    let guide = Guide(for: Self.subject(.dns, .senderDomain, .final, nil))
    #expect(guide.title.hasPrefix("shop.example does not resolve"))
    #expect(guide.meaning.contains { $0.contains("Waiting does not help") })
    let checks = Self.checks(Self.subject(.dns, .senderDomain, .final, nil))
    #expect(checks.contains(CheckRequest(.mailExchangers, of: "shop.example")))
    #expect(!checks.contains(CheckRequest(.mailExchangers, of: "example.net")))
  }

  @Test(
    arguments: [
      (
        .theirs, .final, Endpoint(host: "mx.a.test", address: "192.0.2.1", port: 25),
        "Theirs · final server mx.a.test[192.0.2.1]:25"
      ),
      (.ours, .relay, relay, "Ours · relay host smtp.relay.test[192.0.2.7]:587"),
      (.ours, .filter, filter, "Ours · content filter 127.0.0.1:10024"),
      (.ours, .local, socket, "Ours · local delivery private/dovecot-lmtp"),
      (.senderDomain, .final, nil, "The sender's domain · final server mx1.example.net"),
    ] as [(Side, Hop, Endpoint?, String)])
  func oneLineSaysWhoseAndWhere(_ side: Side, _ hop: Hop, _ end: Endpoint?, _ line: String) {
    var subject = Self.subject(.timeout, side, hop, end)
    #expect(subject.place == line)
    let words = line.split(separator: " · ")
    #expect(subject.placeSentences == "\(words[0]). Hop: \(words[1]).")
    #expect(subject.titled("It waits") == "\(words[0]) · It waits")
    subject.isHeld = true
    #expect(subject.titled("It is held") == "It is held")
  }

  @Test(
    arguments: [
      (.greeting("220 smtp.relay.test ESMTP"), .passed, "answers"),
      (.greeting("421 busy"), .warns, "but defers us"),
      (.refused, .failed, "nothing is listening there"),
      (.timedOut, .failed, "timed out"), (.silent, .failed, "says nothing"),
      (.unreachable("No route to host"), .failed, "cannot be reached"),
    ] as [(ProbeOutcome, CheckResult.Verdict, String)])
  func theAnswerOfAServiceIsJudged(
    _ outcome: ProbeOutcome, _ verdict: CheckResult.Verdict, _ words: String
  ) {
    let result = ServiceAnswer.verdict(Self.relay, outcome: outcome, time: 0)
    #expect(result.verdict == verdict)
    #expect(result.summary.hasPrefix("smtp.relay.test[192.0.2.7]:587 "))
    #expect(result.summary.contains(words))
  }

  /// Submission over TLS says nothing before the handshake.
  @Test func silenceOnPort465IsNoFailure() {
    let end = Endpoint(host: "smtp.relay.test", port: 465)
    #expect(ServiceAnswer.verdict(end, outcome: .silent, time: 0).verdict == .passed)
  }
}
