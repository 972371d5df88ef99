// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Testing

@testable import Dashboard

/// A screen reader reads where the cursor is: on the selected row, or at the beginning of a text.
@Suite struct CursorTests {
  /// What the row of the cursor says, after some keys.
  static let rows: [(keys: [Key], says: String)] = [
    ([.down], "205B4B9912"), ([.character("g"), .down], "silent.example"),
    ([.character("2"), .down], "192.0.2.40"), ([.character("3")], "11:59:57"),
    ([.character("3"), .character("g")], "11:59:"),
    ([.character("f"), .down], "Is it this recipient alone?"), ([.character("i"), .down], "yahoo"),
    ([.character("C")], "ID: queue ID"), ([.character("/"), .character("x")], "x"),
    ([.character(":"), .character("r")], "r"), ([.character("?")], "Keys"),
    ([.character("d")], "[[ Cancel ]]"), ([.character("t")], "20"),
    ([.character("L")], "arrived from"), ([.character("!")], "No notices yet."),
    ([.character("e")], "full.example"), ([.character("P")], "Enter"),
    ([.enter], "From news@shop.example"),
  ]

  @Test(arguments: rows.indices) func standsOnWhatIsSelected(index: Int) async throws {
    let (keys, says) = Self.rows[index]
    for (columns, rows) in [(100, 30), (80, 24), (160, 45), (200, 60)] {
      var harness = try await Harness.live(columns: columns, rows: rows)
      for key in keys { harness.press(key) }
      let grid = harness.screen
      let cursor = try #require(grid.cursor, "after \(keys)")
      let row = grid.textRows[cursor.y]
      #expect(row.contains(says), "\(keys): \(row)")
    }
  }

  /// Colors may be missing: every list has the same sign before its selected row, the fix too.
  @Test(arguments: [(LineSet.unicode, "▌"), (.console, "▌"), (.ascii, ">")])
  func theSelectedStepHasASign(lines: LineSet, sign: String) async throws {
    for (columns, rows) in [(100, 30), (80, 24), (40, 10), (160, 45)] {
      var harness = try await Harness.live(columns: columns, rows: rows, lines: lines)
      harness.press(.character("f"), .down)
      let grid = harness.screen
      let cursor = try #require(grid.cursor)
      #expect(grid[cursor.x, cursor.y].glyph == sign)
      #expect(grid.textRows[cursor.y].contains("\(sign)    2 CHECK"))
      #expect(!grid.textRows.contains { $0.contains("\(sign)    1 CHECK") })
    }
  }

  /// Also where there is nothing to select.
  @Test(arguments: PaneID.allCases) func standsOnTheReasonWhereAPaneIsEmpty(pane: PaneID) throws {
    var harness = Harness(columns: 80, rows: 24)
    harness.press(.character(Character("\(pane.rawValue)")))
    let cursor = try #require(harness.screen.cursor)
    let row = harness.screen.textRows[cursor.y]
    let reasons = [
      "Reading the queue", "Reading the sockets", "Reading the log", "Explanations appear",
    ]
    #expect(row.contains(reasons[pane.rawValue - 1]), "\(row)")
  }
}
