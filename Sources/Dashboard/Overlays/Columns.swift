// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The columns of the queue: which are shown, and which one sorts.
struct Columns: Overlay {
  static let name = "the list of columns"
  static let commands: Set<CommandID> = [.mark, .sort, .keepChoice]
  static let opener: CommandID? = .columns

  var position = 0

  private var column: QueueQuery.Column { QueueQuery.Column.allCases[position] }

  func draw(_ state: State, on grid: inout Grid) {
    let columns = QueueQuery.Column.allCases
    let rect = frame(state)
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
    hints(state)?.draw(on: &grid, role: .dialogBorder)
  }

  func hints(_ state: State) -> HintBar? {
    let frame = frame(state)
    return HintBar(
      [
        state.hint(.mark, "shows"), state.hint(.sort, "sorts"),
        state.setup.mode == .watch ? nil : state.hint(.keepChoice, "saves"),
        // Everybody knows it; on the smallest screen the others need the room.
        frame.width < 48 ? nil : HintBar.Hint(.escape, "closes"),
      ].compactMap(\.self), onEdgeOf: frame)
  }

  private func frame(_ state: State) -> Rect {
    let screen = Rect(state.size)
    return screen.centered(
      width: min(screen.width, 48),
      height: min(screen.height, QueueQuery.Column.allCases.count + 2))
  }

  func page(_ state: State) -> Int { QueueQuery.Column.allCases.count }

  func scroll(by rows: Int, _ state: inout State) {
    state.overlay = Columns(
      position: min(max(0, position + rows), QueueQuery.Column.allCases.count - 1))
  }

  func run(_ command: CommandID, _ state: inout State) -> [Effect] {
    switch command {
    case .sort: return state.sort(by: column)
    case .keepChoice: return state.saveChoice()
    default:
      // A row without any column would say nothing.
      if state.queue.hiddenColumns.remove(column) == nil,
        state.queue.hiddenColumns.count < QueueQuery.Column.allCases.count - 1
      {
        state.queue.hiddenColumns.insert(column)
      }
      return []
    }
  }
}

extension QueueQuery.Column {
  /// What is in the column, in a few words.
  fileprivate var meaning: String {
    switch self {
    case .id: "ID: queue ID"
    case .age: "AGE: since it arrived"
    case .size: "SIZE: bytes"
    case .attempts: "TRY: attempts in the log"
    case .state: "STATE: deferred, active, held"
    case .sender: "FROM: envelope sender"
    case .destination: "TO: domain of the recipient"
    case .host: "HOST: remote host that replied"
    case .cause: "CAUSE: why it is deferred"
    case .reply: "LAST REPLY: its text"
    case .nextRetry: "NEXT: until the next attempt"
    }
  }
}
