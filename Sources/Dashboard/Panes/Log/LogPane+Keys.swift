// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

extension LogPane: ListPane {
  static let title = "Log"
  static let source = Source.log
  static func hasData(_ state: State) -> Bool { !state.log.events.isEmpty }

  static var list: WritableKeyPath<State, LogView> { \.log }

  static func rowsAbove(_ state: State, in room: PaneRoom) -> Int {
    let isNarrowed = !state.log.filters.isEmpty || state.log.search != nil
    return (room.hasTitle || !isNarrowed ? 0 : 1)
      + (room.hasHeadings && state.hasLogHeading ? 1 : 0)
  }

  static let scope: Filter.Scope? = .log
  static let examples = "dest: cause: kind: age<10m"

  static func changeFilters(
    _ state: inout State, _ change: (inout FilterStack) -> Void
  ) -> [Effect] {
    var filters = state.log.filters
    change(&filters)
    state.log.setFilters(filters, now: state.now)
    return []
  }

  static func count(_ state: State) -> (shown: Int, all: Int)? {
    (state.log.shown.count, state.log.candidates)
  }

  static func isInGroup(_ state: State) -> Bool { state.log.openGroup != nil }

  static func use(_ state: inout State) {
    state.fix.origin = .log
    state.log.standStill()
  }

  static func stepBack(_ state: inout State) -> [Effect] {
    if state.log.closeGroup() { return [] }
    if state.log.search != nil {
      state.log.look(for: nil)
      return []
    }
    return changeFilters(&state) { $0.removeLast() }
  }

  static func copied(_ state: State) -> String? { state.log.selectedEvent?.line }
  static func queueID(_ state: State) -> String? { state.log.selectedEvent?.queueID }
  static func actMessage(_ state: State) -> QueuedMessage? { state.messageOfLine }
  static let actsOnOne = true

  static func missingTarget(_ state: State) -> String {
    state.log.showsGroups
      ? "\(state.key(.jump)) shows the lines of this group: actions need one line"
      : state.log.list.isGone
        ? "the selected line is no longer in the list: \(state.key(.up)) or \(state.key(.down)) selects one"
        : "its message is no longer queued"
  }

  static func choice(_ state: State) -> State.Choice {
    state.log.showsGroups ? .nothing : .line(state.log.list.selection)
  }
}
