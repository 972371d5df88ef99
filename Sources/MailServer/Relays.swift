// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import Replies

/// What stands at the ends that mail is handed to, as the settings and the log name them: relays above all, and the
/// content filters and delivery services that could be taken for such.
package struct Relays: Hashable, Sendable {
  /// An end and what is there.
  struct Known: Hashable {
    var end: Endpoint
    var hop: Hop
  }

  /// What one of Exim's routers leads to.
  private struct Router: Hashable {
    var ends: Set<Endpoint>
    var hop: Hop
  }

  /// By name and by address, in lower case.
  private var ends: [String: [Known]] = [:]
  /// Exim's routers that hand mail to other servers than a domain's own, with the ends that the settings name as they are.
  private var routers: [String: Router] = [:]
  /// Exim's routers that look the mail exchangers of a domain up.
  private(set) var exchangerRouters: Set<String> = []
  /// Exim's transports that deliver on this server.
  private(set) var localTransports: Set<String> = []
  /// Whether the settings may name relays that are not among these: a table that can only be requested one key, an expansion.
  package var mayLackSome = false
  /// Whether this server's own settings were read.
  var wasRead = false

  /// Whether nothing else leads to a relay.
  var isWhole: Bool { wasRead && !mayLackSome }

  /// There are as many as an admin has set up; a log or a table with more is no server's.
  private static let most = 512

  package init() {}

  /// Reads Postfix's `relayhost`: `[smtp.example.net]:587`, `relay.example.net`; empty for none (postconf(5)).
  package init(relayhost: String) {
    insert(PostfixNextHop(relayhost).ends)
  }

  /// Whether nothing is known, so that a line's own words have to do.
  package var isEmpty: Bool {
    ends.isEmpty && routers.isEmpty && exchangerRouters.isEmpty && localTransports.isEmpty
      && !mayLackSome && !wasRead
  }

  /// Takes in what stands at an end; what was known of it before counts no more.
  package mutating func insert(_ end: Endpoint, at hop: Hop = .relay) {
    guard end.socket == nil else { return }
    guard ends.count < Self.most else {
      mayLackSome = true
      return
    }
    var names = Set([end.host, end.address].compactMap { $0?.lowercased() })
    // The log shows the name or one of the addresses.
    let local: Set = ["localhost", "127.0.0.1", "::1"]
    if !names.isDisjoint(with: local) { names.formUnion(local) }
    for name in names where !name.isEmpty {
      ends[name, default: []].removeAll { $0.end.port == end.port }
      ends[name, default: []].append(Known(end: end, hop: hop))
    }
  }

  package mutating func insert(_ ends: [Endpoint], at hop: Hop = .relay) {
    for end in ends { insert(end, at: hop) }
  }

  /// Takes in that a router of Exim's hands mail to other servers than a domain's own.
  mutating func insert(router: String, _ ends: [Endpoint], at hop: Hop) {
    routers[router] = Router(ends: Set(ends), hop: hop)
  }

  mutating func insert(exchangerRouter name: String) { exchangerRouters.insert(name) }

  mutating func insert(localTransport name: String) { localTransports.insert(name) }

  /// These and what `other` knows of ends of which these know nothing.
  package func joined(with other: Relays) -> Relays {
    var all = self
    for (name, known) in other.ends {
      let ports = Set(all.ends[name, default: []].map(\.end.port))
      all.ends[name, default: []] += known.filter { !ports.contains($0.end.port) }
    }
    all.routers.merge(other.routers) { own, _ in own }
    all.exchangerRouters.formUnion(other.exchangerRouters)
    all.localTransports.formUnion(other.localTransports)
    all.wasRead = wasRead || other.wasRead
    all.mayLackSome = mayLackSome || other.mayLackSome
    return all
  }

  /// The relay with this name or address, or what else is requested, or nil; without its port where one host has several,
  /// and the name does not say which.
  package func end(at host: String?, of hop: Hop = .relay) -> Endpoint? {
    guard let host, !ends.isEmpty, let known = ends[host.lowercased()] else { return nil }
    let relays = known.filter { $0.hop == hop }
    guard var end = relays.last?.end else { return nil }
    if relays.contains(where: { $0.end.port != end.port }) { end.port = nil }
    return end
  }

  /// What stands at a host, at this port where one is named; nil if the settings do not say.
  package func hop(at host: String?, port: Int?) -> Hop? {
    guard let host, !ends.isEmpty, let known = ends[host.lowercased()], let first = known.first
    else { return nil }
    if let port {
      if let exact = known.last(where: { $0.end.port == port }) { return exact.hop }
      // Another port of this server is another service; a relay's name is that of one server.
      if Self.isLoopback(host) { return nil }
    }
    return known.allSatisfy { $0.hop == first.hop } ? first.hop : nil
  }

  /// The same where the settings name this very port.
  func hop(at host: String?, exactly port: Int?) -> Hop? {
    guard let host, let port, !ends.isEmpty else { return nil }
    return ends[host.lowercased()]?.last { $0.end.port == port }?.hop
  }

  static func isLoopback(_ name: String) -> Bool {
    name.hasPrefix("127.") || name == "::1" || name.lowercased() == "localhost"
  }

  func has(router: String) -> Bool { routers[router] != nil }

  /// What a router of Exim's leads to; nil for one that the settings do not show to name hosts.
  func hop(ofRouter router: String) -> Hop? { routers[router]?.hop }

  /// The relay that a router of Exim's hands its mail to; nil if it has several, or expansions.
  func end(ofRouter router: String) -> Endpoint? {
    routers[router].flatMap { $0.ends.count == 1 ? $0.ends.first : nil }
  }

  /// The relay that our own MTA's words name, as where its name does not resolve; nil if they name none.
  func end(namedIn text: String) -> Endpoint? {
    guard !ends.isEmpty else { return nil }
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_") }
    return words.lazy.filter { $0.contains(".") }.compactMap { end(at: String($0)) }.first
  }

  /// The relay, where there is but one.
  package var only: Endpoint? {
    let relays = ends.values.flatMap { $0 }.filter { $0.hop == .relay }
    return Set(relays.map(\.end.host)).count == 1 ? end(at: relays.first?.end.host) : nil
  }
}
