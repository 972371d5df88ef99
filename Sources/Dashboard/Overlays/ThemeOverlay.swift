// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// The list of themes; the screen behind it is the preview.
enum ThemeOverlay {
  static func draw(_ picker: ThemePicker, _ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    let names = state.setup.themes
    let width = min(screen.width, 26)
    let height = min(screen.height, names.count + 2)
    // At the right, so that most of the preview is seen.
    let rect = Rect(
      x: screen.width - width, y: min(1, screen.height - height), width: width, height: height)
    grid.fill(rect, role: .dialog)
    grid.box(rect, title: "Theme", role: .dialogBorder)
    let body = rect.inset(dx: 1, dy: 1)
    let top = firstRow(showing: picker.position, of: names.count, in: body.height)
    for (offset, name) in names.dropFirst(top).prefix(body.height).enumerated() {
      let row = Rect(x: body.x, y: body.y + offset, width: body.width, height: 1)
      grid.put(name, x: row.x + 2, y: row.y, width: max(0, row.width - 2), role: .dialog)
      guard top + offset == picker.position else { continue }
      grid.paint(row, role: .selection)
      grid.put(grid.lines == .ascii ? ">" : "▌", x: row.x, y: row.y, role: .selection)
      grid.cursor = Point(x: max(0, row.x), y: row.y)
    }
    grid.putRight(
      state.setup.mode == .watch ? " Enter uses it · Esc " : " Enter · w keeps · Esc ", x: rect.x,
      y: rect.maxY - 1, width: rect.width - 2,
      role: .dialogBorder)
  }
}
