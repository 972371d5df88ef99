// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Testing

@testable import Dashboard

@Suite struct PaletteTests {
  private func palette(_ text: String, _ harness: inout Harness) -> [PaletteItem] {
    harness.press(.character(":"))
    harness.type(text)
    guard case .palette(let palette)? = harness.state.modal else { return [] }
    return palette.items(harness.state)
  }

  @Test(arguments: [
    ("quit", "quit"), ("ret", "retry"), ("thaw", "release"), ("page", "page-up"),
    ("bounce", "bounce"), ("gr", "group"), ("by c", "by cause"), ("by heat", "by heat-map"),
    ("sort si", "sort size"),
    ("theme no", "theme nord"), ("filter gmail", "filter gmail"), ("filter stu", "filter stu"),
    ("filter stuck", "filter stuck"), ("by", "by "),
  ])
  func theFirstThatFits(text: String, name: String) async throws {
    var setup = State.Setup()
    setup.mode = .operate
    setup.themes = ["dark", "nord"]
    setup.filters = ["stuck": "age>1d"]
    var harness = try await Harness.live(setup: setup)
    #expect(palette(text, &harness).first?.text == name)
  }

  @Test func enterRunsAndTabCompletes() async throws {
    var harness = try await Harness.live()
    harness.press(.character(":"))
    harness.type("by ca")
    harness.press(.tab)
    #expect(harness.text.contains(":by cause"))
    harness.press(.enter)
    #expect(harness.state.modal == nil)
    #expect(harness.state.queue.query.grouping == .cause)
    harness.press(.character(":"))
    harness.type("filter gmail")
    harness.press(.enter)
    #expect(harness.state.queue.query.filters.map(\.text) == ["gmail"])
  }

  @Test func anActByItsNameAsksLikeItsKey() async throws {
    var harness = try await Harness.live()
    harness.press(.character(":"))
    harness.type("remove")
    harness.press(.enter)
    guard case .confirm? = harness.state.modal else {
      Issue.record("nothing was asked")
      return
    }
    #expect(harness.changes.isEmpty)
  }

  @Test func whatIsOffSaysWhyAndStaysOpen() async throws {
    var harness = try await Harness.live(.watch)
    let items = palette("remove", &harness)
    guard case .disabled(let reason)? = items.first?.availability else {
      Issue.record("remove is on in watch mode")
      return
    }
    #expect(reason.contains("read-only"))
    #expect(harness.text.contains("off: \(reason)"))
    harness.press(.enter)
    #expect(harness.state.modal != nil)
    #expect(harness.text.contains("Remove is off: watch mode is read-only"))
  }

  @Test func aNameThatIsNoneGetsAHint() async throws {
    var harness = try await Harness.live()
    harness.press(.character(":"))
    harness.type("rellease")
    harness.press(.enter)
    #expect(harness.state.toast?.text == "There is no command rellease: did you mean release?")
  }

  @Test func pastedTextIsNeverRun() async throws {
    var harness = try await Harness.live()
    harness.press(.character(":"), .paste("quit\n"))
    #expect(!harness.state.isFinished)
    #expect(harness.text.contains(":quit"))
  }

  // MARK: Themes

  private func withThemes() async throws -> Harness {
    var setup = State.Setup()
    setup.themes = ["dark", "light", "nord"]
    setup.theme = "dark"
    return try await Harness.live(setup: setup)
  }

  @Test func themesAreSeenWhileChoosing() async throws {
    var harness = try await withThemes()
    harness.press(.character("T"), .down)
    #expect(harness.state.theme == "light")
    harness.press(.down, .escape)
    #expect(harness.state.theme == "dark")
    harness.press(.character("T"), .end, .enter)
    #expect(harness.state.theme == "nord")
    #expect(harness.state.modal == nil)
  }

  @Test func withoutColorsThereIsNothingToChoose() async throws {
    var harness = try await Harness.live()
    harness.press(.character("T"))
    #expect(harness.state.modal == nil)
    #expect(harness.state.toast?.text.contains("no colors") == true)
  }

  // MARK: What was said

  @Test func whatWasSaidIsKept() async throws {
    var harness = try await Harness.live()
    harness.send(.notice("An act was interrupted"))
    harness.send(.notice("An act was interrupted"))
    harness.press(.character("!"))
    #expect(harness.text.contains("12:00:00 An act was interrupted (2 times)"))
    harness.press(.escape)
    #expect(harness.state.modal == nil)
  }
}
