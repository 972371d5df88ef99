// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// One cell of the screen.
///
/// Only a `Grid` makes cells, from safe text.
package struct Cell: Hashable, Sendable {
  let content: Glyph
  package let role: StyleRole

  /// One character with its marks; empty in the right half of a wide character.
  package var glyph: String { String(String.UnicodeScalarView(content.scalars)) }

  /// The same as scalars: 0 for what is absent, all 0 in the right half of a wide character.
  package var scalars: (base: UInt32, mark1: UInt32, mark2: UInt32) {
    (content.scalarValue(0), content.scalarValue(1), content.scalarValue(2))
  }

  fileprivate init(_ content: Glyph, _ role: StyleRole) {
    self.content = content
    self.role = role
  }
}

/// A frame: what the whole screen looks like.
///
/// A value; two equal grids look the same.
package struct Grid: Hashable, Sendable {
  package let size: Size
  package let lines: LineSet
  package let graphs: GraphSet
  /// Where the terminal's cursor stands: on the selection, for screen readers; nil hides it.
  package var cursor: Point?
  private var cells: [Cell]

  /// - Parameter graphs: counts where the terminal has all of Unicode; elsewhere they are in ASCII.
  package init(size: Size, lines: LineSet = .unicode, graphs: GraphSet = .blocks) {
    self.size = size
    self.lines = lines
    self.graphs = lines == .unicode ? graphs : .ascii
    cells = Array(repeating: Cell(.blank, .text), count: size.columns * size.rows)
  }

  /// The cell at a place; a blank outside of the grid.
  package subscript(x: Int, y: Int) -> Cell {
    index(x, y).map { cells[$0] } ?? Cell(.blank, .text)
  }

  /// The cells of a row, empty outside of the grid.
  package func row(_ y: Int) -> ArraySlice<Cell> {
    guard y >= 0, y < size.rows else { return [] }
    return cells[y * size.columns..<(y + 1) * size.columns]
  }

  /// The rows that do not look as in `other`; all of them where the sizes differ.
  package func rows(changedFrom other: Grid?) -> [Int] {
    guard let other, other.size == size else { return Array(0..<size.rows) }
    return (0..<size.rows).filter { row($0) != other.row($0) }
  }

  /// Writes `text` from (x, y), cut at `width` cells with `~` where it does not fit, and returns
  /// the columns used.
  ///
  /// The text is made safe first. What lies outside the grid is left out; the grid's right edge
  /// cuts like `width`. A wide character is shown whole or not at all. Where lines are ASCII,
  /// other characters become their plain look-alike or `?`, and `…` three dots.
  @discardableResult
  package mutating func put(
    _ text: String, x: Int, y: Int, width: Int = .max, role: StyleRole = .text
  ) -> Int {
    let room = min(width, size.columns &- x)
    guard y >= 0, y < size.rows, x < size.columns, room > 0 else { return 0 }
    var used = 0
    for glyph in GlyphReader(text, spellsDots: lines.spellsDots) {
      let columns = glyph.width
      guard used + columns <= room else {
        let mark = min(used, room - 1)
        set(Glyph("~"), x: x + mark, y: y, role: role)
        return mark + 1
      }
      set(glyph, x: x + used, y: y, role: role)
      used += columns
    }
    return used
  }

  /// The same, ending at the right edge of `width` cells.
  package mutating func putRight(
    _ text: String, x: Int, y: Int, width: Int, role: StyleRole = .text
  ) {
    guard width > 0 else { return }
    var columns = 0
    for glyph in GlyphReader(text, spellsDots: lines.spellsDots) where columns < width {
      columns += glyph.width
    }
    put(text, x: x + max(0, width - columns), y: y, width: min(width, columns), role: role)
  }

  /// Fills a rectangle with blanks.
  package mutating func fill(_ rect: Rect, role: StyleRole = .text) {
    let (columns, rows) = clip(rect)
    for y in rows {
      for x in columns { set(.blank, x: x, y: y, role: role) }
    }
  }

  /// Gives every cell of a rectangle another role, text kept: a selection bar.
  package mutating func paint(_ rect: Rect, role: StyleRole) {
    let (columns, rows) = clip(rect)
    for y in rows {
      for place in y * size.columns + columns.lowerBound..<y * size.columns + columns.upperBound {
        cells[place] = Cell(cells[place].content, role)
      }
    }
  }

  /// A horizontal line; where it meets or crosses a vertical one there is a junction.
  package mutating func horizontalLine(x: Int, y: Int, width: Int, heavy: Bool, role: StyleRole) {
    let weight = heavy ? 2 : 1
    for step in 0..<max(0, min(width, size.columns &- x)) {
      let across = LineArms(left: weight, right: weight)
      let met = LineArms(
        left: step > 0 ? weight : 0, right: step < width - 1 ? weight : 0)
      draw(across, met, x: x + step, y: y, role: role)
    }
  }

  /// A vertical line; where it meets or crosses a horizontal one there is a junction.
  ///
  /// To join a border, let the line begin and end on it.
  package mutating func verticalLine(x: Int, y: Int, height: Int, role: StyleRole) {
    for step in 0..<max(0, min(height, size.rows &- y)) {
      let met = LineArms(up: step > 0 ? 1 : 0, down: step < height - 1 ? 1 : 0)
      draw(LineArms(up: 1, down: 1), met, x: x, y: y + step, role: role)
    }
  }

  /// Puts a sign of the light lines, such as `┬`, in the place of a line; what is none stays.
  package mutating func junction(_ sign: Unicode.Scalar, x: Int, y: Int, role: StyleRole) {
    guard LineArms(self[x, y].content) != nil, let arms = LineArms(Glyph(sign)) else { return }
    set(arms.glyph(in: lines), x: x, y: y, role: role)
  }

  /// A border around a rectangle, with a title set into its upper edge.
  package mutating func box(_ rect: Rect, title: String, role: StyleRole) {
    guard rect.width >= 2, rect.height >= 2 else { return }
    let right = rect.maxX - 1
    let bottom = rect.maxY - 1
    let across = LineArms(left: 1, right: 1).glyph(in: lines)
    let upright = LineArms(up: 1, down: 1).glyph(in: lines)
    for x in rect.x + 1..<right {
      set(across, x: x, y: rect.y, role: role)
      set(across, x: x, y: bottom, role: role)
    }
    for y in rect.y + 1..<bottom {
      set(upright, x: rect.x, y: y, role: role)
      set(upright, x: right, y: y, role: role)
    }
    for (x, y, arms) in [
      (rect.x, rect.y, LineArms(down: 1, right: 1)), (right, rect.y, LineArms(down: 1, left: 1)),
      (rect.x, bottom, LineArms(up: 1, right: 1)), (right, bottom, LineArms(up: 1, left: 1)),
    ] {
      set(arms.glyph(in: lines), x: x, y: y, role: role)
    }
    guard !title.isEmpty, rect.width >= 7 else { return }
    put(" \(title) ", x: rect.x + 2, y: rect.y, width: rect.width - 4, role: role)
  }
}

extension Grid {
  private func index(_ x: Int, _ y: Int) -> Int? {
    guard x >= 0, x < size.columns, y >= 0, y < size.rows else { return nil }
    return y * size.columns + x
  }

  /// Sets a cell, and blanks what is left of a wide character that it cuts in two.
  mutating func set(_ glyph: Glyph, x: Int, y: Int, role: StyleRole) {
    let wide = glyph.width == 2
    guard let place = index(x, y), !wide || x + 1 < size.columns else {
      // Half of a wide character at the edge: a blank keeps the columns.
      if wide, let rest = index(x, y) ?? index(x + 1, y) {
        replace(rest, with: Cell(.blank, role))
      }
      return
    }
    let shown =
      switch lines {
      case .unicode: glyph
      case .console: glyph.forConsole
      case .ascii: glyph.plain
      }
    replace(place, with: Cell(shown, role))
    if wide {
      replace(place + 1, with: Cell(lines == .ascii ? .blank : .rightHalf, role))
    }
  }

  private mutating func replace(_ place: Int, with cell: Cell) {
    let old = cells[place].content
    if old.width == 0, place > 0, cells[place - 1].content.width == 2 {
      cells[place - 1] = Cell(.blank, cells[place - 1].role)
    } else if old.width == 2, place + 1 < cells.count {
      cells[place + 1] = Cell(.blank, cells[place + 1].role)
    }
    cells[place] = cell
  }

  private mutating func draw(
    _ alone: LineArms, _ met: LineArms, x: Int, y: Int, role: StyleRole
  ) {
    guard let place = index(x, y) else { return }
    let arms = LineArms(cells[place].content).map { $0.joined(with: met) } ?? alone
    set(arms.glyph(in: lines), x: x, y: y, role: role)
  }

  /// The part of a rectangle that lies on the grid.
  private func clip(_ rect: Rect) -> (columns: Range<Int>, rows: Range<Int>) {
    let right = min(rect.maxX, size.columns)
    let bottom = min(rect.maxY, size.rows)
    return (
      min(max(0, rect.x), max(0, right))..<max(0, right),
      min(max(0, rect.y), max(0, bottom))..<max(0, bottom)
    )
  }
}
