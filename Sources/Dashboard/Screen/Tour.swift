// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// The guided tour of the demo: from a message that is stuck until it has left the queue.
package struct Tour: Hashable, Sendable {
  enum Stop: Int, CaseIterable, Hashable, Sendable {
    case find, open, release, watch, done
  }

  /// Seconds for which the end of the tour is reported.
  private static let farewell: Int64 = 120

  private(set) var stop = Stop.find
  /// The message that the tour is about, once it was found.
  private(set) var message: MessageReference?
  private var end: Int64?

  package init() {}

  /// Goes on as far as what the tour asks for was done; nil if it is over.
  func advanced(in state: State) -> Tour? {
    var tour = self
    // Who passes the row by has not found it.
    if tour.stop == .open, tour.isHeld(in: state), state.focus != .fix,
      state.queue.selectedMessage?.reference != tour.message
    {
      tour.stop = .find
    }
    while tour.isFulfilled(in: state) {
      if tour.stop == .find { tour.message = state.queue.selectedMessage?.reference }
      guard let next = Stop(rawValue: tour.stop.rawValue + 1) else { return nil }
      tour.stop = next
      if next == .done { tour.end = state.now + Self.farewell }
    }
    return tour
  }

  private func isFulfilled(in state: State) -> Bool {
    switch stop {
    case .find: state.queue.selectedMessage?.state == .held && !state.queue.showsGroups
    case .open:
      state.focus == .fix && state.fix.subject?.queueID == message?.queueID.text
        || !isHeld(in: state)
    case .release: !isHeld(in: state)
    case .watch: row(in: state) == nil
    case .done: end.map { $0 <= state.now } ?? true
    }
  }

  private func row(in state: State) -> Int? {
    message.flatMap { state.queue.snapshot?.row(of: $0) }
  }

  private func isHeld(in state: State) -> Bool {
    row(in: state).map { state.queue.snapshot?.message(at: $0).state == .held } ?? false
  }

  /// What to do now, in one line of at most 38 cells with the usual keys, and what may follow it.
  func words(_ keymap: Keymap, _ mta: MTA) -> (short: String, more: String) {
    let (down, up) = (keymap.label(.down), keymap.label(.up))
    let words =
      switch stop {
      case .find:
        (
          "find the \(mta.holdWords.label) one (\(down), \(up))",
          ": it will not be retried"
        )
      case .open: ("\(keymap.label(.fix)) opens its fix", ": what it means, and what to do")
      case .release:
        (
          "\(keymap.label(.runStep)) on the step Release it",
          " asks, releases it and shows the result"
        )
      case .watch: ("now it is retried", ": it leaves the queue in a moment")
      case .done:
        (
          "fixed. \(keymap.label(.help)) all keys, \(keymap.label(.quit)) quits",
          ", \(keymap.label(.findings)) other findings"
        )
      }
    return ("Tour \(stop.rawValue + 1)/\(Stop.allCases.count): \(words.0)", words.1)
  }
}
