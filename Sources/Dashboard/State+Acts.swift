// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// What an act would touch.
private enum ActScope {
  case nothing
  case message(QueuedMessage)
  /// Rows of the snapshot, told when they are needed.
  case several
}

extension State {
  /// Whether acts go to one message by its ID: that of the selected log line, or that of the fix.
  private var actsOnOne: Bool { focus == .log || focus == .fix }

  /// The message that is explained, in the fix; else the marked ones where there are any, else the
  /// selected one, else the selected group.
  private var actScope: ActScope {
    if actsOnOne {
      let id = focus == .fix ? fix.subject?.queueID : log.selectedEvent?.queueID
      return id.flatMap { queue.snapshot?.message(withID: $0) }.map(ActScope.message) ?? .nothing
    }
    if !queue.marks.isEmpty { return .several }
    if queue.showsGroups { return queue.selectedGroup == nil ? .nothing : .several }
    return queue.selectedMessage.map(ActScope.message) ?? .nothing
  }

  /// The messages that an act would touch now; those that it makes no sense for are left out.
  func actTargets(for act: Act) -> [QueuedMessage] {
    scopeMessages.filter { obstacle(to: act, for: $0) == nil }
  }

  private var scopeMessages: [QueuedMessage] {
    switch actScope {
    case .nothing: return []
    case .message(let message): return [message]
    case .several:
      guard let snapshot = queue.snapshot else { return [] }
      let rows = queue.marks.isEmpty ? queue.selectedGroup?.rows ?? [] : queue.markedRows
      return rows.map { snapshot.message(at: Int($0)) }
    }
  }

  /// Why an act would touch none of the messages that it is for.
  func obstacle(toAll act: Act) -> String {
    let messages = scopeMessages
    let reason = messages.first.flatMap { obstacle(to: act, for: $0) } ?? "nothing is selected"
    return messages.count > 1 ? "of all \(Format.messages(messages.count)), \(reason)" : reason
  }

  /// Whether an act can be done to what is marked or selected, and why not.
  func availability(of act: Act) -> Availability {
    if let reason = readOnlyReason { return .disabled(because: reason) }
    if let problem = actProblems[act] {
      return .disabled(because: "\(problem.what) \(problem.remedy)")
    }
    switch actScope {
    case .several where act == .retry && retryRun != nil:
      return .disabled(
        because: "a retry of several is under way: \(setup.keymap.label(.stopRetry)) stops it")
    case .several: return .enabled
    case .nothing:
      return .disabled(
        because: actsOnOne ? "its message is no longer queued" : "no message is selected")
    case .message(let message):
      return obstacle(to: act, for: message).map { .disabled(because: $0) } ?? .enabled
    }
  }

  /// Why nothing at all can be changed now, or nil.
  var readOnlyReason: String? {
    if setup.mode == .watch {
      return setup.readOnlyReason ?? "watch mode is read-only: start tempfail without watch to act"
    }
    return pause == nil ? nil : "the screen is paused: \(setup.keymap.label(.pause)) goes on"
  }

  /// Why an act makes no sense for a message, or nil.
  private func obstacle(to act: Act, for message: QueuedMessage) -> String? {
    guard let reference = message.reference else {
      return "this message could not be read, so nothing is done to it"
    }
    if acts.pending[reference] != nil { return "an act on this message is under way" }
    let held = message.mta == .exim ? "frozen" : "on hold"
    switch (act, message.state) {
    case (.hold, .held): return "it is \(held) already"
    case (.release, .deferred), (.release, .active), (.release, .incoming):
      return "it is not \(held)"
    case (.retry, .active): return "it is being delivered right now"
    case (.retry, .held) where message.mta == .postfix:
      return "it is on hold: release it first (\(setup.keymap.label(.release)))"
    default: return nil
    }
  }
}
