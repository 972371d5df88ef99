// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// Where everything stands on a screen of a given size.
///
///     160x24 and more          100x28 and more          80x24 and more     40x10 and more
///     header                   header                   header             header
///     1 queue │ 2 connections  1 queue                  1 queue            tabs
///             ├ 4 fix          2 connections │ 3 log    3 log              the pane in use
///     3 log   │                4 fix                    2 connections      footer
///     footer (2 lines)         footer (2 lines)         4 fix
///                                                       footer (2 lines)
///
/// What is smaller shows the header and the pane in use. A fix in use covers panes 2 and 3 where they stand above it.
struct Layout {
  enum Form {
    case wide, four, stacked, single, tiny
  }

  let form: Form
  let header: Rect
  /// The panes that are seen, with their title rows.
  let panes: [PaneID: Rect]
  /// The line of pane names where only one pane is seen.
  let tabs: Rect
  let footer: Rect
  /// Rows between the title of a pane and its list: warnings, headings and the like.
  private var rowsAbove: [PaneID: Int] = [:]
  /// What is wrong with what a pane shows, in rows above its list.
  private(set) var warnings: [PaneID: [String]] = [:]

  init(_ state: State) {
    let size = state.size
    let screen = Rect(size)
    let full: Form =
      if size.columns >= 160, size.rows >= 24 {
        .wide
      } else if size.columns >= 100, size.rows >= 28 {
        .four
      } else if size.columns >= 80, size.rows >= 24 {
        .stacked
      } else if size.columns >= 40, size.rows >= 10 {
        .single
      } else {
        .tiny
      }
    form = full
    let footerRows =
      switch full {
      case .wide, .four, .stacked: 2
      // The tour takes a line beside the keys.
      case .single: state.tour == nil ? 1 : 2
      case .tiny: 0
      }
    let (header, belowHeader) = screen.splitTop(min(1, size.rows))
    let (body, footer) = belowHeader.splitTop(max(0, belowHeader.height - footerRows))
    self.header = header
    self.footer = footer
    if full == .single {
      let (tabs, rest) = body.splitTop(1)
      self.tabs = tabs
      panes = [state.focus: rest]
    } else if full == .tiny || state.isZoomed {
      tabs = Rect(x: 0, y: 0, width: 0, height: 0)
      panes = [state.focus: body]
    } else {
      tabs = Rect(x: 0, y: 0, width: 0, height: 0)
      panes =
        switch full {
        case .wide: Self.wide(body)
        case .four: Self.four(body, opensFix: state.focus == .fix)
        case .stacked, .single, .tiny: Self.stacked(body, opensFix: state.focus == .fix)
        }
    }
    for (pane, rect) in panes {
      let height = rect.height - (hasTitles ? 1 : 0)
      let warning =
        hasHeadings ? state.warningLines(of: pane, width: rect.width - 3, height: height) : []
      let room = PaneRoom(
        height: height - warning.count, hasTitle: hasTitles, hasHeadings: hasHeadings)
      warnings[pane] = warning
      rowsAbove[pane] = warning.count + pane.pane.rowsAbove(state, in: room)
    }
  }

  /// Where the rows of a pane's list stand: without its title and what is above them.
  func list(_ pane: PaneID) -> Rect {
    guard let rect = panes[pane] else { return Rect(x: 0, y: 0, width: 0, height: 0) }
    let above = (hasTitles ? 1 : 0) + (rowsAbove[pane] ?? 0)
    // A line keeps it apart from the pane at its left.
    let (_, body) = rect.splitTop(above).1.splitLeft(rect.x > 0 ? 1 : 0)
    return body
  }

  /// The rows of a pane's list.
  func listHeight(_ pane: PaneID) -> Int { max(1, list(pane).height) }

  /// Whether panes carry their own title row.
  var hasTitles: Bool { form != .single && form != .tiny }
  var hasHeadings: Bool { form != .tiny }

  /// The fix is read beside the list that it explains, in lines of a length that can be read.
  private static func wide(_ body: Rect) -> [PaneID: Rect] {
    let reading = min(88, max(60, body.width * 38 / 100))
    let (left, right) = body.splitLeft(body.width - reading)
    let (queue, log) = left.splitTop(body.height - max(8, body.height * 36 / 100))
    let (connections, fix) = right.splitTop(max(6, body.height * 27 / 100))
    return [.queue: queue, .connections: connections, .log: log, .fix: fix]
  }

  /// A fix in use takes the place of the panes between it and the queue: a step that cannot be read is not run.
  private static func four(_ body: Rect, opensFix: Bool) -> [PaneID: Rect] {
    let fix = 5
    let middle = max(8, (body.height - fix) / 3)
    let (queue, below) = body.splitTop(body.height - fix - middle)
    guard !opensFix else { return [.queue: queue, .fix: below] }
    let (row, fixRect) = below.splitTop(middle)
    let (left, right) = row.splitLeft(row.width * 48 / 100)
    return [.queue: queue, .connections: left, .log: right, .fix: fixRect]
  }

  private static func stacked(_ body: Rect, opensFix: Bool) -> [PaneID: Rect] {
    let (queue, below) = body.splitTop(body.height - 12 - (body.height - 21) / 3)
    guard !opensFix else { return [.queue: queue, .fix: below] }
    let (fixless, fix) = below.splitTop(below.height - 4)
    let (log, connections) = fixless.splitTop(fixless.height - 3)
    return [.queue: queue, .log: log, .connections: connections, .fix: fix]
  }
}
