// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The queue pane as Postfix's `qshape` shows it: destinations by doubling spans of age.
enum QueueHeatMap {
  /// A cell: a shade and a number.
  private static let cell = 6

  static func draw(_ state: State, in frame: inout PaneFrame, on grid: inout Grid) {
    guard let groups = state.queue.arrangement?.groups else { return }
    let width = frame.body.width
    let name = min(30, max(10, width / 3))
    let places = max(1, (width - name - 10) / cell)
    // Where not all spans fit, neighbors are counted together.
    let merged = (AgeBucket.count + places - 1) / places
    let spans = stride(from: 0, to: AgeBucket.count, by: merged).map {
      $0..<min(AgeBucket.count, $0 + merged)
    }
    if frame.hasHeadings { drawHeading(spans, name: name, in: frame.takeRow(), on: &grid) }
    let counts = groups.map { group in spans.map { group.ages[$0].reduce(0, +) } }
    let largest = counts.map { $0.max() ?? 0 }.max() ?? 1
    let first = state.queue.groups.top
    for offset in 0..<frame.body.height where first + offset < state.queue.rowCount {
      let row = Rect(x: frame.body.x, y: frame.body.y + offset, width: width, height: 1)
      guard let place = state.queue.groups.index(ofRow: first + offset),
        groups.indices.contains(place)
      else {
        frame.drawGone(state.queue.goneGroupWords, in: row, on: &grid)
        continue
      }
      let group = groups[place]
      grid.put(
        group.key.isEmpty ? "(none)" : group.key, x: row.x + 2, y: row.y, width: name - 2)
      grid.putRight(Format.short(group.count), x: row.x + name, y: row.y, width: 7)
      for (index, count) in counts[place].enumerated() {
        let x = row.x + name + 8 + index * cell
        guard count > 0 else {
          grid.putRight(".", x: x, y: row.y, width: cell - 1, role: .dim)
          continue
        }
        let level = level(of: count, largest: largest)
        grid.put(
          grid.lines == .ascii ? plainShades[level] : shades[level], x: x, y: row.y, width: 1,
          role: roles[level])
        grid.putRight(
          Format.short(count), x: x + 1, y: row.y, width: cell - 2, role: roles[level])
      }
      if first + offset == state.queue.groups.position { frame.select(row, on: &grid) }
      frame.drawMark(of: group, state.queue, in: row, on: &grid)
    }
  }

  private static let shades = ["░", "▒", "▓", "█"]
  private static let plainShades = [".", ":", "+", "#"]
  private static let roles: [StyleRole] = [.text, .text, .accent, .warning]

  /// In four steps, each a tenth of the one above: a queue has few large and many small destinations.
  private static func level(of count: Int, largest: Int) -> Int {
    var level = 3
    var bound = largest
    while level > 0, count * 3 < bound {
      level -= 1
      bound /= 5
    }
    return level
  }

  /// The upper end of each span, in minutes or hours; the last has none.
  private static func drawHeading(
    _ spans: [Range<Int>], name: Int, in row: Rect, on grid: inout Grid
  ) {
    grid.put("DESTINATION", x: row.x + 2, y: row.y, width: name - 2, role: .heading)
    grid.putRight("ALL", x: row.x + name, y: row.y, width: 7, role: .heading)
    for (index, span) in spans.enumerated() {
      grid.putRight(
        AgeBucket.upperBound(span.upperBound - 1), x: row.x + name + 8 + index * cell, y: row.y,
        width: cell - 1, role: .heading)
    }
  }
}
