// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// A pane's place on the screen: its title row and the rest, which the pane fills.
struct PaneFrame {
  let pane: PaneID
  let isFocused: Bool
  private let title: Rect
  /// Below the title.
  private(set) var body: Rect
  let hasHeadings: Bool
  let hasTitle: Bool
  /// Whether it is beside others on a wide screen, with more rows than columns would need.
  let isTall: Bool
  private let pause: Pause?
  private let now: Int64
  private let goesOn: String
  private let warning: [String]

  init(_ pane: PaneID, _ rect: Rect, layout: Layout, state: State) {
    self.pane = pane
    isFocused = state.focus == pane
    hasTitle = layout.hasTitles
    hasHeadings = layout.hasHeadings
    isTall = layout.form == .wide && !state.isZoomed
    (title, body) = rect.splitTop(hasTitle ? 1 : 0)
    pause = state.pause
    now = state.now
    goesOn = state.setup.keymap.label(.pause)
    warning = layout.warnings[pane] ?? []
    // A line keeps it apart from the pane at its left.
    if rect.x > 0 {
      (_, body) = body.splitLeft(1)
    }
  }

  /// Draws the title row: `━1 Queue━ 212 of 1,284 ───── age ▼ ─`.
  func drawTitle(info: String, right: String = "", on grid: inout Grid) {
    if body.x > title.x {
      grid.verticalLine(x: title.x, y: body.y, height: body.height, role: .border)
    }
    guard hasTitle else { return }
    let border: StyleRole = pause != nil ? .warning : isFocused ? .focusedBorder : .border
    let role: StyleRole = pause != nil ? .warning : isFocused ? .focusedTitle : .title
    grid.horizontalLine(x: title.x, y: title.y, width: title.width, heavy: isFocused, role: border)
    var x = title.x + 1
    x += grid.put(
      "\(pane.rawValue) \(pane.title)", x: x, y: title.y, width: title.width - 2, role: role)
    x += 1
    var text = info
    if let pause {
      let behind = pause.events.count + pause.dropped
      let news = pane == .log && behind > 0 ? " · \(Format.count(behind)) lines behind" : ""
      text = "PAUSED \(Format.duration(now - pause.since))\(news): \(goesOn) resumes · \(info)"
    }
    let room = title.maxX - x - (right.isEmpty ? 0 : right.count + 4) - 1
    if !text.isEmpty, room > 3 {
      grid.put(" \(text) ", x: x, y: title.y, width: room, role: role)
    }
    if !right.isEmpty, title.width > right.count + 24 {
      grid.put(" \(right) ", x: title.maxX - right.count - 3, y: title.y, role: role)
    }
  }

  /// Says above a list, where no title does, what narrows it.
  mutating func drawNarrowing(_ text: String, on grid: inout Grid) {
    let row = takeRow()
    grid.put(text, x: row.x + 1, y: row.y, width: row.width - 1, role: .accent)
  }

  /// Says above a list why it is not fresh, and what fixes that.
  mutating func drawWarning(on grid: inout Grid) {
    for line in warning {
      let row = takeRow()
      grid.put(line, x: row.x + 1, y: row.y, width: row.width - 2, role: .bad)
    }
  }

  /// Says something instead of the list: loading, empty, failed.
  func drawNotice(_ lines: [(text: String, role: StyleRole)], on grid: inout Grid) {
    var y = body.y + (body.height > 4 ? 1 : 0)
    if isFocused { grid.cursor = Point(x: body.x + 2, y: y) }
    for (text, role) in lines {
      for line in wrap(text, width: max(1, body.width - 4)) {
        guard y < body.maxY else { return }
        grid.put(line, x: body.x + 2, y: y, width: body.width - 3, role: role)
        y += 1
      }
    }
  }

  /// Says why there is nothing to show; once for all panes where it is the same for all.
  func drawFailure(_ problem: Problem, _ state: State, on grid: inout Grid) {
    if case .failed(problem, _)? = state.health[.queue], pane != .queue,
      state.focus != pane || hasTitle
    {
      drawNotice([("Nothing to show: see pane 1.", .dim)], on: &grid)
      return
    }
    drawNotice(Self.notice(problem), on: &grid)
  }

  /// A problem as a notice: what happened stands out.
  static func notice(_ problem: Problem) -> [(text: String, role: StyleRole)] {
    problem.lines.enumerated().map { ($0.element, $0.offset == 0 ? .bad : .text) }
  }

  /// Takes a row off the top: for column headings or a notice above the list.
  mutating func takeRow() -> Rect {
    let (row, rest) = body.splitTop(1)
    body = rest
    return row
  }
}

extension PaneFrame {
  /// Draws the row of a selected item that has gone: it keeps its place, and nothing else has it.
  func drawGone(_ words: String, in row: Rect, on grid: inout Grid) {
    grid.put(words, x: row.x + 2, y: row.y, width: max(0, row.width - 2), role: .dim)
    grid.put(grid.lines == .ascii ? ">" : "▌", x: row.x, y: row.y, width: 1, role: .dim)
    if isFocused { grid.cursor = Point(x: row.x, y: row.y) }
  }

  /// Draws the bar of the selected row, and puts the cursor there for those who read by it.
  func select(_ row: Rect, on grid: inout Grid) {
    grid.paint(row, role: isFocused ? .selection : .inactiveSelection)
    grid.put(
      grid.lines == .ascii ? ">" : "▌", x: row.x, y: row.y,
      role: isFocused ? .selection : .inactiveSelection)
    if isFocused { grid.cursor = Point(x: row.x, y: row.y) }
  }
}
