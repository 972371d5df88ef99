// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The question before an act: what, to whom, how, and what to do instead.
enum ConfirmOverlay {
  static func draw(_ confirmation: Confirmation, _ state: State, on grid: inout Grid) {
    let verb = confirmation.act.button(confirmation.mta)
    // The number to be typed stands over the buttons, however small the screen is.
    let rect = ScrolledDialog(
      title: "\(verb) \(Format.messages(confirmation.references.count))?",
      role: confirmation.act.isPermanent ? .danger : .dialogBorder,
      foot: confirmation.needsCount ? 2 : 1, scroll: confirmation.scroll
    ).draw(on: &grid) { lines(confirmation, state, in: &$0) }
    if confirmation.needsCount, rect.height > 3 {
      grid.put(
        "Type \(confirmation.references.count) to switch on \(verb): [ \(confirmation.typed)_ ]",
        x: rect.x + 2, y: rect.maxY - 3, width: rect.width - 4,
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
    _ confirmation: Confirmation, _ state: State, in text: inout StyledText
  ) {
    if let top = confirmation.listing {
      let height = max(1, state.size.rows - 8)
      for target in confirmation.references.dropFirst(top).prefix(height) {
        text.add("\(target.queueID.text)  \(target.sender.isEmpty ? "<>" : target.sender)", .dialog)
      }
      text.add("Esc goes back to the question", .dialogBorder)
      return
    }
    if let message = confirmation.message {
      describe(message, state, in: &text)
    } else {
      describe(confirmation.digest, state, in: &text)
    }
    text.add("", .dialog)
    for warning in confirmation.warnings { text.add(warning, .dialog) }
    if let first = confirmation.references.first?.queueID {
      let command = confirmation.act.command(
        confirmation.mta, first, count: confirmation.references.count,
        exim: state.identity?.program ?? "exim")
      text.add("Runs \(command)", .dialog)
    }
  }

  private static func describe(
    _ message: QueuedMessage, _ state: State, in text: inout StyledText
  ) {
    let age = message.arrival.map { Format.duration(state.now - $0) } ?? "?"
    let size = message.size.map { "\(Format.size($0)) bytes" } ?? "size unknown"
    text.add("\(message.idText) · \(age) old · \(size)", .dialog)
    text.add("From \(message.sender.isEmpty ? "<> (a bounce)" : message.sender)", .dialog)
    let waiting = message.recipients.filter { !$0.isDelivered }.map(\.address)
    let more = waiting.count > 3 ? " and \(waiting.count - 3) more" : ""
    text.add("To \(waiting.prefix(3).joined(separator: ", "))\(more)", .dialog)
  }

  private static func describe(
    _ digest: TargetDigest, _ state: State, in text: inout StyledText
  ) {
    text.add("From \(TargetDigest.words(digest.senders))", .dialog)
    text.add("To \(TargetDigest.words(digest.destinations))", .dialog)
    if let oldest = digest.oldest, let arrival = oldest.arrival {
      text.add("Oldest \(oldest.idText), \(Format.duration(state.now - arrival)) old", .dialog)
    }
    if digest.bytes > 0 { text.add("\(Format.size(digest.bytes)) bytes together", .dialog) }
    text.add("v lists them one by one", .dialogBorder)
  }
}
