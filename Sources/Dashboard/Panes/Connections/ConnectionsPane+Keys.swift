// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

extension ConnectionsPane: ListPane {
  static let title = "Connections"
  static let source = Source.connections
  static func hasData(_ state: State) -> Bool { !state.connections.all.isEmpty }

  static var list: WritableKeyPath<State, ConnectionsView> { \.connections }

  static func rowsAbove(_ state: State, in room: PaneRoom) -> Int {
    let above =
      (room.hasTitle || state.connections.filters.isEmpty ? 0 : 1)
      + limitRows(of: state.limits.count, in: room.height)
    // Where it is lowest, each row is a connection.
    return above + (room.hasHeadings && room.height - above > 2 ? 1 : 0)
  }

  static let scope: Filter.Scope? = .connections
  static let examples = "host: state: dir: age>1m"

  static func changeFilters(
    _ state: inout State, _ change: (inout FilterStack) -> Void
  ) -> [Effect] {
    var filters = state.connections.filters
    change(&filters)
    state.connections.setFilters(filters)
    return []
  }

  static func count(_ state: State) -> (shown: Int, all: Int)? {
    (state.connections.shown.count, state.connections.all.count)
  }

  static func use(_ state: inout State) { state.log.leave() }

  static func copied(_ state: State) -> String? {
    state.connections.rowCount == 0 ? nil : state.connections.list.selection?.peer
  }

  static func actMessage(_ state: State) -> QueuedMessage? { QueuePane.actMessage(state) }
  static func missingTarget(_ state: State) -> String { QueuePane.missingTarget(state) }
}
