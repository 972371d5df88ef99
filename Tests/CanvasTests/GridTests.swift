// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import TestSupport
import Testing

@Suite struct GridTests {
  private func grid(_ columns: Int, _ rows: Int = 1, lines: LineSet = .unicode) -> Grid {
    Grid(size: Size(columns: columns, rows: rows), lines: lines)
  }

  @Test(
    arguments: [
      ("hello", 10, "hello", 5),
      ("hello", 5, "hello", 5),
      ("hello", 4, "hel~", 4),
      ("hello", 1, "~", 1),
      ("hello", 0, "", 0),
      ("hello", -1, "", 0),
      ("作者", 4, "作者", 4),
      ("作者", 3, "作~", 3),
      ("作者", 2, " ~", 2),
      ("a作", 2, "a~", 2),
      ("abc作者", 4, "abc~", 4),
      ("abc作者", 6, "abc作~", 6),
      ("e\u{301}x", 1, "~", 1),
      ("e\u{301}x", 2, "e\u{301}x", 2),
    ])
  func putCuts(text: String, width: Int, row: String, used: Int) {
    var grid = grid(12)
    #expect(grid.put(text, x: 0, y: 0, width: width) == used)
    #expect(grid.textRows == [row])
  }

  @Test(
    arguments: [
      (-2, 0, "llo"), (8, 0, "        h~"), (9, 0, "         ~"), (10, 0, ""), (0, -1, ""),
      (0, 1, ""), (.min, 0, ""), (.max, 0, ""),
    ])
  func putOutsideIsLeftOut(x: Int, y: Int, row: String) {
    var grid = grid(10)
    grid.put("hello", x: x, y: y)
    #expect(grid.textRows == [row])
  }

  @Test func aWideCharacterIsNeverHalf() {
    var grid = grid(6)
    grid.put("作者", x: 0, y: 0)
    grid.put("x", x: 1, y: 0)
    #expect(grid.textRows == [" x者"])
    grid.put("y", x: 2, y: 0)
    #expect(grid.textRows == [" xy"])
    grid.put("作", x: 1, y: 0)
    #expect(grid.textRows == [" 作"])
    grid.put("作", x: -1, y: 0)
    #expect(grid.textRows == [" 作"])
    grid.put("作", x: 2, y: 0)
    #expect(grid.textRows == ["  作"])
    #expect(grid[3, 0].glyph.isEmpty)
    #expect(grid[2, 0].glyph == "作")
  }

  @Test func putRightEndsAtTheEdge() {
    var grid = grid(10, 3)
    grid.putRight("abc", x: 2, y: 0, width: 6)
    grid.putRight("abcdefgh", x: 2, y: 1, width: 6)
    grid.putRight("作者", x: 0, y: 2, width: 5)
    #expect(grid.textRows == ["     abc", "  abcde~", " 作者"])
  }

  @Test func asciiShowsNothingElse() {
    var grid = grid(20, 2, lines: .ascii)
    grid.put("▌é 作 ✓ · e\u{301}", x: 0, y: 0)
    grid.sparkline([0, 1, 5, 10], in: Rect(x: 0, y: 1, width: 5, height: 1))
    #expect(grid.textRows == [">? ?  v - ?", " _.=#"])
    #expect(grid.textRows.allSatisfy { $0.utf8.allSatisfy { $0 < 0x7F } })
  }

  @Test(arguments: [LineSet.ascii, .console]) func dotsDoNotLookLikeCutText(lines: LineSet) {
    var grid = grid(12, 4, lines: lines)
    #expect(grid.put("Remove…", x: 0, y: 0) == 9)
    grid.put("Remove…", x: 0, y: 1, width: 7)
    grid.putRight("Remove…", x: 0, y: 2, width: 12)
    grid.put("…\u{301}", x: 0, y: 3)
    #expect(grid.textRows == ["Remove...", "Remove~", "   Remove...", #"...\u{301}"#])
    #expect(lines.columns(of: "Remove…") == 9 && LineSet.unicode.columns(of: "Remove…") == 7)
  }

  @Test func paintKeepsTheText() {
    var grid = grid(6, 2)
    grid.put("abcdef", x: 0, y: 0, role: .good)
    grid.paint(Rect(x: 1, y: 0, width: 3, height: 9), role: .selection)
    #expect(grid.textRows == ["abcdef", ""])
    #expect(grid.styleRows == ["gSSSgg", ".SSS.."])
    grid.fill(Rect(x: -5, y: -5, width: 7, height: 6), role: .dialog)
    #expect(grid.textRows == ["  cdef", ""])
    #expect(grid.styleRows == ["ddSSgg", ".SSS.."])
  }

  @Test func everyRoleHasItsOwnLetter() {
    #expect(Set(StyleRole.allCases.map(\.letter)).count == StyleRole.allCases.count)
  }

  @Test func linesMeet() {
    var grid = grid(9, 5)
    grid.horizontalLine(x: 0, y: 0, width: 9, heavy: true, role: .border)
    grid.horizontalLine(x: 0, y: 4, width: 9, heavy: false, role: .border)
    grid.verticalLine(x: 4, y: 0, height: 5, role: .border)
    grid.horizontalLine(x: 4, y: 2, width: 5, heavy: false, role: .border)
    #expect(
      grid.textRows == ["━━━━┯━━━━", "    │", "    ├────", "    │", "────┴────"])
    grid.verticalLine(x: 2, y: -1, height: 9, role: .border)
    #expect(grid.textRows[0] == "━━┿━┯━━━━")
  }

  @Test func linesMeetInASCII() {
    var grid = grid(7, 3, lines: .ascii)
    grid.horizontalLine(x: 0, y: 0, width: 7, heavy: true, role: .border)
    grid.verticalLine(x: 3, y: 0, height: 3, role: .border)
    grid.horizontalLine(x: 0, y: 2, width: 7, heavy: false, role: .border)
    #expect(grid.textRows == ["===+===", "   |", "---+---"])
  }

  @Test func boxes() {
    var grid = grid(14, 3)
    grid.box(Rect(x: 0, y: 0, width: 14, height: 3), title: "Keys", role: .dialogBorder)
    #expect(grid.textRows == ["┌─ Keys ─────┐", "│            │", "└────────────┘"])
    grid.box(Rect(x: 0, y: 0, width: 14, height: 3), title: "A long title", role: .border)
    #expect(grid.textRows[0] == "┌─ A long t~─┐")
    for size in 0...2 {
      grid.box(Rect(x: 12, y: 1, width: size, height: size), title: "x", role: .border)
    }
    grid.box(Rect(x: -5, y: -5, width: 40, height: 40), title: "outside", role: .border)
  }

  @Test(
    arguments: [
      ([], 4, ""), ([0, 0], 4, "  ▁▁"), ([1, 8], 4, "  ▂█"), ([1, 2, 3, 4, 5], 3, "▅▇█"),
      ([.max, .min, 0], 3, "█▁▁"), ([7], 0, ""), ([1_000_000, 1], 2, "█▂"),
    ])
  func sparklines(values: [Int], width: Int, row: String) {
    var grid = grid(6)
    grid.sparkline(values, in: Rect(x: 0, y: 0, width: width, height: 1))
    #expect(grid.textRows == [row])
  }

  @Test(
    arguments: [
      (0, "[    ]"), (0.01, "[#   ]"), (0.5, "[##  ]"), (0.99, "[### ]"), (1, "[####]"),
      (7, "[####]"), (-1, "[    ]"), (.nan, "[    ]"), (.infinity, "[####]"),
    ] as [(Double, String)])
  func gauges(fraction: Double, row: String) {
    var grid = grid(6)
    grid.gauge(fraction, x: 0, y: 0, width: 6)
    #expect(grid.textRows == [row])
    grid.gauge(fraction, x: 0, y: 0, width: 2)
    #expect(grid.textRows == [row])
  }

  @Test func equalLooksAreEqual() {
    var one = grid(10)
    var other = grid(10)
    one.put("作者 old", x: 0, y: 0, role: .bad)
    one.fill(Rect(one.size))
    one.put("new", x: 0, y: 0)
    other.put("new", x: 0, y: 0)
    #expect(one == other)
    one.cursor = Point(x: 0, y: 0)
    #expect(one != other)
  }

  @Test func tellsTheRowsThatChanged() {
    let before = grid(10, 4)
    var after = before
    #expect(after.rows(changedFrom: before) == [])
    after.put("x", x: 9, y: 1)
    after.paint(Rect(x: 0, y: 3, width: 1, height: 1), role: .bad)
    #expect(after.rows(changedFrom: before) == [1, 3])
    #expect(after.rows(changedFrom: nil) == [0, 1, 2, 3])
    #expect(after.rows(changedFrom: grid(11, 4)) == [0, 1, 2, 3])
  }

  /// Whatever is drawn wherever, each row is as wide as the grid and no wide character is half.
  @Test(arguments: [11, 12, 13] as [UInt64])
  func anythingAnywhere(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let size = Size(
        columns: Int.random(in: 0...12, using: &random),
        rows: Int.random(in: 0...4, using: &random))
      var grid = Grid(size: size, lines: Bool.random(using: &random) ? .unicode : .ascii)
      for _ in 0..<12 {
        let x = Int.random(in: -4...14, using: &random)
        let y = Int.random(in: -2...5, using: &random)
        let width = Int.random(in: -1...14, using: &random)
        let text = random.text(length: 6)
        switch Int.random(in: 0..<8, using: &random) {
        case 0: grid.put(text, x: x, y: y, width: width)
        case 1: grid.putRight(text, x: x, y: y, width: width)
        case 2: grid.fill(Rect(x: x, y: y, width: width, height: 2))
        case 3: grid.horizontalLine(x: x, y: y, width: width, heavy: true, role: .border)
        case 4: grid.verticalLine(x: x, y: y, height: width, role: .border)
        case 5: grid.box(Rect(x: x, y: y, width: width, height: 3), title: text, role: .border)
        case 6: grid.gauge(0.5, x: x, y: y, width: width)
        default: grid.sparkline([1, 2, x], in: Rect(x: x, y: y, width: width, height: y % 3))
        }
        for row in 0..<size.rows {
          let text = String(grid.row(row).map(\.glyph).joined())
          #expect(SafeText(text).width == size.columns, "seed \(seed): \(text)")
          #expect(SafeText(text).string.unicodeScalars.elementsEqual(text.unicodeScalars))
        }
      }
    }
  }
}
