// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// The names of the panes, where only one is seen.
enum Tabs {
  static func draw(_ state: State, in rect: Rect, on grid: inout Grid) {
    for (pane, text, place) in tabs(in: rect) {
      grid.put(
        text, x: place.x, y: place.y, width: rect.maxX - place.x,
        role: pane == state.focus ? .selection : .title)
    }
  }

  static func pane(at point: Point, in rect: Rect) -> PaneID? {
    tabs(in: rect).first { $0.place.contains(point) }?.pane
  }

  private static func tabs(in rect: Rect) -> [(pane: PaneID, text: String, place: Rect)] {
    var x = rect.x
    return PaneID.allCases.map { pane in
      let name = pane == .connections && rect.width < 60 ? "Conns" : pane.title
      let text = " \(pane.rawValue) \(name) "
      defer { x += text.count }
      return (pane, text, Rect(x: x, y: rect.y, width: text.count, height: rect.height))
    }
  }
}
