// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Canvas
import Glibc

/// Standard output, written in large pieces.
final class Output {
  private static let pieceSize = 1 << 16
  private var buffer: [UInt8] = []

  deinit { flush() }

  /// Writes a JSON value as one line (JSON Lines).
  func json(_ value: JSON) {
    buffer += value.line
    if buffer.count >= Self.pieceSize { flush() }
  }

  /// Writes a line that may hold text from outside.
  ///
  /// What could move a terminal's cursor is shown as text.
  func line(_ text: String) {
    buffer += SafeText(text).string.utf8
    buffer.append(ASCII.newline)
    if buffer.count >= Self.pieceSize { flush() }
  }

  func flush() {
    var start = 0
    while start < buffer.count {
      let written = buffer.withUnsafeBytes {
        write(STDOUT_FILENO, $0.baseAddress.map { $0 + start }, $0.count - start)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { break }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }
}

/// Rows of text in columns as wide as they need to be.
struct Table {
  /// A column's text is cut here, the last one's is not.
  private static let widest = 40
  private var rows: [[String]]
  /// Columns whose text stands at the right.
  private let numbers: Set<Int>

  init(_ headings: [String], numbers: Set<Int> = []) {
    rows = [headings]
    self.numbers = numbers
  }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  func write(to output: Output) {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      min(Self.widest, rows.map { SafeText($0[column]).width }.max() ?? 0)
    }
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: max(0, widths[column] - SafeText(cell).width))
        if numbers.contains(column) { line += padding }
        line += cell
        guard column < row.count - 1 else { break }
        if !numbers.contains(column) { line += padding }
        line += "  "
      }
      output.line(line)
    }
  }
}
