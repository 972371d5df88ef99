// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance

extension TestQuestion {
  func draw(_ state: State, on grid: inout Grid) {
    let obstacle = obstacle(now: state.now)
    let rect = ScrolledDialog(
      title: "Send a test message to \(domain)?", role: .dialogBorder, foot: 2,
      scroll: scroll
    ).draw(on: &grid) { lines(obstacle, in: &$0) }
    DialogButtons.draw(
      [("Cancel", TestQuestion.Field.cancel), ("Send", .send)].map { label, field in
        DialogButtons.Button(
          label: label, isFocused: focus == field,
          isOn: field == .cancel || obstacle == nil)
      }, in: rect, on: &grid)
    if rect.height > 3 { drawRecipient(in: rect, on: &grid) }
  }

  /// The line to type in stands over the buttons, however small the screen is.
  private func drawRecipient(in rect: Rect, on grid: inout Grid) {
    let y = rect.maxY - 3
    let isFocused = focus == .recipient
    let label = "To [ "
    let text = local.text + (isFocused ? "_" : "")
    grid.put(
      "\(label)\(text) ]@\(domain)", x: rect.x + 2, y: y, width: rect.width - 4,
      role: isFocused ? .focusedButton : .dialog)
    if isFocused {
      let x = rect.x + 2 + label.count + local.cursor
      grid.cursor = Point(x: min(x, rect.maxX - 2), y: y)
    }
  }

  private func lines(_ obstacle: String?, in text: inout StyledText) {
    if case .found(let route) = way {
      text.add("Host \(route.host) [\(route.address.text)]", .dialog)
      text.add("From postmaster@\(route.helo)", .dialog)
    }
    text.add("", .dialog)
    text.add(
      "Plain text, no attachment, not through the queue. Whoever reads that mailbox gets it.",
      .dialog)
    if let obstacle { text.add(obstacle, .danger) }
    if let message = message {
      text.add(
        "Runs swaks \(message.arguments.joined(separator: " "))   (the text on standard input)",
        .dialog)
    }
  }
}
