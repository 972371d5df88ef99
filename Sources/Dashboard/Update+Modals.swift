// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Replies

extension State {
  // MARK: Filter

  mutating func startFilter() {
    let text =
      switch focus {
      case .queue: queue.query.filter
      case .connections: connections.filter
      case .log: log.filter
      case .fix: ""
      }
    modal = .filter(FilterPrompt(pane: focus, text: text, before: text))
  }

  mutating func press(_ key: Key, in prompt: FilterPrompt) -> [Effect] {
    var prompt = prompt
    switch key {
    case .enter:
      modal = nil
      return []
    case .escape:
      modal = nil
      return setFilter(prompt.before, in: prompt.pane)
    case .backspace:
      if !prompt.text.isEmpty { prompt.text.removeLast() }
    case .control("u"):
      prompt.text = ""
    case .character(let character):
      prompt.text.append(character)
    case .paste(let text):
      // A pasted line is text and never runs a command.
      prompt.text += text.filter { !$0.isNewline }
    case .up, .down, .pageUp, .pageDown:
      modal = nil
      let effects = press(key)
      modal = .filter(prompt)
      return effects
    default:
      return []
    }
    modal = .filter(prompt)
    return setFilter(prompt.text, in: prompt.pane)
  }

  private mutating func setFilter(_ text: String, in pane: PaneID) -> [Effect] {
    switch pane {
    case .queue:
      queue.query.filter = text
      return [.arrange(queue.query)]
    case .connections: connections.setFilter(text)
    case .log: log.setFilter(text)
    case .fix: break
    }
    return []
  }

  // MARK: An opened message

  mutating func press(_ key: Key, in reader: MessageReader) -> [Effect] {
    var reader = reader
    switch key {
    case .escape, .character("q"), .enter:
      modal = nil
    default:
      guard let step = key.scrollStep(page: max(1, size.rows - 4)) else { return [] }
      let last = max(0, MessageOverlay.lines(of: reader, state: self).count - (size.rows - 3))
      reader.scroll = min(max(0, reader.scroll + step), last)
      modal = .message(reader)
    }
    return []
  }

  // MARK: Acts

  /// Does an act to the target, or asks first where it is permanent or too early.
  mutating func ask(_ act: Act) -> [Effect] {
    guard let target = actTarget, let reference = target.reference else { return [] }
    let warnings = self.warnings(before: act, on: target)
    guard act.isPermanent || !warnings.isEmpty else {
      return start(act, on: [reference], mta: target.mta)
    }
    modal = .confirm(
      Confirmation(
        act: act, mta: target.mta, targets: [target],
        alternative: act == .remove && target.state != .held ? .hold : nil,
        warnings: act == .remove
          ? ["The message is deleted from the queue. The sender is not told."] : warnings,
        openedAt: milliseconds))
    return []
  }

  mutating func press(_ key: Key, in confirmation: Confirmation) -> [Effect] {
    var confirmation = confirmation
    guard milliseconds - confirmation.openedAt >= Confirmation.typeAhead else { return [] }
    let buttons = confirmation.buttons
    let index = buttons.firstIndex(of: confirmation.focus) ?? 0
    switch key {
    case .escape, .character("q"), .character("n"):
      modal = nil
      say("Nothing was changed")
      return []
    case .tab, .right, .character("l"):
      confirmation.focus = buttons[(index + 1) % buttons.count]
    case .backTab, .left, .character("h"):
      confirmation.focus = buttons[(index + buttons.count - 1) % buttons.count]
    case .enter:
      modal = nil
      switch confirmation.focus {
      case .cancel:
        say("Nothing was changed")
        return []
      case .alternative:
        guard let act = confirmation.alternative else { return [] }
        return start(act, on: confirmation.references, mta: confirmation.mta)
      case .go:
        return start(confirmation.act, on: confirmation.references, mta: confirmation.mta)
      }
    default:
      return []
    }
    modal = .confirm(confirmation)
    return []
  }

  private mutating func start(_ act: Act, on targets: [MessageReference], mta: MTA) -> [Effect] {
    let request = ActRequest(number: acts.nextNumber, act: act, mta: mta, targets: targets)
    acts.nextNumber += 1
    for target in targets { acts.pending[target] = act }
    say("\(act.progress(mta)) \(Format.messages(targets.count))…", seconds: 60)
    return [.mutate(request)]
  }

  mutating func receive(_ report: ActReport) -> [Effect] {
    for target in report.request.targets { acts.pending[target] = nil }
    acts.lastReport = report
    let (text, isGood) = report.summary
    say(text, isGood ? .good : .bad, seconds: isGood ? 6 : 15)
    return [.look(.refresh(.queue))]
  }

  /// What an admin should know before a retry that comes too early.
  private func warnings(before act: Act, on message: QueuedMessage) -> [String] {
    guard act == .retry, let wait = fix.subject?.classification.wait,
      fix.subject?.queueID == message.idText, let last = fix.subject?.lastAttempt,
      now - last < wait.min
    else { return [] }
    return [
      "The last attempt was \(Format.duration(now - last)) ago. "
        + "The wait that helps here is \(Format.wait(min: wait.min, max: wait.max)).",
      "Attempts that come too soon count against the limit and can make the wait longer.",
    ]
  }
}
