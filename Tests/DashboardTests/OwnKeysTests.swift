// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Testing

@testable import Dashboard

/// Every key is another one: no sentence may name the one of the table.
@Suite struct OwnKeysTests {
  /// A letter of another script for each command, one cell wide.
  private static func setup() throws -> (State.Setup, [CommandID: Character]) {
    let letters = (0x3B1...0x3C9).filter { $0 != 0x3C2 } + Array(0x430...0x4FF)
    var keys: [CommandID: Character] = [:]
    for (command, letter) in zip(
      CommandTable.commands.filter { $0.id != .quitNow },
      letters.compactMap(Unicode.Scalar.init).map(Character.init)
        .filter { Key(label: String($0)) != nil })
    {
      keys[command.id] = letter
    }
    var faults: [Keymap.Fault] = []
    var setup = State.Setup()
    setup.mode = .operate
    setup.themes = ["dark", "light"]
    setup.theme = "dark"
    setup.keymap = Keymap(
      overrides: Dictionary(
        uniqueKeysWithValues: keys.map { ($0.key.name, [String($0.value)]) }), faults: &faults)
    try #require(faults.isEmpty)
    return (setup, keys)
  }

  /// Keys of the table as sentences name them, before a verb: `y copies`, `Esc goes back`.
  private static let verbs = [
    "asks", "brings", "clears", "closes", "copies", "ends", "follows", "goes", "hides", "keeps",
    "lists", "looks", "marks", "names", "next", "opens", "or", "previous", "quits", "releases",
    "runs", "saves", "says", "shows", "sorts", "stops", "takes", "undoes",
  ]

  @Test(arguments: ScreenTests.cases) func noSentenceNamesAKeyThatIsGone(
    _ test: ScreenTests.Case
  ) async throws {
    let (setup, keys) = try Self.setup()
    for (columns, rows) in [(100, 30), (160, 45)] {
      var harness = try await Harness.live(setup: setup, columns: columns, rows: rows)
      harness.ownKeys = keys
      test.prepare(&harness)
      var plain = setup
      plain.keymap = Keymap()
      var usual = try await Harness.live(setup: plain, columns: columns, rows: rows)
      test.prepare(&usual)
      // The keys did the same.
      #expect(harness.state.focus == usual.state.focus)
      #expect((harness.state.modal == nil) == (usual.state.modal == nil))
      // Overlays have keys of their own: Esc, Enter, Tab and letters that the table has not.
      let gone = Set(CommandTable.commands.flatMap(\.keys).map(\.label))
        .subtracting(harness.state.modal == nil ? [] : ["Esc", "Enter", "Tab", "a", "d"])
      let words = harness.text.split { " ·()│─━:\n".contains($0) }.map(String.init)
      for (word, next) in zip(words, words.dropFirst())
      where gone.contains(word) && Self.verbs.contains(next) {
        Issue.record("\(test.name) at \(columns)x\(rows) says: \(word) \(next)")
      }
    }
  }

  /// Keys that an overlay has for itself work, whatever the user's own keys are; what is meant twice is told.
  @Test func anOverlaysOwnKeysAreNotTakenAway() async throws {
    var faults: [Keymap.Fault] = []
    var setup = State.Setup()
    setup.mode = .operate
    setup.themes = ["dark", "light"]
    setup.keymap = Keymap(overrides: ["sort": ["w"], "copy": ["a"], "up": ["h"]], faults: &faults)
    #expect(
      faults.contains {
        $0.message == "w has a meaning of its own in the list of columns: there s calls sort"
      }, "\(faults)")
    #expect(faults.contains { $0.message.contains("in the text for a postmaster") })
    #expect(faults.contains { $0.message.contains("in the chart") })
    var harness = try await Harness.live(setup: setup)
    harness.press(.character("C"), .down, .down)
    #expect(harness.text.contains("s sorts, w keeps"))
    let before = harness.state.queue.query.sort
    harness.press(.character("s"))
    #expect(harness.state.queue.query.sort != before)
    harness.press(.character("w"))
    #expect(harness.effects.contains { if case .keepView = $0 { true } else { false } })
    harness.press(.escape, .escape, .character("t"), .character("d"), .character("h"))
    #expect(harness.state.modal == .chart(Chart(span: .hour)))
    harness.press(.escape, .character("e"), .character("a"))
    guard case .escalation(let namesRecipients, _) = harness.state.modal else {
      Issue.record("the text for a postmaster is not open")
      return
    }
    #expect(namesRecipients)
  }

  @Test func aKeyThatDoesNothingSaysSo() async throws {
    var harness = try await Harness.live()
    harness.press(.character("X"))
    #expect(harness.state.toast?.text == "X is not used here · ? shows all keys")
    harness.press(.enter, .character("H"))
    #expect(harness.state.modal != nil && harness.changes.isEmpty)
    #expect(harness.state.toast?.text == "Hold (freeze) works in the panes: Esc closes this")
    harness.press(.escape, .character("i"), .character("t"))
    #expect(harness.state.modal == .chart(Chart()))
    harness.press(.character("i"))
    #expect(harness.state.modal == .findings(selected: 0))
  }

  @Test func backspaceLeavesAGroup() async throws {
    var harness = try await Harness.live()
    harness.press(.character("g"), .enter)
    #expect(!harness.state.queue.showsGroups)
    harness.press(.backspace)
    #expect(harness.state.queue.showsGroups)
    harness.press(.character("3"), .character("g"), .enter)
    #expect(!harness.state.log.showsGroups)
    harness.press(.backspace)
    #expect(harness.state.log.showsGroups)
  }

  @Test func anOverlayObeysTheUsersKeys() async throws {
    let (setup, keys) = try Self.setup()
    func key(_ id: CommandID) throws -> Key { .character(try #require(keys[id])) }
    var harness = try await Harness.live(setup: setup)
    for id in [CommandID.columns, .chart, .timeline, .themes, .notices] {
      harness.press(try key(id))
      #expect(harness.state.modal != nil, "\(id)")
      harness.press(try key(id))
      #expect(harness.state.modal == nil, "\(id)")
    }
    harness.press(try key(.columns), try key(.down))
    #expect(harness.state.modal == .columns(position: 1))
    harness.press(try key(.back))
    #expect(harness.state.modal == nil)
    harness.press(try key(.escalation))
    let name = try #require(keys[.copy])
    #expect(harness.text.contains("\(name) copies"))
    harness.press(try key(.copy))
    guard case .copy? = harness.effects.last else {
      Issue.record("nothing was copied")
      return
    }
  }
}
