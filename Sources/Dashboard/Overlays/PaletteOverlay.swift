// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// The command line at the foot of the screen, with what fits above it.
enum PaletteOverlay {
  static func draw(_ palette: Palette, _ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    guard screen.height > 0 else { return }
    let items = palette.items(state)
    let room = min(max(0, screen.height - 3), 12)
    let height = min(items.count, room)
    let lineY = screen.height - 1
    if height > 0, screen.height > 3 {
      let box = Rect(x: 0, y: lineY - height - 2, width: screen.width, height: height + 2)
      grid.fill(box, role: .dialog)
      grid.box(box, title: "Commands", role: .dialogBorder)
      let top = firstRow(showing: palette.position, of: items.count, in: height)
      for (offset, item) in items.dropFirst(top).prefix(height).enumerated() {
        let row = Rect(
          x: box.x + 1, y: box.y + 1 + offset, width: max(0, box.width - 2), height: 1)
        draw(item, isChosen: top + offset == palette.position, in: row, on: &grid)
      }
    }
    let line = Rect(x: 0, y: lineY, width: screen.width, height: 1)
    grid.fill(line, role: .text)
    if let toast = state.toast {
      grid.putRight(
        toast.text + " ", x: line.x, y: line.y, width: line.width, role: .warning)
    } else if items.indices.contains(palette.position),
      case .disabled(let reason) = items[palette.position].availability
    {
      // In its line there may be no room for all of it.
      grid.putRight(
        "off: \(reason) ", x: line.x, y: line.y, width: line.width, role: .warning)
    } else {
      grid.putRight(
        "Tab completes · Enter runs · Esc ", x: line.x, y: line.y, width: line.width, role: .dim)
    }
    grid.put(":", x: 0, y: line.y, role: .key)
    grid.put(palette.text, x: 1, y: line.y, width: max(0, line.width - 2), role: .input)
    let before = SafeText(String(palette.input.characters.prefix(palette.input.cursor))).width
    grid.cursor = Point(x: max(0, min(screen.width - 1, 1 + before)), y: line.y)
  }

  private static func draw(
    _ item: PaletteItem, isChosen: Bool, in row: Rect, on grid: inout Grid
  ) {
    let isOn = item.availability == .enabled
    let name = row.width >= 70 ? 18 : 14
    let role: StyleRole = isOn ? .dialog : .disabled
    grid.put(item.text, x: row.x + 1, y: row.y, width: min(name, row.width - 1), role: role)
    let keys = row.width >= 70 ? 14 : 0
    var title = item.title
    if case .disabled(let reason) = item.availability { title += " (off: \(reason))" }
    grid.put(
      title, x: row.x + name + 2, y: row.y, width: max(0, row.width - name - keys - 3), role: role)
    if keys > 0 {
      grid.putRight(
        item.keys, x: row.maxX - keys, y: row.y, width: keys - 1,
        role: isOn ? .dialogBorder : .disabled)
    }
    guard isChosen else { return }
    grid.paint(row, role: .selection)
    grid.put(grid.lines == .ascii ? ">" : "▌", x: row.x, y: row.y, role: .selection)
  }
}
