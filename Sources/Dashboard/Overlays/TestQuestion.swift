// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
package import Guidance
package import MailServer

/// The question before a test message: to whom, by whom, through which server.
///
/// Cancel has the focus; keys typed ahead are ignored.
package struct TestQuestion: Overlay {
  static let name = "the question before a test message"
  static let commands: Set<CommandID> = [.nextButton, .previousButton, .decline]
  static let notch = 0

  package enum Field: CaseIterable, Hashable, Sendable {
    case cancel, send, recipient
  }

  /// What is known of the way to their server.
  package enum Way: Hashable, Sendable {
    case unknown
    case found(TestRoute)
    case none(Problem)
  }

  let step: FixProgress.StepID
  /// The destination: the message goes to a mailbox of it and nowhere else.
  let domain: String
  let openedAt: Int64
  package var way = Way.unknown
  /// What is before the @.
  var local = LineInput(TestMessage.standardRecipient)
  package var focus = Field.cancel
  /// Lines above what is shown, on a screen that is too small for all of them.
  var scroll = 0

  init(_ step: FixProgress.StepID, domain: String, at openedAt: Int64) {
    self.step = step
    self.domain = domain
    self.openedAt = openedAt
  }

  /// What would be sent, or nil if there is no way yet or no such mailbox can be.
  package var message: TestMessage? {
    guard case .found(let route) = way else { return nil }
    return TestMessage(to: local.text, by: route)
  }

  /// Why nothing can be sent now, or nil.
  func obstacle(now: Int64) -> String? {
    switch way {
    case .unknown: "Looking up their mail exchanger…"
    case .none(let problem): "\(problem.what) \(problem.remedy)"
    case .found(let route):
      message == nil
        ? "Not a valid mailbox: letters, digits and . + - = _ only."
        : route.freeAt > now
          ? "One connection per minute to the same server: next in \(route.freeAt - now) s." : nil
    }
  }

  func press(_ key: Key, _ state: inout State) -> [Effect] {
    guard state.milliseconds - openedAt >= Confirmation.typeAhead else { return [] }
    var question = self
    let command = state.setup.keymap.command(for: key, over: Self.self)?.id
    // A character is typed where the mailbox is.
    let isTyped = focus == .recipient && !TestQuestion.leads(key)
    switch isTyped ? nil : command {
    case .back, .quit, .decline: return cancel(&state)
    case .nextButton: question.moveFocus(by: 1, now: state.now)
    case .previousButton: question.moveFocus(by: -1, now: state.now)
    case .accept where focus == .cancel: return cancel(&state)
    case .accept where focus == .recipient: question.moveFocus(by: 1, now: state.now)
    case .accept:
      if let message, obstacle(now: state.now) == nil { return send(message, &state) }
    default:
      if isTyped {
        _ = question.local.press(key)
      } else if let rows = command?.rows(page: 3) {
        question.scroll = min(max(0, scroll + rows), Confirmation.longest)
      }
    }
    state.overlay = question
    return []
  }

  /// Keys that lead out of the line that is typed in.
  private static func leads(_ key: Key) -> Bool {
    [.escape, .enter, .tab, .backTab].contains(key)
  }

  private func cancel(_ state: inout State) -> [Effect] {
    state.overlay = nil
    state.say("Nothing was sent")
    return []
  }

  private func send(_ message: TestMessage, _ state: inout State) -> [Effect] {
    state.overlay = nil
    state.fix.testing = step
    state.say("Sending a test message to \(message.recipient)…", seconds: 60)
    return [.mutate(.send(message))]
  }

  private mutating func moveFocus(by step: Int, now: Int64) {
    let fields = Field.allCases.filter { $0 != .send || obstacle(now: now) == nil }
    let index = fields.firstIndex(of: focus) ?? 0
    focus = fields[(index + step + fields.count) % fields.count]
  }
}

extension State {
  /// Asks before a test message, and looks for the way in the meantime.
  mutating func askForTest(_ step: Step, of domain: String) -> [Effect] {
    if let reason = readOnlyReason {
      say("Not now: \(reason)")
      return []
    }
    guard fix.testing == nil, let id = progressID(of: step) else {
      say("Not now: a test message is being sent")
      return []
    }
    overlay = TestQuestion(id, domain: domain, at: milliseconds)
    return [.look(.testRoute(domain))]
  }

  /// Takes in how a test message would go, where it is still asked about.
  mutating func receive(_ way: TestQuestion.Way, to domain: String) {
    guard var question = overlay as? TestQuestion, question.domain == domain else { return }
    question.way = way
    overlay = question
  }

  mutating func receive(_ report: TestReport) -> [Effect] {
    say(
      "Test to \(report.message.recipient): \(report.summary)",
      report.verdict == .passed ? .good : .bad, seconds: 15)
    guard let step = fix.testing else { return [] }
    fix.testing = nil
    fix.progress.note(
      FixProgress.Mark(
        time: now, words: report.summary, verdict: report.verdict, details: report.details),
      at: step)
    return keepProgress()
  }
}
