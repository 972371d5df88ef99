// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// All keys of the pane in use, from the command table.
enum HelpOverlay {
  static func draw(scroll: Int, _ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    let lines = lines(state)
    let rect = screen.centered(
      width: min(screen.width, 76), height: min(screen.height, lines.count + 2))
    grid.fill(rect, role: .dialog)
    grid.box(rect, title: "Keys: \(state.focus.title) pane", role: .dialogBorder)
    let body = rect.inset(dx: 2, dy: 1)
    let top = min(scroll, max(0, lines.count - body.height))
    for (offset, line) in lines.dropFirst(top).prefix(body.height).enumerated() {
      let y = body.y + offset
      grid.put(line.keys, x: body.x, y: y, width: min(18, body.width), role: line.keyRole)
      grid.put(
        line.text, x: body.x + 19, y: y, width: max(0, body.width - 19), role: line.textRole)
    }
    let below = lines.count - top - body.height
    let hint = below > 0 ? " \(below) more: PgDn · Esc closes " : " Esc closes "
    grid.putRight(
      hint, x: rect.x, y: rect.maxY - 1, width: rect.width - 2, role: .dialogBorder)
  }

  private struct Line {
    var keys = ""
    var text = ""
    var keyRole = StyleRole.dialog
    var textRole = StyleRole.dialog
  }

  private static func lines(_ state: State) -> [Line] {
    var lines: [Line] = []
    for group in CommandGroup.allCases {
      let commands = CommandTable.commands.filter {
        $0.group == group && $0.panes.contains(state.focus)
      }
      guard !commands.isEmpty else { continue }
      lines.append(Line(keys: group.rawValue, keyRole: .heading))
      for command in commands {
        let keys = command.keys.map(\.label).joined(separator: " ")
        switch command.availability(state) {
        case .enabled:
          lines.append(Line(keys: keys, text: command.title, keyRole: .dialogBorder))
        case .disabled(let reason):
          lines.append(
            Line(
              keys: keys, text: "\(command.title) (off: \(reason))", keyRole: .disabled,
              textRole: .disabled))
        }
      }
    }
    return lines
  }
}
