// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Glibc
import MailServer
import Testing

@testable import Dashboard

@Suite struct KeymapTests {
  private func keymap(_ overrides: [String: [String]]) -> (Keymap, [String]) {
    var faults: [Keymap.Fault] = []
    let keymap = Keymap(overrides: overrides, faults: &faults)
    return (keymap, faults.map(\.message))
  }

  @Test(
    arguments: [
      ("r", .character("r")), ("R", .character("R")), ("Space", .character(" ")),
      ("^r", .control("r")),
      ("^R", .control("r")), ("F5", .function(5)), ("f12", .function(12)), ("PgUp", .pageUp),
      ("pgup", .pageUp), ("s-tab", .backTab), ("^", .character("^")), ("é", .character("é")),
      ("F", .character("F")), ("F13", nil), ("F0", nil), ("^1", nil), ("", nil), ("rr", nil),
      ("\u{1B}", nil), ("字", nil), (" ", .character(" ")),
    ] as [(String, Key?)])
  func labels(label: String, key: Key?) { #expect(Key(label: label) == key) }

  @Test func everyLabelIsReadAgain() {
    for key in CommandTable.commands.flatMap(\.keys) { #expect(Key(label: key.label) == key) }
    for name in Key.names { #expect(Key(label: name)?.label == name) }
  }

  /// The table itself has no key twice in a pane, and no name twice.
  @Test func theTableHasNoConflict() {
    for pane in PaneID.allCases {
      let keys = CommandTable.commands.filter { $0.panes.contains(pane) }.flatMap(\.keys)
      let doubles = Dictionary(grouping: keys) { $0 }.filter { $0.value.count > 1 }.keys
      #expect(doubles.isEmpty, "\(pane): \(doubles.map(\.label))")
    }
    #expect(Set(CommandTable.commands.map(\.id.name)).count == CommandTable.commands.count)
    #expect(Set(CommandTable.commands.map(\.id)) == Set(CommandID.allCases))
  }

  @Test func theUsersKeysStandInPlaceOfTheTables() {
    let (keymap, faults) = keymap(["retry": ["F6", "w"], "requeue": []])
    #expect(faults.isEmpty)
    #expect(keymap.keys(of: .retry) == [.function(6), .character("w")])
    #expect(keymap.command(for: .character("w"), in: .queue)?.id == .retry)
    #expect(keymap.command(for: .character("r"), in: .queue) == nil)
    #expect(keymap.keys(of: .requeue).isEmpty)
    #expect(keymap.label(.requeue) == ":requeue")
  }

  @Test(
    arguments: [
      (["retyr": ["t"]], #"unknown command "retyr"; did you mean "retry"?"#),
      (["retry": ["PgUpp"]], #"unknown key "PgUpp"; did you mean "PgUp"?"#),
      (["retry": ["^c"]], "^c always quits: it cannot be reassigned"),
      (["retry": ["d"]], "d now runs retry instead of remove, which keeps Del"),
      (["retry": ["H"]], "H now runs retry instead of hold, which has no key left"),
      (
        ["retry": ["w"], "hold": ["w"]], "w now runs retry instead of hold, which has no key left"
      ),
    ] as [([String: [String]], String)])
  func whatIsWrongIsTold(overrides: [String: [String]], words: String) {
    let (keymap, faults) = keymap(overrides)
    #expect(faults == [words])
    if words.contains("unknown") || words.contains("reassigned") {
      #expect(keymap == Keymap())
    }
  }

  @Test func aMovedKeyStillAsks() async throws {
    var setup = State.Setup()
    setup.mode = .operate
    setup.keymap = keymap(["remove": ["j"], "down": ["n"]]).0
    var harness = try await Harness.live(setup: setup)
    harness.press(.character("j"))
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("nothing was asked")
      return
    }
    #expect(confirmation.act == .remove)
    #expect(confirmation.focus == .cancel)
    #expect(harness.changes.isEmpty)
    #expect(harness.screen.textRows.contains { $0.contains("Remove 1 message?") })
  }

  @Test func footerAndHelpShowTheKeysInEffect() async throws {
    var setup = State.Setup()
    setup.mode = .operate
    setup.keymap = keymap(["retry": ["F6"], "help": ["h"]]).0
    var harness = try await Harness.live(setup: setup)
    #expect(harness.text.contains("F6 Retry"))
    harness.press(.character("h"))
    harness.type("retry now")
    #expect(harness.text.contains("F6                 Retry now"))
  }

  @Test func thePageIsFresh() throws {
    let path =
      #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Docs/Keys.md"
    if getenv("UPDATE_DOCS") != nil {
      let file = try #require(fopen(path, "w"))
      fputs(KeysPage.markdown, file)
      fclose(file)
    }
    #expect(
      Golden.read(path) == KeysPage.markdown, "Run UPDATE_DOCS=1 swift test to renew Docs/Keys.md")
  }
}
