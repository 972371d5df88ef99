// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// What, to whom, how, and what to do instead.
extension Confirmation {
  func draw(_ state: State, on grid: inout Grid) {
    let verb = act.button(mta)
    // The number to be typed stands over the buttons, however small the screen is.
    let rect = ScrolledDialog(
      title: "\(verb) \(Format.messages(references.count))?",
      role: act.isPermanent ? .danger : .dialogBorder,
      foot: needsCount ? 2 : 1, scroll: scroll
    ).draw(on: &grid) { lines(state, in: &$0) }
    if needsCount, rect.height > 3 {
      grid.put(
        "Type \(references.count) to enable \(verb): [ \(typed)_ ]",
        x: rect.x + 2, y: rect.maxY - 3, width: rect.width - 4,
        role: isArmed ? .dialog : .danger)
    }
    drawButtons(in: rect, on: &grid)
  }

  private func drawButtons(in rect: Rect, on grid: inout Grid) {
    let reachable = self.buttons
    let buttons = Button.allCases.compactMap { button -> DialogButtons.Button? in
      let label: String
      switch button {
      case .cancel: label = "Cancel"
      case .alternative:
        guard let alternative else { return nil }
        label = alternative.button(mta) + (rect.width < 50 ? "" : " instead")
      case .go: label = act.button(mta)
      }
      return DialogButtons.Button(
        label: label, isFocused: button == focus, isOn: reachable.contains(button))
    }
    DialogButtons.draw(buttons, in: rect, on: &grid)
  }

  private func lines(_ state: State, in text: inout StyledText) {
    if let top = listing {
      let height = max(1, state.size.rows - 8)
      for target in references.dropFirst(top).prefix(height) {
        text.add("\(target.queueID.text)  \(target.sender.isEmpty ? "<>" : target.sender)", .dialog)
      }
      text.add("Esc returns to the question", .dialogBorder)
      return
    }
    if let message {
      describe(message, state, in: &text)
    } else {
      describe(digest, state, in: &text)
    }
    text.add("", .dialog)
    for warning in warnings { text.add(warning, .dialog) }
    if let first = references.first?.queueID {
      let command = act.command(
        mta, first, count: references.count,
        exim: state.identity?.program ?? "exim")
      text.add("Runs \(command)", .dialog)
    }
  }

  private func describe(
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

  private func describe(
    _ digest: TargetDigest, _ state: State, in text: inout StyledText
  ) {
    text.add("From \(TargetDigest.words(digest.senders))", .dialog)
    text.add("To \(TargetDigest.words(digest.destinations))", .dialog)
    if let oldest = digest.oldest, let arrival = oldest.arrival {
      text.add("Oldest \(oldest.idText), \(Format.duration(state.now - arrival)) old", .dialog)
    }
    if digest.bytes > 0 { text.add("\(Format.size(digest.bytes)) bytes in total", .dialog) }
    text.add("\(state.key(.listMessages)) lists the messages", .dialogBorder)
  }
}
