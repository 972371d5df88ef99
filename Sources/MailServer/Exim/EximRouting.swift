// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// What Exim's routers and transports say of the way that mail takes, as `exim -bP` shows them.
package struct EximRouting: Hashable, Sendable {
  /// A router or a transport: its options by name.
  private typealias Driver = [String: String]

  private let routers: [String: [String: String]]
  private let transports: [String: [String: String]]

  /// - Parameters:
  ///   - routers: what `exim -bP routers` prints.
  ///   - transports: what `exim -bP transports` prints.
  package init(routers: [UInt8] = [], transports: [UInt8] = []) {
    self.routers = Self.drivers(routers, " router:")
    self.transports = Self.drivers(transports, " transport:")
  }

  /// The options that are read: a configuration with thousands of routers keeps no more of each.
  private static let options = [
    "driver", "transport", "route_list", "route_data", "hosts", "port", "protocol",
    "hosts_override", "fallback_hosts",
  ]

  /// Each begins with a line such as `smarthost router:`, options follow.
  private static func drivers(_ output: [UInt8], _ heading: String) -> [String: Driver] {
    var drivers: [String: Driver] = [:]
    var name: String?
    for line in output.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self)
      if text.hasSuffix(heading), !text.contains("=") {
        name = String(text.dropLast(heading.count))
        if let name { drivers[name] = [:] }
      } else if let name {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let option = parts[0].filter { !$0.isWhitespace }
        guard options.contains(option) else { continue }
        drivers[name]?[option] = parts.count > 1 ? parts[1].trimmed : "yes"
      }
    }
    return drivers
  }

  /// Whether some mail may go another way than to the mail exchangers of its domain.
  package var mayRelay: Bool {
    routers.values.contains { Self.routesByHand($0) }
      || transports.values.contains { !($0["hosts"] ?? "").isEmpty }
  }

  /// What stands at the ends that the settings name as they are; what an expansion gives is known by `exim -bt` alone.
  package var relays: Relays {
    var relays = Relays()
    for name in transports.keys where !isSMTP(name) { relays.insert(localTransport: name) }
    for (name, router) in routers { insert(name, router, into: &relays) }
    for (name, transport) in transports where transport["driver"] == "smtp" {
      for option in ["hosts", "fallback_hosts"] {
        insert(
          Self.ends(transport[option] ?? "", port: port(of: name)), of: "", name, into: &relays)
      }
    }
    return relays
  }

  private func insert(_ name: String, _ router: Driver, into relays: inout Relays) {
    let transport = router["transport"]
    let own = transport.flatMap { transports[$0]?["hosts"] } ?? ""
    let isByHand = Self.routesByHand(router)
    guard isByHand || !own.isEmpty else {
      if router["driver"] == "dnslookup", isSMTP(transport) {
        relays.insert(exchangerRouter: name)
      }
      return
    }
    let lists = isByHand ? Self.hostLists(router) : [own]
    let ends = lists.flatMap { Self.ends($0, port: port(of: transport)) }
    insert(ends, of: name, transport, into: &relays)
    guard isSMTP(transport) else { return }
    // Where an expansion gives some of them, which one it is is known by `exim -bt` alone: a line without its router
    // does not tell.
    let isKnown = !lists.contains { $0.contains("$") } && router["driver"] != "queryprogram"
    relays.insert(
      router: name, isKnown ? ends : [], at: hop(of: name, transport, at: port(of: transport)))
    if !isKnown { relays.mayLackSome = true }
  }

  private func insert(
    _ ends: [Endpoint], of router: String, _ transport: String?, into relays: inout Relays
  ) {
    for end in ends {
      relays.insert(
        end, at: isSMTP(transport) ? hop(of: router, transport, at: end.port) : .local)
    }
  }

  /// Routers that are given hosts, and do not look the mail exchangers of a domain up.
  private static func routesByHand(_ router: Driver) -> Bool {
    ["manualroute", "queryprogram"].contains(router["driver"])
  }

  private func isSMTP(_ transport: String?) -> Bool {
    guard let options = transport.flatMap({ transports[$0] }) else { return true }
    return options["driver"] == "smtp" && options["protocol"] != "lmtp"
  }

  private func port(of transport: String?) -> Int? {
    let options = transport.flatMap { transports[$0] } ?? [:]
    guard let port = options["port"], port != "smtp" else {
      return options["protocol"] == "smtps" ? 465 : 25
    }
    if let number = Int(port) { return number }
    return ["submission": 587, "smtps": 465, "submissions": 465, "lmtp": 24][port]
  }
}

// MARK: - Hosts

extension EximRouting {
  /// The lists of hosts in `route_list` (`PATTERN HOSTS OPTIONS`, parted by semicolons) and `route_data` (`HOSTS OPTIONS`).
  private static func hostLists(_ router: Driver) -> [String] {
    let rules = list(router["route_list"] ?? "", separator: ";").map { rule in
      rule.drop { !$0.isWhitespace }.drop(while: \.isWhitespace)
    }
    return (rules + [Substring(router["route_data"] ?? "")]).map(firstWord)
  }

  /// The first word, which may be in quotes.
  private static func firstWord(_ text: Substring) -> String {
    guard text.first == "\"" else { return String(text.prefix { !$0.isWhitespace }) }
    return String(text.dropFirst().prefix { $0 != "\"" })
  }

  /// A list of Exim's: another separator is behind `<` at its beginning; a doubled one is one of an item.
  private static func list(_ text: String, separator: Character) -> [String] {
    var (rest, separator) = (text[...].drop(while: \.isWhitespace), separator)
    if rest.first == "<", let other = rest.dropFirst().first {
      (rest, separator) = (rest.dropFirst(2), other)
    }
    var (items, item) = ([String](), "")
    while let character = rest.popFirst() {
      guard character == separator else {
        item.append(character)
        continue
      }
      if rest.first == separator {
        rest.removeFirst()
        item.append(separator)
      } else {
        items.append(item)
        item = ""
      }
    }
    return (items + [item]).map { $0.trimmed }.filter { !$0.isEmpty }
  }

  /// The hosts of a list, without those that an expansion gives.
  private static func ends(_ hosts: String, port: Int?) -> [Endpoint] {
    guard !hosts.contains("$") else { return [] }
    return list(hosts, separator: ":").compactMap { item in
      // `+` parts groups; `/MX` asks for the mail exchangers of a name.
      guard item != "+" else { return nil }
      var (name, port) = (item, port)
      if name.uppercased().hasSuffix("/MX") { name = String(name.dropLast(3)) }
      if let colon = name.lastIndex(of: ":"),
        name.filter({ $0 == ":" }).count == 1 || name.hasPrefix("["),
        let number = Int(name[name.index(after: colon)...]), (1...65_535).contains(number)
      {
        port = number
        name = String(name[..<colon])
      }
      if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
      return name.isEmpty ? nil : Endpoint(host: name, port: port)
    }
  }
}

// MARK: - exim -bt

extension EximRouting {
  /// The way that `exim -bt` found for one address; nil if it found none, or several.
  package func route(testing output: [UInt8]) -> Route? {
    var (routers, hosts) = ([(router: String, transport: String?)](), [Endpoint]())
    var isByExchangers = false
    for line in output.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self)
      if let found = Self.router(text) {
        routers.append(found)
      } else if let (end, isExchanger) = Self.host(text) {
        hosts.append(end)
        isByExchangers = isByExchangers || isExchanger
      } else if let (host, router) = Self.failedHost(text) {
        routers.append((router, nil))
        hosts.append(Endpoint(host: host))
      }
    }
    guard routers.count == 1, let (name, transport) = routers.first else { return nil }
    let decidedBy = "router \(name)"
    let used = transport ?? self.routers[name]?["transport"]
    guard isSMTP(used) else { return Route(.local, [], by: decidedBy) }
    let own = used.flatMap { transports[$0] } ?? [:]
    if hosts.isEmpty || own["hosts_override"] == "yes", let list = own["hosts"], !list.isEmpty {
      let ends = Self.ends(list, port: port(of: used))
      return Route(hop(of: name, used, at: ends.first?.port), ends, by: decidedBy)
    }
    guard self.routers[name].map(Self.routesByHand) ?? !isByExchangers, !hosts.isEmpty else {
      return Route(.final, [], isByHost: false, by: decidedBy)
    }
    let port = port(of: used)
    for index in hosts.indices where hosts[index].port == nil { hosts[index].port = port }
    return Route(hop(of: name, used, at: hosts.first?.port), hosts, by: decidedBy)
  }

  /// A filter by its name or its port, or else a relay.
  private func hop(of router: String, _ transport: String?, at port: Int?) -> Hop {
    let names = Array("\(router) \(transport ?? "")".utf8)
    if names.span.namesFilter(in: 0..<names.count) { return .filter }
    return port.flatMap(Hop.init(port:)) == .filter ? .filter : .relay
  }

  /// `  router = smarthost, transport = remote_smtp_smarthost`.
  private static func router(_ line: String) -> (String, String?)? {
    guard let start = line.firstRange(of: "router = ") else { return nil }
    guard line[..<start.lowerBound].allSatisfy(\.isWhitespace) else { return nil }
    let words = line[start.upperBound...]
    guard let comma = words.firstRange(of: ", transport = ") else {
      return (words.trimmed, nil)
    }
    return (String(words[..<comma.lowerBound]), words[comma.upperBound...].trimmed)
  }

  /// `  host mx1.example.com   [192.0.2.1] MX=10 port=587 ** unusable **`.
  private static func host(_ line: String) -> (Endpoint, isExchanger: Bool)? {
    let words = line.split(separator: " ")
    guard line.hasPrefix("  "), words.count >= 2, words[0] == "host" else { return nil }
    var end = Endpoint(host: String(words[1]), port: nil)
    var isExchanger = false
    for word in words.dropFirst(2) {
      if word.hasPrefix("["), word.hasSuffix("]") {
        end.address = String(word.dropFirst().dropLast())
      } else if word.hasPrefix("port=") {
        end.port = Int(word.dropFirst("port=".count))
      } else if word.hasPrefix("MX=") {
        isExchanger = true
      }
    }
    return (end, isExchanger)
  }

  /// `…: lookup of host "relay.example.net" failed in smarthost router`.
  private static func failedHost(_ line: String) -> (String, router: String)? {
    guard let start = line.firstRange(of: "lookup of host \""),
      let end = line[start.upperBound...].firstRange(of: "\" failed in "),
      line.trimmed.hasSuffix(" router")
    else { return nil }
    let router = line[end.upperBound...].trimmed.dropLast(" router".count)
    return (String(line[start.upperBound..<end.lowerBound]), String(router))
  }
}
