// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Canvas

@Suite struct GraphTests {
  private func rows(
    _ values: [Int], width: Int, height: Int = 1, _ graphs: GraphSet, _ lines: LineSet = .unicode
  ) -> [String] {
    var grid = Grid(size: Size(columns: 6, rows: 2), lines: lines, graphs: graphs)
    grid.sparkline(values, in: Rect(x: 0, y: 2 - height, width: width, height: height))
    return grid.textRows
  }

  /// Two values a cell, the newest in the right half of the last; none has no dot.
  @Test(
    arguments: [
      ([], 4, ""), ([0, 0], 4, ""), ([1, 8], 1, "⣸"), ([8, 8, 8], 2, "⢸⣿"),
      ([9, 9, 1, 2, 3, 4], 2, "⣠⣾"), ([.max, .min, 0, 1], 2, "⡇⢀"), ([7], 0, ""),
    ])
  func braille(values: [Int], width: Int, row: String) {
    #expect(rows(values, width: width, .braille)[1] == row)
  }

  @Test func severalRowsHaveMoreSteps() {
    #expect(rows([0, 1, 8, 16], width: 4, height: 2, .blocks) == ["  ▁█", "▁▂██"])
    #expect(rows([0, 1, 5, 8], width: 2, height: 2, .braille) == [" ⣸", "⢀⣿"])
    #expect(rows([1, 12], width: 2, height: 2, .ascii) == [" #", ".#"])
  }

  /// Whatever was chosen, a terminal without the characters gets none.
  @Test(arguments: [LineSet.console, .ascii]) func elsewhereTheyAreASCII(lines: LineSet) {
    for graphs in GraphSet.allCases {
      #expect(rows([0, 1, 5, 10], width: 4, graphs, lines)[1] == "_.=#")
    }
  }

  /// The console's fonts have code page 437: double lines for heavy ones, and few signs.
  @Test func theConsoleHasDoubleLines() {
    var grid = Grid(size: Size(columns: 8, rows: 3), lines: .console)
    grid.horizontalLine(x: 0, y: 0, width: 8, heavy: true, role: .border)
    grid.horizontalLine(x: 0, y: 2, width: 8, heavy: false, role: .border)
    grid.verticalLine(x: 2, y: 0, height: 3, role: .border)
    grid.put("✓ é ×", x: 3, y: 1)
    #expect(grid.textRows == ["══╤═════", "  │v é x", "──┴─────"])
    grid.verticalLine(x: 5, y: 0, height: 3, role: .border)
    #expect(grid.textRows[0] == "══╤══╤══")
  }
}
