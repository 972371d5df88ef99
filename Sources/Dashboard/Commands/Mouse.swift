// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// What stands at a place of the screen, as far as the mouse can do something with it.
enum MouseTarget: Hashable {
  /// A pane, and the place in its list where a row of it is there.
  case pane(PaneID, position: Int?)
  case heading(QueueQuery.Column)
  case hint(CommandID)
}

extension State {
  /// Rows that one notch of the wheel scrolls.
  private static let notch = 3

  /// Does what the mouse asks for.
  mutating func use(_ mouse: Mouse) -> [Effect] {
    if let modal { return use(mouse, in: modal) }
    switch mouse.action {
    case .press: return press(at: mouse.place)
    case .wheelUp: scroll(by: -Self.notch, at: mouse.place)
    case .wheelDown: scroll(by: Self.notch, at: mouse.place)
    }
    return []
  }

  private mutating func press(at place: Point) -> [Effect] {
    switch target(at: place) {
    case .hint(let id):
      return call(id)
    case .heading(let column):
      endRange()
      focus = .queue
      return sort(byHeading: column)
    case .pane(let pane, let position):
      if pane != .queue { endRange() }
      focus = pane
      guard let position else { return [] }
      noteMove()
      switch pane {
      case .queue: queue.select(position)
      case .connections: connections.select(position)
      case .log: log.select(position)
      case .fix: (fix.step, fix.scroll) = (position, 0)
      }
    case nil: break
    }
    return []
  }

  /// Ends a range that is being marked, as every key does that leaves the list.
  private mutating func endRange() {
    if queue.rangeStart != nil { queue.endRange(keeping: true) }
  }

  private mutating func scroll(by step: Int, at place: Point) {
    guard case .pane(let pane, _)? = target(at: place) else { return }
    let height = lists[pane]?.height ?? 1
    switch pane {
    case .queue: queue.scroll(by: step, height: height)
    case .connections: connections.scroll(by: step, height: height)
    case .log: log.scroll(by: step, height: height)
    case .fix: fix.scroll = min(max(0, fix.scroll + step), FixPane.lastScroll(self))
    }
  }

  /// What stands at a place; nil for the header, the status line and what is outside.
  func target(at place: Point) -> MouseTarget? {
    let layout = Layout(self)
    if let command = Footer.command(at: place, self, in: layout.footer) { return .hint(command.id) }
    if let pane = Tabs.pane(at: place, in: layout.tabs) { return .pane(pane, position: nil) }
    guard let pane = layout.panes.first(where: { $0.value.contains(place) })?.key,
      let list = lists[pane]
    else { return nil }
    if pane == .queue, let column = QueuePane.heading(at: place, self, above: list) {
      return .heading(column)
    }
    guard list.contains(place) else { return .pane(pane, position: nil) }
    if pane == .fix { return .pane(.fix, position: FixPane.step(at: place, self, in: list)) }
    let (top, count) =
      switch pane {
      case .queue:
        (queue.showsGroups ? queue.groups.top : queue.list.top, queue.rowCount)
      case .connections: (connections.list.top, connections.rowCount)
      case .log: (log.showsGroups ? log.groupList.top : log.list.top, log.rowCount)
      case .fix: (0, 0)
      }
    let position = top + place.y - list.y
    return .pane(pane, position: position < count ? position : nil)
  }

  /// Where the rows of each list stand: found by drawing, so that it is where they are seen.
  private var lists: [PaneID: Rect] {
    var grid = Grid(size: size, lines: setup.lines)
    return drawPanes(self, Layout(self), on: &grid)
  }
}
