// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Replies

/// The guided fix in full: the steps above, and below them all that is known of the selected one.
enum FixDetail {
  static func draw(
    _ guide: Guide, _ subject: DeferralSubject, _ state: State, in frame: PaneFrame,
    on grid: inout Grid
  ) {
    let body = frame.body
    guard body.height > 0 else { return }
    grid.put(
      subject.titled(guide.title), x: body.x + 1, y: body.y, width: body.width - 2, role: .accent)
    let rows = stepRows(guide, in: body.height)
    drawSteps(
      guide, state, in: Rect(x: body.x, y: body.y + 1, width: body.width, height: rows), of: frame,
      on: &grid)
    let text = textRect(guide, in: body)
    guard !text.isEmpty else { return }
    let lineY = text.y - 1
    grid.horizontalLine(x: body.x, y: lineY, width: body.width, heavy: false, role: .border)
    let lines = lines(guide, subject, state, width: text.width)
    for (offset, line) in lines.dropFirst(state.fix.scroll).prefix(text.height).enumerated() {
      grid.put(line.text, x: text.x, y: text.y + offset, width: text.width, role: line.role)
    }
    let below = lines.count - state.fix.scroll - text.height
    let beyond = [
      state.fix.scroll > 0 ? "\(state.fix.scroll) above: PgUp" : nil,
      below > 0 ? "\(below) below: PgDn" : nil,
    ].compactMap(\.self)
    if !beyond.isEmpty {
      let hint = " \(beyond.joined(separator: " · ")) "
      grid.putRight(hint, x: body.x, y: lineY, width: body.width - 2, role: .dim)
    }
  }

  /// Where the text below the steps stands, in lines that the eye finds back to; empty if no row is left for it.
  static func textRect(_ guide: Guide, in body: Rect) -> Rect {
    let above = min(body.height, 2 + stepRows(guide, in: body.height))
    return Rect(
      x: body.x + 2, y: body.y + above, width: max(0, min(100, body.width - 4)),
      height: body.height - above)
  }

  /// How many rows the steps take in a pane of `height` rows: at most half of it, and never more than it has.
  private static func stepRows(_ guide: Guide, in height: Int) -> Int {
    max(0, min(guide.steps.count, max(3, height / 2), height - 1))
  }

  private static func drawSteps(
    _ guide: Guide, _ state: State, in rect: Rect, of frame: PaneFrame, on grid: inout Grid
  ) {
    let top = firstRow(showing: state.fix.step, of: guide.steps.count, in: rect.height)
    let titles = guide.steps.map(\.title.count).max() ?? 0
    // The facts are in their own column, if the titles leave one.
    let hasFacts = guide.steps.contains { !progress(of: $0, state, ascii: false).fact.isEmpty }
    let factX =
      rect.x + 15 + min(titles, hasFacts ? max(24, (rect.width - 15) * 11 / 20) : rect.width)
    for offset in 0..<rect.height where top + offset < guide.steps.count {
      let index = top + offset
      let step = guide.steps[index]
      let y = rect.y + offset
      let (sign, role, fact) = progress(of: step, state, ascii: grid.lines == .ascii)
      grid.put(sign, x: rect.x + 2, y: y, width: 1, role: role)
      grid.putRight("\(index + 1)", x: rect.x + 4, y: y, width: 2, role: .text)
      grid.put(step.kind.rawValue, x: rect.x + 7, y: y, width: 6, role: .dim)
      let width = fact.isEmpty ? rect.width - 14 : factX - rect.x - 15
      grid.put(step.title, x: rect.x + 14, y: y, width: width, role: .text)
      grid.put(fact, x: factX, y: y, width: max(0, rect.maxX - 1 - factX), role: role)
      if index == state.fix.step {
        frame.select(Rect(x: rect.x, y: y, width: rect.width, height: 1), on: &grid)
      }
    }
  }

  static func step(at place: Point, _ guide: Guide, _ state: State, in body: Rect) -> Int? {
    let rows = stepRows(guide, in: body.height)
    guard (body.y + 1..<body.y + 1 + rows).contains(place.y) else { return nil }
    let step =
      firstRow(showing: state.fix.step, of: guide.steps.count, in: rows) + place.y - body.y - 1
    return guide.steps.indices.contains(step) ? step : nil
  }

  private static func progress(
    of step: Step, _ state: State, ascii: Bool
  ) -> (sign: String, role: StyleRole, fact: String) {
    let (tick, cross) = ascii ? ("+", "x") : ("✓", "✗")
    guard case .check(let request) = step.action else {
      if step.action == .act(.retry), let id = state.fix.subject?.queueID,
        let words = state.followUps.words(for: id)
      {
        return switch state.followUps.helped(id) {
        case true?: (tick, .good, words)
        case false?: (cross, .bad, words)
        case nil: (ascii ? "." : "…", .accent, words)
        }
      }
      let id = state.progressID(of: step)
      if id != nil, id == state.fix.testing {
        return (ascii ? "." : "…", .accent, "sending…")
      }
      guard let mark = id.flatMap({ state.fix.progress.marks[$0] }) else {
        return (" ", .dim, "")
      }
      let clock = Format.clock(mark.time, zone: state.setup.zone)
      let words = "\(clock) \(mark.words)"
      guard let verdict = mark.verdict else { return (ascii ? "." : "·", .accent, words) }
      let (sign, role) = sign(of: verdict, ascii: ascii)
      return (sign, role, words)
    }
    if state.fix.running.contains(request) { return (ascii ? "." : "…", .accent, "looking…") }
    guard let result = state.fix.progress.results[request] else { return (" ", .dim, "") }
    let (sign, role) = sign(of: result.verdict, ascii: ascii)
    return (sign, role, result.fact)
  }

  private static func sign(
    of verdict: CheckResult.Verdict, ascii: Bool
  ) -> (sign: String, role: StyleRole) {
    switch verdict {
    case .passed: (ascii ? "+" : "✓", .good)
    case .warns: ("!", .warning)
    case .failed: (ascii ? "x" : "✗", .bad)
    case .unavailable: ("?", .warning)
    }
  }

  // MARK: The text below

  static func lines(
    _ guide: Guide, _ subject: DeferralSubject, _ state: State, width: Int
  ) -> [(text: String, role: StyleRole)] {
    var text = StyledText(width: width)
    if let step = state.fix.selectedStep { describe(step, state, in: &text) }
    let reply = subject.classification.reply.line
    if !reply.isEmpty {
      text.heading(speaker(subject))
      text.add(reply)
      if let place = subject.place { text.add(place) }
      if state.knowsNoWay(of: subject) {
        text.add(
          "Some mail here goes through a relay host; which route this message takes could not be determined.",
          .warning)
      }
    }
    text.heading("What it means")
    for sentence in guide.meaning { text.add(sentence) }
    if !reply.isEmpty {
      text.add(
        "Cause: \(subject.classification.cause.rawValue) (rule \(subject.classification.rule)).")
    }
    let findings = state.findings.concerning(subject)
    if !findings.isEmpty {
      text.heading("On this server")
      for finding in findings {
        text.add("\(finding.severity.sign) \(finding.title)", finding.severity.role)
        for sentence in finding.evidence { text.add("  \(sentence)") }
      }
    }
    text.heading("When to retry")
    text.add(advice(guide, subject, state))
    if let past = past(of: subject, state) { text.add(past) }
    if let reassurance = guide.reassurance { text.add(reassurance) }
    if let id = subject.queueID, let words = state.followUps.words(for: id) {
      text.heading("Result of the retry")
      text.add("\(id) \(words).")
    }
    if !guide.mistakes.isEmpty {
      text.heading("Do not")
      for mistake in guide.mistakes { text.add("- \(mistake)") }
    }
    text.heading("If that fails")
    text.add(guide.escalation)
    if state.hasEscalation {
      text.add(
        "\(state.key(.escalation)) drafts a message to their postmaster, with the facts.", .dim)
    }
    return text.lines
  }

  private static func describe(_ step: Step, _ state: State, in text: inout StyledText) {
    text.heading("Step \(state.fix.step + 1): \(step.title)")
    text.add(step.why)
    switch step.action {
    case .read: break
    case .act(let act, let scope):
      text.add(
        "\(state.key(.runStep)) asks whether to \(act.rawValue) \(words(for: scope)).", .dim)
    case .testMessage:
      if let mark = state.progressID(of: step).flatMap({ state.fix.progress.marks[$0] }) {
        text.add("\(Format.duration(state.now - mark.time)) ago: \(mark.words)", .accent)
        for detail in mark.details { text.add("  \(detail)") }
      }
      text.add(
        "\(state.key(.runStep)) asks for the recipient; nothing is sent until you confirm.", .dim)
    case .check(let request):
      if let result = state.fix.progress.results[request] {
        text.add("\(Format.duration(state.now - result.time)) ago: \(result.summary)", .accent)
        // What is above already, or as the commands below, is not said again.
        for detail in result.details
        where detail != result.summary && !step.commands.contains(detail) {
          text.add("  \(detail)")
        }
        if request.check == .recovered, let domain = request.domain,
          state.fix.awaited[domain.lowercased()] != nil
        {
          text.add(
            "Watching the log: this step reports when \(domain) accepts mail again.", .accent)
        }
      } else if state.fix.running.contains(request) {
        text.add("Checking…", .dim)
      } else {
        text.add("\(state.key(.runStep)) runs this check. It changes nothing.", .dim)
      }
    case .configuration(let advice):
      text.add("In \(advice.file):", .dim)
      for line in advice.lines { text.add("  \(line)", .accent) }
      for line in advice.present { text.add("Present value: \(line)", .dim) }
      if !advice.show.isEmpty, advice.present.isEmpty {
        text.add("Present value: \(advice.show)", .dim)
      }
      text.add("Then: \(advice.reload)", .dim)
      text.add("Undo: \(advice.undo)", .dim)
      text.add(
        "\(state.key(.runStep)) copies these lines. Tempfail never edits the file.", .dim)
    }
    if !step.commands.isEmpty {
      text.add("By hand:", .dim)
      for command in step.commands { text.add("  \(command)") }
    }
  }

  /// The messages that a step's act is for.
  private static func words(for scope: ActScope) -> String {
    switch scope {
    case .message: "this message"
    case .sender(let address): "all mail queued from \(address.isEmpty ? "<>" : address)"
    case .busiestSender(let domain): "the mail queued for \(domain) from its busiest sender"
    }
  }

  /// Whose words the reply is: theirs, ours, or those of our own MTA where nobody answered.
  static func speaker(_ subject: DeferralSubject) -> String {
    if subject.direction == .inbound { return "Our reply" }
    return subject.classification.origin == .ownMTA ? "Error" : "Reply"
  }

  /// When it is tried again, then the advice on waiting.
  static func advice(_ guide: Guide, _ subject: DeferralSubject, _ state: State) -> String {
    guard !subject.isHeld, let next = nextAttempt(subject, now: state.now) else {
      return guide.advice
    }
    return "\(next) \(guide.advice)"
  }

  /// When it came, how often it was tried, and when last.
  private static func past(of subject: DeferralSubject, _ state: State) -> String? {
    guard let arrival = subject.arrival else { return nil }
    var parts = ["Queued \(Format.duration(state.now - arrival)) ago"]
    if let attempts = subject.attempts {
      parts.append(attempts == 1 ? "1 attempt" : "\(Format.count(attempts)) attempts")
    }
    if let last = subject.lastAttempt {
      parts.append("the last \(Format.duration(state.now - last)) ago")
    }
    let end = state.giveUp(of: subject).map {
      " " + $0.words(subject.mta, now: state.now, duration: Format.duration)
    }
    return parts.joined(separator: ", ") + "." + (end ?? "")
  }

  private static func nextAttempt(_ subject: DeferralSubject, now: Int64) -> String? {
    if let next = subject.nextRetry {
      return next > now
        ? "Next attempt in \(Format.countdown(next - now))."
        : "The next attempt is due with the next queue run."
    }
    guard let wait = subject.classification.wait, let last = subject.lastAttempt else { return nil }
    let left = last + Int64(wait.min) - now
    return left > 0 ? "Recommended retry in \(Format.countdown(left))." : nil
  }
}
