// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// What was said, newest first.
enum NoticesOverlay {
  static func draw(scroll: Int, _ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    let lines = lines(state)
    let rect = screen.centered(
      width: min(screen.width, 90), height: min(screen.height, max(3, lines.count + 2)))
    grid.fill(rect, role: .dialog)
    grid.box(rect, title: "What was said", role: .dialogBorder)
    let body = rect.inset(dx: 2, dy: 1)
    grid.cursor = Point(x: body.x, y: body.y)
    for (offset, line) in lines.dropFirst(scroll).prefix(body.height).enumerated() {
      grid.put(line.text, x: body.x, y: body.y + offset, width: body.width, role: line.role)
    }
    let below = lines.count - scroll - body.height
    grid.putRight(
      below > 0 ? " \(below) more: PgDn · Esc closes " : " Esc closes ", x: rect.x,
      y: rect.maxY - 1, width: rect.width - 2, role: .dialogBorder)
  }

  /// How far the list can be scrolled.
  static func lastScroll(_ state: State) -> Int {
    let count = lines(state).count
    return max(0, count + 2 - min(state.size.rows, max(3, count + 2)))
  }

  private static func lines(_ state: State) -> [(text: String, role: StyleRole)] {
    let width = max(8, min(state.size.columns, 90) - 4)
    let lines = state.notices.reversed().flatMap { notice in
      let clock = Format.clock(notice.time, zone: state.setup.zone)
      let times = notice.count > 1 ? " (\(Format.count(notice.count)) times)" : ""
      let role: StyleRole = notice.tone == .bad ? .danger : .dialog
      return wrap("\(clock)  \(notice.text)\(times)", width: width).map { ($0, role) }
    }
    return lines.isEmpty ? [("Nothing so far.", .dialog)] : lines
  }
}
