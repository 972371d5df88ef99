// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The question before the end, asked where something is under way.
package struct QuitQuestion: Hashable, Sendable {
  enum Button: CaseIterable, Hashable, Sendable {
    case stay, quit
  }

  let openedAt: Int64
  var focus = Button.stay

  init(at openedAt: Int64) { self.openedAt = openedAt }
}

extension State {
  /// What the end would break off, in words; nil where nothing is under way.
  var underWay: String? {
    if let run = retryRun {
      let rest = run.total - run.tried
      return "A retry of \(Format.messages(run.total)) is under way: \(run.tried) tried. "
        + "Quitting stops it; the other \(Format.count(rest)) stay queued and are tried at their own "
        + "time."
    }
    if fix.testing != nil {
      return "A test message is being sent. Quitting waits for its end, so that the audit trail "
        + "tells what became of it."
    }
    guard let act = acts.pending.first?.value, act != .retry, let mta = identity?.mta else {
      return nil
    }
    return
      "\(act.progress(mta)) \(Format.messages(acts.pending.count)) is under way. Quitting waits "
      + "for the command that runs; messages that were not reached are left alone, and the audit "
      + "trail says which."
  }

  /// Ends the program, or asks first.
  mutating func quit() {
    if underWay == nil {
      isFinished = true
    } else {
      modal = .quit(QuitQuestion(at: milliseconds))
    }
  }

  mutating func press(_ key: Key, in question: QuitQuestion) -> [Effect] {
    guard milliseconds - question.openedAt >= Confirmation.typeAhead else { return [] }
    var question = question
    switch key {
    case .escape, .character("n"): modal = nil
    case .tab, .backTab, .left, .right, .character("h"), .character("l"):
      question.focus = question.focus == .stay ? .quit : .stay
      modal = .quit(question)
    case .enter:
      modal = nil
      isFinished = question.focus == .quit
    default: break
    }
    return []
  }
}
