// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The connections pane's part of the state.
package struct ConnectionsView: PaneList, Sendable {
  /// What identifies a socket from one reading to the next.
  package struct ID: Hashable, Sendable {
    var peer: String
    var peerPort: Int
    var localPort: Int
  }

  package private(set) var all: [SMTPConnection] = []
  /// What is shown: what lives first, outbound before inbound, then by peer.
  package private(set) var shown: [SMTPConnection] = []
  package private(set) var list = ListState<ID>()
  package private(set) var filters = FilterStack()

  package init() {}

  mutating func show(_ connections: [SMTPConnection]) {
    all = connections.sorted { Self.order($0) < Self.order($1) }
    settle(.news)
  }

  mutating func setFilters(_ filters: FilterStack) {
    self.filters = filters
    settle(.asked)
  }

  mutating func select(_ position: Int) {
    list.select(position, of: shown.count) { Self.id(of: shown[$0]) }
  }

  var position: Int { list.position }
  var top: Int { list.top }
  var rowCount: Int { list.rowCount(of: shown.count) }

  mutating func scroll(by step: Int, height: Int) {
    select(list.scroll(by: step, count: rowCount, height: height))
  }

  mutating func reveal(height: Int) { list.reveal(count: rowCount, height: height) }

  private mutating func settle(_ change: ListChange) {
    var filter = ConnectionFilter(filters.all)
    // Their age counts from when they were seen, not from a time of day.
    shown = filters.isEmpty ? all : all.filter { filter.matches($0, now: 0) }
    list.reconcile(
      change, count: shown.count, find: { id in shown.firstIndex { Self.id(of: $0) == id } },
      id: { Self.id(of: shown[$0]) })
  }

  /// How many of a direction are in use or being opened; the rest are closing.
  func living(_ direction: Direction) -> Int {
    all.count { $0.direction == direction && Self.isLiving($0) }
  }

  private static func order(_ connection: SMTPConnection) -> (Int, Int, String, Int, Int) {
    (
      isLiving(connection) ? 0 : 1, connection.direction == .outbound ? 0 : 1, connection.peer,
      connection.peerPort, connection.localPort
    )
  }

  private static func isLiving(_ connection: SMTPConnection) -> Bool {
    ["ESTAB", "SYN-SENT", "SYN-RECV"].contains(connection.state)
  }

  private static func id(of connection: SMTPConnection) -> ID {
    ID(
      peer: connection.peer, peerPort: connection.peerPort, localPort: connection.localPort)
  }
}
