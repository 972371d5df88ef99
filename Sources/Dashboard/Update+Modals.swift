// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

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
}
