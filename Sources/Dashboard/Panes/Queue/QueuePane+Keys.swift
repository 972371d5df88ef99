// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

extension QueuePane: ListPane {
  static let title = "Queue"
  static let source = Source.queue
  static func hasData(_ state: State) -> Bool { state.queue.snapshot != nil }

  static var list: WritableKeyPath<State, QueueView> { \.queue }

  static func rowsAbove(_ state: State, in room: PaneRoom) -> Int {
    (room.hasHeadings ? 1 : 0) + (room.hasTitle || state.queue.filters.isEmpty ? 0 : 1)
  }

  static let scope: Filter.Scope? = .queue
  static let examples = "from: dest: cause: age>1h"

  static func changeFilters(
    _ state: inout State, _ change: (inout FilterStack) -> Void
  ) -> [Effect] {
    change(&state.queue.filters)
    let filters = state.queue.filters.all
    guard state.queue.query.filters != filters else { return [] }
    state.queue.query.filters = filters
    return [.arrange(state.queue.query)]
  }

  static func count(_ state: State) -> (shown: Int, all: Int)? {
    (state.queue.arrangement?.rows.count ?? 0, state.queue.snapshot?.count ?? 0)
  }

  static func isInGroup(_ state: State) -> Bool { state.queue.openGroup != nil }

  static func use(_ state: inout State) {
    state.fix.origin = .queue
    state.log.leave()
  }

  static func stepBack(_ state: inout State) -> [Effect] {
    if state.jump != nil { return state.jumpBack() }
    if state.queue.openGroup != nil {
      state.queue.close()
    } else if !state.queue.filters.isEmpty {
      return changeFilters(&state) { $0.removeLast() }
    } else if state.queue.query.grouping != nil {
      state.queue.query.grouping = nil
      state.queue.isHeatMap = false
      return [.arrange(state.queue.query)]
    }
    return []
  }

  static func copied(_ state: State) -> String? { state.shownID }
  static func queueID(_ state: State) -> String? { state.shownID }
  static func actMessage(_ state: State) -> QueuedMessage? { state.queue.selectedMessage }

  static func missingTarget(_ state: State) -> String {
    let moves = "\(state.key(.up)) or \(state.key(.down)) selects another"
    let queue = state.queue
    if queue.showsGroups, queue.groups.isGone { return "\(queue.goneGroupWords): \(moves)" }
    if !queue.showsGroups, queue.list.isGone { return "\(state.goneWords): \(moves)" }
    return "no message is selected"
  }

  static func choice(_ state: State) -> State.Choice {
    state.queue.showsGroups
      ? .group(state.queue.groups.selection) : .message(state.queue.list.selection)
  }
}
