// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
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
    #expect(harness.text.contains("Tour 1/5"))
    harness.press(.character("/"))
    harness.type("state:held")
    harness.press(.enter)
    #expect(harness.text.contains("Tour 2/5"))
    harness.press(.character("f"))
    #expect(harness.text.contains("Tour 3/5"))
    let id = try #require(harness.state.tour?.message?.queueID)
    let before = try #require(harness.state.queue.snapshot)
    harness.send(.queue(before.rejoined(with: DeliveryHistory(), without: [id.text])))
    #expect(harness.text.contains("Tour 5/5: fixed"))
    harness.wait(seconds: 121)
    harness.press(.escape)
    #expect(harness.state.tour == nil)
  }

  /// Who passes the row by has not found it, and the fix of another message is not the one that is meant.
  @Test func isNotFulfilledInPassing() async throws {
    var setup = State.Setup()
    setup.mode = .operate
    setup.isDemo = true
    var harness = try await Harness.live(setup: setup)
    for _ in 0..<200 where harness.state.tour?.stop == .find { harness.press(.down) }
    #expect(harness.state.tour?.stop == .open)
    harness.press(.down)
    #expect(harness.state.tour?.stop == .find)
    harness.press(.character("f"))
    #expect(harness.state.tour?.stop == .find)
    harness.press(.escape, .up, .character("f"))
    #expect(harness.state.tour?.stop == .release)
  }

  /// Each line of the tour is read whole on the smallest screen with panes, and a step that was run is marked.
  @Test(arguments: [MTA.postfix, .exim])
  func isReadOnASmallScreen(mta: MTA) async throws {
    var setup = State.Setup()
    setup.mode = .operate
    setup.isDemo = true
    var harness = try await Harness.live(setup: setup, mta: mta, columns: 40, rows: 10)
    func line() -> String { harness.screen.textRows.last ?? "" }
    #expect(line() == " Tour 1/5: find the \(mta.holdWords.label) one (j, k)")
    for _ in 0..<200 where harness.state.tour?.stop == .find { harness.press(.down) }
    #expect(line().hasPrefix(" Tour 2/5: f opens its fix"))
    harness.press(.character("f"))
    #expect(line() == " Tour 3/5: Enter on the step Release it")
    for _ in 0..<20 where harness.state.fix.selectedStep?.action != .act(.release) {
      harness.press(.down)
    }
    harness.press(.enter)
    #expect(harness.mutations.isEmpty, "it asks first")
    harness.press(.tab, .enter)
    let request = try #require(harness.mutations.last)
    harness.send(
      .acted(
        ActReport(
          request: request, results: request.targets.map { _ in .done }, command: "")))
    #expect(harness.screen.textRows.contains { $0.hasPrefix("▌ ✓  3 CHANGE") })
    // It stays marked when the message is no longer held.
    var view = harness.state.fix
    var released = try #require(view.subject)
    released.isHeld = false
    view.explain(released, isInUse: true, settings: [:])
    #expect(view.subject == released && view.name == harness.state.fix.name)
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
