// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Replies

/// Deferrals of the last hour or day, causes stacked, with the queue, the deliveries and our own acts.
struct Chart: Overlay {
  static let name = "the chart"
  static let commands: Set<CommandID> = [.chartHour, .chartDay, .chartSpan, .findings]
  static let opener: CommandID? = .chart
  static let isReading = true

  enum Span: Int, Hashable, Sendable {
    case hour = 60
    case day = 1440

    /// Of a column, in minutes, where at most so many columns stand side by side.
    func step(columns: Int) -> Int {
      // Steps that people can read a time from.
      let steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440]
      return steps.first { $0 * columns >= rawValue } ?? 1440
    }
  }

  var span = Span.hour

  init(span: Span = .hour) { self.span = span }
}

/// Columns at the left for the scale and the names of the lines below.
private let margin = 15

extension Chart {
  func draw(_ state: State, on grid: inout Grid) {
    let state = state.still
    let screen = Rect(state.size)
    grid.fill(screen, role: .text)
    let name = span == .hour ? "hour" : "day"
    grid.box(screen, title: "Deferrals in the last \(name), by cause", role: .focusedBorder)
    let body = screen.inset(dx: 1, dy: 1)
    let columns = body.width - margin - 1
    guard columns >= 10, body.height >= 4 else {
      grid.put("Too small for a chart", x: body.x, y: body.y, width: body.width, role: .dim)
      return
    }
    let step = span.step(columns: columns)
    let steps = min(columns, span.rawValue / step)
    let plot = Plot(
      state: state, step: step, steps: steps, width: max(1, columns / steps), x: body.x + margin)
    grid.cursor = Point(x: body.x, y: body.y)
    drawLines(plot, state, in: body, on: &grid)
    if let gap = state.trends.gaps.first {
      let more = state.trends.gaps.count > 1 ? " (and \(state.trends.gaps.count - 1) more)" : ""
      let words = " Partial: \(gap)\(more) "
      grid.put(
        words, x: screen.x + 2, y: screen.maxY - 1, width: max(0, screen.width - 32), role: .warning
      )
    } else if let first = state.trends.first {
      // What is empty before this time was not looked at.
      let words = " log since \(since(first, state)) "
      if words.count <= screen.width - 32 {
        grid.put(words, x: screen.x + 2, y: screen.maxY - 1, role: .dim)
      }
    }
    hints(state)?.draw(on: &grid, role: .dim)
  }

  func hints(_ state: State) -> HintBar? {
    HintBar(
      [
        state.hint(.chartHour, "hour"), state.hint(.chartDay, "day"),
        HintBar.Hint(.escape, "closes"),
      ].compactMap(\.self), onEdgeOf: Rect(state.size))
  }

  func run(_ command: CommandID, _ state: inout State) -> [Effect] {
    switch command {
    case .chartHour: state.overlay = Chart(span: .hour)
    case .chartDay: state.overlay = Chart(span: .day)
    case .findings: if !state.findings.all.isEmpty { state.overlay = FindingsList() }
    default: state.overlay = Chart(span: span == .hour ? .day : .hour)
    }
    return []
  }

  private func since(_ time: Int64, _ state: State) -> String {
    Format.since(time, now: state.now, zone: state.setup.zone)
  }

  private struct Plot {
    let state: State
    /// Minutes of a step of time.
    let step: Int
    /// Steps side by side.
    let steps: Int
    /// Columns of a step.
    let width: Int
    let x: Int

    var columns: Int { steps * width }

    /// A trend in the steps of the chart, or in equal parts of them, oldest first.
    func values(_ trend: Trend, isLevel: Bool = false, parts: Int = 1) -> [Int] {
      let span = step / parts
      let minutes = step * steps
      let all =
        isLevel
        ? trend.levels(minutes: minutes, now: state.now)
        : trend.values(minutes: minutes, now: state.now)
      return (0..<steps * parts).map { part in
        let those = all[part * span..<(part + 1) * span]
        return isLevel ? those.last ?? 0 : those.reduce(0, +)
      }
    }

    /// The same for a sparkline as wide as the chart, which may show half steps.
    func line(_ trend: Trend, isLevel: Bool, on graphs: GraphSet) -> [Int] {
      let perCell = graphs.valuesPerCell
      let parts = step.isMultiple(of: perCell) ? perCell : 1
      return values(trend, isLevel: isLevel, parts: parts).flatMap {
        repeatElement($0, count: width * perCell / parts)
      }
    }

    /// The left column of the step of a time, or nil if it is too old.
    func column(of time: Int64) -> Int? {
      let age = Int(clamping: state.now / 60 - time / 60)
      let index = steps - 1 - max(0, age) / step
      return index >= 0 ? index * width : nil
    }
  }

  /// From below: the time, our acts, the deliveries, the queue, the legend, the stacked causes.
  private func drawLines(_ plot: Plot, _ state: State, in body: Rect, on grid: inout Grid) {
    var y = body.maxY - 1
    drawTimes(plot, state, y: y, on: &grid)
    let trends = state.trends
    let acts = trends.acts.compactMap(plot.column(of:))
    if !acts.isEmpty, y > body.y + 6 {
      y -= 1
      grid.put("changes", x: body.x + 1, y: y, width: margin - 2, role: .dim)
      for column in acts { grid.put("^", x: plot.x + column, y: y, role: .accent) }
    }
    let height = body.height >= 20 ? 2 : 1
    for (name, trend, isLevel, role) in [
      ("delivered", trends.deliveries, false, StyleRole.good),
      ("queue", trends.queue, true, .accent),
    ] where y > body.y + 4 + height {
      y -= height
      let largest = plot.values(trend, isLevel: isLevel).max() ?? 0
      grid.put(
        "\(name) \(Format.count(largest))", x: body.x + 1, y: y, width: margin - 2, role: .dim)
      grid.sparkline(
        plot.line(trend, isLevel: isLevel, on: grid.graphs),
        in: Rect(x: plot.x, y: y, width: plot.columns, height: height), role: role)
    }
    let causes = trends.causes.map { (cause: $0.key, values: plot.values($0.value)) }
      .map { (cause: $0.cause, values: $0.values, total: $0.values.reduce(0, +)) }
      .filter { $0.total > 0 }
      .sorted { ($1.total, $0.cause.rawValue) < ($0.total, $1.cause.rawValue) }
    let stacks = causes.enumerated().map { index, row in
      Stack(
        cause: row.cause, values: row.values, total: row.total,
        role: Self.roles[index % Self.roles.count])
    }
    y -= 1
    drawLegend(stacks, in: Rect(x: body.x + 1, y: y, width: body.width - 2, height: 1), on: &grid)
    drawStacks(
      stacks, plot, in: Rect(x: body.x, y: body.y, width: body.width, height: y - body.y), state,
      on: &grid)
  }

  private struct Stack {
    var cause: Cause
    var values: [Int]
    var total: Int
    var role: StyleRole

    /// A letter for each cause, so that colors are not needed to distinguish them.
    var letter: String {
      switch cause {
      case .greylisting: "g"
      case .connectionLimit: "c"
      case .rateLimit: "r"
      case .resource: "s"
      case .timeout: "t"
      case .policy: "p"
      case .tls: "e"
      case .dns: "d"
      case .mailbox: "m"
      case .downstream: "w"
      case .configuration: "f"
      case .other: "o"
      case .notTemporary: "n"
      }
    }
  }

  private static let roles: [StyleRole] = [.warning, .accent, .bad, .good, .held, .active]

  private func drawLegend(_ stacks: [Stack], in rect: Rect, on grid: inout Grid) {
    var x = rect.x
    for stack in stacks {
      let text = "\(stack.letter) \(stack.cause.rawValue) \(Format.count(stack.total))"
      guard x + text.count <= rect.maxX else { return }
      x += 2 + grid.put(text, x: x, y: rect.y, width: rect.maxX - x, role: stack.role)
    }
  }

  private func drawStacks(
    _ stacks: [Stack], _ plot: Plot, in rect: Rect, _ state: State, on grid: inout Grid
  ) {
    let totals = (0..<plot.steps).map { index in
      stacks.reduce(0) { $0 + $1.values[index] }
    }
    guard let largest = totals.max(), largest > 0, rect.height > 0 else {
      let begin = state.trends.first.map { " since \(since($0, state))" }
      grid.put(
        "No deferrals\(begin ?? "").", x: rect.x + 1, y: rect.y, width: rect.width - 2,
        role: .good)
      return
    }
    grid.putRight(Format.count(largest), x: rect.x, y: rect.y, width: margin - 1, role: .dim)
    grid.putRight("0", x: rect.x, y: rect.maxY - 1, width: margin - 1, role: .dim)
    // Wide bars stand apart.
    let width = plot.width > 2 ? plot.width - 1 : plot.width
    for index in 0..<plot.steps {
      var below = 0
      for stack in stacks where stack.values[index] > 0 {
        let from = height(below, largest, rect.height)
        below += stack.values[index]
        // Whatever there was, however little, is seen.
        let to = max(height(below, largest, rect.height), from + (from == 0 ? 1 : 0))
        for level in from..<max(from, min(to, rect.height)) {
          grid.put(
            String(repeating: stack.letter, count: width), x: plot.x + index * plot.width,
            y: rect.maxY - 1 - level, role: stack.role)
        }
      }
    }
  }

  private func height(_ value: Int, _ largest: Int, _ rows: Int) -> Int {
    Int((Double(value) / Double(largest) * Double(rows)).rounded())
  }

  private func drawTimes(_ plot: Plot, _ state: State, y: Int, on grid: inout Grid) {
    // A label takes five columns, and seven between them keep them apart.
    for index in stride(from: 0, to: plot.steps, by: (11 + plot.width) / plot.width) {
      let column = index * plot.width
      guard column + 5 < plot.columns else { break }
      let minutes = Int64((plot.steps - 1 - index) * plot.step)
      let clock = Format.clock((state.now / 60 - minutes) * 60, zone: state.setup.zone)
      grid.put(String(clock.prefix(5)), x: plot.x + column, y: y, width: 5, role: .dim)
    }
    grid.put(
      "\(plot.step) min each", x: plot.x - margin + 1, y: y, width: margin - 2, role: .dim)
  }
}
