// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The footer while a filter is typed: what helps above, and the line itself with its count.
enum FilterLine {
  static func draw(_ prompt: FilterPrompt, _ state: State, in rect: Rect, on grid: inout Grid) {
    guard rect.height > 0 else { return }
    let (above, line) = rect.splitTop(rect.height - 1)
    let hasHelp = above.height > 0
    if hasHelp { drawHelp(prompt, in: above, on: &grid) }
    let right = hasHelp ? count(prompt, state) : prompt.problem?.message ?? count(prompt, state)
    let room = min(right.count, line.width / 2)
    let place =
      line.x + 1
      + grid.put(
        prompt.sign, x: line.x + 1, y: line.y, role: .key)
    let width = max(0, line.maxX - place - room - 3)
    // The part around the cursor is shown where all of it does not fit.
    let first = max(0, prompt.input.cursor - max(1, width) + 1)
    let shown = prompt.input.characters.dropFirst(first)
    grid.put(String(shown), x: place, y: line.y, width: width, role: .input)
    if let problem = prompt.problem {
      let start = max(0, problem.position - first)
      let wrong = Rect(
        x: place + min(start, max(0, width - 1)), y: line.y,
        width: max(1, min(shown.count, width) - start), height: 1)
      grid.paint(wrong, role: .bad)
    }
    grid.cursor = Point(
      x: min(place + prompt.input.cursor - first, max(0, rect.maxX - 1)), y: line.y)
    grid.putRight(
      right + " ", x: line.maxX - room - 1, y: line.y, width: room + 1,
      role: prompt.problem == nil ? .dim : .bad)
  }

  private static func drawHelp(_ prompt: FilterPrompt, in rect: Rect, on grid: inout Grid) {
    let width = rect.width - 2
    if let problem = prompt.problem {
      grid.put(problem.message, x: rect.x + 1, y: rect.y, width: width, role: .bad)
      return
    }
    guard let completion = prompt.completion, let chosen = completion.chosen else {
      let enter = prompt.purpose == .mark ? "Enter marks matches" : "Enter applies it"
      let help =
        "\(enter) · Esc cancels · Tab completes · Up older · \(prompt.pane.pane.examples) !not /regex/ or"
      grid.put(help, x: rect.x + 1, y: rect.y, width: width, role: .dim)
      return
    }
    // From the one that is in the line, so that it is always seen.
    var x = rect.x + 1
    for (index, candidate) in completion.candidates.enumerated().dropFirst(chosen) {
      guard x < rect.maxX - 1 else { return }
      x +=
        1
        + grid.put(
          candidate, x: x, y: rect.y, width: rect.maxX - 1 - x,
          role: index == chosen ? .selection : .label)
    }
  }

  /// How much of the list is left: `212 of 1,284`.
  private static func count(_ prompt: FilterPrompt, _ state: State) -> String {
    if prompt.purpose == .mark { return "\(Format.count(state.queue.marks.count)) marked" }
    if prompt.searchStart != nil {
      guard !prompt.input.isEmpty, state.log.search != nil else { return "" }
      return "\(state.key(.findNext)) next · \(state.key(.findPrevious)) previous"
    }
    return prompt.pane.pane.count(state)
      .map { "\(Format.count($0.shown)) of \(Format.count($0.all))" } ?? ""
  }
}

extension FilterPrompt {
  /// What is before the line.
  fileprivate var sign: String {
    switch purpose {
    case .show: "/"
    case .mark: "="
    case .find: "find "
    }
  }
}
