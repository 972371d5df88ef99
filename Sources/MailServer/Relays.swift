// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Relays that take mail on its way, as the settings and the log name them.
package struct Relays: Hashable, Sendable {
  /// By name and by address, in lower case.
  private var ends: [String: Endpoint] = [:]

  package init() {}

  /// Reads Postfix's `relayhost`: `[smtp.example.net]:587`, `relay.example.net`; empty for none (postconf(5)).
  package init(relayhost: String) {
    var name = relayhost.trimmingBlanks
    guard !name.isEmpty else { return }
    var port = 25
    if let colon = name.lastIndex(of: ":"), name[..<colon].hasSuffix("]") || !name.hasPrefix("["),
      let number = Int(name[name.index(after: colon)...])
    {
      port = number
      name = String(name[..<colon])
    }
    if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
    insert(Endpoint(host: name, port: port))
  }

  package var isEmpty: Bool { ends.isEmpty }

  package mutating func insert(_ end: Endpoint) {
    // A log names as many as an admin has set up; one with more is no server's.
    guard ends.count < 64 else { return }
    for name in [end.host, end.address].compactMap({ $0?.lowercased() }) where !name.isEmpty {
      ends[name] = end
    }
  }

  package func joined(with other: Relays) -> Relays {
    var all = self
    all.ends.merge(other.ends) { _, new in new }
    return all
  }

  /// The relay with this name or address, or nil.
  package func end(at host: String?) -> Endpoint? {
    host.flatMap { ends.isEmpty ? nil : ends[$0.lowercased()] }
  }

  /// The relay, where there is but one.
  package var only: Endpoint? {
    let hosts = Set(ends.values.map(\.host))
    return hosts.count == 1 ? ends.values.first : nil
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
