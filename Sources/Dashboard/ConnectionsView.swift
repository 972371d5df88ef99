// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The connections pane's part of the state.
package struct ConnectionsView: Sendable {
  /// What identifies a socket from one look to the next.
  package struct ID: Hashable, Sendable {
    var peer: String
    var peerPort: Int
    var localPort: Int
  }

  package private(set) var all: [SMTPConnection] = []
  /// What is shown, outbound first, then by peer.
  package private(set) var shown: [SMTPConnection] = []
  package private(set) var list = ListState<ID>()
  package private(set) var filter = ""

  package init() {}

  mutating func show(_ connections: [SMTPConnection]) {
    all = connections.sorted {
      ($0.direction == .outbound ? 0 : 1, $0.peer, $0.peerPort, $0.localPort)
        < ($1.direction == .outbound ? 0 : 1, $1.peer, $1.peerPort, $1.localPort)
    }
    settle()
  }

  mutating func setFilter(_ text: String) {
    filter = text
    settle()
  }

  mutating func select(_ position: Int) {
    list.select(position, of: shown.count) { Self.id(of: shown[$0]) }
  }

  mutating func reveal(height: Int) { list.reveal(count: shown.count, height: height) }

  private mutating func settle() {
    let wanted = filter.lowercased()
    shown =
      wanted.isEmpty
      ? all
      : all.filter { "\($0.peer) \($0.state) \($0.process ?? "")".lowercased().contains(wanted) }
    list.reconcile(
      count: shown.count, find: { id in shown.firstIndex { Self.id(of: $0) == id } },
      id: { Self.id(of: shown[$0]) })
  }

  private static func id(of connection: SMTPConnection) -> ID {
    ID(
      peer: connection.peer, peerPort: connection.peerPort, localPort: connection.localPort)
  }
}
