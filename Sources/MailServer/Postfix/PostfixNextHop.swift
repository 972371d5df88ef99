// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A next hop of Postfix: `[smtp.example.net]:587`, `relay.example.net`, `unix:private/lmtp`; several are tried in turn.
package struct PostfixNextHop: Hashable, Sendable {
  package private(set) var ends: [Endpoint] = []
  /// Whether every name is in brackets, or is an address or a socket: no mail exchangers are looked up.
  package private(set) var isByHost = true

  /// - Parameters:
  ///   - text: `relayhost`, or what is behind a transport's name; empty for none (postconf(5), transport(5)).
  ///   - port: the port where it names none.
  package init(_ text: String, port: Int = 25) {
    for item in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) { add(item, port) }
  }

  private mutating func add(_ item: Substring, _ usualPort: Int) {
    if let path = item.rest(after: "unix:") {
      ends.append(Endpoint(host: "", socket: String(path)))
      return
    }
    var name = item.rest(after: "inet:") ?? item
    var port = usualPort
    if let colon = name.lastIndex(of: ":"), name[..<colon].hasSuffix("]") || !name.hasPrefix("["),
      let number = Self.port(name[name.index(after: colon)...])
    {
      port = number
      name = name[..<colon]
    }
    if name.hasPrefix("["), name.hasSuffix("]") {
      name = name.dropFirst().dropLast()
      if let address = name.rest(after: "ipv6:") { name = address }
    } else {
      isByHost = false
    }
    if !name.isEmpty { ends.append(Endpoint(host: String(name), port: port)) }
  }

  /// A port by its number, or by the names of /etc/services that mail has.
  private static func port(_ text: Substring) -> Int? {
    if let number = Int(text) { return (1...65_535).contains(number) ? number : nil }
    return ["smtp": 25, "submission": 587, "smtps": 465, "submissions": 465, "lmtp": 24][
      text.lowercased()]
  }
}

extension Substring {
  /// What follows `prefix`, whose case does not count; nil if the text does not begin with it.
  fileprivate func rest(after prefix: String) -> Substring? {
    let head = self.prefix(prefix.count)
    return head.lowercased() == prefix ? dropFirst(prefix.count) : nil
  }
}
