// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies

/// Pane 3: the recent temporary failures, newest last, of both directions.
enum LogPane {
  static func draw(_ state: State, in frame: inout PaneFrame, on grid: inout Grid) {
    frame.drawTitle(
      info: info(state),
      right: state.log.isFollowing ? "follow" : "\(state.setup.keymap.label(.bottom)) follows",
      on: &grid)
    if case .failed(let problem, _) = state.health[.log], state.log.shown.isEmpty {
      frame.drawNotice([(problem.what, .bad), (problem.remedy, .text)], on: &grid)
      return
    }
    guard !state.log.shown.isEmpty else {
      frame.drawNotice([(empty(state), .dim)], on: &grid)
      return
    }
    let first = state.log.list.top
    for offset in 0..<frame.body.height where first + offset < state.log.shown.count {
      guard let event = state.log.event(state.log.shown[first + offset]) else { continue }
      let row = Rect(
        x: frame.body.x, y: frame.body.y + offset, width: frame.body.width, height: 1)
      draw(event, in: row, state: state, on: &grid)
      if first + offset == state.log.list.position, frame.isFocused {
        frame.select(row, on: &grid)
      }
    }
  }

  private static func info(_ state: State) -> String {
    let count = state.log.trend.total(lastMinutes: 5, now: state.now)
    var parts = [state.log.showsAllCodes ? "all 4xx" : "421", "\(Format.count(count)) in 5m"]
    if let filters = state.log.filters.words { parts.append(filters) }
    if state.log.dropped > 0 { parts.append("\(Format.count(state.log.dropped)) lines skipped") }
    if case .failed(let problem, _) = state.health[.log] { parts.append(problem.what) }
    return parts.joined(separator: " · ")
  }

  private static func empty(_ state: State) -> String {
    if state.health[.log] == nil || state.health[.log] == .starting { return "Reading the log…" }
    if let filters = state.log.filters.words {
      return "No line matches \(filters). Esc or Backspace takes the last filter away."
    }
    return state.log.showsAllCodes
      ? "No temporary failure in the last hour."
      : "No 421 in the last hour. \(state.setup.keymap.label(.allCodes)) shows every 4xx."
  }

  private static func draw(_ event: LogEvent, in row: Rect, state: State, on grid: inout Grid) {
    let role: StyleRole = event.kind == .attempt ? .dim : .text
    let time = event.time.map { Format.clock($0, utcOffset: state.setup.utcOffset) } ?? "--:--:--"
    var x = row.x + 1
    x += grid.put(time, x: x, y: row.y, width: row.maxX - x, role: .dim) + 1
    let arrow =
      event.direction == .inbound
      ? (grid.lines == .ascii ? "<" : "←") : (grid.lines == .ascii ? ">" : "→")
    x +=
      grid.put(
        arrow, x: x, y: row.y, width: max(0, row.maxX - x),
        role: event.direction == .inbound ? .warning : .accent) + 1
    let party = row.width >= 90 ? 28 : row.width >= 60 ? 20 : 13
    grid.put(Self.party(event), x: x, y: row.y, width: min(party, max(0, row.maxX - x)), role: role)
    x += party + 1
    if row.width >= 90 {
      grid.put(event.cause.rawValue, x: x, y: row.y, width: 16, role: role)
      x += 17
    }
    grid.put(event.reply, x: x, y: row.y, width: max(0, row.maxX - x), role: role)
  }

  /// Whom the line is about: the destination, or the client that we put off.
  private static func party(_ event: LogEvent) -> String {
    if event.direction == .inbound { return event.remoteIP ?? event.remoteHost ?? "-" }
    guard let recipient = event.recipient, let at = recipient.lastIndex(of: "@") else {
      return event.remoteHost ?? event.remoteIP ?? event.recipient ?? "-"
    }
    return String(recipient[recipient.index(after: at)...])
  }
}
