// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// It stands at the foot of the screen, with what fits above it.
extension CommandLine {
  func draw(_ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    guard screen.height > 0 else { return }
    let items = items(state)
    let room = min(max(0, screen.height - 3), 12)
    let height = min(items.count, room)
    let lineY = screen.height - 1
    if height > 0, screen.height > 3 {
      let box = Rect(x: 0, y: lineY - height - 2, width: screen.width, height: height + 2)
      grid.fill(box, role: .dialog)
      grid.box(box, title: "Commands", role: .dialogBorder)
      let top = firstRow(showing: position, of: items.count, in: height)
      for (offset, item) in items.dropFirst(top).prefix(height).enumerated() {
        let row = Rect(
          x: box.x + 1, y: box.y + 1 + offset, width: max(0, box.width - 2), height: 1)
        draw(item, isChosen: top + offset == position, in: row, on: &grid)
      }
    }
    let line = Rect(x: 0, y: lineY, width: screen.width, height: 1)
    grid.fill(line, role: .text)
    if let toast = state.toast {
      grid.putRight(
        toast.text + " ", x: line.x, y: line.y, width: line.width, role: .warning)
    } else if items.indices.contains(position),
      case .disabled(let reason) = items[position].availability
    {
      // In its line there may be no room for all of it.
      grid.putRight(
        "off: \(reason) ", x: line.x, y: line.y, width: line.width, role: .warning)
    } else {
      grid.putRight(
        "Tab completes · Enter runs · Esc ", x: line.x, y: line.y, width: line.width, role: .dim)
    }
    grid.put(":", x: 0, y: line.y, role: .key)
    grid.put(text, x: 1, y: line.y, width: max(0, line.width - 2), role: .input)
    let before = SafeText(String(input.characters.prefix(input.cursor))).width
    grid.cursor = Point(x: max(0, min(screen.width - 1, 1 + before)), y: line.y)
  }

  private func draw(
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

  func press(_ key: Key, _ state: inout State) -> [Effect] {
    var line = self
    let items = items(state)
    switch key {
    case .escape:
      state.overlay = nil
      return []
    case .enter: return state.run(self)
    case .tab:
      if items.indices.contains(position) { line.input = LineInput(items[position].text) }
      (line.position, line.isChosen) = (0, false)
      state.overlay = line
    case .up, .backTab: scroll(by: -1, &state)
    case .down: scroll(by: 1, &state)
    case .pageUp: scroll(by: -8, &state)
    case .pageDown: scroll(by: 8, &state)
    case .backspace where input.isEmpty: state.overlay = nil
    default:
      // Pasted text is never run: its newlines fall away.
      if line.input.press(key) { (line.position, line.isChosen) = (0, false) }
      state.toast = nil
      state.overlay = line
    }
    return []
  }

  func scroll(by rows: Int, _ state: inout State) {
    var line = self
    line.position = min(max(0, position + rows), max(0, items(state).count - 1))
    line.isChosen = true
    state.overlay = line
  }
}

extension State {
  mutating func startPalette() {
    toast = nil
    overlay = CommandLine()
  }

  fileprivate mutating func run(_ palette: CommandLine) -> [Effect] {
    let item: PaletteItem
    switch palette.meant(self) {
    case .item(let meant): item = meant
    case .tooShort(let id):
      say("Nothing was done: type \(id.name) in full, or select it with Down")
      return []
    case .nothing:
      guard !palette.input.isEmpty else {
        overlay = nil
        return []
      }
      let names = CommandTable.commands.map(\.id.name) + PaletteVerb.allCases.map(\.rawValue)
      let hint = nearestName(to: palette.text, among: names).map { ": did you mean \($0)?" }
      say("Unknown command \(palette.text)\(hint ?? "")")
      return []
    }
    if case .disabled(let reason) = item.availability {
      say("\(item.title.trimmedDots): \(reason)")
      return []
    }
    overlay = nil
    switch item.action {
    case .command(let id): return run(id)
    case .by(let grouping, let isHeatMap):
      focus = .queue
      queue.close()
      (queue.query.grouping, queue.isHeatMap) = (grouping, isHeatMap)
      return [.arrange(queue.query)]
    case .sort(let column):
      focus = .queue
      queue.query.sort = column
      queue.query.descending = [.age, .size, .attempts].contains(column)
      return [.arrange(queue.query)]
    case .filter(let text): return filter(by: text)
    case .theme(let name):
      theme = name
      return []
    case .explain(let words):
      say(words, seconds: 12)
      return []
    case .incomplete:
      overlay = CommandLine(input: LineInput(item.text))
      return []
    }
  }

  /// Sets the filter of the list in use, instead of those that it has.
  private mutating func filter(by text: String) -> [Effect] {
    if focus == .fix { focus = .queue }
    do throws(FilterError) {
      let filter = try Filter(text, for: focus.pane.scope ?? .queue)
      return changeFilters(of: focus) { filters in
        filters = FilterStack()
        filters.add(filter)
      }
    } catch {
      say("Invalid filter: \(error.message)", .bad)
      return []
    }
  }
}
