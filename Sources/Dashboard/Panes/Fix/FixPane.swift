// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Replies

/// Pane 4: what the selected deferral means and what to do, in short; in full when it is zoomed.
enum FixPane {
  static func draw(_ state: State, in frame: inout PaneFrame, on grid: inout Grid) {
    frame.drawTitle(info: info(state), on: &grid)
    drawFindings(state, in: &frame, on: &grid)
    guard let guide = state.fix.guide, let subject = state.fix.subject else {
      frame.drawNotice([(empty(state), .dim)], on: &grid)
      return
    }
    if isShort(frame) {
      drawShort(guide, subject, state, in: frame, on: &grid)
    } else {
      FixDetail.draw(guide, subject, state, in: frame, on: &grid)
    }
  }

  /// The last line that the text below the steps can be scrolled to.
  static func lastScroll(_ state: State) -> Int {
    guard let guide = state.fix.guide, let subject = state.fix.subject, let body = body(state)
    else { return 0 }
    let text = FixDetail.textRect(guide, in: body)
    return max(
      0, FixDetail.lines(guide, subject, state, width: text.width).count - max(1, text.height))
  }

  /// What the fix has of the pane, below the findings; nil if the pane is not seen.
  static func body(_ state: State) -> Rect? {
    let layout = Layout(state)
    guard let rect = layout.panes[.fix] else { return nil }
    var frame = PaneFrame(.fix, rect, layout: layout, state: state)
    for _ in 0..<headRows(state, in: frame) { _ = frame.takeRow() }
    return frame.body
  }

  /// The step that stands at a place, or nil; `body` is what the fix has of the pane.
  static func step(at place: Point, _ state: State, in body: Rect) -> Int? {
    guard let guide = state.fix.guide, state.focus == .fix || body.height >= 8 else { return nil }
    return FixDetail.step(at: place, guide, state, in: body)
  }

  /// Whether there is room for the sense of the fix only.
  private static func isShort(_ frame: PaneFrame) -> Bool {
    !frame.isFocused && frame.body.height < 8
  }

  /// How many findings stand above the fix of what is selected.
  private static func findingRows(_ state: State, in frame: PaneFrame) -> Int {
    min(
      state.findings.all.count,
      frame.isTall ? 3 : isShort(frame) || state.fix.guide == nil ? 1 : 0)
  }

  /// The rows above the fix: the findings, and a line below them where there are several.
  private static func headRows(_ state: State, in frame: PaneFrame) -> Int {
    let findings = findingRows(state, in: frame)
    return findings + (frame.isTall && findings > 0 ? 1 : 0)
  }

  /// Why nothing is explained.
  private static func empty(_ state: State) -> String {
    if case .failed? = state.health[.queue], state.queue.snapshot == nil {
      return "Nothing is selected. Pane 1 shows why."
    }
    guard let snapshot = state.queue.snapshot, !state.isStarting(.log) else {
      return "Explanations appear here once the queue and the log are loaded."
    }
    if snapshot.count == 0, state.log.shown.isEmpty { return "Nothing is queued: nothing to fix." }
    let pane: PaneID = state.fix.origin == .log ? .log : .queue
    let isEmpty = pane == .log ? state.log.shown.isEmpty : state.queue.rowCount == 0
    if isEmpty, let filters = state.filters(of: pane)?.words {
      return "Nothing is selected: nothing in pane \(pane.rawValue) matches \(filters)."
    }
    return "Select a message or log line to see what it means and what to do."
  }

  private static func info(_ state: State) -> String {
    let findings = state.findings.all.count
    return [
      findings == 0 ? nil : findings == 1 ? "1 finding" : "\(findings) findings",
      state.fix.guide.map { "step \(state.fix.step + 1) of \($0.steps.count)" },
    ].compactMap(\.self).joined(separator: " · ")
  }

  /// What stands out on this server, whatever is selected.
  private static func drawFindings(
    _ state: State, in frame: inout PaneFrame, on grid: inout Grid
  ) {
    let hint = "\(state.key(.findings)) lists all"
    let (findings, rows) = (findingRows(state, in: frame), headRows(state, in: frame))
    for (index, finding) in state.findings.all.prefix(findings).enumerated() {
      let row = frame.takeRow()
      let hasHint = index == 0 && row.width >= 70
      let room = row.width - 5 - (hasHint ? hint.count + 2 : 0)
      grid.put(finding.severity.sign, x: row.x + 2, y: row.y, role: finding.severity.role)
      grid.put(
        [finding.title, finding.evidence.first].compactMap(\.self).joined(separator: " · "),
        x: row.x + 4, y: row.y, width: room, role: finding.severity.role)
      if hasHint { grid.putRight(hint, x: row.x, y: row.y, width: row.width - 1, role: .dim) }
    }
    if rows > findings {
      let row = frame.takeRow()
      grid.horizontalLine(x: row.x, y: row.y, width: row.width, heavy: false, role: .border)
    }
  }

  private static func drawShort(
    _ guide: Guide, _ subject: DeferralSubject, _ state: State, in frame: PaneFrame,
    on grid: inout Grid
  ) {
    let body = frame.body
    var lines: [(String, StyleRole)] = [(subject.titled(guide.title), .accent)]
    let reply = subject.classification.reply.line
    if !reply.isEmpty { lines.append(("\(FixDetail.speaker(subject)): \(reply)", .text)) }
    lines.append((FixDetail.advice(guide, subject, state), .text))
    if let place = subject.place { lines.append((place, .dim)) }
    let opens = "\(state.key(.fix)) opens the fix (\(guide.steps.count) steps)."
    lines.append(("\(opens) Checks change nothing.", .dim))
    if body.height < lines.count {
      lines.removeLast(min(lines.count - 1, lines.count - body.height))
    }
    for (index, line) in lines.enumerated() {
      grid.put(
        line.0, x: body.x + 2, y: body.y + index, width: max(0, body.width - 3), role: line.1)
    }
  }
}
