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
    guard let palette = harness.state.overlay as? CommandLine else { return [] }
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
    #expect(harness.state.overlay == nil)
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
    guard harness.state.overlay is Dashboard.Confirmation else {
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
    #expect(harness.state.overlay != nil)
    #expect(harness.text.contains("Remove: watch mode is read-only"))
  }

  @Test func aNameThatIsNoneGetsAHint() async throws {
    var harness = try await Harness.live()
    harness.press(.character(":"))
    harness.type("rellease")
    harness.press(.enter)
    #expect(harness.state.toast?.text == "Unknown command rellease: did you mean release?")
  }

  /// Every beginning of every name: no act, no end, no question.
  @Test func theBeginningOfANameNeverActs() async throws {
    let start = try await Harness.live()
    for command in CommandTable.commands where command.id.needsWholeName {
      let name = command.id.name
      for length in 1..<name.count {
        let typed = String(name.prefix(length))
        // Another command's whole name, or a short one.
        if CommandTable.commands.contains(where: { $0.id.name == typed }) { continue }
        var harness = start
        harness.press(.character(":"))
        harness.type(typed)
        harness.press(.enter)
        #expect(harness.changes.isEmpty, "\(typed)")
        if typed != "q" { #expect(!harness.state.isFinished, "\(typed)") }
        if harness.state.overlay is Dashboard.Confirmation {
          Issue.record("\(typed) asks for \(name)")
        }
      }
    }
  }

  @Test(arguments: [
    ("h", "help"), ("help", "help"), ("?", "help"), ("q", "quit"), ("q!", "quit"), ("quit", "quit"),
    ("set", ":sort"), ("xyz", "Unknown command xyz"), ("hol", "in full"), ("rem", "in full"),
  ])
  func shortNames(typed: String, result: String) async throws {
    var harness = try await Harness.live()
    harness.press(.character(":"))
    harness.type(typed)
    harness.press(.enter)
    #expect(harness.changes.isEmpty)
    switch result {
    case "help": #expect((harness.state.overlay as? Help) == Help())
    case "quit": #expect(harness.state.isFinished)
    default:
      #expect(
        harness.state.toast?.text.contains(result) == true, "\(harness.state.toast?.text ?? "")")
      #expect(!harness.state.isFinished)
    }
  }

  @Test func theLineThatWasChosenRuns() async throws {
    var harness = try await Harness.live()
    harness.press(.character(":"))
    harness.type("remov")
    harness.press(.down, .up, .enter)
    guard harness.state.overlay is Dashboard.Confirmation else {
      Issue.record("nothing was asked")
      return
    }
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
    #expect(harness.state.overlay == nil)
  }

  @Test func withoutColorsThereIsNothingToChoose() async throws {
    var harness = try await Harness.live()
    harness.press(.character("T"))
    #expect(harness.state.overlay == nil)
    #expect(harness.state.toast?.text.contains("no colors") == true)
  }

  // MARK: Notices

  @Test func whatWasSaidIsKept() async throws {
    var harness = try await Harness.live()
    harness.send(.notice("An act was interrupted"))
    harness.send(.notice("An act was interrupted"))
    harness.press(.character("!"))
    #expect(harness.text.contains("12:00:00 An act was interrupted (2 times)"))
    harness.press(.escape)
    #expect(harness.state.overlay == nil)
  }
}
