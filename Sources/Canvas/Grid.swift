// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// One cell of the screen.
///
/// Only a `Grid` makes cells, from safe text.
package struct Cell: Hashable, Sendable {
  /// One grapheme; empty in the right half of a wide character.
  package let glyph: String
  package let role: StyleRole

  fileprivate init(glyph: String, role: StyleRole) {
    self.glyph = glyph
    self.role = role
  }
}

/// The line-drawing characters in use.
package enum LineSet: Hashable, Sendable {
  case unicode
  case ascii
}

/// A frame: what the whole screen looks like.
///
/// A value; two equal grids look the same.
package struct Grid: Hashable, Sendable {
  package let size: Size
  package let lines: LineSet
  /// Where the terminal's cursor stands: on the selection, for screen readers; nil hides it.
  package var cursor: Point?

  package init(size: Size, lines: LineSet = .unicode) {
    self.size = size
    self.lines = lines
  }

  /// The cell at a place inside the grid.
  package subscript(x: Int, y: Int) -> Cell { Cell(glyph: " ", role: .text) }

  /// Writes `text` from (x, y), cut at `width` cells with `~` where it does not fit, and returns
  /// the columns used.
  ///
  /// The text is made safe first. What lies outside the grid is left out.
  @discardableResult
  package mutating func put(
    _ text: String, x: Int, y: Int, width: Int = .max, role: StyleRole = .text
  ) -> Int { 0 }

  /// The same, ending at the right edge of `width` cells.
  package mutating func putRight(
    _ text: String, x: Int, y: Int, width: Int, role: StyleRole = .text
  ) {}

  /// Fills a rectangle with blanks.
  package mutating func fill(_ rect: Rect, role: StyleRole = .text) {}

  /// Gives every cell of a rectangle another role, text kept: a selection bar.
  package mutating func paint(_ rect: Rect, role: StyleRole) {}

  /// A horizontal or a vertical line.
  package mutating func horizontalLine(x: Int, y: Int, width: Int, heavy: Bool, role: StyleRole) {}
  package mutating func verticalLine(x: Int, y: Int, height: Int, role: StyleRole) {}

  /// A border around a rectangle, with a title set into its upper edge.
  package mutating func box(_ rect: Rect, title: String, role: StyleRole) {}

  /// A sparkline of `values` scaled to the largest, newest at the right: braille or block, or digits in ASCII.
  package mutating func sparkline(
    _ values: [Int], x: Int, y: Int, width: Int, role: StyleRole = .accent
  ) {}

  /// A gauge `[#####     ]` of `fraction` (0 to 1).
  package mutating func gauge(
    _ fraction: Double, x: Int, y: Int, width: Int, role: StyleRole = .accent
  ) {}

  /// The text of the rows, trailing blanks cut: for tests and screen dumps.
  package var textRows: [String] { [] }
  /// One character a cell that names its role, row by row: for tests.
  package var styleRows: [String] { [] }
}
