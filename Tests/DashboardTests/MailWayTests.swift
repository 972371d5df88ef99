// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Replies
import Testing

@testable import Dashboard

/// The way that the mail server's own settings send a message, in the guided fix.
struct MailWayTests {
  /// The route of mail is looked up once, when the selection rests on it, and its plan then uses the relay host.
  @Test(arguments: [true, false]) func thePlanAsksTheRelayThatIsUsed(isInUse: Bool) async throws {
    var harness = try await Harness.live()
    func asked() -> [MailWay] {
      harness.effects.compactMap { if case .look(.route(let way)) = $0 { way } else { nil } }
    }
    func checks() -> [CheckRequest] {
      (harness.state.fix.guide?.steps ?? []).compactMap {
        if case .check(let request) = $0.action { request } else { nil }
      }
    }
    harness.press(.character("/"))
    harness.type("cause:timeout")
    harness.press(.enter)
    harness.wait(seconds: 1)
    harness.wait(seconds: 1)
    #expect(asked().isEmpty, "no relay is known of")
    var identity = try #require(harness.state.identity)
    identity.mayRelay = true
    harness.send(.identity(identity))
    for _ in 0..<3 { harness.wait(seconds: 1) }
    let way = try #require(asked().first)
    #expect(asked() == [way])
    #expect(checks().contains { $0.check == .port25 })
    if isInUse { harness.press(.character("f")) }
    let subject = try #require(harness.state.fix.subject)
    harness.send(.route(nil, of: way))
    #expect(harness.state.knowsNoWay(of: subject))
    let end = Endpoint(host: "smtp.isp.test", port: 587)
    // The reply names no end of its own, or the route leads by mail exchangers of the relay.
    let route = Route(.relay, [end], isByHost: false, by: "relayhost")
    harness.send(.route(route, of: way))
    #expect(harness.state.fix.subject?.classification.hop == .relay)
    #expect(checks().contains { $0.check == .service })
    #expect(!checks().contains { $0.check == .port25 })
    #expect(!harness.text.contains("Does port 25"))
    // The answer stays when the reader comes back.
    harness.press(.escape, .character("1"), .down, .up)
    harness.wait(seconds: 2)
    #expect(asked().count { $0 == way } == 1)
  }

  /// What the settings as a whole left open, the way of this very message tells.
  @Test(arguments: [Hop.final, .relay, .local]) func whatWasLeftOpenIsTold(_ hop: Hop) {
    let subject = DeferralSubject(
      mta: .postfix, direction: .outbound, queueID: "A1B2C3D4E5", sender: "a@b.test",
      recipient: "u@x.test", remoteHost: "hub.y.test",
      classification: RuleBook.standard.classify("454 4.7.1 Relay access denied", hop: .unknown),
      arrival: nil, lastAttempt: nil, nextRetry: nil, attempts: nil, isHeld: false,
      endpoint: Endpoint(host: "hub.y.test", address: "192.0.2.9", port: 25))
    #expect(subject.classification.side == .unknown)
    #expect(subject.way != nil)
    let ends = hop == .relay ? [Endpoint(host: "hub.y.test", port: 25)] : []
    let route = Route(hop, ends, isByHost: hop == .relay, by: "transport_maps")
    let told = subject.taking(route).classification
    #expect(told.hop == hop)
    #expect(told.side == (hop == .final ? .theirs : .ours))
  }

  /// What the log names was used, whatever the settings say now.
  @Test func aReplyFromElsewhereIsNotMovedToTheRelay() {
    var subject = DeferralSubject(
      mta: .postfix, direction: .outbound, queueID: "A1B2C3D4E5", sender: "a@b.test",
      recipient: "u@x.test", remoteHost: "mx.x.test",
      classification: RuleBook.standard.classify("421 4.3.2 busy"), arrival: nil,
      lastAttempt: nil, nextRetry: nil, attempts: nil, isHeld: false,
      endpoint: Endpoint(host: "mx.x.test", address: "192.0.2.9", port: 25))
    let route = Route(.relay, [Endpoint(host: "smtp.isp.test", port: 587)], by: "relayhost")
    #expect(subject.taking(route) == subject)
    subject.endpoint = Endpoint(host: "SMTP.isp.test", address: "192.0.2.7")
    let moved = subject.taking(route)
    #expect(moved.classification.hop == .relay)
    #expect(moved.endpoint?.words == "SMTP.isp.test[192.0.2.7]:587")
    (subject.endpoint, subject.remoteHost) = (nil, nil)
    #expect(subject.taking(route).endpoint?.words == "smtp.isp.test:587")
    #expect(subject.taking(nil) == subject)
  }
}
