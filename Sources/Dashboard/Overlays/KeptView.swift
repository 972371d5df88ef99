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
  /// Nil where no other one was chosen.
  package var theme: String?
}

/// Lines for a configuration file that is not the program's own to change.
package struct KeptView: Hashable, Sendable {
  var path: String
  var lines: [String]
  var scroll = 0

  var copied: CopiedText { CopiedText(lines: lines) }
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
    modal = nil
    return call(.save)
  }

  mutating func press(_ key: Key, in kept: KeptView) -> [Effect] {
    switch key {
    case .escape, .enter, .character("q"): modal = nil
    case .character("y"):
      modal = nil
      return copy(kept.copied)
    case .character("Y"):
      modal = nil
      return [.save(kept.copied)]
    default:
      let count = KeptOverlay.lines(kept, self).count
      guard let scroll = Pager.scroll(kept.scroll, by: key, of: count, on: size) else { return [] }
      var kept = kept
      kept.scroll = scroll
      modal = .keep(kept)
    }
    return []
  }
}

/// The lines, and where they belong.
enum KeptOverlay {
  static func draw(_ kept: KeptView, _ state: State, on grid: inout Grid) {
    Pager.draw(
      lines(kept, state), title: "Keep what is chosen", scroll: kept.scroll,
      keys: ["\(state.key(.copy)) copies", "\(state.key(.copyToFile)) saves"],
      size: state.size, on: &grid)
  }

  static func lines(_ kept: KeptView, _ state: State) -> [(text: String, role: StyleRole)] {
    var text = StyledText(width: max(1, state.size.columns - 4))
    text.add("\(kept.path) is written by hand: nothing in it was changed.")
    text.add("These lines in it keep what is chosen, those without a table above the first table:")
    text.add("")
    for line in kept.lines { text.add(line.isEmpty ? " " : line, .accent) }
    return text.lines
  }
}
