// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance

/// What this server's numbers say: a line each, and the numbers of the selected one.
enum FindingsOverlay {
  static func draw(selected: Int, _ state: State, on grid: inout Grid) {
    let findings = state.findings.all
    let screen = Rect(state.size)
    let selected = min(max(0, selected), max(0, findings.count - 1))
    let width = min(screen.width, 92)
    var text = StyledText(width: max(1, width - 6))
    if findings.indices.contains(selected) {
      for sentence in findings[selected].evidence { text.add(sentence) }
    } else {
      text.add("Nothing stands out any more.", .dim)
    }
    let wanted = findings.count + 1 + text.lines.count
    let rect = screen.centered(width: width, height: min(screen.height, wanted + 2))
    grid.fill(rect, role: .dialog)
    grid.box(
      rect, title: "Findings: what this server's numbers say", role: .dialogBorder)
    let body = rect.inset(dx: 1, dy: 1)
    let (list, below) = body.splitTop(
      min(findings.count, max(body.height / 2, body.height - text.lines.count - 1)))
    let top = firstRow(showing: selected, of: findings.count, in: list.height)
    for offset in 0..<list.height where findings.indices.contains(top + offset) {
      let finding = findings[top + offset]
      let row = Rect(x: list.x, y: list.y + offset, width: list.width, height: 1)
      grid.put(finding.severity.sign, x: row.x + 1, y: row.y, role: finding.severity.role)
      grid.put(finding.title, x: row.x + 3, y: row.y, width: row.width - 4, role: .dialog)
      if top + offset == selected {
        grid.paint(row, role: .selection)
        grid.cursor = Point(x: row.x, y: row.y)
      }
    }
    for (offset, line) in text.lines.prefix(max(0, below.height - 1)).enumerated() {
      grid.put(line.text, x: below.x + 3, y: below.y + 1 + offset, width: text.width, role: .dialog)
    }
    let hint = findings.isEmpty ? " Esc closes " : " Enter shows its mail · Esc closes "
    grid.putRight(hint, x: rect.x, y: rect.maxY - 1, width: rect.width - 2, role: .dialogBorder)
  }
}

extension Finding.Severity {
  /// One cell that tells without colour whether something is to be done.
  var sign: String {
    switch self {
    case .note: "·"
    case .warning, .critical: "!"
    }
  }

  var role: StyleRole {
    switch self {
    case .note: .dim
    case .warning: .warning
    case .critical: .bad
    }
  }
}
