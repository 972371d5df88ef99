// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer

/// What this server's numbers say: a line each, and the numbers of the selected one.
struct FindingsList: Overlay {
  static let name = "the findings"
  static let commands: Set<CommandID> = [.chart]
  static let opener: CommandID? = .findings
  static let isReading = true

  var selected = 0

  func draw(_ state: State, on grid: inout Grid) {
    let findings = state.findings.all
    let (rect, text) = frame(state)
    grid.fill(rect, role: .dialog)
    grid.box(
      rect, title: "Findings: problems on this server", role: .dialogBorder)
    let body = rect.inset(dx: 1, dy: 1)
    let (list, below) = body.splitTop(
      min(findings.count, max(body.height / 2, body.height - text.lines.count - 1)))
    let selected = place(among: findings.count)
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
    hints(state, in: rect).draw(on: &grid, role: .dialogBorder)
  }

  func hints(_ state: State) -> HintBar? { hints(state, in: frame(state).0) }

  private func hints(_ state: State, in rect: Rect) -> HintBar {
    let shows = state.findings.all.isEmpty ? [] : [HintBar.Hint(.enter, "shows its messages")]
    return HintBar(shows + [HintBar.Hint(.escape, "closes")], onEdgeOf: rect)
  }

  private func place(among count: Int) -> Int { min(max(0, selected), max(0, count - 1)) }

  /// Where it stands, and the numbers of the selected finding.
  private func frame(_ state: State) -> (Rect, StyledText) {
    let findings = state.findings.all
    let screen = Rect(state.size)
    let selected = place(among: findings.count)
    let width = min(screen.width, 92)
    var text = StyledText(width: max(1, width - 6))
    if findings.indices.contains(selected) {
      for sentence in findings[selected].evidence { text.add(sentence) }
    } else {
      text.add("No findings left.", .dim)
    }
    let wanted = findings.count + 1 + text.lines.count
    return (screen.centered(width: width, height: min(screen.height, wanted + 2)), text)
  }

  func page(_ state: State) -> Int { 5 }

  func scroll(by rows: Int, _ state: inout State) {
    let last = max(0, state.findings.all.count - 1)
    state.overlay = FindingsList(selected: min(max(0, selected + rows), last))
  }

  func accept(_ state: inout State) -> [Effect] {
    state.overlay = nil
    let findings = state.findings.all
    return findings.indices.contains(selected) ? state.showMail(of: findings[selected]) : []
  }

  func run(_ command: CommandID, _ state: inout State) -> [Effect] {
    state.overlay = Chart()
    return []
  }
}

extension Finding.Severity {
  /// One cell that shows without color whether something is to be done.
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

extension State {
  /// Brings into view exactly what a finding counted; Esc takes the filters off again.
  ///
  /// The filters are made of values: a name that a stranger chose cannot change what they say.
  fileprivate mutating func showMail(of finding: Finding) -> [Effect] {
    isZoomed = false
    if finding.id == "inbound" {
      focus = .log
      log.showAllCodes(now: now)
      let refusals = try? Filter("kind:refusal age<=15m", for: .log)
      return show([refusals, finding.client.map { Filter(.host, isAnyOf: [$0]) }])
    }
    if finding.id.hasPrefix("limit:") {
      focus = .connections
      return show([])
    }
    if finding.id == "log" {
      focus = .log
      return show([])
    }
    if finding.id == "load" {
      overlay = Chart()
      return []
    }
    focus = .queue
    queue.showAll()
    let filter =
      finding.id == "held"
      ? Filter(.state, isAnyOf: [MessageState.held.rawValue])
      : !finding.destinations.isEmpty
        ? Filter(.dest, isAnyOf: finding.destinations)
        : finding.sender.map { Filter(.from, isAnyOf: [$0]) }
    return [.arrange(queue.query)] + show([filter])
  }

  /// Replaces the filters.
  private mutating func show(_ wanted: [Filter?]) -> [Effect] {
    changeFilters(of: focus) { filters in
      filters = FilterStack()
      for filter in wanted.compactMap(\.self) { filters.add(filter) }
    }
  }
}
