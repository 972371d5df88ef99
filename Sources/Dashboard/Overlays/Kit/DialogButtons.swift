// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// The row of buttons at the foot of a dialog.
enum DialogButtons {
  struct Button {
    var label: String
    var isFocused: Bool
    var isOn: Bool
  }

  static func draw(_ buttons: [Button], in rect: Rect, on grid: inout Grid) {
    guard rect.height > 2 else { return }
    var x = rect.x + 2
    // Brackets and spaces take six cells of each; on the smallest screens nothing is between.
    let widths = buttons.reduce(0) { $0 + $1.label.count + 6 }
    let gap = widths + buttons.count - 1 > rect.width - 3 ? 0 : 1
    let y = rect.maxY - 2
    for button in buttons {
      x += grid.put(
        button.isFocused ? "[[ \(button.label) ]]" : " [ \(button.label) ] ", x: x, y: y,
        width: rect.maxX - 1 - x,
        role: button.isFocused ? .focusedButton : button.isOn ? .button : .disabled)
      x += gap
      if button.isFocused { grid.cursor = Point(x: min(x - 2, rect.maxX - 1), y: y) }
    }
    let hint = grid.lines == .ascii ? "Tab, Enter, Esc" : "Tab, Enter · Esc"
    if x + hint.count + 2 < rect.maxX {
      grid.putRight(hint, x: x, y: y, width: rect.maxX - 2 - x, role: .dialog)
    }
  }
}
