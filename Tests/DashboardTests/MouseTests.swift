// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Testing

@testable import Dashboard

/// The mouse is tested at what the screen shows, so that it cannot be elsewhere than what is seen.
@Suite struct MouseTests {
  static let sizes = [(100, 30), (80, 24), (40, 10)]

  @Test(arguments: sizes)
  func aClickSelectsTheRowUnderIt(columns: Int, rows: Int) async throws {
    var harness = try await Harness.live(columns: columns, rows: rows)
    let age = try #require(harness.place(of: "AGE"))
    for offset in 1...3 {
      harness.click(age.x, age.y + offset)
      #expect(harness.state.queue.position == offset - 1)
      // The bar of the selected row stands where the click was.
      #expect(harness.screen.textRows[age.y + offset].contains("▌"))
    }
    #expect(harness.mutations == [])
  }

  @Test(arguments: sizes)
  func aClickOnAHeadingSortsAndASecondReverses(columns: Int, rows: Int) async throws {
    var harness = try await Harness.live(columns: columns, rows: rows)
    let cause = try #require(harness.place(of: "CAUSE"))
    harness.click(cause.x, cause.y)
    #expect(harness.state.queue.query.sort == .cause)
    #expect(!harness.state.queue.query.descending)
    harness.click(cause.x + 1, cause.y)
    #expect(harness.state.queue.query.descending)
  }

  @Test(arguments: sizes)
  func aClickOnAHintRunsItsCommand(columns: Int, rows: Int) async throws {
    var harness = try await Harness.live(columns: columns, rows: rows)
    let filter = try #require(harness.place(of: "/ Filter"))
    harness.click(filter.x, filter.y)
    guard harness.state.overlay is FilterPrompt else {
      Issue.record("no filter is asked for")
      return
    }
    // What is asked is answered by keys.
    harness.click(5, 4)
    harness.send(.key(.mouse(Mouse(.wheelDown, at: Point(x: 5, y: 4)))))
    #expect(harness.state.overlay != nil)
    harness.press(.escape)
    #expect(harness.state.overlay == nil)
  }

  @Test func noClickRemovesWithoutTheQuestion() async throws {
    var harness = try await Harness.live(columns: 200, rows: 30)
    let remove = try #require(harness.place(of: "d Remove…"))
    harness.click(remove.x, remove.y)
    guard harness.state.overlay is Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    for y in 0..<30 { for x in stride(from: 0, to: 200, by: 3) { harness.click(x, y) } }
    guard harness.state.overlay is Dashboard.Confirmation else {
      Issue.record("a click answered the question")
      return
    }
    #expect(harness.mutations == [])
  }

  @Test func aHintIsAsWideAsItIsSpelled() async throws {
    var harness = try await Harness.live(columns: 200, rows: 30, lines: .ascii)
    let undo = try #require(harness.place(of: "d Remove...  b Bounce...  u Undo"))
    harness.click(undo.x + "d Remov".count + 3, undo.y)
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("the last dot is not of the hint")
      return
    }
    #expect(confirmation.act == .remove)
  }

  @Test(arguments: [("2 Connections", PaneID.connections), ("3 Log", .log), ("4 Fix", .fix)])
  func aClickOnAPaneGivesItTheFocus(title: String, pane: PaneID) async throws {
    for (columns, rows) in [(100, 30), (80, 24)] {
      var harness = try await Harness.live(columns: columns, rows: rows)
      let place = try #require(harness.place(of: title))
      harness.click(place.x, place.y)
      #expect(harness.state.focus == pane)
    }
  }

  @Test func aClickOnATabShowsItsPane() async throws {
    var harness = try await Harness.live(columns: 40, rows: 10)
    let log = try #require(harness.place(of: "3 Log"))
    harness.click(log.x, log.y)
    #expect(harness.state.focus == .log)
  }

  @Test(arguments: sizes)
  func theWheelScrollsTheListUnderIt(columns: Int, rows: Int) async throws {
    var harness = try await Harness.live(columns: columns, rows: rows)
    let age = try #require(harness.place(of: "AGE"))
    let place = Point(x: age.x, y: age.y + 1)
    harness.send(.key(.mouse(Mouse(.wheelDown, at: place))))
    #expect(harness.state.queue.list.top == 3)
    #expect(harness.state.queue.position == 3)
    #expect(harness.state.focus == .queue)
    for _ in 0..<500 { harness.send(.key(.mouse(Mouse(.wheelDown, at: place)))) }
    #expect(harness.state.queue.position == harness.state.queue.rowCount - 1)
    for _ in 0..<500 { harness.send(.key(.mouse(Mouse(.wheelUp, at: place)))) }
    #expect(harness.state.queue.list.top == 0)
    #expect(harness.state.queue.position == 0)
  }

  @Test func theWheelLeavesTheFocusAndTheLogFollowsAgainAtItsEnd() async throws {
    var harness = try await Harness.live(columns: 100, rows: 30)
    harness.press(.character("3"), .character("a"), .character("1"))
    let title = try #require(harness.place(of: "3 Log"))
    let place = Point(x: title.x + 2, y: title.y + 2)
    harness.send(.key(.mouse(Mouse(.wheelUp, at: place))))
    #expect(harness.state.focus == .queue)
    #expect(!harness.state.log.isFollowing)
    for _ in 0..<20 { harness.send(.key(.mouse(Mouse(.wheelDown, at: place)))) }
    #expect(harness.state.log.isFollowing)
  }

  @Test(arguments: [(100, 30), (160, 45)])
  func aClickOnAStepOfTheFixSelectsIt(columns: Int, rows: Int) async throws {
    var harness = try await Harness.live(columns: columns, rows: rows)
    harness.press(.character("f"))
    let guide = try #require(harness.state.fix.guide)
    let step = try #require(guide.steps.dropFirst(2).first)
    let place = try #require(harness.place(of: String(step.title.prefix(30))))
    harness.press(.pageDown)
    harness.click(place.x, place.y)
    #expect(harness.state.fix.step == 2 && harness.state.fix.scroll == 0)
    #expect(harness.effects.allSatisfy { if case .look(.check) = $0 { false } else { true } })
    // The title of the fix is no step.
    harness.click(place.x, place.y - 3)
    #expect(harness.state.fix.step == 2)
  }

  @Test(arguments: [
    (Key.character("?"), "Esc closes"), (.character("t"), "Esc closes"), (.enter, "Esc closes"),
    (.character("i"), "Esc closes"), (.character("L"), "Esc closes"), (.character("C"), "Esc"),
    (.character("!"), "Esc closes"),
  ])
  func aClickOnAHintOfAnOverlayDoesWhatItsKeyDoes(opener: Key, hint: String) async throws {
    for lines in [LineSet.unicode, .ascii] {
      var harness = try await Harness.live(columns: 100, rows: 30, lines: lines)
      harness.press(opener)
      let overlay = try #require(harness.state.overlay)
      let place = try #require(harness.place(of: " \(hint) "))
      // What is outside, or in the text, does nothing.
      for (x, y) in [(0, 0), (50, 12), (place.x, place.y - 1)] { harness.click(x, y) }
      #expect(overlay.equals(harness.state.overlay), "\(opener)")
      harness.click(place.x + 2, place.y)
      #expect(harness.state.overlay == nil, "\(opener)")
    }
  }

  @Test func aHintAmongSeveralIsTheOneUnderTheClick() async throws {
    var harness = try await Harness.live(columns: 100, rows: 14)
    harness.press(.character("t"))
    let day = try #require(harness.place(of: "d day"))
    harness.click(day.x + 3, day.y)
    #expect((harness.state.overlay as? Chart) == Chart(span: .day))
    harness.press(.escape, .character("L"))
    let more = try #require(harness.place(of: "more lines: PgDn"))
    harness.click(more.x, more.y)
    guard let timeline = harness.state.overlay as? Timeline else {
      Issue.record("the timeline is gone")
      return
    }
    #expect(timeline.scroll > 0)
  }

  @Test func theWheelScrollsWhatLiesOverThePanes() async throws {
    var harness = try await Harness.live(columns: 80, rows: 24)
    func wheel(_ action: Mouse.Action) -> Event {
      .key(.mouse(Mouse(action, at: Point(x: 40, y: 12))))
    }
    harness.press(.character("?"))
    harness.send(wheel(.wheelDown))
    guard let help = harness.state.overlay as? Help else {
      Issue.record("the help is gone")
      return
    }
    #expect(help.top == 3)
    harness.send(wheel(.wheelUp))
    #expect((harness.state.overlay as? Help) == Help())
    harness.press(.escape, .character("C"))
    harness.send(wheel(.wheelDown))
    #expect((harness.state.overlay as? Columns) == Columns(position: 1))
    let list = harness.state.queue.list
    harness.press(.escape, .character("i"))
    harness.send(wheel(.wheelDown))
    #expect((harness.state.overlay as? FindingsList) == FindingsList(selected: 1))
    #expect(harness.state.queue.list == list)
  }

  /// Every place of every size, and far outside: an answer, never a trap.
  @Test(arguments: [(100, 30), (80, 24), (40, 10), (20, 5), (1, 1), (0, 0)])
  func everyPlaceHasAnAnswer(columns: Int, rows: Int) async throws {
    let state = try await Harness.live(columns: columns, rows: rows).state
    for y in -1...rows {
      for x in stride(from: -1, through: columns, by: 4) {
        if case .pane(_, let position?) = state.target(at: Point(x: x, y: y)) {
          #expect(position >= 0)
        }
      }
    }
    #expect(state.target(at: Point(x: .max - 1, y: .max - 1)) == nil)
  }
}

extension Harness {
  fileprivate mutating func click(_ x: Int, _ y: Int) {
    press(.mouse(Mouse(.press, at: Point(x: x, y: y))))
  }

  /// The first place where a text stands on the screen.
  fileprivate func place(of text: String) -> Point? {
    for (y, row) in screen.textRows.enumerated() {
      let (characters, wanted) = (Array(row), Array(text))
      guard characters.count >= wanted.count else { continue }
      for x in 0...(characters.count - wanted.count)
      where Array(characters[x..<x + wanted.count]) == wanted { return Point(x: x, y: y) }
    }
    return nil
  }
}
