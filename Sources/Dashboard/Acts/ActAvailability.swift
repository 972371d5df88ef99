// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

extension State {
  /// Whether acts go to one message by its ID: that of the selected log line, or that of the fix.
  private var actsOnOne: Bool { focus.pane.actsOnOne }

  /// Whether acts go to the marked messages.
  var actsOnMarks: Bool { !actsOnOne && !queue.marks.isEmpty }

  /// Whether acts go to the marked messages, or to the selected group.
  private var actsOnSeveral: Bool {
    actsOnMarks || !actsOnOne && queue.selectedGroup != nil
  }

  /// The message that acts go to else: that of the log line, that of the fix, or the selected one.
  private var actMessage: QueuedMessage? { focus.pane.actMessage(self) }

  /// The message of the selected line of the log; nil if it has left, or where its queue ID names another by now.
  var messageOfLine: QueuedMessage? {
    guard !log.showsGroups, let event = log.selectedEvent,
      let message = event.queueID.flatMap({ queue.snapshot?.message(withID: $0) })
    else { return nil }
    if let arrival = message.arrival, let time = event.time, arrival > time { return nil }
    return message
  }

  /// The same of the deferral that is explained.
  var messageOfFix: QueuedMessage? {
    guard let subject = fix.subject,
      let message = subject.queueID.flatMap({ queue.snapshot?.message(withID: $0) })
    else { return nil }
    if let arrival = message.arrival, let known = subject.arrival, arrival != known { return nil }
    if let sender = subject.sender, sender != message.sender { return nil }
    return message
  }

  /// The question which messages an act would touch now.
  func question(before act: Act) -> ActQuestion {
    guard actsOnSeveral, let snapshot = queue.snapshot else {
      return question(before: act, scope: actMessage.map { .message($0) } ?? .nothing)
    }
    let rows = queue.marks.isEmpty ? queue.selectedGroup?.rows ?? [] : queue.marks.rows
    var question = question(before: act, scope: .rows(rows, of: snapshot))
    question.note = unseenMarks
    return question
  }

  /// The question which messages a step of the fix would touch: what its title says.
  func question(before act: Act, on scope: ActScope, of step: FixProgress.StepID?) -> ActQuestion {
    var question: ActQuestion
    switch (scope, queue.snapshot) {
    case (.message, _), (_, nil): question = self.question(before: act)
    case (.sender(let address), let snapshot?):
      question = self.question(
        before: act, scope: .matching([Filter(.from, isAnyOf: [address])], of: snapshot))
    case (.busiestSender(let domain), let snapshot?):
      question = self.question(
        before: act, scope: .busiestSender(Filter(.dest, isAnyOf: [domain]), of: snapshot))
    }
    question.step = step
    question.isAlwaysAsked = true
    return question
  }

  private func question(before act: Act, scope: ActQuestion.Scope) -> ActQuestion {
    ActQuestion(
      act: act, number: acts.questions, scope: scope, pending: acts.pending,
      releaseKey: key(.release))
  }

  /// What to know of marks that are not in the list shown, or nil.
  private var unseenMarks: String? {
    guard actsOnMarks else { return nil }
    let marked = Format.messages(queue.marks.count)
    if queue.showsGroups {
      return "This applies to the \(marked) you marked, not to the group under the cursor."
    }
    guard queue.hiddenMarks > 0 else { return nil }
    return "\(Format.count(queue.hiddenMarks)) of the \(marked) you marked "
      + "\(queue.hiddenMarks == 1 ? "is" : "are") not in the list shown."
  }

  /// Whether an act can be done to what is marked or selected, and why not.
  func availability(of act: Act) -> Availability {
    if let reason = actsOff(act) { return .disabled(because: reason) }
    if actsOnSeveral {
      return act == .retry && retryRun != nil
        ? .disabled(
          because: "a bulk retry is running: \(setup.keymap.label(.stopRetry)) stops it")
        : .enabled
    }
    guard let message = actMessage else { return .disabled(because: missingTarget) }
    return question(before: act, scope: .message(message)).obstacle(for: message)
      .map { .disabled(because: $0) } ?? .enabled
  }

  /// Whether an act can be done by a step of the fix, which has targets of its own.
  func availability(of act: Act, on scope: ActScope) -> Availability {
    if scope == .message { return availability(of: act) }
    return actsOff(act).map { .disabled(because: $0) } ?? .enabled
  }

  /// Why an act can be done to nothing at all now, or nil.
  private func actsOff(_ act: Act) -> String? {
    if let reason = readOnlyReason { return reason }
    if let problem = actProblems[act] { return "\(problem.what) \(problem.remedy)" }
    if queue.isMarking { return "matching messages are still being marked" }
    if focus == .queue, !actsOnMarks, queue.snapshot != nil, !queue.isArranged {
      return "the list is being sorted"
    }
    if focus == .log, log.isTail {
      return "the selection follows the newest line: \(key(.up)) stops it"
    }
    return nil
  }

  /// Why there is no message that an act could go to.
  private var missingTarget: String { focus.pane.missingTarget(self) }

  /// Why nothing at all can be changed now, or nil.
  var readOnlyReason: String? {
    if setup.mode == .watch {
      return setup.readOnlyReason ?? "watch mode is read-only: start tempfail without watch"
    }
    return pause == nil ? nil : "the screen is paused: \(setup.keymap.label(.pause)) resumes"
  }
}
