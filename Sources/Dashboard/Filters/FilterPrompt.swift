// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The line in which a filter is typed.
struct FilterPrompt: Overlay {
  static let name = "the filter line"
  static let notch = 0

  enum Purpose: Hashable, Sendable {
    /// Shows what matches; it works while it is typed.
    case show
    /// Marks what matches, at Enter.
    case mark
    /// Goes to lines that match and hides none; from this row on.
    case find(from: Int)
  }

  var purpose = Purpose.show
  var pane: PaneID
  var input: LineInput
  /// Why it cannot be read; the list keeps what the last good one let through.
  var problem: FilterError?
  /// What Tab offers, and which of it is in the line.
  var completion: FilterCompletion?
  /// The place in the history that is shown, from the newest.
  var age: Int?
}

extension FilterPrompt {
  /// It replaces the footer, which draws it.
  func draw(_ state: State, on grid: inout Grid) {}

  func press(_ key: Key, _ state: inout State) -> [Effect] { state.press(key, in: self) }

  /// The row from which on lines are looked for; nil if that is not the purpose.
  var searchStart: Int? { if case .find(let start) = purpose { start } else { nil } }

  /// The fields that its pane has, or nil if it looks for plain text.
  var scope: Filter.Scope? { pane.pane.scope }

  /// What is typed without the name of a field that is still to get its value: the list would be
  /// empty for as long as it is taken for a word.
  var settledText: String {
    guard let scope, input.cursor == input.characters.count else { return input.text }
    let start =
      input.characters.lastIndex { $0.isWhitespace || "(!".contains($0) }.map { $0 + 1 } ?? 0
    let word = String(input.characters[start...]).lowercased()
    let isBegun = FilterField.all(in: scope).contains { $0.rawValue.hasPrefix(word) }
    guard isBegun, !word.isEmpty else { return input.text }
    let before = input.characters[..<start]
    // A ! or an or that waits for the word is not read without it.
    let text = String(before)
    return (try? Filter(text, for: scope)) == nil ? input.text : text
  }
}

extension State {
  mutating func startFilter() {
    overlay = FilterPrompt(pane: focus, input: LineInput(""))
  }

  /// Asks for a filter; what it lets through is marked.
  mutating func startMarking() {
    overlay = FilterPrompt(purpose: .mark, pane: .queue, input: LineInput(""))
  }

  fileprivate mutating func press(_ key: Key, in prompt: FilterPrompt) -> [Effect] {
    var prompt = prompt
    switch key {
    case .enter: return keepFilter(prompt)
    case .escape where prompt.purpose == .mark:
      overlay = nil
      return []
    case .escape:
      overlay = nil
      if prompt.searchStart != nil { log.look(for: nil) }
      return changeFilters(of: prompt.pane) { $0.draft = nil }
    case .pageUp, .pageDown:
      return setup.keymap.command(for: key, in: focus).map { call($0) } ?? []
    case .up, .down: recall(key == .up ? 1 : -1, in: &prompt)
    case .tab, .backTab: complete(key == .tab ? 1 : -1, in: &prompt)
    case .backspace where prompt.input.isEmpty && prompt.purpose != .show:
      overlay = nil
      return []
    case .backspace where prompt.input.isEmpty:
      // The chip before it comes back into the line.
      var last: Filter?
      let effects = changeFilters(of: prompt.pane) { last = $0.removeLast() }
      guard let last else {
        overlay = nil
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
    defer { overlay = prompt }
    guard let scope = prompt.scope else { return [] }
    do throws(FilterError) {
      let filter = try Filter(prompt.settledText, for: scope)
      prompt.problem = nil
      if prompt.purpose == .mark { return [] }
      if let start = prompt.searchStart {
        lookFor(filter, from: start)
        return []
      }
      return changeFilters(of: prompt.pane) { $0.draft = filter }
    } catch {
      prompt.problem = error
      return []
    }
  }

  private mutating func keepFilter(_ prompt: FilterPrompt) -> [Effect] {
    guard let scope = prompt.scope else {
      overlay = nil
      return []
    }
    let text = prompt.input.text
    var prompt = prompt
    do throws(FilterError) {
      let filter = try Filter(text, for: scope)
      if let start = prompt.searchStart { lookFor(filter, from: start) }
      overlay = nil
      remember(prompt)
      if prompt.searchStart != nil { return [] }
      if prompt.purpose == .mark {
        guard !filter.isEmpty else { return [] }
        queue.isMarking = true
        return [.match(filter)]
      }
      return changeFilters(of: prompt.pane) { filters in
        filters.draft = filter
        filters.keepDraft()
      }
    } catch {
      // What cannot be read stays in the line, with what is wrong about it.
      prompt.problem = error
      overlay = prompt
      return []
    }
  }

  private mutating func remember(_ prompt: FilterPrompt) {
    let text = prompt.input.text
    if !prompt.input.characters.allSatisfy(\.isWhitespace) {
      filterHistory[prompt.pane, default: []].removeAll { $0 == text }
      filterHistory[prompt.pane, default: []].append(text)
    }
  }

  private mutating func lookFor(_ filter: Filter, from start: Int) {
    log.look(for: filter.isEmpty ? nil : filter)
    // At the end of the log it is the last one before that is meant, not the first of all.
    if log.find(1, from: start, now: now) == true { _ = log.find(-1, from: start, now: now) }
  }

  /// Marks what a filter let through.
  mutating func mark(_ rows: [Int32], of snapshot: QueueSnapshot) {
    queue.isMarking = false
    let new = queue.mark(rows, of: snapshot)
    guard !rows.isEmpty else {
      say("No message matches: nothing was marked")
      return
    }
    say("\(Format.messages(rows.count)) match, \(Format.count(new)) newly marked", .good)
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
