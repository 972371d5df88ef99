// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// A text on the whole screen, with what its keys do on the lower edge.
struct Pager {
  typealias Line = (text: String, role: StyleRole)

  var lines: [Line]
  var title: String
  var scroll: Int
  /// What the lines below are called: `12 more lines: PgDn`.
  var more = "more lines"
  /// What keys do beside the scrolling and Esc.
  var keys: [HintBar.Hint] = []
  /// That of the screen, without a last row that says something.
  var size: Size

  func draw(on grid: inout Grid) {
    let screen = Rect(size)
    grid.fill(screen, role: .text)
    grid.box(screen, title: title, role: .focusedBorder)
    let body = screen.inset(dx: 2, dy: 1)
    grid.cursor = Point(x: body.x, y: body.y)
    for (offset, line) in lines.dropFirst(top).prefix(body.height).enumerated() {
      grid.put(line.text, x: body.x, y: body.y + offset, width: body.width, role: line.role)
    }
    hints.draw(on: &grid, role: .dim)
  }

  var hints: HintBar {
    let below = lines.count - top - Rect(size).inset(dx: 2, dy: 1).height
    return HintBar(
      (below > 0 ? [HintBar.Hint("\(below) \(more)", then: .pageDown)] : []) + keys
        + [HintBar.Hint(.escape, "closes")], onEdgeOf: Rect(size))
  }

  private var top: Int { clamped(scroll) }

  /// Rows that a page key scrolls.
  static func page(_ state: State) -> Int { max(1, state.size.rows - 4) }

  /// A first line, at most so far down that the screen is full.
  func clamped(_ scroll: Int) -> Int {
    min(max(0, scroll), max(0, lines.count - max(1, size.rows - 2)))
  }
}

/// The first row that a list of `height` rows shows, so that the chosen one is among them.
func firstRow(showing position: Int, of count: Int, in height: Int) -> Int {
  min(max(0, position - height + 1), max(0, count - height))
}
