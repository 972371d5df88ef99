// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// A dialog in the middle of the screen: a text that can be scrolled, and under it rows that are
/// always seen.
struct ScrolledDialog {
  var title: String
  var role: StyleRole
  /// Rows kept for buttons and what is typed.
  var foot: Int
  /// Lines above what is shown, as far as there are more than fit.
  var scroll: Int

  /// Draws it with the text that `fill` writes, and returns where it stands.
  func draw(on grid: inout Grid, fill: (inout StyledText) -> Void) -> Rect {
    let screen = Rect(grid.size)
    let width = min(screen.width, 68)
    var text = StyledText(width: width - 4)
    fill(&text)
    var lines = text.lines
    let isTight = screen.height < lines.count + foot + 4
    if isTight { lines.removeAll { $0.text.isEmpty } }
    let rect = screen.centered(width: width, height: lines.count + foot + (isTight ? 2 : 4))
    grid.fill(rect, role: .dialog)
    grid.box(rect, title: title, role: role)
    let height = max(0, rect.height - 2 - foot)
    let top = min(scroll, max(0, lines.count - height))
    for (offset, line) in lines.dropFirst(top).prefix(height).enumerated() {
      grid.put(line.text, x: rect.x + 2, y: rect.y + 1 + offset, width: width - 4, role: line.role)
    }
    let below = lines.count - top - height
    if below > 0 {
      // The command is the last line: whoever confirms must be able to read it.
      grid.putRight(
        " \(below) more: PgDn ", x: rect.x, y: rect.maxY - 1, width: width - 2, role: .dialogBorder)
    }
    return rect
  }
}
