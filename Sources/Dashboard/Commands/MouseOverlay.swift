// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// The mouse in what lies over the panes: the wheel scrolls, a click on a hint does what its key does.
///
/// Questions are answered by keys only, and what is typed is not changed by a click.
extension State {
  mutating func use(_ mouse: Mouse, in modal: Modal) -> [Effect] {
    switch modal {
    case .gathering, .confirm, .quit, .test, .filter, .dump: return []
    case .message, .escalation, .findings, .themes, .notices, .columns, .chart, .timeline, .keep,
      .help, .palette:
      break
    }
    switch mouse.action {
    case .press: return hintKey(at: mouse.place).map { press($0) } ?? []
    case .wheelUp: return turn(.up, in: modal)
    case .wheelDown: return turn(.down, in: modal)
    }
  }

  /// A text goes on by some lines, a list by one.
  private mutating func turn(_ key: Key, in modal: Modal) -> [Effect] {
    let isText =
      switch modal {
      case .message, .escalation, .notices, .timeline, .keep, .help: true
      default: false
      }
    return (0..<(isText ? 3 : 1)).flatMap { _ in press(key) }
  }

  /// The key of the hint that is seen at a place, on the lower edge of a box; nil elsewhere.
  private func hintKey(at place: Point) -> Key? {
    let grid = render(self)
    let row = grid.row(place.y).map(\.glyph)
    let edge = setup.lines == .ascii ? ("-", "+") : ("─", "┘")
    func isEdge(_ x: Int) -> Bool { row[x] == edge.0 || row[x] == edge.1 }
    guard row.indices.contains(place.x), !isEdge(place.x) else { return nil }
    let start = (0..<place.x).last(where: isEdge).map { $0 + 1 } ?? 0
    guard let end = (place.x..<row.count).first(where: isEdge),
      (end..<row.count).first(where: { row[$0] != edge.0 }).map({ row[$0] == edge.1 }) ?? false
    else { return nil }
    func parts(_ x: Int) -> Bool { row[x] == "·" || row[x] == "," }
    let first = (start..<place.x).last(where: parts).map { $0 + 1 } ?? start
    let last = (place.x..<end).first(where: parts) ?? end
    let words = row[first..<last].joined().split(separator: " ").map(String.init)
    // `y copies`, but `12 more lines: PgDn`.
    return (words.contains { $0.hasSuffix(":") } ? words.last : words.first)
      .flatMap { Key(label: $0) }
  }
}
