// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

extension State {
  /// Whether acts go to one message by its ID: that of the selected log line, or that of the fix.
  private var actsOnOne: Bool { focus == .log || focus == .fix }

  /// Whether acts go to the marked messages, or to the selected group.
  private var actsOnSeveral: Bool {
    !actsOnOne && (!queue.marks.isEmpty || queue.selectedGroup != nil)
  }

  /// The message that acts go to else: that of the log line, that of the fix, or the selected one.
  private var actMessage: QueuedMessage? {
    guard actsOnOne else { return queue.selectedMessage }
    let id = focus == .fix ? fix.subject?.queueID : log.selectedEvent?.queueID
    return id.flatMap { queue.snapshot?.message(withID: $0) }
  }

  /// The question which messages an act would touch now.
  func question(before act: Act) -> ActQuestion {
    guard actsOnSeveral, let snapshot = queue.snapshot else {
      return question(before: act, scope: actMessage.map { .message($0) } ?? .nothing)
    }
    let rows = queue.marks.isEmpty ? queue.selectedGroup?.rows ?? [] : queue.marks.rows
    return question(before: act, scope: .rows(rows, of: snapshot))
  }

  private func question(before act: Act, scope: ActQuestion.Scope) -> ActQuestion {
    ActQuestion(
      act: act, number: acts.questions, scope: scope, pending: acts.pending,
      releaseKey: key(.release))
  }

  /// Whether an act can be done to what is marked or selected, and why not.
  func availability(of act: Act) -> Availability {
    if let reason = readOnlyReason { return .disabled(because: reason) }
    if let problem = actProblems[act] {
      return .disabled(because: "\(problem.what) \(problem.remedy)")
    }
    if actsOnSeveral {
      return act == .retry && retryRun != nil
        ? .disabled(
          because: "a retry of several is under way: \(setup.keymap.label(.stopRetry)) stops it")
        : .enabled
    }
    guard let message = actMessage else {
      return .disabled(
        because: actsOnOne ? "its message is no longer queued" : "no message is selected")
    }
    return question(before: act, scope: .message(message)).obstacle(for: message)
      .map { .disabled(because: $0) } ?? .enabled
  }

  /// Why nothing at all can be changed now, or nil.
  var readOnlyReason: String? {
    if setup.mode == .watch {
      return setup.readOnlyReason ?? "watch mode is read-only: start tempfail without watch to act"
    }
    return pause == nil ? nil : "the screen is paused: \(setup.keymap.label(.pause)) goes on"
  }
}
