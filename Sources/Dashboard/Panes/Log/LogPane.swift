// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies

/// Pane 3: the recent temporary failures, newest last, of both directions.
enum LogPane {
  static func draw(_ state: State, in frame: inout PaneFrame, on grid: inout Grid) {
    let follow = state.log.isFollowing ? "follow" : "\(state.setup.keymap.label(.bottom)) follows"
    frame.drawTitle(
      info: info(state), right: state.log.showsGroups ? "" : follow, on: &grid)
    if case .failed(let problem, _) = state.health[.log], state.log.events.isEmpty {
      frame.drawFailure(problem, state, on: &grid)
      return
    }
    frame.drawWarning(on: &grid)
    guard !state.log.shown.isEmpty else {
      frame.drawNotice([(empty(state), .dim)], on: &grid)
      return
    }
    let narrowing = [
      state.log.filters.words.map {
        "\(Format.count(state.log.shown.count)) of \(Format.count(state.log.candidates)) · \($0)"
      }, state.log.search.map { "find \($0.text)" },
    ].compactMap(\.self)
    if !frame.hasTitle, !narrowing.isEmpty {
      frame.drawNarrowing(narrowing.joined(separator: " · "), on: &grid)
    }
    if state.log.showsGroups {
      drawGroups(state, in: &frame, on: &grid)
    } else {
      drawLines(state, in: frame, on: &grid)
    }
  }

  private static func drawLines(_ state: State, in frame: PaneFrame, on grid: inout Grid) {
    var search = state.log.search.map { LogFilter([$0]) }
    let first = state.log.list.top
    for offset in 0..<frame.body.height where first + offset < state.log.rowCount {
      let row = Rect(
        x: frame.body.x, y: frame.body.y + offset, width: frame.body.width, height: 1)
      guard let event = state.log.line(at: first + offset) else {
        frame.drawGone("this line is no longer in the list", in: row, on: &grid)
        continue
      }
      let isFound = search?.matches(event, now: state.now) ?? false
      draw(event, in: row, isFound: isFound, state: state, on: &grid)
      if first + offset == state.log.list.position, frame.isFocused {
        frame.select(row, on: &grid)
      }
    }
  }

  /// One row for all lines that say the same: the last of them, and how many.
  private static func drawGroups(
    _ state: State, in frame: inout PaneFrame, on grid: inout Grid
  ) {
    let width = frame.body.width
    let party = width >= 90 ? 28 : width >= 60 ? 20 : 12
    let count = 7
    if state.hasLogHeading, frame.hasHeadings {
      let row = frame.takeRow()
      grid.put("LAST", x: row.x + 1, y: row.y, role: .heading)
      grid.put("DOMAIN", x: row.x + 12, y: row.y, width: party, role: .heading)
      grid.put(
        "REPLY", x: row.x + 13 + party, y: row.y, width: max(0, width - 14 - party - count),
        role: .heading)
      grid.putRight("COUNT", x: row.maxX - count - 1, y: row.y, width: count, role: .heading)
    }
    let first = state.log.groupList.top
    for offset in 0..<frame.body.height where first + offset < state.log.rowCount {
      let row = Rect(x: frame.body.x, y: frame.body.y + offset, width: width, height: 1)
      guard let numbers = state.log.group(at: first + offset)?.numbers,
        let event = numbers.last.flatMap(state.log.event)
      else {
        frame.drawGone("these lines are no longer in the list", in: row, on: &grid)
        continue
      }
      let rest = Rect(x: row.x, y: row.y, width: max(0, width - count - 2), height: 1)
      draw(event, in: rest, isFound: false, party: party, state: state, on: &grid)
      let sign = grid.lines == .ascii ? "x" : "×"
      grid.putRight(
        sign + Format.short(numbers.count), x: row.maxX - count - 1, y: row.y, width: count,
        role: .accent)
      if first + offset == state.log.position, frame.isFocused { frame.select(row, on: &grid) }
    }
  }

  private static func info(_ state: State) -> String {
    var parts = [state.log.showsAllCodes ? "all deferrals" : "421"]
    if state.hasCounts {
      // Exim logs an attempt twice: for the host and for the recipient, who alone is counted.
      let count = state.trends.code421.total(lastMinutes: 5, now: state.now)
      let others = state.trends.uncounted421.total(lastMinutes: 5, now: state.now)
      let beside = others > 0 ? " + \(Format.count(others)) not counted" : ""
      parts.append("\(Format.count(count)) in 5m\(beside)")
    }
    if state.log.isGrouped {
      parts.append(
        state.log.showsGroups ? "grouped" : "one group, \(state.key(.back)) shows all groups")
    }
    if let filters = state.log.filters.words { parts.append(filters) }
    if let search = state.log.search { parts.append("find \(search.text)") }
    if state.log.dropped > 0 { parts.append("\(Format.count(state.log.dropped)) lines skipped") }
    if let stale = state.staleWords(of: .log) { parts.append(stale) }
    return parts.joined(separator: " · ")
  }

  private static func empty(_ state: State) -> String {
    if state.isStarting(.log) { return "Reading the log…" }
    if let filters = state.log.filters.words {
      return "No line matches \(filters). \(state.dropFilterWords)"
    }
    if case .live(_, let note?) = state.health[.log] { return note }
    return state.log.showsAllCodes
      ? "No deferrals in the last hour."
      : "No 421 in the last hour. \(state.setup.keymap.label(.allCodes)) shows every deferral."
  }

  private static func draw(
    _ event: LogEvent, in row: Rect, isFound: Bool, party width: Int? = nil, state: State,
    on grid: inout Grid
  ) {
    let role: StyleRole = event.kind == .attempt ? .dim : .text
    let time = event.time.map { Format.clock($0, zone: state.setup.zone) } ?? "--:--:--"
    var x = row.x + 1
    x += grid.put(time, x: x, y: row.y, width: row.maxX - x, role: isFound ? .match : .dim) + 1
    let arrow =
      event.direction == .inbound
      ? (grid.lines == .ascii ? "<" : "←") : (grid.lines == .ascii ? ">" : "→")
    x +=
      grid.put(
        arrow, x: x, y: row.y, width: max(0, row.maxX - x),
        role: event.direction == .inbound ? .warning : .accent) + 1
    let party = width ?? (row.width >= 90 ? 28 : row.width >= 60 ? 20 : 13)
    grid.put(event.party, x: x, y: row.y, width: min(party, max(0, row.maxX - x)), role: role)
    x += party + 1
    if row.width >= 90 {
      grid.put(event.cause.rawValue, x: x, y: row.y, width: 16, role: role)
      x += 17
    }
    if let remark = event.remark {
      x += grid.put(remark, x: x, y: row.y, width: max(0, row.maxX - x), role: .dim) + 1
    }
    grid.put(event.reply, x: x, y: row.y, width: max(0, row.maxX - x), role: role)
  }
}

extension State {
  /// Whether the groups of the log have a row of headings.
  var hasLogHeading: Bool { log.showsGroups && !log.groups.isEmpty }
}
