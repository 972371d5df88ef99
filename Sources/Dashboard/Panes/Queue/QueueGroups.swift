// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The queue pane when it shows groups: one row a destination, cause, sender, host, provider or age.
enum QueueGroups {
  static func draw(_ state: State, in frame: inout PaneFrame, on grid: inout Grid) {
    guard let groups = state.queue.arrangement?.groups else { return }
    let width = frame.body.width
    let bar = min(30, max(0, width / 3))
    if frame.hasHeadings {
      let row = frame.takeRow()
      grid.putRight("MESSAGES", x: row.x + 2, y: row.y, width: 9, role: .heading)
      grid.putRight("OLDEST", x: row.x + 12, y: row.y, width: 7, role: .heading)
      grid.put(
        (state.queue.query.grouping?.rawValue ?? "").uppercased(), x: row.x + 21, y: row.y,
        role: .heading)
      if bar >= 12, state.queue.query.grouping == .destination {
        grid.putRight(
          "DEFERRALS/MIN", x: row.maxX - bar - 1, y: row.y, width: bar, role: .heading)
      }
    }
    let largest = groups.map(\.count).max() ?? 1
    let first = state.queue.groups.top
    for offset in 0..<frame.body.height where first + offset < state.queue.rowCount {
      let row = Rect(x: frame.body.x, y: frame.body.y + offset, width: width, height: 1)
      guard let group = state.queue.group(at: first + offset) else {
        frame.drawGone(state.queue.goneGroupWords, in: row, on: &grid)
        continue
      }
      grid.putRight(Format.count(group.count), x: row.x + 2, y: row.y, width: 9)
      let age = group.oldest.map { Format.duration(state.now - $0) } ?? "?"
      grid.putRight(age, x: row.x + 12, y: row.y, width: 7)
      grid.put(
        group.key.isEmpty ? "(none)" : group.key, x: row.x + 21, y: row.y,
        width: width - 23 - bar)
      if bar >= 8, state.queue.query.grouping == .destination {
        let trend = state.trends.destination(group.key) ?? Trend()
        grid.sparkline(
          trend.values(minutes: bar * grid.graphs.valuesPerCell, now: state.now),
          in: Rect(x: row.maxX - bar - 1, y: row.y, width: bar, height: 1))
      } else if bar >= 8 {
        grid.gauge(
          Double(group.count) / Double(max(1, largest)), x: row.maxX - bar - 1, y: row.y,
          width: bar)
      }
      if first + offset == state.queue.groups.position { frame.select(row, on: &grid) }
      frame.drawMark(of: group, state.queue, in: row, on: &grid)
    }
  }
}

extension PaneFrame {
  /// Marks that a list of groups hides: an act goes to them, so their group shows them.
  func drawMark(
    of group: QueueArrangement.Group, _ queue: QueueView, in row: Rect, on grid: inout Grid
  ) {
    guard !queue.marks.isEmpty, group.rows.contains(where: queue.marks.contains) else { return }
    let isSelected = group.key == queue.groups.selection
    grid.put(
      "*", x: isSelected ? row.x + 1 : row.x, y: row.y,
      role: !isSelected ? .mark : isFocused ? .selection : .inactiveSelection)
  }
}

extension QueueView {
  /// What is in the row of a group that has no message anymore.
  var goneGroupWords: String {
    let key = groups.selection ?? ""
    return "\(key.isEmpty ? "(none)" : key): no messages left"
  }
}
