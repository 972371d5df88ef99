// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// Pane 1: every message that waits, and why.
enum QueuePane {
  static func draw(_ state: State, in frame: inout PaneFrame, on grid: inout Grid) {
    frame.drawTitle(info: info(state), right: order(state), on: &grid)
    if let notice = notice(state) {
      frame.drawNotice(notice, on: &grid)
      return
    }
    frame.drawWarning(on: &grid)
    if !frame.hasTitle, let filters = state.queue.filters.words {
      frame.drawNarrowing("\(info(state, hasFilters: false)) · \(filters)", on: &grid)
    }
    if state.queue.showsGroups, state.queue.isHeatMap {
      QueueHeatMap.draw(state, in: &frame, on: &grid)
    } else if state.queue.showsGroups {
      QueueGroups.draw(state, in: &frame, on: &grid)
    } else {
      drawMessages(state, in: &frame, on: &grid)
    }
  }

  private static func info(_ state: State, hasFilters: Bool = true) -> String {
    guard let snapshot = state.queue.snapshot else { return "" }
    var parts: [String] = []
    let shown =
      state.queue.openGroup == nil
      ? state.queue.arrangement?.rows.count ?? 0 : state.queue.rows.count
    if shown == snapshot.count {
      parts.append(Format.count(snapshot.count))
    } else {
      parts.append("\(Format.count(shown)) of \(Format.count(snapshot.count))")
    }
    if let marks = state.queue.markWords { parts.append(marks) }
    if let grouping = state.queue.query.grouping {
      parts.append(
        state.queue.isHeatMap ? "by destination and age" : "by \(grouping.rawValue)")
    }
    if let group = state.queue.openGroup { parts.append(group) }
    if hasFilters, let filters = state.queue.filters.words { parts.append(filters) }
    if let stale = state.staleWords(of: .queue) { parts.append(stale) }
    return parts.joined(separator: " · ")
  }

  private static func order(_ state: State) -> String {
    guard !state.queue.showsGroups else { return "" }
    let arrow =
      state.setup.lines == .ascii
      ? (state.queue.query.descending ? "v" : "^") : (state.queue.query.descending ? "▼" : "▲")
    return "\(state.queue.query.sort.rawValue) \(arrow)"
  }

  /// What is shown instead of the list if there is none.
  private static func notice(_ state: State) -> [(text: String, role: StyleRole)]? {
    if state.queue.snapshot == nil {
      if case .failed(let problem, _) = state.health[.queue] {
        return PaneFrame.notice(problem)
      }
      return [("Reading the queue…", .dim)]
    }
    guard state.queue.rowCount == 0, let total = state.queue.snapshot?.count else { return nil }
    if total == 0 {
      let last = state.log.lastDelivery.map {
        " The last delivery was \(Format.duration(state.now - $0)) ago."
      }
      if case .live(_, let note?)? = state.health[.queue] {
        return [("The main queue is empty.\(last ?? "")", .good), (note, .warning)]
      }
      return [("The queue is empty.\(last ?? "")", .good)]
    }
    // The groups of a large queue take a moment.
    if !state.queue.rows.isEmpty { return [("Grouping \(Format.messages(total))…", .dim)] }
    if let group = state.queue.openGroup, state.queue.arrangement?.query == state.queue.query {
      return [
        ("No messages left in \(group.isEmpty ? "(none)" : group).", .text),
        ("\(state.key(.back)) returns to the groups.", .dim),
      ]
    }
    let filters = state.queue.filters.words ?? "the filter"
    return [
      ("None of \(Format.messages(total)) match \(filters).", .text),
      (state.dropFilterWords, .dim),
    ]
  }

  /// The column whose heading stands at a place, or nil; `list` are the rows of the messages.
  static func heading(at point: Point, _ state: State, above list: Rect) -> QueueQuery.Column? {
    guard point.y == list.y - 1, Layout(state).hasHeadings, !state.queue.showsGroups,
      notice(state) == nil
    else { return nil }
    return columns(of: messages(state, in: list), state, in: list).column(at: point.x, in: list)
  }

  private static func messages(_ state: State, in list: Rect) -> [QueuedMessage] {
    let first = state.queue.list.top
    let last = min(state.queue.rowCount, first + list.height)
    return (first..<max(first, last)).compactMap { state.queue.message(at: $0) }
  }

  private static func columns(
    of messages: [QueuedMessage], _ state: State, in list: Rect
  ) -> QueueColumns {
    QueueColumns(
      width: list.width, idWidth: messages.map(\.idText.count).max() ?? 11,
      hidden: state.queue.hiddenColumns)
  }

  private static func drawMessages(
    _ state: State, in frame: inout PaneFrame, on grid: inout Grid
  ) {
    let heading = frame.hasHeadings ? frame.takeRow() : nil
    let first = state.queue.list.top
    let messages = messages(state, in: frame.body)
    let columns = columns(of: messages, state, in: frame.body)
    if let heading { columns.drawHeading(in: heading, of: state.queue.query, on: &grid) }
    let range = state.queue.markedRange
    for offset in 0..<frame.body.height where first + offset < state.queue.rowCount {
      let row = Rect(
        x: frame.body.x, y: frame.body.y + offset, width: frame.body.width, height: 1)
      let isSelected = first + offset == state.queue.list.position
      guard let number = state.queue.row(at: first + offset),
        let message = state.queue.message(at: first + offset)
      else {
        frame.drawGone(state.goneWords, in: row, on: &grid)
        continue
      }
      columns.draw(message, in: row, state: state, on: &grid)
      let isMarked =
        range?.contains(first + offset) ?? false
        || state.queue.marks.contains(number)
      if isSelected { frame.select(row, on: &grid) }
      if isMarked {
        // Beside the bar of the selected row, elsewhere in its place.
        grid.put(
          "*", x: isSelected ? row.x + 1 : row.x, y: row.y, role: isSelected ? .selection : .mark)
      }
    }
  }
}

extension State {
  var dropFilterWords: String {
    "\(key(.back)) or \(key(.dropFilter)) removes the last filter."
  }
}

extension State {
  /// What is in the row of a message that is no longer among those that are shown.
  var goneWords: String {
    guard let message = queue.gone else { return "left the list" }
    let isQueued = message.reference.flatMap { queue.snapshot?.row(of: $0) } != nil
    let sender = message.sender.isEmpty ? "<>" : message.sender
    return
      "\(message.idText) \(isQueued ? "is no longer in this list" : "left the queue") · from \(sender)"
  }
}
