// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// All keys of the pane in use, from the command table; what is typed searches it.
struct Help: Overlay {
  static let name = "the help"
  static let notch = 3

  var search = ""
  var top = 0

  func draw(_ state: State, on grid: inout Grid) {
    let lines = lines(state)
    let rect = frame(lines, state)
    grid.fill(rect, role: .dialog)
    grid.box(
      rect,
      title: search.isEmpty ? "Keys: \(state.focus.title) pane" : "Keys matching \"\(search)\"",
      role: .dialogBorder)
    let body = rect.inset(dx: 2, dy: 1)
    let textX = body.x + keyWidth(rect.width) + 1
    for (offset, line) in lines.dropFirst(first(of: lines.count, in: body)).prefix(body.height)
      .enumerated()
    {
      let y = body.y + offset
      grid.put(line.keys, x: body.x, y: y, width: keyWidth(rect.width), role: line.keyRole)
      grid.put(line.text, x: textX, y: y, width: max(0, body.maxX - textX), role: line.textRole)
    }
    hints(of: lines.count, in: rect).draw(on: &grid, role: .dialogBorder)
    grid.cursor = Point(x: max(0, rect.x + 2), y: max(0, rect.y))
  }

  func hints(_ state: State) -> HintBar? {
    let lines = lines(state)
    return hints(of: lines.count, in: frame(lines, state))
  }

  private func hints(of count: Int, in rect: Rect) -> HintBar {
    let body = rect.inset(dx: 2, dy: 1)
    let below = count - first(of: count, in: body) - body.height
    let more = below > 0 ? [HintBar.Hint("\(below) more", then: .pageDown)] : []
    let search = rect.width < 60 ? [] : [HintBar.Hint(nil, "type to search")]
    return HintBar(more + search + [HintBar.Hint(.escape, "closes")], onEdgeOf: rect)
  }

  /// Searching must not make the box jump: it is as high as all keys need.
  private func frame(_ lines: [Line], _ state: State) -> Rect {
    let screen = Rect(state.size)
    let all = search.isEmpty ? lines : Help().lines(state)
    return screen.centered(
      width: Self.width(state), height: min(screen.height, all.count + 2))
  }

  private func first(of count: Int, in body: Rect) -> Int { min(top, max(0, count - body.height)) }

  func scroll(by rows: Int, _ state: inout State) {
    let count = lines(state).count
    let last = max(0, count + 2 - min(state.size.rows, count + 2))
    state.overlay = Help(search: search, top: min(max(0, top + rows), last))
  }

  func press(_ key: Key, _ state: inout State) -> [Effect] {
    let command = state.setup.keymap.command(for: key, in: state.focus)?.id
    switch key {
    case .escape where !search.isEmpty: state.overlay = Help()
    case .escape, .enter: state.overlay = nil
    case _ where search.isEmpty && command == .help: state.overlay = nil
    case .backspace: state.overlay = Help(search: String(search.dropLast()))
    case .character(let character): state.overlay = Help(search: search + String(character))
    default:
      let here = state.setup.keymap.command(for: key, over: Self.self)?.id
      if let rows = here?.rows(page: page(state)) { scroll(by: rows, &state) }
    }
    return []
  }

  private struct Line {
    var keys = ""
    var text = ""
    var keyRole = StyleRole.dialog
    var textRole = StyleRole.dialog
  }

  private func keyWidth(_ width: Int) -> Int { width < 60 ? 12 : 18 }

  private static func width(_ state: State) -> Int { min(max(0, state.size.columns), 76) }

  private func lines(_ state: State) -> [Line] {
    let width = Self.width(state)
    let room = max(8, width - 4 - keyWidth(width) - 1)
    let search = self.search.lowercased()
    var lines: [Line] = []
    for group in CommandGroup.allCases {
      var rows: [Line] = []
      for command in CommandTable.commands
      where command.group == group
        && (command.panes.contains(state.focus) || command.panes.isEmpty)
      {
        let keys = state.setup.keymap.keys(of: command.id).map(\.label).joined(separator: " ")
        guard
          search.isEmpty || keys == self.search || command.title.lowercased().contains(search)
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
    return lines.isEmpty ? [Line(text: "No key matches. Esc shows all.", textRole: .dialog)] : lines
  }
}
