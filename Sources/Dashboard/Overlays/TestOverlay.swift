// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance

/// The question before a test message.
enum TestOverlay {
  static func draw(_ question: TestQuestion, _ state: State, on grid: inout Grid) {
    let obstacle = question.obstacle(now: state.now)
    let rect = ScrolledDialog(
      title: "Send a test message to \(question.domain)?", role: .dialogBorder, foot: 2,
      scroll: question.scroll
    ).draw(on: &grid) { lines(question, obstacle, in: &$0) }
    DialogButtons.draw(
      [("Cancel", TestQuestion.Field.cancel), ("Send", .send)].map { label, field in
        DialogButtons.Button(
          label: label, isFocused: question.focus == field,
          isOn: field == .cancel || obstacle == nil)
      }, in: rect, on: &grid)
    if rect.height > 3 { drawRecipient(question, in: rect, on: &grid) }
  }

  /// The line to type in stands over the buttons, however small the screen is.
  private static func drawRecipient(_ question: TestQuestion, in rect: Rect, on grid: inout Grid) {
    let y = rect.maxY - 3
    let isFocused = question.focus == .recipient
    let label = "To [ "
    let text = question.local.text + (isFocused ? "_" : "")
    grid.put(
      "\(label)\(text) ]@\(question.domain)", x: rect.x + 2, y: y, width: rect.width - 4,
      role: isFocused ? .focusedButton : .dialog)
    if isFocused {
      let x = rect.x + 2 + label.count + question.local.cursor
      grid.cursor = Point(x: min(x, rect.maxX - 2), y: y)
    }
  }

  private static func lines(
    _ question: TestQuestion, _ obstacle: String?, in text: inout StyledText
  ) {
    if case .found(let route) = question.way {
      text.add("Host \(route.host) [\(route.address.text)]", .dialog)
      text.add("From postmaster@\(route.helo)", .dialog)
    }
    text.add("", .dialog)
    text.add(
      "A plain text without attachment, past the queue. Whoever reads that mailbox gets it.",
      .dialog)
    if let obstacle { text.add(obstacle, .danger) }
    if let message = question.message {
      text.add(
        "Runs swaks \(message.arguments.joined(separator: " "))   (the text on standard input)",
        .dialog)
    }
  }
}
