// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Testing

@testable import Dashboard

/// The test message of a guided fix: asked first, sent once, reported.
@Suite struct TestMessageTests {
  static let domain = "silent.example"

  static func route(freeAt: Int64 = 0) throws -> TestRoute {
    TestRoute(
      domain: try #require(DomainName(validating: domain)), host: "mx.silent.example",
      address: try #require(IPAddress("192.0.2.80")), source: nil,
      helo: try #require(DomainName(validating: "mx1.demo.example")), freeAt: freeAt)
  }

  /// Goes to the step and runs it.
  static func open(_ harness: inout Harness) {
    harness.press(.character("/"))
    harness.type("dest:\(domain)")
    harness.press(.enter, .character("f"))
    for _ in 0..<40 {
      if case .testMessage? = harness.state.fix.selectedStep?.action { break }
      harness.press(.down)
    }
    harness.press(.enter)
  }

  private func opened(freeAt: Int64 = 0) async throws -> Harness {
    var harness = try await Harness.live()
    Self.open(&harness)
    harness.send(.routed(.found(try Self.route(freeAt: freeAt)), to: Self.domain))
    return harness
  }

  private var question: (Harness) -> TestQuestion? {
    { $0.state.overlay as? TestQuestion }
  }

  @Test func itAsksFirstWithCancelInFocus() async throws {
    var harness = try await Harness.live()
    Self.open(&harness)
    #expect(harness.effects.last == .look(.testRoute(Self.domain)))
    #expect(question(harness)?.focus == .cancel)
    #expect(harness.text.contains("Looking up their mail exchanger"))
    harness.press(.tab)
    #expect(question(harness)?.focus == .recipient, "Send cannot be reached yet")
    harness.send(.routed(.found(try Self.route()), to: Self.domain))
    for words in [
      "mx.silent.example [192.0.2.80]", "postmaster@mx1.demo.example", "postmaster_ ]@silent",
      "swaks --server 192.0.2.80",
    ] {
      #expect(harness.text.contains(words), "\(words)")
    }
    harness.press(.tab, .enter)
    #expect(harness.state.overlay == nil && harness.changes.isEmpty, "Enter on Cancel")
  }

  @Test func whatWasConfirmedIsSentOnce() async throws {
    var harness = try await opened()
    harness.press(.tab, .tab, .control("u"))
    harness.type("qa.hal")
    harness.press(.tab, .tab, .enter)
    let message = try #require(TestMessage(to: "qa.hal", by: try Self.route()))
    #expect(harness.changes == [.send(message)])
    #expect(harness.text.contains("sending"))
    harness.press(.enter)
    #expect(harness.state.overlay == nil && harness.changes.count == 1, "one at a time")
    harness.press(.character("q"))
    #expect(harness.text.contains("A test message is being sent"))
    harness.press(.escape)

    let report = TestReport(
      message: message, verdict: .warns, summary: "Deferred at RCPT TO: full.", details: ["RCPT TO"]
    )
    harness.send(.tested(report))
    #expect(
      harness.state.toast?.text == "Test to qa.hal@silent.example: Deferred at RCPT TO: full.")
    let mark = try #require(harness.state.fix.progress.marks.values.first)
    #expect(mark.words == report.summary && mark.verdict == .warns)
    #expect(harness.text.contains("! "))
    #expect(harness.effects.contains(.keep(harness.state.fix.progress)))
  }

  @Test func nothingIsSentForWhatIsNoMailbox() async throws {
    var harness = try await opened()
    harness.press(.backTab)
    harness.type("@other.test")
    #expect(harness.text.contains("Not a valid mailbox"))
    harness.press(.enter)
    #expect(question(harness)?.focus == .cancel)
    harness.press(.backTab)
    #expect(question(harness)?.focus == .recipient)
    #expect(harness.changes.isEmpty)
  }

  @Test func theMinuteIsWaitedFor() async throws {
    var harness = try await opened(freeAt: Harness.now + 40)
    #expect(harness.text.contains("next in 40 s"))
    harness.press(.tab)
    #expect(question(harness)?.focus == .recipient)
    harness.wait(seconds: 40)
    harness.press(.backTab, .backTab, .backTab, .backTab)
    #expect(question(harness)?.focus == .send)
  }

  @Test func keysTypedAheadAreNotTaken() async throws {
    var harness = try await opened()
    let before = harness.state.overlay
    harness.press(.escape)
    Self.open(&harness)
    harness.send(.tick(now: harness.state.now, milliseconds: harness.state.milliseconds - 900))
    harness.send(.key(.tab))
    #expect(question(harness)?.focus == .cancel && before != nil)
  }

  @Test func watchModeDoesNotEvenAsk() async throws {
    var harness = try await Harness.live(.watch)
    Self.open(&harness)
    #expect(harness.state.overlay == nil && harness.changes.isEmpty)
    #expect(!harness.effects.contains(.look(.testRoute(Self.domain))))
    #expect(harness.state.toast?.text.contains("read-only") == true)
  }
}
