// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// A text on the whole screen, with what its keys do on the lower edge.
enum Pager {
  /// - Parameters:
  ///   - more: what the lines below are called: `12 more lines: PgDn`.
  ///   - keys: what keys do beside the scrolling and Esc.
  ///   - size: that of the screen, without a last row that says something.
  static func draw(
    _ lines: [(text: String, role: StyleRole)], title: String, scroll: Int,
    more: String = "more lines", keys: [String] = [], size: Size, on grid: inout Grid
  ) {
    let screen = Rect(size)
    grid.fill(screen, role: .text)
    grid.box(screen, title: title, role: .focusedBorder)
    let body = screen.inset(dx: 2, dy: 1)
    let scroll = min(scroll, lastScroll(of: lines.count, on: size))
    grid.cursor = Point(x: body.x, y: body.y)
    for (offset, line) in lines.dropFirst(scroll).prefix(body.height).enumerated() {
      grid.put(line.text, x: body.x, y: body.y + offset, width: body.width, role: line.role)
    }
    let below = lines.count - scroll - body.height
    let parts = (below > 0 ? ["\(below) \(more): PgDn"] : []) + keys + ["Esc closes"]
    grid.putRight(
      " \(parts.joined(separator: " · ")) ", x: screen.x, y: screen.maxY - 1,
      width: screen.width - 2, role: .dim)
  }

  /// Where a key takes a text of `count` lines, or nil where it is no scrolling key.
  static func scroll(_ scroll: Int, by key: Key, of count: Int, on size: Size) -> Int? {
    key.scrollStep(page: max(1, size.rows - 4)).map {
      min(max(0, scroll + $0), lastScroll(of: count, on: size))
    }
  }

  private static func lastScroll(of count: Int, on size: Size) -> Int {
    max(0, count - max(1, size.rows - 2))
  }
}

/// The first row that a list of `height` rows shows, so that the chosen one is among them.
func firstRow(showing position: Int, of count: Int, in height: Int) -> Int {
  min(max(0, position - height + 1), max(0, count - height))
}
