// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// The question before the end.
enum QuitOverlay {
  static func draw(_ question: QuitQuestion, _ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    let width = min(screen.width, 60)
    var text = StyledText(width: max(1, width - 4))
    text.add(state.underWay ?? "It has ended meanwhile.", .dialog)
    let isTight = screen.height < text.lines.count + 4
    let rect = screen.centered(width: width, height: text.lines.count + (isTight ? 3 : 4))
    grid.fill(rect, role: .dialog)
    grid.box(rect, title: "Quit?", role: .dialogBorder)
    for (offset, line) in text.lines.prefix(max(0, rect.height - 3)).enumerated() {
      grid.put(line.text, x: rect.x + 2, y: rect.y + 1 + offset, width: width - 4, role: line.role)
    }
    DialogButtons.draw(
      QuitQuestion.Button.allCases.map {
        DialogButtons.Button(
          label: $0 == .stay ? "Stay" : "Quit", isFocused: $0 == question.focus, isOn: true)
      }, in: rect, on: &grid)
  }
}
