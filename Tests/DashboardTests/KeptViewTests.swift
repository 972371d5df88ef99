// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Testing

@testable import Dashboard

@Suite struct KeptViewTests {
  private func live(_ mode: State.Mode = .operate) async throws -> Harness {
    var setup = State.Setup()
    setup.mode = mode
    setup.themes = ["dark", "nord"]
    setup.theme = "dark"
    return try await Harness.live(setup: setup)
  }

  private func kept(_ harness: Harness) -> ViewChoice? {
    if case .keepView(let choice)? = harness.effects.last { choice } else { nil }
  }

  @Test func whatIsChosenIsKept() async throws {
    var harness = try await live()
    harness.press(.character("C"), .down, .character(" "), .down, .character("s"))
    harness.press(.character("g"), .character("w"))
    let choice = try #require(kept(harness))
    #expect(choice.columns == QueueQuery.Column.allCases.filter { $0 != .age })
    #expect(choice.sort == .size && choice.descending)
    #expect(choice.grouping == nil && choice.theme == nil)
    #expect(harness.state.overlay == nil)
  }

  @Test func theThemeAndTheViewAreKeptByName() async throws {
    var harness = try await live()
    harness.press(.character("g"), .character("g"), .character("T"), .down, .character("w"))
    let choice = try #require(kept(harness))
    #expect(choice.theme == "nord" && choice.grouping == .cause)
    #expect(harness.state.theme == "nord")
    harness.press(.character(":"))
    harness.type("save")
    harness.press(.enter)
    #expect(kept(harness) == choice)
  }

  @Test func watchModeKeepsNothing() async throws {
    var harness = try await live(.watch)
    harness.press(.character("C"))
    #expect(!harness.text.contains("w saves"))
    harness.press(.character("w"))
    #expect(kept(harness) == nil)
    #expect(harness.state.toast?.text.contains("watch mode writes no file") == true)
  }

  @Test func linesForAFileOfOnesOwnAreShownAndCopied() async throws {
    var harness = try await live()
    let lines = ["theme = \"nord\"", "", "[queue]", "sort = \"size\" # replaces line 7"]
    harness.send(.keepByHand(path: "/home/jane/.config/tempfail/config.toml", lines: lines))
    #expect(harness.text.contains("sort = \"size\" # replaces line 7"))
    #expect(harness.text.contains("so it was not changed"))
    harness.press(.character("y"))
    #expect(harness.effects.last == .copy(CopiedText(lines: lines)))
    #expect(harness.state.overlay == nil)
  }
}
