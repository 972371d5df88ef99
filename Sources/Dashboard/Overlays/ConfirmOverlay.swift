// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The question before an act: what, to whom, how, and what to do instead.
enum ConfirmOverlay {
  static func draw(_ confirmation: Confirmation, _ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    let width = min(screen.width, 68)
    var lines = lines(confirmation, state, width: width - 4)
    // The number to be typed stands over the buttons, however small the screen is.
    let foot = confirmation.needsCount ? 2 : 1
    let isTight = screen.height < lines.count + foot + 4
    if isTight { lines.removeAll { $0.text.isEmpty } }
    let rect = screen.centered(width: width, height: lines.count + foot + (isTight ? 2 : 4))
    grid.fill(rect, role: .dialog)
    let verb = confirmation.act.button(confirmation.mta)
    grid.box(
      rect, title: "\(verb) \(Format.messages(confirmation.references.count))?",
      role: confirmation.act.isPermanent ? .danger : .dialogBorder)
    let height = max(0, rect.height - 2 - foot)
    let top = min(confirmation.scroll, max(0, lines.count - height))
    for (offset, line) in lines.dropFirst(top).prefix(height).enumerated() {
      grid.put(line.text, x: rect.x + 2, y: rect.y + 1 + offset, width: width - 4, role: line.role)
    }
    let below = lines.count - top - height
    if below > 0 {
      // The command is the last line: whoever confirms must be able to read it.
      grid.putRight(
        " \(below) more: PgDn ", x: rect.x, y: rect.maxY - 1, width: width - 2, role: .dialogBorder)
    }
    if confirmation.needsCount, rect.height > 3 {
      grid.put(
        "Type \(confirmation.references.count) to switch on \(verb): [ \(confirmation.typed)_ ]",
        x: rect.x + 2, y: rect.maxY - 3, width: width - 4,
        role: confirmation.isArmed ? .dialog : .danger)
    }
    drawButtons(confirmation, in: rect, on: &grid)
  }

  private static func drawButtons(
    _ confirmation: Confirmation, in rect: Rect, on grid: inout Grid
  ) {
    let reachable = confirmation.buttons
    let buttons = Confirmation.Button.allCases.compactMap { button -> DialogButtons.Button? in
      let label: String
      switch button {
      case .cancel: label = "Cancel"
      case .alternative:
        guard let alternative = confirmation.alternative else { return nil }
        label = alternative.button(confirmation.mta) + (rect.width < 50 ? "" : " instead")
      case .go: label = confirmation.act.button(confirmation.mta)
      }
      return DialogButtons.Button(
        label: label, isFocused: button == confirmation.focus, isOn: reachable.contains(button))
    }
    DialogButtons.draw(buttons, in: rect, on: &grid)
  }

  private static func lines(
    _ confirmation: Confirmation, _ state: State, width: Int
  ) -> [(text: String, role: StyleRole)] {
    var text = StyledText(width: width)
    if let top = confirmation.listing {
      let height = max(1, state.size.rows - 8)
      for target in confirmation.references.dropFirst(top).prefix(height) {
        text.add("\(target.queueID.text)  \(target.sender.isEmpty ? "<>" : target.sender)", .dialog)
      }
      text.add("Esc goes back to the question", .dialogBorder)
      return text.lines
    }
    if let message = confirmation.message {
      describe(message, state, in: &text)
    } else {
      describe(confirmation.digest, state, in: &text)
    }
    text.add("", .dialog)
    for warning in confirmation.warnings { text.add(warning, .dialog) }
    let ids = confirmation.references.map(\.queueID)
    text.add("Runs  \(confirmation.act.command(confirmation.mta, ids))", .dialog)
    return text.lines
  }

  private static func describe(
    _ message: QueuedMessage, _ state: State, in text: inout StyledText
  ) {
    let age = message.arrival.map { Format.duration(state.now - $0) } ?? "?"
    text.add("\(message.idText)  \(age) old  \(message.size.map(Format.size) ?? "?")", .dialog)
    text.add("From \(message.sender.isEmpty ? "<> (a bounce)" : message.sender)", .dialog)
    let waiting = message.recipients.filter { !$0.isDelivered }.map(\.address)
    let more = waiting.count > 3 ? " and \(waiting.count - 3) more" : ""
    text.add("To   \(waiting.prefix(3).joined(separator: ", "))\(more)", .dialog)
  }

  private static func describe(
    _ digest: TargetDigest, _ state: State, in text: inout StyledText
  ) {
    text.add("From    \(TargetDigest.words(digest.senders))", .dialog)
    text.add("To      \(TargetDigest.words(digest.destinations))", .dialog)
    if let oldest = digest.oldest, let arrival = oldest.arrival {
      text.add("Oldest  \(oldest.idText), \(Format.duration(state.now - arrival)) old", .dialog)
    }
    text.add("v lists them one by one", .dialogBorder)
    if digest.bytes > 0 { text.add("Size    \(Format.size(digest.bytes)) together", .dialog) }
  }
}
