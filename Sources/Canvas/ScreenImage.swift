// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A frame as a picture (SVG 1.1) in the colors of a theme.
package enum ScreenImage {
  private static let cellWidth = 9
  private static let cellHeight = 18

  package static func svg(_ grid: Grid, theme: Theme) -> String {
    let (width, height) = (grid.size.columns * cellWidth, grid.size.rows * cellHeight)
    let ground = paint(.text, theme).back
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="monospace" font-size="15">
      <rect width="100%" height="100%" fill="\(ground)"/>

      """
    for y in 0..<grid.size.rows {
      for run in runs(of: grid.row(y)) {
        let look = paint(run.role, theme)
        let place = "x=\"\(run.start * cellWidth)\""
        let span = run.columns * cellWidth
        if look.back != ground {
          svg +=
            "<rect \(place) y=\"\(y * cellHeight)\" width=\"\(span)\" "
            + "height=\"\(cellHeight)\" fill=\"\(look.back)\"/>\n"
        }
        guard run.text.contains(where: { $0 != " " }) else { continue }
        svg +=
          "<text \(place) y=\"\(y * cellHeight + 14)\" textLength=\"\(span)\" "
          + "xml:space=\"preserve\" fill=\"\(look.front)\"\(look.attributes)>"
          + escaped(run.text) + "</text>\n"
      }
    }
    return svg + "</svg>\n"
  }

  private struct Run {
    var start: Int
    var columns: Int
    var role: StyleRole
    var text: String
  }

  /// The cells of a row, those of one role together.
  private static func runs(of cells: ArraySlice<Cell>) -> [Run] {
    var runs: [Run] = []
    for (x, cell) in cells.enumerated() {
      if let last = runs.indices.last, runs[last].role == cell.role {
        runs[last].columns += 1
        runs[last].text += cell.glyph
      } else {
        runs.append(Run(start: x, columns: 1, role: cell.role, text: cell.glyph))
      }
    }
    return runs
  }

  private static func paint(
    _ role: StyleRole, _ theme: Theme
  ) -> (front: String, back: String, attributes: String) {
    let style = theme[role]
    let isDark = theme.ground == .dark
    var front = code(style.foreground, else: isDark ? "#d4d4d4" : "#1c1c1c")
    var back = code(style.background, else: isDark ? "#121212" : "#ffffff")
    if style.reverse { swap(&front, &back) }
    let attributes =
      (style.bold ? " font-weight=\"bold\"" : "")
      + (style.underline ? " text-decoration=\"underline\"" : "")
    return (front, back, attributes)
  }

  private static func code(_ color: Color, else own: String) -> String {
    guard case .rgb(let red, let green, let blue) = color else { return own }
    return "#"
      + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.append(character)
      }
    }
  }
}
