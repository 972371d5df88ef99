// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer

/// Pane 2: who is connected to or from port 25.
enum ConnectionsPane {
  static func draw(_ state: State, in frame: inout PaneFrame, on grid: inout Grid) {
    frame.drawTitle(info: info(state), on: &grid)
    if case .failed(let problem, _) = state.health[.connections], state.connections.all.isEmpty {
      frame.drawFailure(problem, state, on: &grid)
      return
    }
    frame.drawWarning(on: &grid)
    drawLimits(state, in: &frame, on: &grid)
    let shown = state.connections.shown
    guard !shown.isEmpty else {
      frame.drawNotice([(empty(state), .dim)], on: &grid)
      return
    }
    if !frame.hasTitle, let filters = state.connections.filters.words {
      let text = "\(Format.count(shown.count)) of \(Format.count(state.connections.all.count))"
      frame.drawNarrowing("\(text) · \(filters)", on: &grid)
    }
    if frame.hasHeadings, frame.body.height > 2 {
      draw(
        ("PEER", "DIR", "STATE", "TIME", "PROCESS"), in: frame.takeRow(), role: .heading, on: &grid)
    }
    let list = state.connections.list
    for offset in 0..<frame.body.height where list.top + offset < state.connections.rowCount {
      let row = Rect(
        x: frame.body.x, y: frame.body.y + offset, width: frame.body.width, height: 1)
      guard let index = list.index(ofRow: list.top + offset) else {
        frame.drawGone("\(list.selection?.peer ?? "") has closed", in: row, on: &grid)
        continue
      }
      draw(fields(shown[index]), in: row, role: role(shown[index]), on: &grid)
      if list.top + offset == list.position, frame.isFocused { frame.select(row, on: &grid) }
    }
  }

  /// How many limits are shown above the list in a body of `height` rows.
  static func limitRows(of count: Int, in height: Int) -> Int {
    height >= 14 ? min(count, height / 2) : height >= 5 ? min(count, 1) : 0
  }

  /// Our limits beside their use, fullest first: one line, or all where there is room.
  private static func drawLimits(
    _ state: State, in frame: inout PaneFrame, on grid: inout Grid
  ) {
    let limits = state.limits.sorted { ($0.percent, $1.setting) > ($1.percent, $0.setting) }
    for use in limits.prefix(limitRows(of: limits.count, in: frame.body.height)) {
      let row = frame.takeRow()
      let role: StyleRole = use.percent >= 100 ? .bad : use.percent >= 80 ? .warning : .dim
      let biggest = use.biggest.map { " · \($0.key) has \(Format.count($0.count))" } ?? ""
      let numbers = "\(Format.count(use.used))/\(Format.count(use.limit))"
      let gauge = row.width >= 60 ? 14 : 8
      grid.gauge(
        Double(use.percent) / 100, x: row.x + 1, y: row.y, width: gauge, role: role)
      grid.put(
        "\(numbers) \(use.setting)\(biggest)", x: row.x + 2 + gauge, y: row.y,
        width: max(0, row.width - 3 - gauge), role: role)
    }
  }

  private static func info(_ state: State) -> String {
    let all = state.connections.all
    if state.isStarting(.connections) { return "" }
    if all.isEmpty, case .failed = state.health[.connections] { return "" }
    let (outbound, inbound) = (
      state.connections.living(.outbound), state.connections.living(.inbound)
    )
    var parts = ["\(outbound) out, \(inbound) in"]
    if all.count > outbound + inbound { parts.append("\(all.count - outbound - inbound) closing") }
    if let filters = state.connections.filters.words { parts.append(filters) }
    if let stale = state.staleWords(of: .connections) { parts.append(stale) }
    if case .live(_, let note?) = state.health[.connections] { parts.append(note) }
    return parts.joined(separator: " · ")
  }

  private static func empty(_ state: State) -> String {
    if state.isStarting(.connections) { return "Reading the sockets…" }
    return state.connections.all.isEmpty
      ? "Nobody is connected to or from port 25."
      : "No connection matches \(state.connections.filters.words ?? ""). \(state.dropFilterWords)"
  }

  private static func fields(
    _ connection: SMTPConnection
  ) -> (String, String, String, String, String) {
    (
      connection.peer, connection.direction == .outbound ? "out" : "in", connection.state,
      connection.seconds.map { Format.countdown(Int64($0)) } ?? "-",
      connection.process.map { name in connection.pid.map { "\(name) \($0)" } ?? name } ?? "-"
    )
  }

  private static func draw(
    _ fields: (String, String, String, String, String), in row: Rect, role: StyleRole,
    on grid: inout Grid
  ) {
    let process = row.width >= 56 ? 15 : row.width >= 46 ? 10 : 0
    let rest = 4 + 10 + 6 + (process > 0 ? process + 1 : 0)
    let peer = max(8, row.width - 1 - rest - 2)
    var x = row.x + 1
    for (text, width) in [
      (fields.0, peer), (fields.1, 3), (fields.2, 9), (fields.3, 5), (fields.4, process),
    ] where width > 0 && x < row.maxX {
      grid.put(text, x: x, y: row.y, width: min(width, row.maxX - x), role: role)
      x += width + 1
    }
  }

  private static func role(_ connection: SMTPConnection) -> StyleRole {
    switch connection.state {
    case "SYN-SENT": .warning
    case "ESTAB": .text
    default: .dim
    }
  }
}
