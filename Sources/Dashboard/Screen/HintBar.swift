// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// What keys do, in a few words: laid out once, for drawing and for clicks.
struct HintBar {
  struct Hint {
    var text: String
    /// The key that it names; nil if it only says something.
    var key: Key?

    /// `Esc closes`; the name of the key stands first.
    init(_ key: Key?, _ words: String) {
      self.key = key
      text = key.map { "\($0.label) \(words)" } ?? words
    }

    /// `12 more: PgDn`.
    init(_ words: String, then key: Key) {
      self.key = key
      text = "\(words): \(key.label)"
    }
  }

  var hints: [Hint]
  /// The row in which it ends at the right.
  var row: Rect

  /// - Parameter box: what it stands on the lower edge of.
  init(_ hints: [Hint], onEdgeOf box: Rect) {
    self.hints = hints
    row = Rect(x: box.x, y: box.maxY - 1, width: max(0, box.width - 2), height: 1)
  }

  private static let separator = " · "

  func draw(on grid: inout Grid, role: StyleRole) {
    grid.putRight(
      " \(hints.map(\.text).joined(separator: Self.separator)) ", x: row.x, y: row.y,
      width: row.width, role: role)
  }

  /// The key of the hint that stands at a place.
  func key(at place: Point, _ lines: LineSet) -> Key? {
    let width = hints.reduce(2 + (hints.count - 1) * lines.columns(of: Self.separator)) {
      $0 + lines.columns(of: $1.text)
    }
    // It begins at the left where it is too long.
    var x = row.x + max(0, row.width - width) + 1
    for hint in hints {
      let columns = lines.columns(of: hint.text)
      let rect = Rect(x: x, y: row.y, width: min(columns, row.maxX - x), height: 1)
      if rect.contains(place) { return hint.key }
      x += columns + lines.columns(of: Self.separator)
    }
    return nil
  }
}

extension State {
  /// The hint of a command, with the user's own key; nil if it has none.
  func hint(_ id: CommandID, _ words: String) -> HintBar.Hint? {
    setup.keymap.keys(of: id).first.map { HintBar.Hint($0, words) }
  }
}
