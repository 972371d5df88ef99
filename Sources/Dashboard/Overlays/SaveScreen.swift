// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// How the screen is to be saved, with what is read there: as it is, or with addresses masked.
struct SaveScreen: Overlay {
  static let name = "the question before the screen is saved"
  static let commands: Set<CommandID> = [.maskAddresses, .dump]
  static let notch = 0

  /// What lies under it.
  let under: (any Overlay)?

  static func == (left: SaveScreen, right: SaveScreen) -> Bool {
    left.under.map { $0.equals(right.under) } ?? (right.under == nil)
  }

  func draw(_ state: State, on grid: inout Grid) {
    under?.draw(state, on: &grid)
    let masks = state.setup.keymap.label(.maskAddresses)
    let lines = [
      ("Enter", "saves it as is"), (masks, "saves it with addresses masked"), ("Esc", "cancels"),
      ("", ""),
      ("", "A text file and a picture (SVG),"), ("", "readable only by you (0600)."),
    ]
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

  func accept(_ state: inout State) -> [Effect] { save(isMasked: false, &state) }

  func close(_ state: inout State) -> [Effect] {
    state.overlay = under
    return []
  }

  func run(_ command: CommandID, _ state: inout State) -> [Effect] {
    save(isMasked: command == .maskAddresses, &state)
  }

  private func save(isMasked: Bool, _ state: inout State) -> [Effect] {
    state.overlay = under
    return [.dump(isMasked: isMasked)]
  }
}
