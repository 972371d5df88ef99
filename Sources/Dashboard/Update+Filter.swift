// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
package import MailServer

/// The line in which a filter is typed.
package struct FilterPrompt: Hashable, Sendable {
  enum Purpose: Hashable, Sendable {
    /// Shows what matches; it works while it is typed.
    case show
    /// Marks what matches, at Enter.
    case mark
  }

  var purpose = Purpose.show
  package var pane: PaneID
  package var input: LineInput
  /// Why it cannot be read; the list keeps what the last good one let through.
  package var problem: FilterError?
  /// What Tab offers, and which of it stands in the line.
  package var completion: FilterCompletion?
  /// The place in the history that is shown, from the newest.
  var age: Int?
  /// What Esc brings back, in a pane without the filter language.
  var before = ""
}

extension FilterPrompt {
  /// The fields that its pane has, or nil where it looks for plain text.
  var scope: Filter.Scope? {
    switch pane {
    case .queue: .queue
    case .log: .log
    case .connections, .fix: nil
    }
  }
}

extension State {
  mutating func startFilter() {
    let text = focus == .connections ? connections.filter : ""
    modal = .filter(FilterPrompt(pane: focus, input: LineInput(text), before: text))
  }

  /// Asks for a filter; what it lets through is marked.
  mutating func startMarking() {
    modal = .filter(FilterPrompt(purpose: .mark, pane: .queue, input: LineInput("")))
  }

  mutating func press(_ key: Key, in prompt: FilterPrompt) -> [Effect] {
    var prompt = prompt
    switch key {
    case .enter: return keepFilter(prompt)
    case .escape where prompt.purpose == .mark:
      modal = nil
      return []
    case .escape:
      modal = nil
      if prompt.scope == nil { connections.setFilter(prompt.before) }
      return changeFilters(of: prompt.pane) { $0.draft = nil }
    case .pageUp, .pageDown:
      modal = nil
      let effects = press(key)
      modal = .filter(prompt)
      return effects
    case .up, .down: recall(key == .up ? 1 : -1, in: &prompt)
    case .tab, .backTab: complete(key == .tab ? 1 : -1, in: &prompt)
    case .backspace where prompt.input.isEmpty && prompt.purpose == .mark:
      modal = nil
      return []
    case .backspace where prompt.input.isEmpty && prompt.scope != nil:
      // The chip before it comes back into the line.
      var last: Filter?
      let effects = changeFilters(of: prompt.pane) { last = $0.removeLast() }
      guard let last else {
        modal = nil
        return effects
      }
      prompt.input = LineInput(last.text)
    default:
      guard prompt.input.press(key) else { return [] }
      prompt.completion = nil
    }
    return apply(prompt)
  }

  /// Lets the list follow what is typed.
  private mutating func apply(_ prompt: FilterPrompt) -> [Effect] {
    var prompt = prompt
    defer { modal = .filter(prompt) }
    guard let scope = prompt.scope else {
      connections.setFilter(prompt.input.text)
      return []
    }
    do throws(FilterError) {
      let filter = try Filter(prompt.input.text, for: scope)
      prompt.problem = nil
      if prompt.purpose == .mark { return [] }
      return changeFilters(of: prompt.pane) { $0.draft = filter }
    } catch {
      prompt.problem = error
      return []
    }
  }

  private mutating func keepFilter(_ prompt: FilterPrompt) -> [Effect] {
    // What cannot be read stays in the line, with what is wrong about it.
    guard prompt.problem == nil else { return [] }
    modal = nil
    guard let scope = prompt.scope else { return [] }
    let text = prompt.input.text
    if !prompt.input.characters.allSatisfy(\.isWhitespace) {
      filterHistory[prompt.pane, default: []].removeAll { $0 == text }
      filterHistory[prompt.pane, default: []].append(text)
    }
    if prompt.purpose == .mark {
      guard let filter = try? Filter(text, for: scope), !filter.isEmpty else { return [] }
      return [.match(filter)]
    }
    return changeFilters(of: prompt.pane) { $0.keepDraft() }
  }

  /// Marks what a filter let through.
  mutating func mark(_ rows: [Int32], of snapshot: QueueSnapshot) {
    let new = queue.mark(rows, of: snapshot)
    guard !rows.isEmpty else {
      say("Nothing matches: nothing was marked")
      return
    }
    say("\(Format.messages(rows.count)) match, \(Format.count(new)) of them newly marked", .good)
  }

  /// Brings an older or a newer filter back into the line.
  private func recall(_ step: Int, in prompt: inout FilterPrompt) {
    let history = filterHistory[prompt.pane] ?? []
    let age = (prompt.age ?? -1) + step
    guard age < history.count else { return }
    prompt.age = age < 0 ? nil : age
    prompt.input = LineInput(age < 0 ? "" : history[history.count - 1 - age])
    prompt.completion = nil
  }

  private func complete(_ step: Int, in prompt: inout FilterPrompt) {
    if prompt.completion == nil { prompt.completion = FilterCompletion(of: prompt, in: self) }
    guard var completion = prompt.completion else { return }
    prompt.input.replace(completion.range, with: completion.advance(step))
    prompt.completion = completion
  }
}
