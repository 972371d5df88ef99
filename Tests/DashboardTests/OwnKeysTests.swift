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
      #expect((harness.state.overlay == nil) == (usual.state.overlay == nil))
      // Overlays have keys of their own: Esc, Enter, Tab and letters that the table has not.
      let gone = Set(CommandTable.commands.flatMap(\.keys).map(\.label))
        .subtracting(harness.state.overlay == nil ? [] : ["Esc", "Enter", "Tab", "a", "d"])
      let words = harness.text.split { " ·()│─━:\n".contains($0) }.map(String.init)
      for (word, next) in zip(words, words.dropFirst())
      where gone.contains(word) && Self.verbs.contains(next) {
        Issue.record("\(test.name) at \(columns)x\(rows) says: \(word) \(next)")
      }
    }
  }

  /// Keys of what lies over the panes are rows of the table as well: given to another command that works there, they
  /// are taken from the one that had them, which is reported.
  @Test func aKeyMeansOneThingOverThePanes() async throws {
    var faults: [Keymap.Fault] = []
    var setup = State.Setup()
    setup.mode = .operate
    setup.themes = ["dark", "light"]
    setup.keymap = Keymap(
      overrides: ["sort": ["w"], "keep-choice": ["W"], "name-recipients": ["x"], "up": ["h"]],
      faults: &faults)
    #expect(
      faults.map(\.message).sorted() == [
        "h now runs up instead of chart-hour, which has no key left",
        "h now runs up instead of previous-button, which keeps S-Tab Left",
      ])
    var harness = try await Harness.live(setup: setup)
    harness.press(.character("C"), .down, .down)
    #expect(harness.text.contains("w sorts · W saves"))
    let before = harness.state.queue.query.sort
    harness.press(.character("w"))
    #expect(harness.state.queue.query.sort != before)
    harness.press(.character("W"))
    #expect(harness.effects.contains { if case .keepView = $0 { true } else { false } })
    harness.press(.escape, .escape, .character("e"), .character("x"))
    let letter = try #require(harness.state.overlay as? Escalation)
    #expect(letter.namesRecipients)
    #expect(harness.text.contains("x hides recipients"))
  }

  /// In each pane and over the panes, the table gives a key to one command.
  @Test func theTableIsOfOneMind() {
    for overlay in Overlays.all {
      let keys = CommandTable.commands.filter { overlay.has($0.id) }.flatMap(\.keys)
      #expect(Set(keys).count == keys.count, "\(overlay.name)")
    }
  }

  /// A hint that is drawn is one that a click finds, at every size.
  @Test(arguments: ScreenTests.cases) func hintsAreWhereTheyAreSeen(_ test: ScreenTests.Case)
    async throws
  {
    for (columns, rows) in [(100, 30), (40, 10)] {
      var harness = try await Harness.live(columns: columns, rows: rows)
      test.prepare(&harness)
      guard let overlay = harness.state.overlay else { continue }
      let state = harness.state.under(overlay)
      guard let bar = overlay.hints(state) else { continue }
      // Blanks at the end of a row are not part of it.
      let row = Array(harness.screen.textRows[bar.row.y]) + Array(repeating: " ", count: columns)
      for x in 0..<columns {
        guard let key = bar.key(at: Point(x: x, y: bar.row.y), .unicode) else { continue }
        let near = String(row[max(0, x - 24)...min(columns - 1, x + 24)])
        #expect(near.contains(key.label), "\(test.name): \(key.label) at \(x)")
      }
    }
  }

  @Test func aKeyThatDoesNothingSaysSo() async throws {
    var harness = try await Harness.live()
    harness.press(.character("X"))
    #expect(harness.state.toast?.text == "X is not used here · ? shows all keys")
    harness.press(.enter, .character("H"))
    #expect(harness.state.overlay != nil && harness.changes.isEmpty)
    #expect(harness.state.toast?.text == "Hold (freeze) works in the panes: Esc closes this")
    harness.press(.escape, .character("i"), .character("t"))
    #expect((harness.state.overlay as? Chart) == Chart())
    harness.press(.character("i"))
    #expect((harness.state.overlay as? FindingsList) == FindingsList(selected: 0))
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
      #expect(harness.state.overlay != nil, "\(id)")
      harness.press(try key(id))
      #expect(harness.state.overlay == nil, "\(id)")
    }
    harness.press(try key(.columns), try key(.down))
    #expect((harness.state.overlay as? Columns) == Columns(position: 1))
    harness.press(try key(.back))
    #expect(harness.state.overlay == nil)
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
