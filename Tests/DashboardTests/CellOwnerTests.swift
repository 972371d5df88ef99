// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import TestSupport
import Testing

@testable import Dashboard

/// No two writers own one cell: header, tabs, panes and footer each write in their own place only.
@Suite("Who writes where")
struct CellOwnerTests {
  private static let columns = [20, 39, 40, 79, 80, 99, 100, 120, 159, 160, 200]
  private static let rows = [5, 9, 10, 11, 16, 23, 24, 27, 28, 36, 60]

  /// A grid full of a sign that nothing draws: what is another one afterward was written.
  private static func canvas(_ size: Size) -> Grid {
    var grid = Grid(size: size)
    for y in 0..<size.rows { grid.put(String(repeating: "¤", count: size.columns), x: 0, y: y) }
    return grid
  }

  /// A cell outside of a place that is written, or nil.
  private static func stray(
    from place: Rect, on before: Grid, _ draw: (inout Grid) -> Void
  ) -> Point? {
    var after = before
    draw(&after)
    for y in after.rows(changedFrom: before) {
      guard (place.y..<place.maxY).contains(y) else { return Point(x: 0, y: y) }
      let outside = Array(0..<place.x) + Array(place.maxX..<max(place.maxX, before.size.columns))
      if let x = outside.first(where: { after[$0, y] != before[$0, y] }) {
        return Point(x: x, y: y)
      }
    }
    return nil
  }

  /// Everything that writes on the screen below the overlays, with its place.
  private static func writers(
    _ state: State
  ) -> [(name: String, place: Rect, draw: (inout Grid) -> Void)] {
    let layout = Layout(state)
    var writers: [(name: String, place: Rect, draw: (inout Grid) -> Void)] = [
      ("header", layout.header, { Header.draw(state, in: layout.header, on: &$0) }),
      ("footer", layout.footer, { Footer.draw(state, in: layout.footer, on: &$0) }),
    ]
    if layout.form == .single {
      writers.append(("tabs", layout.tabs, { Tabs.draw(state, in: layout.tabs, on: &$0) }))
    }
    for (pane, place) in layout.panes {
      writers.append(
        (pane.title, place, { drawPanes(state, layout, only: [pane], on: &$0) }))
    }
    return writers
  }

  private static func check(_ state: State, _ words: Comment) {
    let screen = Rect(state.size)
    let writers = writers(state)
    for (index, writer) in writers.enumerated() {
      let place = writer.place
      #expect(
        place.isEmpty
          || screen.contains(Point(x: place.x, y: place.y))
            && place.maxX <= screen.maxX && place.maxY <= screen.maxY,
        "\(words): \(writer.name)")
      for other in writers[(index + 1)...] where !place.isEmpty && !other.place.isEmpty {
        let isApart =
          place.maxX <= other.place.x || other.place.maxX <= place.x
          || place.maxY <= other.place.y || other.place.maxY <= place.y
        #expect(isApart, "\(words): \(writer.name) and \(other.name)")
      }
    }
  }

  private static func checkCells(_ state: State, _ words: Comment) {
    let before = canvas(state.size)
    for writer in writers(state) {
      let stray = stray(from: writer.place, on: before, writer.draw)
      #expect(stray == nil, "\(words): \(writer.name) writes outside of its place")
    }
  }

  /// Every size there is: the places lie side by side.
  @Test(arguments: PaneID.allCases) func placesAreApart(focus: PaneID) async throws {
    var harness = try await Harness.live()
    harness.press(.character(Character("\(focus.rawValue)")))
    for isZoomed in [false, true] {
      if isZoomed { harness.press(.character("z")) }
      var state = harness.state
      for columns in 20...200 {
        for rows in 5...60 {
          state.size = Size(columns: columns, rows: rows)
          Self.check(state, "\(columns)x\(rows)")
        }
      }
    }
  }

  /// The sizes at which something changes, and those beside them: what is drawn stays in its place.
  @Test(arguments: PaneID.allCases) func eachWritesInItsOwnPlace(focus: PaneID) async throws {
    var harness = try await Harness.live()
    harness.press(.character("a"), .character(Character("\(focus.rawValue)")))
    for isZoomed in [false, true] {
      if isZoomed { harness.press(.character("z")) }
      for columns in Self.columns {
        for rows in Self.rows {
          harness.send(.resize(Size(columns: columns, rows: rows)))
          Self.checkCells(harness.state, "\(columns)x\(rows)\(isZoomed ? ", zoomed" : "")")
        }
      }
    }
  }

  /// States with rows of their own: warnings, filters, groups, marks, a row that has gone, a toast, a retry, the tour.
  @Test(arguments: [
    "stale", "filtered", "groups", "heat map", "gone", "toast", "retry", "log groups", "find",
    "filter prompt", "tour", "paused", "watch", "loading", "failed", "empty",
  ])
  func whateverIsShown(name: String) async throws {
    var setup = State.Setup()
    setup.mode = name == "watch" ? .watch : .operate
    setup.isDemo = name == "tour"
    let server = try await DemoServer.read(.postfix)
    var harness = try await Harness.live(setup: setup)
    let problem = Problem(
      what: "The command did not finish within 120 s, and nobody knows why.",
      remedy: "Look whether the disk of the queue is busy.")
    switch name {
    case "stale", "failed":
      if name == "failed" { harness = Harness(setup: setup) }
      for source in Source.allCases {
        harness.send(.health(source, .failed(problem, lastGood: Harness.now)))
      }
    case "filtered":
      for pane in ["1", "2", "3"] {
        harness.press(.character(Character(pane)), .character("/"))
        harness.type("a")
        harness.press(.enter)
      }
    case "groups": harness.press(.character(" "), .character("g"))
    case "heat map": for _ in 0..<7 { harness.press(.character("g")) }
    case "gone":
      let row = try #require(harness.state.queue.list.selection)
      harness.send(
        .queue(server.snapshot.rejoined(with: DeliveryHistory(), without: [row.queueID.text])))
    case "toast": harness.send(.told(String(repeating: "It was said. ", count: 30), isGood: false))
    case "retry":
      harness.press(.character("g"))
      harness.wait(seconds: 86_400)
      harness.press(.character("r"), .tab, .enter)
    case "log groups": harness.press(.character("3"), .character("a"), .character("g"))
    case "find":
      harness.press(.character("3"), .character("n"))
      harness.type("gmail")
      harness.press(.enter)
    case "filter prompt":
      harness.press(.character("/"))
      harness.type("dest:\"")
    case "paused": harness.press(.character("Z"))
    case "loading": harness = Harness(setup: setup)
    case "empty":
      harness.send(
        .queue(QueueSnapshot(QueueListing([], mta: .exim, now: Harness.now), taken: Harness.now)))
    default: break
    }
    for columns in [20, 40, 80, 100, 160] {
      for rows in [5, 10, 11, 24, 28, 45] {
        harness.send(.resize(Size(columns: columns, rows: rows)))
        Self.check(harness.state, "\(name) \(columns)x\(rows)")
        Self.checkCells(harness.state, "\(name) \(columns)x\(rows)")
      }
    }
  }

  /// The notice is under a text that takes the whole screen, not in it.
  @Test(arguments: [
    Key.enter, .character("L"), .character("i"), .character("t"), .character("!"), .character("e"),
  ])
  func whatIsSaidIsNotWrittenOverAnOverlay(key: Key) async throws {
    for (columns, rows) in ScreenTests.allSizes {
      var harness = try await Harness.live(columns: columns, rows: rows)
      harness.press(key)
      guard let overlay = harness.state.overlay, type(of: overlay).isReading else { continue }
      harness.send(.told("Said just now", isGood: true))
      let last = harness.screen.textRows.last ?? ""
      let bare = last.replacing("Said just now", with: "")
      #expect(bare.allSatisfy { $0 == " " }, "\(columns)x\(rows): \(last)")
    }
  }
}
