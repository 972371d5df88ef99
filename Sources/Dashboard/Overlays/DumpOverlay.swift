// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// How the screen is to be saved: as it is, or with addresses masked.
enum DumpOverlay {
  private static let lines = [
    ("Enter", "as it is"), ("m", "with addresses masked"), ("Esc", "not at all"), ("", ""),
    ("", "A text file and a picture (SVG),"), ("", "for your eyes alone (0600)."),
  ]

  static func draw(_ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    let rect = screen.centered(
      width: min(screen.width, 46), height: min(screen.height, lines.count + 2))
    grid.fill(rect, role: .dialog)
    grid.box(rect, title: "Save the screen", role: .dialogBorder)
    let body = rect.inset(dx: 2, dy: 1)
    for (offset, line) in lines.prefix(body.height).enumerated() {
      let y = body.y + offset
      grid.put(line.0, x: body.x, y: y, width: 6, role: .dialogBorder)
      grid.put(line.1, x: body.x + 7, y: y, width: max(0, body.width - 7), role: .dialog)
    }
    grid.cursor = Point(x: max(0, body.x), y: max(0, body.y))
  }
}
