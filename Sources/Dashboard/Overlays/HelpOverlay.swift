// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// All keys of the pane in use, from the command table; what is typed searches it.
enum HelpOverlay {
  static func draw(_ help: HelpView, _ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    let width = min(screen.width, 76)
    let lines = lines(help, state, width: width)
    // Searching must not make the box jump.
    let all = help.search.isEmpty ? lines : Self.lines(HelpView(), state, width: width)
    let rect = screen.centered(width: width, height: min(screen.height, all.count + 2))
    grid.fill(rect, role: .dialog)
    grid.box(
      rect,
      title: help.search.isEmpty
        ? "Keys: \(state.focus.title) pane" : "Keys with \"\(help.search)\"",
      role: .dialogBorder)
    let body = rect.inset(dx: 2, dy: 1)
    let top = min(help.scroll, max(0, lines.count - body.height))
    let textX = body.x + keyWidth(width) + 1
    for (offset, line) in lines.dropFirst(top).prefix(body.height).enumerated() {
      let y = body.y + offset
      grid.put(line.keys, x: body.x, y: y, width: keyWidth(width), role: line.keyRole)
      grid.put(line.text, x: textX, y: y, width: max(0, body.maxX - textX), role: line.textRole)
    }
    let below = lines.count - top - body.height
    let hint =
      width < 60
      ? (below > 0 ? " \(below) more · Esc " : " Esc closes ")
      : (below > 0
        ? " \(below) more: PgDn · type to search · Esc closes "
        : " type to search · Esc closes ")
    grid.putRight(
      hint, x: rect.x, y: rect.maxY - 1, width: rect.width - 2, role: .dialogBorder)
    grid.cursor = Point(x: max(0, rect.x + 2), y: max(0, rect.y))
  }

  /// How far the text can be scrolled.
  static func lastScroll(_ help: HelpView, _ state: State) -> Int {
    let screen = Rect(state.size)
    let count = lines(help, state, width: min(screen.width, 76)).count
    return max(0, count + 2 - min(screen.height, count + 2))
  }

  private struct Line {
    var keys = ""
    var text = ""
    var keyRole = StyleRole.dialog
    var textRole = StyleRole.dialog
  }

  private static func keyWidth(_ width: Int) -> Int { width < 60 ? 12 : 18 }

  private static func lines(_ help: HelpView, _ state: State, width: Int) -> [Line] {
    let room = max(8, width - 4 - keyWidth(width) - 1)
    let search = help.search.lowercased()
    var lines: [Line] = []
    for group in CommandGroup.allCases {
      var rows: [Line] = []
      for command in CommandTable.commands
      where command.group == group && command.panes.contains(state.focus) {
        let keys = state.setup.keymap.keys(of: command.id).map(\.label).joined(separator: " ")
        guard
          search.isEmpty || keys == help.search || command.title.lowercased().contains(search)
            || command.id.name.contains(search)
        else { continue }
        var text = command.title
        var roles = (key: StyleRole.dialogBorder, text: StyleRole.dialog)
        if case .disabled(let reason) = command.availability(state) {
          text += " (off: \(reason))"
          roles = (.disabled, .disabled)
        }
        // A reason is read to its end, however narrow the screen is.
        for (index, part) in wrap(text, width: room).enumerated() {
          rows.append(
            Line(
              keys: index == 0 ? keys : "", text: (index == 0 ? "" : "  ") + part,
              keyRole: roles.key, textRole: roles.text))
        }
      }
      guard !rows.isEmpty else { continue }
      lines.append(Line(keys: group.rawValue, keyRole: .heading))
      lines += rows
    }
    return lines.isEmpty ? [Line(text: "No key fits. Esc shows all.", textRole: .dialog)] : lines
  }
}
