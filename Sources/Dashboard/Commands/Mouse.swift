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
    if let overlay { return use(mouse, in: overlay) }
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
      pane.pane.select(position, &self)
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
    pane.pane.scroll(by: step, height: Layout(self).listHeight(pane), &self)
  }

  /// What stands at a place; nil for the header, the status line and what is outside.
  func target(at place: Point) -> MouseTarget? {
    let layout = Layout(self)
    if let command = Footer.command(at: place, self, in: layout.footer) { return .hint(command.id) }
    if let pane = Tabs.pane(at: place, in: layout.tabs) { return .pane(pane, position: nil) }
    guard let (pane, _) = layout.panes.first(where: { $0.value.contains(place) }) else {
      return nil
    }
    let list = layout.list(pane)
    if pane == .queue, let column = QueuePane.heading(at: place, self, above: list) {
      return .heading(column)
    }
    guard list.contains(place) else { return .pane(pane, position: nil) }
    return .pane(pane, position: pane.pane.row(at: place, self, in: list))
  }
}
