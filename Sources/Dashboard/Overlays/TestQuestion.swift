// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
package import Guidance
package import MailServer

/// The question before a test message: to whom, by whom, through which server.
///
/// Cancel has the focus; keys typed ahead are ignored.
package struct TestQuestion: Hashable, Sendable {
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
  /// What stands before the @.
  var local = LineInput(TestMessage.standardRecipient)
  package var focus = Field.cancel
  /// Lines above what is shown, on a screen that is too small for all of them.
  var scroll = 0

  init(_ step: FixProgress.StepID, domain: String, at openedAt: Int64) {
    self.step = step
    self.domain = domain
    self.openedAt = openedAt
  }

  /// What would be sent, or nil where there is no way yet or no such mailbox can be.
  package var message: TestMessage? {
    guard case .found(let route) = way else { return nil }
    return TestMessage(to: local.text, by: route)
  }

  /// Why nothing can be sent now, or nil.
  func obstacle(now: Int64) -> String? {
    switch way {
    case .unknown: "Looking for their mail exchanger…"
    case .none(let problem): "\(problem.what) \(problem.remedy)"
    case .found(let route):
      message == nil
        ? "No mailbox: letters, digits and . + - = _ only."
        : route.freeAt > now
          ? "One connection a minute to the same server: free in \(route.freeAt - now) s." : nil
    }
  }

  /// What a key means to the dialog.
  enum Answer {
    case stay, cancel
    case send(TestMessage)
  }

  mutating func press(_ key: Key, now: Int64) -> Answer {
    switch key {
    case .escape: return .cancel
    case .tab: moveFocus(by: 1, now: now)
    case .backTab: moveFocus(by: -1, now: now)
    case .enter:
      switch focus {
      case .cancel: return .cancel
      case .recipient: moveFocus(by: 1, now: now)
      case .send:
        if let message, obstacle(now: now) == nil { return .send(message) }
      }
    default:
      guard focus == .recipient else {
        return pressOnButtons(key, now: now)
      }
      _ = local.press(key)
    }
    return .stay
  }

  private mutating func pressOnButtons(_ key: Key, now: Int64) -> Answer {
    switch key {
    case .character("q"), .character("n"): return .cancel
    case .right, .character("l"): moveFocus(by: 1, now: now)
    case .left, .character("h"): moveFocus(by: -1, now: now)
    default:
      if let step = key.scrollStep(page: 3) {
        scroll = min(max(0, scroll + step), Confirmation.longest)
      }
    }
    return .stay
  }

  private mutating func moveFocus(by step: Int, now: Int64) {
    let fields = Field.allCases.filter { $0 != .send || obstacle(now: now) == nil }
    let index = fields.firstIndex(of: focus) ?? 0
    focus = fields[(index + step + fields.count) % fields.count]
  }
}

extension State {
  /// Asks before a test message, and looks for the way meanwhile.
  mutating func askForTest(_ step: Step, of domain: String) -> [Effect] {
    if let reason = readOnlyReason {
      say("Not now: \(reason)")
      return []
    }
    guard fix.testing == nil, let id = progressID(of: step) else {
      say("Not now: a test message is under way")
      return []
    }
    modal = .test(TestQuestion(id, domain: domain, at: milliseconds))
    return [.look(.testRoute(domain))]
  }

  mutating func press(_ key: Key, in question: TestQuestion) -> [Effect] {
    guard milliseconds - question.openedAt >= Confirmation.typeAhead else { return [] }
    var question = question
    switch question.press(key, now: now) {
    case .stay:
      modal = .test(question)
      return []
    case .cancel:
      modal = nil
      say("Nothing was sent")
      return []
    case .send(let message):
      modal = nil
      fix.testing = question.step
      say("Sending a test message to \(message.recipient)…", seconds: 60)
      return [.mutate(.send(message))]
    }
  }

  /// Takes in how a test message would go, where it is still asked about.
  mutating func receive(_ way: TestQuestion.Way, to domain: String) {
    guard case .test(var question) = modal, question.domain == domain else { return }
    question.way = way
    modal = .test(question)
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
