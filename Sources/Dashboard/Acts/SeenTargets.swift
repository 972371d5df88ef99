// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// What the last frame showed of what acts can go to.
///
/// A key was pressed for what was on the screen: what came in since then, and was not drawn yet, takes no act.
package struct SeenTargets: Hashable, Sendable {
  /// The pane in use, which decides where acts go.
  fileprivate var focus = PaneID.queue
  /// The messages whose rows were seen, and that of the fix.
  fileprivate var messages: Set<MessageReference> = []
  /// The groups whose rows were seen, by their keys.
  fileprivate var groups: Set<String> = []
  /// The number of the snapshot of which groups and marks were drawn, and how it was arranged.
  fileprivate var snapshot: Int?
  fileprivate var query: QueueQuery?
  fileprivate var marks = QueueMarks()
  /// The plan of the fix, and its steps.
  fileprivate var fix: String?
  fileprivate var steps: [String] = []
  /// Which change `u` would have taken back.
  fileprivate var undo = 0
}

extension State {
  /// Milliseconds after a selection moved without a key of the reader in which no act goes to it: nobody reads faster.
  static let readingTime: Int64 = 1000

  /// Notes what the frame that was just shown lets the reader see.
  package mutating func noteShown() {
    var seen = SeenTargets()
    let layout = Layout(self)
    if layout.panes[.queue] != nil {
      let rows = queue.shownRows(height: layout.listHeight(.queue))
      if queue.showsGroups {
        seen.groups = Set(rows.compactMap { queue.group(at: $0)?.key })
      } else if let snapshot = queue.snapshot {
        seen.messages = Set(snapshot.references(in: rows.compactMap(queue.row(at:))))
      }
    }
    if focus == .log, let message = messageOfLine?.reference { seen.messages.insert(message) }
    if let message = messageOfFix?.reference { seen.messages.insert(message) }
    (seen.snapshot, seen.query, seen.marks) = (
      queue.snapshot?.number, queue.arrangement?.query, queue.marks
    )
    seen.focus = focus
    (seen.fix, seen.steps) = (fix.name, fix.guide?.steps.map(\.id) ?? [])
    seen.undo = acts.undoNumber
    self.seen = seen
  }

  /// What a reader's key can go to, so far as it can change without one.
  enum Choice: Hashable {
    case message(MessageReference?)
    case group(String?)
    case line(Int?)
    case step(fix: String?, step: String?)
    case nothing
  }

  var choice: Choice { focus.pane.choice(self) }

  /// Whether what is selected moved without the reader, and too lately for anybody to have read it.
  private var hasJustMoved: Bool {
    choiceMovedAt.map { (0..<Self.readingTime).contains(milliseconds - $0) } ?? false
  }

  /// Notes that the reader moved: what is selected now is what was meant.
  mutating func noteMove() { choiceMovedAt = nil }

  /// Why an act must not go to these now, though it could: they are not what was seen; nil if they are.
  func unseen(_ scope: ActQuestion.Scope) -> String? {
    let again = "check it, then press the key again"
    guard let seen else { return "nothing has been shown yet" }
    guard seen.focus == focus else { return "the focus has just moved to another pane: \(again)" }
    if focus == .queue, !actsOnMarks, !seen.marks.isEmpty {
      return "the marks have just changed: \(again)"
    }
    if !actsOnMarks, hasJustMoved { return "the selection has just moved: \(again)" }
    switch scope {
    // What a question is about that is always asked needs not be seen before.
    case .nothing, .matching, .busiestSender: return nil
    case .message(let message):
      return message.reference.map(seen.messages.contains) ?? true
        ? nil : "it was not on the screen yet: \(again)"
    case .rows(let rows, let snapshot):
      if actsOnMarks {
        guard seen.marks.edition != queue.marks.edition else { return nil }
        let new = rows.filter { !seen.marks.contains($0) }
        let isSeen =
          seen.snapshot == snapshot.number
          && Set(snapshot.references(in: new)).isSubset(of: seen.messages)
        return isSeen ? nil : "the marks have just changed: \(again)"
      }
      return seen.snapshot == snapshot.number && seen.query == queue.query
        && queue.groups.selection.map(seen.groups.contains) ?? false
        ? nil : "the group has just changed: \(again)"
    }
  }

  /// The same for the step of the fix that Enter would run.
  var unseenStep: String? {
    guard let seen, seen.fix == fix.name, let step = fix.selectedStep,
      seen.focus == focus, seen.steps.contains(step.id), !hasJustMoved
    else { return "the step has just changed: check it, then press the key again" }
    return nil
  }

  /// The same for the change that `u` would take back.
  var unseenUndo: String? {
    seen?.undo == acts.undoNumber
      ? nil : "another change has just been made: look, and press the key again"
  }
}

extension QueueView {
  /// The rows that are seen in a list of some height.
  fileprivate func shownRows(height: Int) -> Range<Int> {
    let top = showsGroups ? groups.top : list.top
    return top..<max(top, min(rowCount, top + height))
  }
}
