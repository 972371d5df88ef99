// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Testing

@testable import Dashboard

@Suite("The tour of the demo")
struct TourTests {
  @Test(arguments: [MTA.postfix, .exim])
  func leadsFromAStuckMessageUntilItHasLeft(mta: MTA) async throws {
    var setup = State.Setup()
    setup.mode = .operate
    setup.isDemo = true
    var harness = try await Harness.live(setup: setup, mta: mta)
    #expect(harness.text.contains("Tour 1 of 5"))
    harness.press(.character("/"))
    harness.type("state:held")
    harness.press(.enter)
    #expect(harness.text.contains("Tour 2 of 5"))
    harness.press(.character("f"))
    #expect(harness.text.contains("Tour 3 of 5"))
    let id = try #require(harness.state.tour?.message?.queueID)
    let before = try #require(harness.state.queue.snapshot)
    harness.send(.queue(before.rejoined(with: DeliveryHistory(), without: [id.text])))
    #expect(harness.text.contains("Tour 5 of 5: fixed"))
    harness.wait(seconds: 121)
    harness.press(.escape)
    #expect(harness.state.tour == nil)
  }

  @Test(arguments: [State.Mode.watch, .operate])
  func isOnlyInTheDemoAndWhereActsAre(mode: State.Mode) async throws {
    var setup = State.Setup()
    setup.mode = mode
    setup.isDemo = mode == .watch
    let harness = try await Harness.live(setup: setup)
    #expect(harness.state.tour == nil)
  }
}
