// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// What trends are drawn with.
package enum GraphSet: String, CaseIterable, Hashable, Sendable {
  /// Two values a cell, in four steps: the most time in a narrow place.
  case braille
  /// One value a cell, in eight steps.
  case blocks
  /// One value a cell, in six steps.
  case ascii

  /// Values that stand side by side in a cell.
  package var valuesPerCell: Int { self == .braille ? 2 : 1 }

  /// Steps of a row.
  fileprivate var steps: Int {
    switch self {
    case .braille: 4
    case .blocks: Self.blockGlyphs.count
    case .ascii: Self.asciiGlyphs.count
    }
  }

  /// The highest step of `rows` rows; that of 0 is 0, which blocks and ASCII draw as a base line.
  fileprivate func top(rows: Int) -> Int {
    self == .braille ? steps * rows : steps * rows - 1
  }

  /// A cell whose values reach so many steps beyond the lower edge of its row.
  fileprivate func glyph(_ reached: ArraySlice<Int>) -> Glyph {
    switch self {
    case .braille:
      let dots = zip(Self.dots, reached).reduce(UInt32(0)) { sum, column in
        sum | column.0[min(max(0, column.1), steps)]
      }
      return dots == 0 ? .blank : Unicode.Scalar(0x2800 + dots).map { Glyph($0) } ?? .blank
    case .blocks, .ascii:
      guard let step = reached.first, step >= 0 else { return .blank }
      let glyphs = self == .blocks ? Self.blockGlyphs : Self.asciiGlyphs
      return glyphs[min(step, glyphs.count - 1)]
    }
  }

  /// The dots of the left and the right column, filled from below (Unicode, Braille Patterns).
  private static let dots: [[UInt32]] = [
    [0, 0x40, 0x44, 0x46, 0x47], [0, 0x80, 0xA0, 0xB0, 0xB8],
  ]
  private static let blockGlyphs = "▁▂▃▄▅▆▇█".unicodeScalars.map { Glyph($0) }
  private static let asciiGlyphs = "_.-=*#".unicodeScalars.map { Glyph($0) }
}

extension Grid {
  /// A sparkline of `values` scaled to the largest, newest at the right.
  ///
  /// Shows the last values that fit, `valuesPerCell` in each cell; whatever is more than 0 rises above
  /// what 0 looks like.
  package mutating func sparkline(_ values: [Int], in rect: Rect, role: StyleRole = .accent) {
    let perCell = graphs.valuesPerCell
    let shown = values.suffix(rect.width * perCell)
    guard let largest = shown.max(), rect.height > 0 else { return }
    let top = graphs.top(rows: rect.height)
    // What a cell at the left has too few of is 0 in braille and not there in the others.
    let missing = (perCell - shown.count % perCell) % perCell
    let steps =
      Array(repeating: 0, count: missing)
      + shown.map { value in
        let share = largest > 0 ? Double(value) / Double(largest) : 0
        return value <= 0 ? 0 : max(1, Int((share * Double(top)).rounded()))
      }
    let cells = steps.count / perCell
    for cell in 0..<cells {
      let reached = steps[cell * perCell..<(cell + 1) * perCell]
      for row in 0..<rect.height {
        let above = reached.map { $0 - row * graphs.steps }
        set(
          graphs.glyph(above[...]), x: rect.maxX - cells + cell, y: rect.maxY - 1 - row,
          role: role)
      }
    }
  }
}
