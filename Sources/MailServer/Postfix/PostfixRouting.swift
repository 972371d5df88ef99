// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies

/// What Postfix's settings say of the way that mail takes: transport(5), postconf(5).
package struct PostfixRouting: Hashable, Sendable {
  /// A lookup table as main.cf names it: `hash:/etc/postfix/transport`, `regexp:…`, `inline:{…}`.
  package struct Table: Hashable, Sendable {
    package let name: String

    /// Fails where the text has not the form of a table: it becomes an argument.
    package init?(_ text: String) {
      // proxymap(8) serves the daemons; who asks by hand opens the table itself.
      let name = text.hasPrefix("proxy:") ? String(text.dropFirst("proxy:".count)) : text
      guard let colon = name.firstIndex(of: ":"), colon != name.startIndex,
        name[..<colon].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
      else { return nil }
      self.name = name
    }

    private var type: Substring { name.prefix { $0 != ":" } }

    /// Whether parts of an address are looked up too; pattern tables see the whole address alone (transport(5)).
    var takesParts: Bool { !["regexp", "pcre", "cidr", "tcp", "socketmap"].contains(type) }

    /// Whether all of it can be read at once (`postmap -s`).
    package var canBeRead: Bool {
      ["hash", "btree", "lmdb", "cdb", "dbm", "sdbm", "texthash", "inline"].contains(type)
    }
  }

  /// The parameters that `init` reads.
  package static var parameters: [String] {
    [
      "relayhost", "default_transport", "relay_transport", "transport_maps",
      "sender_dependent_relayhost_maps", "sender_dependent_default_transport_maps",
      "smtp_fallback_relay", "parent_domain_matches_subdomains", "recipient_delimiter",
      "mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains",
    ]
  }

  /// Asks a table for a key; nil where it has none.
  ///
  /// It throws where the table cannot be asked.
  package typealias Lookup = (_ key: String, _ table: Table) async throws -> String?

  package let transportTables: [Table]
  package let relayTables: [Table]
  package let senderTransportTables: [Table]
  private let settings: [String: String]

  package init(_ settings: [String: String] = [:]) {
    self.settings = settings.filter { Self.parameters.contains($0.key) && !$0.value.isEmpty }
    func tables(_ name: String) -> [Table] {
      Self.items(settings[name] ?? "").compactMap(Table.init)
    }
    transportTables = tables("transport_maps")
    relayTables = tables("sender_dependent_relayhost_maps")
    senderTransportTables = tables("sender_dependent_default_transport_maps")
  }

  package var tables: [Table] { transportTables + relayTables + senderTransportTables }

  /// Whether some mail may go another way than to the mail exchangers of its domain.
  package var mayRelay: Bool {
    !tables.isEmpty || settings["relayhost"] != nil
      || ["default_transport", "relay_transport"].contains {
        !Transport(settings[$0] ?? "").nextHop.isEmpty
      }
  }

  /// The relays that the settings themselves name.
  package var relays: Relays {
    var relays = Relays(relayhost: settings["relayhost"] ?? "")
    relays.insert(PostfixNextHop(settings["smtp_fallback_relay"] ?? "").ends)
    for name in ["default_transport", "relay_transport"] {
      relays.insert(Self.ends(in: settings[name] ?? ""))
    }
    return relays
  }

  /// The relays in a table of which `postmap -s` gave all: a key, a tab and its value a line.
  package func relays(inTable table: Table, _ output: [UInt8]) -> Relays {
    var relays = Relays()
    let isOfRelays = relayTables.contains(table)
    for line in output.split(separator: UInt8(ascii: "\n")) {
      let fields = String(decoding: line, as: UTF8.self)
        .split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      guard fields.count == 2 else { continue }
      let value = String(fields[1])
      relays.insert(isOfRelays ? PostfixNextHop(value).ends : Self.ends(in: value, of: fields[0]))
    }
    return relays
  }

  /// The relays that an entry names; one that is its key itself stands for that domain's own mail exchangers.
  private static func ends(in entry: String, of key: Substring = "") -> [Endpoint] {
    let transport = Transport(entry)
    guard !transport.isLocal, transport.nextHop.lowercased() != key.lowercased() else { return [] }
    return PostfixNextHop(transport.nextHop).ends
  }

  /// A list of main.cf: commas and blanks part its items, but not within braces.
  static func items(_ list: String) -> [String] {
    var (items, item, depth) = ([String](), "", 0)
    for character in list {
      if character == "{" { depth += 1 }
      if character == "}" { depth -= 1 }
      if depth <= 0, character == "," || character.isWhitespace {
        if !item.isEmpty { items.append(item) }
        item = ""
      } else {
        item.append(character)
      }
    }
    return item.isEmpty ? items : items + [item]
  }
}

extension PostfixRouting {
  /// `smtp:[relay.example.net]:587`: a service of master.cf and a next hop; either may be empty.
  struct Transport: Hashable {
    var name: String
    var nextHop: String

    init(_ entry: String) {
      let parts = entry.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      name = parts.first.map { String($0.filter { !$0.isWhitespace }) } ?? ""
      nextHop = parts.count > 1 ? String(parts[1].filter { !$0.isWhitespace }) : ""
    }

    /// Services that deliver here, or nothing at all (master(5), as Postfix comes with them).
    var isLocal: Bool { ["local", "virtual", "error", "retry", "discard", "lmtp"].contains(name) }
  }

  /// The way of a recipient's mail; nil where the settings do not tell it.
  package func route(
    of recipient: String, from sender: String, lookup: Lookup
  ) async throws -> Route? {
    guard let domain = Self.domain(of: recipient), !domain.isEmpty else { return nil }
    var decision = try await usual(domain, from: sender, lookup)
    if let entry = try await transport(for: recipient, domain, lookup) {
      let found = Transport(entry)
      switch (found.name.isEmpty, found.nextHop.isEmpty) {
      case (true, true): break
      case (true, false): decision.transport.nextHop = found.nextHop
      case (false, _): decision.transport = found
      }
      if !found.name.isEmpty || !found.nextHop.isEmpty { decision.by = "transport_maps" }
    }
    return decision.route(of: domain)
  }

  private struct Decision {
    var transport: Transport
    var by: String

    func route(of domain: String) -> Route {
      let isLMTP = transport.name == "lmtp"
      let hop = PostfixNextHop(transport.nextHop, port: isLMTP ? 24 : 25)
      guard !transport.isLocal else { return Route(.local, isLMTP ? hop.ends : [], by: by) }
      let isOwn = hop.ends.allSatisfy { $0.host.lowercased() == domain } && !hop.isByHost
      guard !hop.ends.isEmpty, !isOwn else { return Route(.final, [], isByHost: false, by: by) }
      let known = hop.ends.first.flatMap { $0.socket == nil ? $0.port : nil }
        .flatMap(Hop.init(port:))
      return Route(
        known ?? (hop.ends.contains { $0.socket != nil } ? .local : .relay), hop.ends,
        isByHost: hop.isByHost, by: by)
    }
  }

  /// What is done without an entry in the transport table (trivial-rewrite(8)).
  private func usual(
    _ domain: String, from sender: String, _ lookup: Lookup
  ) async throws -> Decision {
    for name in ["mydestination", "virtual_alias_domains", "virtual_mailbox_domains"]
    where try await isListed(domain, in: name, lookup) {
      return Decision(transport: Transport("local"), by: name)
    }
    var name =
      try await isListed(domain, in: "relay_domains", lookup)
      ? "relay_transport" : "default_transport"
    var transport = Transport(settings[name] ?? "smtp")
    if name == "default_transport",
      let entry = try await first(
        in: senderTransportTables, of: Self.keys(ofSender: sender), lookup)
    {
      name = "sender_dependent_default_transport_maps"
      transport = Transport(entry)
    }
    guard transport.nextHop.isEmpty else { return Decision(transport: transport, by: name) }
    if let relay = try await first(in: relayTables, of: Self.keys(ofSender: sender), lookup),
      relay.uppercased() != "DUNNO"
    {
      transport.nextHop = relay
      return Decision(transport: transport, by: "sender_dependent_relayhost_maps")
    }
    transport.nextHop = settings["relayhost"] ?? ""
    return Decision(transport: transport, by: transport.nextHop.isEmpty ? name : "relayhost")
  }

  private func isListed(_ domain: String, in name: String, _ lookup: Lookup) async throws -> Bool {
    for item in Self.items(settings[name] ?? "") {
      if item.lowercased() == domain { return true }
      if let table = Table(item), try await lookup(domain, table) != nil { return true }
    }
    return false
  }

  /// The entry of the transport tables, by the patterns and in the order of transport(5).
  private func transport(
    for recipient: String, _ domain: String, _ lookup: Lookup
  ) async throws -> String? {
    if let entry = try await first(in: transportTables, of: [recipient.lowercased()], lookup) {
      return entry
    }
    let fixed = transportTables.filter(\.takesParts)
    if let entry = try await first(in: fixed, of: keys(of: recipient, domain), lookup) {
      return entry
    }
    return try await first(in: transportTables, of: ["*"], lookup)
  }

  /// The parts of an address that are looked up after the whole of it.
  private func keys(of recipient: String, _ domain: String) -> [String] {
    var keys: [String] = []
    let local = recipient.lowercased().prefix { $0 != "@" }
    let delimiters = settings["recipient_delimiter"] ?? ""
    if let cut = local.dropFirst().firstIndex(where: { delimiters.contains($0) }) {
      keys.append("\(local[..<cut])@\(domain)")
    }
    keys.append(domain)
    let isBare = Self.items(settings["parent_domain_matches_subdomains"] ?? "")
      .contains("transport_maps")
    var rest = domain[...]
    while let dot = rest.firstIndex(of: ".") {
      rest = rest[rest.index(after: dot)...]
      if !rest.isEmpty { keys.append(isBare ? String(rest) : ".\(rest)") }
    }
    return keys
  }

  private func first(
    in tables: [Table], of keys: [String], _ lookup: Lookup
  ) async throws -> String? {
    for key in keys {
      for table in tables {
        if let value = try await lookup(key, table), !value.isEmpty { return value }
      }
    }
    return nil
  }

  private static func keys(ofSender sender: String) -> [String] {
    guard !sender.isEmpty else { return [] }
    return [sender.lowercased()] + (domain(of: sender).map { ["@\($0)"] } ?? [])
  }

  private static func domain(of address: String) -> String? {
    address.lastIndex(of: "@").map { address[address.index(after: $0)...].lowercased() }
  }
}
