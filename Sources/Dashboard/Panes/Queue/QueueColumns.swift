// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies

/// The columns of the message list that fit a width.
struct QueueColumns {
  typealias Column = QueueQuery.Column

  /// As they stand from left to right.
  private static let order: [Column] = [
    .id, .age, .size, .attempts, .state, .sender, .destination, .host, .cause, .nextRetry,
    .reply,
  ]

  private var widths: [Column: Int] = [:]

  /// Chooses columns: first what an admin needs to tell messages apart, then more as there is room.
  init(width: Int, idWidth: Int, hidden: Set<QueueQuery.Column> = []) {
    var room = width - 2
    func cost(_ width: Int) -> Int { width + 1 }
    let wanted: [(Column, Int)] = [
      (.age, 6), (.destination, 11), (.cause, 11), (.id, min(max(idWidth, 11), 23)), (.state, 5),
      (.reply, 10), (.sender, 12), (.size, 5), (.attempts, 3),
    ]
    for (column, width) in wanted where room >= cost(width) && !hidden.contains(column) {
      widths[column] = width
      room -= cost(width)
    }
    // Of the reply more has to be seen than its codes, and beside a host whole addresses.
    let forReply = hidden.contains(.reply) ? 0 : 20
    let forAddresses = [Column.sender, .destination].count { !hidden.contains($0) } * 8
    for (column, width, others) in [
      (Column.nextRetry, 6, forReply), (.host, 16, forReply + forAddresses),
    ] where room >= cost(width) + others && !hidden.contains(column) {
      widths[column] = width
      room -= cost(width)
    }
    // The rest goes where text is cut first.
    if room >= 3 { grow(.state, to: 8, from: &room) }
    grow(.sender, to: 26, from: &room, share: 3)
    grow(.destination, to: 26, from: &room, share: 2)
    grow(.reply, to: 18, from: &room)
    grow(.cause, to: 16, from: &room)
    grow(.reply, to: 30, from: &room)
    grow(.host, to: 26, from: &room, share: 2)
    grow(.reply, to: .max, from: &room)
    grow(.destination, to: .max, from: &room)
  }

  private mutating func grow(_ column: Column, to most: Int, from room: inout Int, share: Int = 1) {
    guard let width = widths[column], room > 0 else { return }
    let more = min(most - width, share > 1 ? room / share : room)
    guard more > 0 else { return }
    widths[column] = width + more
    room -= more
  }

  /// Draws the names of the columns, with an arrow at the one that sorts.
  func drawHeading(in row: Rect, of query: QueueQuery, on grid: inout Grid) {
    let arrow =
      grid.lines == .ascii ? (query.descending ? "v" : "^") : (query.descending ? "▼" : "▲")
    each(in: row) { column, x, width in
      if column == query.sort {
        // In the gap behind a column that is read from the right.
        let end = column.isNumber ? width : min(column.title.count, width)
        grid.put(arrow, x: x + end, y: row.y, width: 1, role: .accent)
      }
      if column.isNumber {
        grid.putRight(column.title, x: x, y: row.y, width: width, role: .heading)
      } else {
        grid.put(column.title, x: x, y: row.y, width: width, role: .heading)
      }
    }
  }

  /// The column that stands at `x` in a row; the gap behind one belongs to it.
  func column(at x: Int, in row: Rect) -> Column? {
    var found: Column?
    each(in: row) { column, start, width in
      if (start...start + width).contains(x) { found = column }
    }
    return found
  }

  func draw(_ message: QueuedMessage, in row: Rect, state: State, on grid: inout Grid) {
    let pending = message.reference.flatMap { state.acts.pending[$0] }
    let role = role(of: message, isPending: pending != nil)
    each(in: row) { column, x, width in
      let text = text(of: message, column, pending: pending, width: width, now: state.now)
      if column.isNumber {
        grid.putRight(text, x: x, y: row.y, width: width, role: role)
      } else {
        grid.put(text, x: x, y: row.y, width: width, role: role)
      }
    }
  }

  private func each(in row: Rect, _ body: (Column, Int, Int) -> Void) {
    var x = row.x + 2
    for column in Self.order {
      guard let width = widths[column] else { continue }
      body(column, x, width)
      x += width + 1
    }
  }

  private func role(of message: QueuedMessage, isPending: Bool) -> StyleRole {
    if isPending { return .dim }
    if message.problem != nil { return .bad }
    switch message.state {
    case .held: return .held
    case .active: return .active
    case .deferred, .incoming: return .text
    }
  }

  private func text(
    of message: QueuedMessage, _ column: Column, pending: Act?, width: Int, now: Int64
  ) -> String {
    let waiting = message.recipients.filter { !$0.isDelivered }
    let recipient = waiting.first { $0.reply != nil } ?? waiting.first
    switch column {
    case .id: return message.idText
    case .age: return message.arrival.map { Format.duration(now - $0) } ?? "?"
    case .size: return message.size.map(Format.size) ?? "?"
    case .attempts: return message.attempts.map(String.init) ?? "-"
    case .state:
      if let pending { return pending.progress(message.mta).uppercased() }
      return message.state.label(message.mta, width: width)
    case .sender: return message.sender.isEmpty ? "<>" : message.sender
    case .destination:
      guard let recipient else { return "-" }
      let more = Set(waiting.map(\.domain)).subtracting([recipient.domain]).count
      return recipient.domain + (more > 0 ? "+\(more)" : "")
    case .host: return recipient?.remoteHost.map { abbreviate($0, width: width) } ?? "-"
    case .cause: return recipient?.cause?.rawValue ?? "-"
    case .nextRetry:
      guard let next = message.nextRetry, message.state != .held else { return "-" }
      if next <= now { return "due" }
      let wait = Format.duration(next - now)
      return message.isRetryEstimated && wait.count < width ? "~\(wait)" : wait
    case .reply:
      if let problem = message.problem { return problem }
      return recipient?.reply.map { Reply(in: $0).line } ?? "-"
    }
  }
}

extension QueueQuery.Column {
  fileprivate var title: String {
    switch self {
    case .id: "ID"
    case .age: "AGE"
    case .size: "SIZE"
    case .attempts: "TRY"
    case .state: "STATE"
    case .sender: "FROM"
    case .destination: "TO"
    case .host: "HOST"
    case .cause: "CAUSE"
    case .reply: "LAST REPLY"
    case .nextRetry: "NEXT"
    }
  }

  fileprivate var isNumber: Bool { [.age, .size, .attempts, .nextRetry].contains(self) }
}

extension QueuedRecipient {
  /// The part of the address after the last `@`.
  var domain: String {
    address.lastIndex(of: "@").map { String(address[address.index(after: $0)...]) } ?? address
  }
}

extension MessageState {
  /// The state in the MTA's own word, cut to fit.
  func label(_ mta: MTA, width: Int) -> String {
    let word =
      switch self {
      case .deferred: "DEFERRED"
      case .active: "ACTIVE"
      case .held: mta.holdWords.label
      case .incoming: "INCOMING"
      }
    return String(word.prefix(width))
  }
}
