// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
package import MailServer

/// What was chosen on the screen and can be kept for the next start.
package struct ViewChoice: Hashable, Sendable {
  /// The columns of the queue that are shown.
  package var columns: [QueueQuery.Column]
  package var sort: QueueQuery.Column
  package var descending: Bool
  package var grouping: QueueQuery.Grouping?
  package var isHeatMap: Bool
  /// Nil if no other one was chosen.
  package var theme: String?
}

/// Lines for a configuration file that is not the program's own to change, and where they belong.
struct SavedView: Page {
  static let name = "the lines for a configuration file"
  static let commands: Set<CommandID> = [.copy, .copyToFile]

  var path: String
  var settings: [String]
  var scroll = 0

  func pager(_ state: State) -> Pager {
    Pager(
      lines: lines(state), title: "Save the view", scroll: scroll,
      keys: [state.hint(.copy, "copies"), state.hint(.copyToFile, "saves")].compactMap(\.self),
      size: state.size)
  }

  func run(_ command: CommandID, _ state: inout State) -> [Effect] {
    state.overlay = nil
    let copied = CopiedText(lines: settings)
    return command == .copyToFile ? [.save(copied)] : state.copy(copied)
  }

  private func lines(_ state: State) -> [Pager.Line] {
    var text = StyledText(width: max(1, state.size.columns - 4))
    text.add("\(path) was written by hand, so it was not changed.")
    text.add("Add these lines to save the view; those without a table go above the first table:")
    text.add("")
    for line in settings { text.add(line.isEmpty ? " " : line, .accent) }
    return text.lines
  }
}

extension State {
  var viewChoice: ViewChoice {
    ViewChoice(
      columns: QueueQuery.Column.allCases.filter { !queue.hiddenColumns.contains($0) },
      sort: queue.query.sort, descending: queue.query.descending, grouping: queue.query.grouping,
      isHeatMap: queue.isHeatMap, theme: theme == setup.theme ? nil : theme)
  }

  /// Keeps what is chosen, from within the list in which it was.
  mutating func saveChoice() -> [Effect] {
    overlay = nil
    return call(.save)
  }
}
