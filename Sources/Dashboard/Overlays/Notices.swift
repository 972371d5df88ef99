// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// Something that was said, kept to be read again.
package struct Notice: Hashable, Sendable {
  /// Seconds since 1970.
  package var time: Int64
  package var text: String
  package var tone: Toast.Tone
  /// How often it was said in a row.
  package var count = 1
}

/// The notices, newest first.
struct Notices: Overlay {
  static let name = "the notices"
  static let opener: CommandID? = .notices
  static let isReading = true
  static let notch = 3

  var scroll = 0

  func draw(_ state: State, on grid: inout Grid) {
    let lines = lines(state)
    let rect = frame(lines.count, state)
    grid.fill(rect, role: .dialog)
    grid.box(rect, title: "Notices", role: .dialogBorder)
    let body = rect.inset(dx: 2, dy: 1)
    grid.cursor = Point(x: body.x, y: body.y)
    for (offset, line) in lines.dropFirst(scroll).prefix(body.height).enumerated() {
      grid.put(line.text, x: body.x, y: body.y + offset, width: body.width, role: line.role)
    }
    hints(of: lines.count, in: rect).draw(on: &grid, role: .dialogBorder)
  }

  func hints(_ state: State) -> HintBar? {
    let count = lines(state).count
    return hints(of: count, in: frame(count, state))
  }

  private func hints(of count: Int, in rect: Rect) -> HintBar {
    let below = count - scroll - rect.inset(dx: 2, dy: 1).height
    return HintBar(
      (below > 0 ? [HintBar.Hint("\(below) more", then: .pageDown)] : [])
        + [HintBar.Hint(.escape, "closes")], onEdgeOf: rect)
  }

  func scroll(by rows: Int, _ state: inout State) {
    let count = lines(state).count
    let last = max(0, count + 2 - frame(count, state).height)
    state.overlay = Notices(scroll: min(max(0, scroll + rows), last))
  }

  private func frame(_ count: Int, _ state: State) -> Rect {
    let screen = Rect(state.size)
    return screen.centered(
      width: min(screen.width, 90), height: min(screen.height, max(3, count + 2)))
  }

  private func lines(_ state: State) -> [Pager.Line] {
    let width = max(8, min(state.size.columns, 90) - 4)
    let lines = state.notices.reversed().flatMap { notice in
      let clock = Format.clock(notice.time, zone: state.setup.zone)
      let times = notice.count > 1 ? " (\(Format.count(notice.count)) times)" : ""
      let role: StyleRole = notice.tone == .bad ? .danger : .dialog
      return wrap("\(clock)  \(notice.text)\(times)", width: width).map { ($0, role) }
    }
    return lines.isEmpty ? [("No notices yet.", .dialog)] : lines
  }
}
