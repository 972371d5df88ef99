// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// Relays that take mail on its way, as the settings and the log name them.
package struct Relays: Hashable, Sendable {
  /// By name and by address, in lower case.
  private var ends: [String: Endpoint] = [:]
  /// Exim's routers that hand mail to relays, with those that the settings name as they are.
  private var routers: [String: Set<Endpoint>] = [:]

  package init() {}

  /// Reads Postfix's `relayhost`: `[smtp.example.net]:587`, `relay.example.net`; empty for none (postconf(5)).
  package init(relayhost: String) {
    insert(PostfixNextHop(relayhost).ends)
  }

  package var isEmpty: Bool { ends.isEmpty && routers.isEmpty }

  package mutating func insert(_ end: Endpoint) {
    // There are as many as an admin has set up; a log or a table with more is no server's.
    guard ends.count < 512 else { return }
    for name in [end.host, end.address].compactMap({ $0?.lowercased() }) where !name.isEmpty {
      let known = ends[name]
      ends[name] = end
      // One host at two ports: the name does not tell which.
      if let known, known.port != end.port { ends[name]?.port = nil }
    }
  }

  /// Takes in that a router of Exim's hands mail to relays.
  mutating func insert(router: String, _ ends: [Endpoint]) {
    routers[router, default: []].formUnion(ends)
    insert(ends)
  }

  package mutating func insert(_ ends: [Endpoint]) {
    for end in ends where end.socket == nil { insert(end) }
  }

  package func joined(with other: Relays) -> Relays {
    var all = self
    all.ends.merge(other.ends) { _, new in new }
    all.routers.merge(other.routers) { $0.union($1) }
    return all
  }

  /// The relay with this name or address, or nil.
  package func end(at host: String?) -> Endpoint? {
    host.flatMap { ends.isEmpty ? nil : ends[$0.lowercased()] }
  }

  func has(router: String) -> Bool { routers[router] != nil }

  /// The relay that a router of Exim's hands its mail to; nil where it has several, or expansions.
  func end(ofRouter router: String) -> Endpoint? {
    routers[router].flatMap { $0.count == 1 ? $0.first : nil }
  }

  /// The relay that our own MTA's words name, as where its name does not resolve; nil where they name none.
  func end(namedIn text: String) -> Endpoint? {
    guard !ends.isEmpty else { return nil }
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_") }
    return words.lazy.filter { $0.contains(".") }.compactMap { end(at: String($0)) }.first
  }

  /// The relay, where there is but one.
  package var only: Endpoint? {
    let hosts = Set(ends.values.map(\.host))
    return hosts.count == 1 ? ends.values.first : nil
  }
}

/// Tells what a relay of ours said from what a destination said: words alone do not, nor does port 25.
struct RelayRuling {
  let relays: Relays
  let rules: RuleBook

  /// The verdicts of a listing's reasons.
  func verdicts(of listing: QueueListing) -> [Verdict] {
    let span = listing.bytes.span
    return listing.reasons.map { place in
      let reason = span.extracting(place.range)
      let verdict = rules.verdict(reason, isDeferral: true)
      guard verdict.hop == .final, !relays.isEmpty else { return verdict }
      let host = PostfixReason.remoteHost(span, in: place).map { span.string($0) }
      let isRelay =
        relays.end(at: host) != nil
        || host == nil && verdict.code == nil && relays.end(namedIn: span.string(place)) != nil
      return isRelay ? rules.verdict(reason, isDeferral: true, hop: .relay) : verdict
    }
  }

  /// The replies that the log tells of.
  func placing(_ replies: [DeliveryHistory.Reply]) -> [DeliveryHistory.Reply] {
    relays.isEmpty ? replies : replies.map(placing)
  }

  /// A line of the log.
  func placing(_ event: LogEvent) -> LogEvent {
    guard event.direction == .outbound, event.kind == .deferral || event.kind == .attempt else {
      return event
    }
    let said = DeliveryHistory.Reply(event)
    let placed = placing(said)
    guard placed.hop == .relay else { return event }
    var event = event
    if event.hop != .relay {
      (event.cause, event.side, event.hop) = (placed.cause, placed.side, placed.hop)
    }
    if event.port == nil {
      event.port = (relays.end(at: event.remoteHost) ?? relays.end(at: event.remoteIP))?.port
    }
    return event
  }

  private func placing(_ reply: DeliveryHistory.Reply) -> DeliveryHistory.Reply {
    guard isOfRelay(reply) else { return reply }
    let text = Array(reply.text.utf8)
    let verdict = rules.verdict(
      text.span, remoteHost: reply.remoteHost, isDeferral: true, code: reply.code, hop: .relay)
    var reply = reply
    (reply.cause, reply.side, reply.hop) = (verdict.cause, verdict.side, verdict.hop)
    return reply
  }

  private func isOfRelay(_ reply: DeliveryHistory.Reply) -> Bool {
    // A transport of any name may be one that sends.
    if let router = reply.router, relays.has(router: router) {
      return reply.hop == .final || reply.hop == .local
    }
    guard reply.hop == .final else { return false }
    if let host = reply.remoteHost ?? reply.remoteIP {
      return relays.end(at: host) != nil || relays.end(at: reply.remoteIP) != nil
    }
    return reply.code == nil && relays.end(namedIn: reply.text) != nil
  }
}
