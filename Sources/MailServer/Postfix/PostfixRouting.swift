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

    /// What stands behind the type.
    private var place: Substring { name.drop { $0 != ":" }.dropFirst() }

    /// Whether parts of an address are looked up too; pattern tables see the whole address alone (transport(5)).
    var takesParts: Bool { !["regexp", "pcre", "cidr", "tcp", "socketmap"].contains(type) }

    /// The file of a table of patterns; nil for other tables, and for patterns within main.cf.
    package var patternFile: String? {
      ["regexp", "pcre", "cidr"].contains(type) && place.hasPrefix("/") ? String(place) : nil
    }

    /// The one value that it gives for every key; nil for other tables.
    var only: String? { type == "static" ? String(place) : nil }

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
      "content_filter", "local_transport", "virtual_transport", "mailbox_transport",
      "fallback_transport",
    ]
  }

  /// Asks a table for a key; nil if it has none.
  ///
  /// It throws where the table cannot be asked.
  package typealias Lookup = (_ key: String, _ table: Table) async throws -> String?

  package let transportTables: [Table]
  package let relayTables: [Table]
  package let senderTransportTables: [Table]
  private let settings: [String: String]
  private let services: PostfixServices

  package init(_ settings: [String: String] = [:], services: PostfixServices = PostfixServices()) {
    self.services = services
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

  /// What stands at the ends that the settings themselves name.
  package var relays: Relays {
    var relays = Relays()
    relays.wasRead = true
    // What is named last counts: a filter or a relay at a port of this server is meant to be there.
    relays.insert(services.listeners, at: .local)
    for name in ["local_transport", "mailbox_transport", "fallback_transport", "virtual_transport"]
    {
      insert(settings[name] ?? "", into: &relays)
    }
    for entry in services.contentFilters + [settings["content_filter"] ?? ""] {
      let transport = Transport(entry)
      if isRemote(transport) {
        relays.insert(PostfixNextHop(transport.nextHop).ends, at: .filter)
      }
    }
    for name in ["relay_transport", "default_transport"] {
      insert(settings[name] ?? "", into: &relays)
    }
    for name in ["smtp_fallback_relay", "relayhost"] {
      relays.insert(PostfixNextHop(settings[name] ?? "").ends)
    }
    return relays
  }

  /// What stands at the ends in a table of which `postmap -s` gave all: a key, a tab and its value a line.
  package func relays(inTable table: Table, _ output: [UInt8]) -> Relays {
    var relays = Relays()
    for line in output.split(separator: UInt8(ascii: "\n")) {
      let fields = String(decoding: line, as: UTF8.self)
        .split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      guard fields.count == 2 else { continue }
      insert(String(fields[1]), in: table, of: fields[0], into: &relays)
    }
    return relays
  }

  /// The same for a table of patterns, from its file.
  package func relays(inTable table: Table, patterns text: [UInt8]) -> Relays {
    let patterns = PostfixPatternTable(text)
    var relays = Relays()
    for value in patterns.results { insert(value, in: table, into: &relays) }
    relays.mayLackSome = patterns.hasSubstitutions
    return relays
  }

  /// The same for a table that can only be asked for one key: what it has is not known.
  package func relays(inUnread table: Table) -> Relays {
    var relays = Relays()
    if let value = table.only {
      insert(value, in: table, into: &relays)
    } else {
      relays.mayLackSome = true
    }
    return relays
  }

  private func insert(
    _ value: String, in table: Table, of key: Substring = "", into relays: inout Relays
  ) {
    if relayTables.contains(table) {
      relays.insert(PostfixNextHop(value).ends)
    } else {
      insert(value, of: key, into: &relays)
    }
  }

  /// Takes in the end that an entry names; one that is its key itself stands for that domain's own mail exchangers.
  private func insert(_ entry: String, of key: Substring = "", into relays: inout Relays) {
    let transport = Transport(entry)
    guard program(of: transport) != .other,
      transport.nextHop.lowercased() != key.lowercased() || key.isEmpty
    else { return }
    for end in ends(of: transport).ends { relays.insert(end, at: hop(of: transport, at: end)) }
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
  }

  /// The programs that hand mail on, and those that deliver here, or nothing at all.
  private enum Program { case smtp, lmtp, other }

  private func program(of transport: Transport) -> Program {
    switch services.program(of: transport.name) {
    // A name that is not known is one of an admin's own.
    case "smtp", nil: .smtp
    case "lmtp": .lmtp
    default: .other
    }
  }

  private func isRemote(_ transport: Transport) -> Bool { program(of: transport) != .other }

  private func ends(of transport: Transport) -> PostfixNextHop {
    PostfixNextHop(transport.nextHop, port: program(of: transport) == .lmtp ? 24 : 25)
  }

  /// What stands at an end that a transport leads to.
  private func hop(of transport: Transport, at end: Endpoint?) -> Hop {
    let name = Array(transport.name.utf8)
    if name.span.namesFilter(in: 0..<name.count) { return .filter }
    let known = end.flatMap { $0.socket == nil ? $0.port : nil }.flatMap(Hop.init(port:))
    switch program(of: transport) {
    case .lmtp: return known == .filter ? .filter : .local
    case .other: return .local
    case .smtp: return known ?? (end?.socket == nil ? .relay : .local)
    }
  }

  /// The way of a recipient's mail; nil if the settings do not say it.
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
    return route(decision, of: domain)
  }

  private struct Decision {
    var transport: Transport
    var by: String

    /// Whether the setting is one of relays, whatever port they listen on.
    var isOfRelays: Bool { ["relayhost", "sender_dependent_relayhost_maps"].contains(by) }
  }

  private func route(_ decision: Decision, of domain: String) -> Route {
    let transport = decision.transport
    let nextHop = ends(of: transport)
    let isOwn = nextHop.ends.allSatisfy { $0.host.lowercased() == domain } && !nextHop.isByHost
    switch program(of: transport) {
    case .other: return Route(.local, [], by: decision.by)
    case .smtp where nextHop.ends.isEmpty || isOwn:
      return Route(.final, [], isByHost: false, by: decision.by)
    case .smtp, .lmtp:
      let hop = decision.isOfRelays ? .relay : hop(of: transport, at: nextHop.ends.first)
      // LMTP looks no mail exchangers up (lmtp(8)).
      let isByHost = nextHop.isByHost || program(of: transport) == .lmtp
      return Route(hop, nextHop.ends, isByHost: isByHost, by: decision.by)
    }
  }

  /// What is done without an entry in the transport table (trivial-rewrite(8)).
  private func usual(
    _ domain: String, from sender: String, _ lookup: Lookup
  ) async throws -> Decision {
    for (name, transport) in [
      ("mydestination", "local_transport"), ("virtual_alias_domains", ""),
      ("virtual_mailbox_domains", "virtual_transport"),
    ] where try await isListed(domain, in: name, lookup) {
      return Decision(transport: Transport(settings[transport] ?? "local"), by: name)
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
