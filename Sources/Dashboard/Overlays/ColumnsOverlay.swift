// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The columns of the queue: which are shown, and which one sorts.
enum ColumnsOverlay {
  static func draw(_ position: Int, _ state: State, on grid: inout Grid) {
    let columns = QueueQuery.Column.allCases
    let screen = Rect(state.size)
    let rect = screen.centered(
      width: min(screen.width, 46), height: min(screen.height, columns.count + 2))
    grid.fill(rect, role: .dialog)
    grid.box(rect, title: "Columns", role: .dialogBorder)
    let body = rect.inset(dx: 2, dy: 1)
    let top = firstRow(showing: position, of: columns.count, in: body.height)
    for (offset, column) in columns.dropFirst(top).prefix(max(0, body.height)).enumerated() {
      let row = Rect(x: body.x, y: body.y + offset, width: body.width, height: 1)
      let mark = state.queue.hiddenColumns.contains(column) ? "[ ]" : "[x]"
      let order =
        column == state.queue.query.sort
        ? " (sorts\(state.queue.query.descending ? ", largest first" : ""))" : ""
      grid.put(
        "\(mark) \(column.meaning)\(order)", x: row.x, y: row.y, width: row.width, role: .dialog)
      if top + offset == position {
        grid.paint(row, role: .selection)
        grid.cursor = Point(x: row.x, y: row.y)
      }
    }
    grid.putRight(
      hint(state), x: rect.x, y: rect.maxY - 1, width: rect.width - 2,
      role: .dialogBorder)
  }
}

extension ColumnsOverlay {
  private static func hint(_ state: State) -> String {
    let keeps = state.setup.mode == .watch ? "" : ", w keeps"
    let overlay = Modal.columns(position: 0)
    return
      " \(state.key(.mark, over: overlay)) shows, \(state.key(.sort, over: overlay)) sorts\(keeps), Esc "
  }
}

extension QueueQuery.Column {
  /// What stands in the column, in a few words.
  fileprivate var meaning: String {
    switch self {
    case .id: "ID: queue ID"
    case .age: "AGE: since it arrived"
    case .size: "SIZE: bytes"
    case .attempts: "TRY: attempts in the log"
    case .state: "STATE: deferred, active, held"
    case .sender: "FROM: envelope sender"
    case .destination: "TO: domain of the recipient"
    case .host: "HOST: remote host that said it"
    case .cause: "CAUSE: why it waits"
    case .reply: "LAST REPLY: what they said"
    case .nextRetry: "NEXT: until the next attempt"
    }
  }
}
