// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The question before an act: what, to whom, how, and what to do instead.
enum ConfirmOverlay {
  static func draw(_ confirmation: Confirmation, _ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    let width = min(screen.width, 68)
    let lines = lines(confirmation, state, width: width - 4)
    let isTight = screen.height < lines.count + 5
    let rect = screen.centered(width: width, height: lines.count + (isTight ? 3 : 5))
    grid.fill(rect, role: .dialog)
    let verb = confirmation.act.button(confirmation.mta)
    grid.box(
      rect, title: " \(verb) \(Format.messages(confirmation.targets.count))? ",
      role: confirmation.act.isPermanent ? .danger : .dialogBorder)
    var y = rect.y + 1
    for line in lines.prefix(max(0, rect.height - 3)) {
      grid.put(line.text, x: rect.x + 2, y: y, width: width - 4, role: line.role)
      y += 1
    }
    drawButtons(confirmation, in: rect, on: &grid)
  }

  private static func drawButtons(
    _ confirmation: Confirmation, in rect: Rect, on grid: inout Grid
  ) {
    guard rect.height > 2 else { return }
    var x = rect.x + 2
    let y = rect.maxY - 2
    for button in confirmation.buttons {
      let label =
        switch button {
        case .cancel: "Cancel"
        case .alternative:
          "\(confirmation.alternative?.button(confirmation.mta) ?? "") instead"
        case .go: confirmation.act.button(confirmation.mta)
        }
      let isFocused = button == confirmation.focus
      x += grid.put(
        isFocused ? "[[ \(label) ]]" : " [ \(label) ] ", x: x, y: y, width: rect.maxX - 1 - x,
        role: isFocused ? .focusedButton : .button)
      x += 1
      if isFocused { grid.cursor = Point(x: x - 2, y: y) }
    }
    let hint = "Tab, Enter · Esc"
    if x + hint.count + 2 < rect.maxX {
      grid.putRight(hint, x: x, y: y, width: rect.maxX - 2 - x, role: .dialog)
    }
  }

  private static func lines(
    _ confirmation: Confirmation, _ state: State, width: Int
  ) -> [(text: String, role: StyleRole)] {
    var text = StyledText(width: width)
    for message in confirmation.targets.prefix(5) {
      let age = message.arrival.map { Format.duration(state.now - $0) } ?? "?"
      text.add("\(message.idText)  \(age) old  \(message.size.map(Format.size) ?? "?")", .dialog)
      text.add("From \(message.sender.isEmpty ? "<> (a bounce)" : message.sender)", .dialog)
      let waiting = message.recipients.filter { !$0.isDelivered }.map(\.address)
      let more = waiting.count > 3 ? " and \(waiting.count - 3) more" : ""
      text.add("To   \(waiting.prefix(3).joined(separator: ", "))\(more)", .dialog)
    }
    text.add("", .dialog)
    for warning in confirmation.warnings { text.add(warning, .dialog) }
    text.add("Runs  \(command(confirmation))", .dialog)
    return text.lines.map { ($0.text, .dialog) }
  }

  /// The command as it will run.
  private static func command(_ confirmation: Confirmation) -> String {
    let ids = confirmation.references.map(\.queueID.text).joined(separator: " ")
    return switch (confirmation.mta, confirmation.act) {
    case (.exim, .retry): "exim -M \(ids)"
    case (.exim, .hold): "exim -Mf \(ids)"
    case (.exim, .release): "exim -Mt \(ids)"
    case (.exim, .remove): "exim -Mrm \(ids)"
    case (.exim, .bounce): "exim -Mg \(ids)"
    case (.postfix, .retry): "postqueue -i \(ids)"
    case (.postfix, .hold): "postsuper -h \(ids)"
    case (.postfix, .release): "postsuper -H \(ids)"
    case (.postfix, .remove): "postsuper -d \(ids)"
    case (.postfix, .bounce): "postsuper -f \(ids)"
    case (_, .requeue): "postsuper -r \(ids)"
    }
  }
}
