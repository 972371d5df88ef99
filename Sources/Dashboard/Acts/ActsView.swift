// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// Acts in progress and done.
package struct ActsView: Hashable, Sendable {
  /// What takes a change back.
  enum Undo: Hashable, Sendable {
    /// The opposite act, on exactly the messages that were changed.
    case opposite(Act, MTA, [MessageReference])
    /// The saved copies of what was removed or bounced.
    case copies([String])
  }

  /// Changes that can be taken back; more are forgotten, the oldest first.
  private static let memory = 50

  /// The number of the next request.
  var nextNumber = 1
  /// The number of the last question which messages an act would touch.
  var questions = 0
  /// Messages that an act is in progress for.
  package var pending: [MessageReference: Act] = [:]
  /// Seconds between two messages of a bulk retry.
  var pace = RetryRun.standardPace
  /// The result of the last bulk retry; Esc removes it from the screen.
  var retryOutcome: String?
  /// What does not come back with a removed message; nil if it comes back as it was.
  var restoreLimit: RestoreLimit?
  /// Newest last.
  var undos: [Undo] = [] { didSet { undoNumber += 1 } }
  /// Counts up with each change of what can be taken back.
  private(set) var undoNumber = 0
  /// The requests that take something back themselves, by number.
  var undoing: Set<Int> = []

  /// Notes how a change can be taken back; false where it cannot.
  mutating func noteUndo(of report: ActReport) -> Bool {
    // An undo is not undone: pressing u again takes the change before it back.
    guard undoing.remove(report.request.number) == nil else { return false }
    if let undo = report.undo(number: 0) {
      undos.append(.opposite(undo.act, undo.mta, undo.targets))
    } else if !report.saved.isEmpty {
      undos.append(.copies(report.saved))
    } else {
      return false
    }
    if undos.count > Self.memory { undos.removeFirst() }
    return true
  }
}
