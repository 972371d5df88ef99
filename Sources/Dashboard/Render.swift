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
  if let modal = state.modal {
    // What was just said has the last row to itself, under a text that takes the whole screen too.
    var above = state
    if modal.isReading, let toast = state.toast, state.size.rows > 1 {
      above.size.rows -= 1
      let last = Rect(x: 0, y: above.size.rows, width: state.size.columns, height: 1)
      grid.fill(last)
      Footer.draw(toast, in: last, on: &grid)
    }
    draw(modal, above, on: &grid)
  }
  // An overlay may be larger than the screen.
  if let cursor = grid.cursor {
    grid.cursor = Point(
      x: min(max(0, cursor.x), max(0, state.size.columns - 1)),
      y: min(max(0, cursor.y), max(0, state.size.rows - 1)))
  }
  return grid
}

private func draw(_ modal: Modal, _ state: State, on grid: inout Grid) {
  switch modal {
  case .filter, .gathering: break
  case .confirm(let confirmation): ConfirmOverlay.draw(confirmation, state, on: &grid)
  case .test(let question): TestOverlay.draw(question, state, on: &grid)
  case .message(let reader): MessageOverlay.draw(reader, state, on: &grid)
  case .escalation(let namesRecipients, let scroll):
    EscalationOverlay.draw(namesRecipients: namesRecipients, scroll: scroll, state, on: &grid)
  case .findings(let selected): FindingsOverlay.draw(selected: selected, state, on: &grid)
  case .help(let help): HelpOverlay.draw(help, state, on: &grid)
  case .palette(let palette): PaletteOverlay.draw(palette, state, on: &grid)
  case .themes(let picker): ThemeOverlay.draw(picker, state, on: &grid)
  case .dump(let under):
    if let under { draw(under, state, on: &grid) }
    DumpOverlay.draw(state, on: &grid)
  case .notices(let scroll): NoticesOverlay.draw(scroll: scroll, state, on: &grid)
  case .quit(let question): QuitOverlay.draw(question, state, on: &grid)
  case .keep(let kept): KeptOverlay.draw(kept, state, on: &grid)
  case .columns(let position): ColumnsOverlay.draw(position, state, on: &grid)
  case .chart(let chart): ChartOverlay.draw(chart, state.still, on: &grid)
  case .timeline(let timeline): TimelineOverlay.draw(timeline, state.still, on: &grid)
  }
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
    switch pane {
    case .queue: QueuePane.draw(still, in: &frame, on: &grid)
    case .connections: ConnectionsPane.draw(still, in: &frame, on: &grid)
    case .log: LogPane.draw(still, in: &frame, on: &grid)
    case .fix: FixPane.draw(still, in: &frame, on: &grid)
    }
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
  fileprivate var still: State {
    var still = self
    still.now = shownTime
    still.trends = shownTrends
    return still
  }
}
