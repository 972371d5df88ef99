// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// The list of themes; the screen behind it shows each as it is passed.
struct Themes: Overlay {
  static let name = "the list of themes"
  static let commands: Set<CommandID> = [.keepChoice]
  static let opener: CommandID? = .themes

  var position: Int
  /// What Esc restores.
  var before: String

  func draw(_ state: State, on grid: inout Grid) {
    let names = state.setup.themes
    let rect = frame(state)
    grid.fill(rect, role: .dialog)
    grid.box(rect, title: "Theme", role: .dialogBorder)
    let body = rect.inset(dx: 1, dy: 1)
    let top = firstRow(showing: position, of: names.count, in: body.height)
    for (offset, name) in names.dropFirst(top).prefix(body.height).enumerated() {
      let row = Rect(x: body.x, y: body.y + offset, width: body.width, height: 1)
      grid.put(name, x: row.x + 2, y: row.y, width: max(0, row.width - 2), role: .dialog)
      guard top + offset == position else { continue }
      grid.paint(row, role: .selection)
      grid.put(grid.lines == .ascii ? ">" : "▌", x: row.x, y: row.y, role: .selection)
      grid.cursor = Point(x: max(0, row.x), y: row.y)
    }
    hints(state)?.draw(on: &grid, role: .dialogBorder)
  }

  func hints(_ state: State) -> HintBar? {
    let keeps =
      state.setup.mode == .watch
      ? [HintBar.Hint(.enter, "uses it")]
      : [HintBar.Hint(.enter, "uses it"), state.hint(.keepChoice, "saves")].compactMap(\.self)
    return HintBar(keeps, onEdgeOf: frame(state))
  }

  /// At the right, so that most of what is behind it is seen.
  private func frame(_ state: State) -> Rect {
    let screen = Rect(state.size)
    let width = min(screen.width, 26)
    let height = min(screen.height, state.setup.themes.count + 2)
    return Rect(
      x: screen.width - width, y: min(1, screen.height - height), width: width, height: height)
  }

  func page(_ state: State) -> Int { 8 }

  func scroll(by rows: Int, _ state: inout State) {
    let names = state.setup.themes
    let position = min(max(0, position + rows), max(0, names.count - 1))
    if names.indices.contains(position) { state.theme = names[position] }
    state.overlay = Themes(position: position, before: before)
  }

  func accept(_ state: inout State) -> [Effect] {
    state.overlay = nil
    if state.theme != before, state.setup.mode == .operate {
      state.say(
        "\(state.theme) for this session: \(state.key(.save)) saves it", seconds: 10)
    }
    return []
  }

  func close(_ state: inout State) -> [Effect] {
    state.overlay = nil
    state.theme = before
    return []
  }

  func run(_ command: CommandID, _ state: inout State) -> [Effect] { state.saveChoice() }
}

extension State {
  mutating func startThemes() {
    overlay = Themes(position: setup.themes.firstIndex(of: theme) ?? 0, before: theme)
  }
}
