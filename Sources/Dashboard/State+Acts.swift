// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

extension State {
  /// The message that an act would touch: the selected one, or the one of the selected log line.
  var actTarget: QueuedMessage? {
    guard fix.origin == .log, focus != .queue else { return queue.selectedMessage }
    guard let id = log.selectedEvent?.queueID, let snapshot = queue.snapshot else { return nil }
    return snapshot.message(withID: id)
  }

  /// Whether an act can be done to the message that is selected, and why not.
  func availability(of act: Act) -> Availability {
    if setup.mode == .watch {
      return .disabled(because: "watch mode is read-only: start tempfail without watch to act")
    }
    if let problem = actProblems[act] {
      return .disabled(because: "\(problem.what) \(problem.remedy)")
    }
    if pause != nil { return .disabled(because: "the screen is paused: Z goes on") }
    guard let message = actTarget else {
      return .disabled(
        because: focus == .log || fix.origin == .log && focus == .fix
          ? "the message of this line is no longer queued" : "no message is selected")
    }
    guard let reference = message.reference else {
      return .disabled(because: "this message could not be read, so nothing is done to it")
    }
    if acts.pending[reference] != nil {
      return .disabled(because: "an act on this message is under way")
    }
    switch (act, message.state) {
    case (.hold, .held):
      return .disabled(because: "it is \(message.mta == .exim ? "frozen" : "on hold") already")
    case (.release, .deferred), (.release, .active), (.release, .incoming):
      return .disabled(because: "it is not \(message.mta == .exim ? "frozen" : "on hold")")
    case (.retry, .active):
      return .disabled(because: "it is being delivered right now")
    case (.retry, .held) where message.mta == .postfix:
      return .disabled(because: "it is on hold: release it first (R)")
    default:
      return .enabled
    }
  }
}
