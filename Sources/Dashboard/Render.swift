// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas

/// Draws the state: a pure function.
package func render(_ state: State) -> Grid {
  var grid = Grid(size: state.size, lines: state.setup.lines, graphs: state.setup.graphs)
  let layout = Layout(state)
  Header.draw(state, in: layout.header, on: &grid)
  if layout.form == .single { Tabs.draw(state, in: layout.tabs, on: &grid) }
  drawPanes(state, layout, on: &grid)
  drawJunctions(layout, on: &grid)
  Footer.draw(state, in: layout.footer, on: &grid)
  if let overlay = state.overlay {
    let above = state.under(overlay)
    if above.size != state.size, let toast = state.toast {
      let last = Rect(x: 0, y: above.size.rows, width: state.size.columns, height: 1)
      grid.fill(last)
      Footer.draw(toast, in: last, on: &grid)
    }
    overlay.draw(above, on: &grid)
  }
  // An overlay may be larger than the screen.
  if let cursor = grid.cursor {
    grid.cursor = Point(
      x: min(max(0, cursor.x), max(0, state.size.columns - 1)),
      y: min(max(0, cursor.y), max(0, state.size.rows - 1)))
  }
  return grid
}

/// Draws the panes, or some of them, and returns where the rows of each list begin and end.
@discardableResult
func drawPanes(
  _ state: State, _ layout: Layout, only wanted: Set<PaneID> = Set(PaneID.allCases),
  on grid: inout Grid
) -> [PaneID: Rect] {
  let still = state.still
  var lists: [PaneID: Rect] = [:]
  // In the order of their numbers, so that borders meet the same way each time.
  for pane in PaneID.allCases {
    guard wanted.contains(pane), let rect = layout.panes[pane], !rect.isEmpty else { continue }
    var frame = PaneFrame(pane, rect, layout: layout, state: state)
    pane.pane.draw(still, in: &frame, on: &grid)
    lists[pane] = frame.body
  }
  return lists
}

/// Where the line between panes that stand side by side meets the titles.
private func drawJunctions(_ layout: Layout, on grid: inout Grid) {
  guard let log = layout.panes[.log], let connections = layout.panes[.connections],
    let fix = layout.panes[.fix]
  else { return }
  let junctions: [(sign: Unicode.Scalar, x: Int, y: Int)] =
    switch layout.form {
    case .four: [("┬", log.x, log.y), ("┴", log.x, log.maxY)]
    case .wide:
      [
        ("┬", connections.x, connections.y), ("├", fix.x, fix.y),
        (log.y == fix.y ? "┼" : "┤", fix.x, log.y),
      ]
    case .stacked, .single, .tiny: []
    }
  // Where a long title is written over the line, it stays.
  for (sign, x, y) in junctions { grid.junction(sign, x: x, y: y, role: .border) }
}

extension State {
  /// What the panes show: in a pause ages and countdowns stand still too.
  var still: State {
    var still = self
    still.now = shownTime
    still.trends = shownTrends
    return still
  }
}
