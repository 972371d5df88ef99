// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Rows of text in columns as wide as they need to be.
struct Table {
  /// A column is not padded beyond this; the last one is not padded at all.
  private static let widest = 40
  private var rows: [[String]]
  /// Columns whose text stands at the right.
  private let numbers: Set<Int>

  init(_ headings: [String], numbers: Set<Int> = []) {
    rows = [headings]
    self.numbers = numbers
  }

  /// One without headings.
  init() { (rows, numbers) = ([], []) }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  func write(to output: Output) {
    for line in lines { output.line(line) }
  }

  var lines: [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      min(Self.widest, rows.map { LineText($0[column]).width }.max() ?? 0)
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: max(0, widths[column] - LineText(cell).width))
        if numbers.contains(column) { line += padding }
        line += cell
        guard column < row.count - 1 else { break }
        if !numbers.contains(column) { line += padding }
        line += "  "
      }
      return line
    }
  }
}
