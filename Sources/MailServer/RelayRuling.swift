// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import Replies

/// Tells what a relay, a filter or a service of ours said from what a destination said: words alone do not, nor does port 25
/// or an address of this server.
struct RelayRuling {
  let relays: Relays
  let rules: RuleBook

  /// Who said a reply, if known.
  struct Said {
    var host: String?
    var address: String?
    var port: Int?
    /// The code with which the other side said it; nil if they are our MTA's own words.
    var code: Int?
    /// Exim's.
    var router: String?
    var transport: String?
    /// The recipient's domain, in lower case.
    var domain: String?
    var text: String
  }

  /// Where a reply was said by the settings; nil if they know no better than its words.
  func hop(of said: Said, at hop: Hop) -> Hop? {
    if let transport = said.transport, relays.localTransports.contains(transport) {
      return hop == .filter || hop == .local ? nil : .local
    }
    if let known =
      relays.hop(at: said.host, exactly: said.port)
      ?? relays.hop(at: said.address, exactly: said.port)
    {
      return known == hop ? nil : known
    }
    if let router = said.router, relays.exchangerRouters.contains(router) {
      // Its name may hold "relay", as Debian's dnslookup_relay_to_domains.
      return hop == .relay || hop == .unknown ? .final : nil
    }
    if hop == .relay, relays.isWhole, let guess = guess(said) { return guess }
    let known =
      relays.hop(at: said.host, port: said.port) ?? relays.hop(at: said.address, port: said.port)
    if let router = said.router, let usual = relays.hop(ofRouter: router) {
      // A transport of any name may be one that sends.
      return hop == .relay || hop == .filter ? nil : known ?? usual
    }
    guard hop == .final || hop == .unknown else { return nil }
    if let known { return known }
    guard said.host == nil, said.address == nil, said.code == nil else { return nil }
    return relays.end(namedIn: said.text) == nil ? nil : .relay
  }

  /// What stands at an address of this server that no setting names; nil if it was reported by more than the address.
  ///
  /// A name is one that the DNS gave for a domain. Without one, an action such as FILTER led there (access(5)).
  private func guess(_ said: Said) -> Hop? {
    guard let address = said.address ?? said.host, Relays.isLoopback(address),
      said.port.flatMap(Hop.init(port:)) == nil
    else { return nil }
    return said.host.map(Relays.isLoopback) ?? true ? .filter : .final
  }

  /// The same, or unknown if a relay that the settings do not show may have said it.
  fileprivate func ruling(on said: Said, at hop: Hop) -> Hop? {
    self.hop(of: said, at: hop) ?? (isOpen(said, at: hop) ? .unknown : nil)
  }

  /// Whether what seems to be a destination's server may as well be a relay that the settings do not show.
  private func isOpen(_ said: Said, at hop: Hop) -> Bool {
    guard relays.mayLackSome, hop == .final else { return false }
    if let router = said.router, relays.exchangerRouters.contains(router) { return false }
    guard let host = said.host ?? said.address else {
      // `Name service error for name=mx.example.com type=A`.
      return said.code == nil && said.text.contains("name=")
        && !(said.domain.map { said.text.lowercased().contains($0) } ?? false)
    }
    guard let domain = said.domain else { return true }
    if HostOwner(ofDestination: domain, host: host) == .domain(domain) { return false }
    if case .unnamed = HostOwner(ofHost: domain) { return true }
    return HostOwner(ofHost: host) != HostOwner(ofHost: domain)
  }
}

extension RelayRuling {
  /// The verdicts of a listing's reasons.
  func verdicts(of listing: QueueListing) -> [Verdict] {
    let span = listing.bytes.span
    let domains = relays.mayLackSome ? Self.domains(of: listing) : [:]
    return listing.reasons.enumerated().map { number, place in
      let reason = span.extracting(place.range)
      let verdict = rules.verdict(reason, isDeferral: true)
      guard !relays.isEmpty else { return verdict }
      let host = PostfixReason.remoteHost(span, in: place).map { span.string($0) }
      let text = span.string(place)
      var said = Said(
        host: host, code: verdict.code.map(Int.init), domain: domains[number], text: text)
      if let end = Endpoint(in: text), end.host == host {
        (said.address, said.port) = (end.address, end.port)
      }
      guard let hop = ruling(on: said, at: verdict.hop) else { return verdict }
      return rules.verdict(reason, isDeferral: true, hop: hop)
    }
  }

  /// A domain for which each reason holds mail back.
  private static func domains(of listing: QueueListing) -> [Int: String] {
    let span = listing.bytes.span
    var domains: [Int: String] = [:]
    for recipient in listing.recipients
    where recipient.reason >= 0 && domains[Int(recipient.reason)] == nil {
      domains[Int(recipient.reason)] =
        span.string(listing.destinations[Int(recipient.destination)]).lowercased()
    }
    return domains
  }

  /// The replies that the log mentions, by relays that it named later.
  func placing(_ replies: [DeliveryHistory.Reply]) -> [DeliveryHistory.Reply] {
    relays.isEmpty ? replies : replies.map(placing)
  }

  private func placing(_ reply: DeliveryHistory.Reply) -> DeliveryHistory.Reply {
    let said = Said(
      host: reply.remoteHost, address: reply.remoteIP, port: reply.port, code: reply.code,
      router: reply.router, transport: reply.transport, text: reply.text)
    guard let hop = hop(of: said, at: reply.hop) else { return reply }
    let text = Array(reply.text.utf8)
    let verdict = rules.verdict(
      text.span, remoteHost: reply.remoteHost, isDeferral: true, code: reply.code, hop: hop)
    var reply = reply
    (reply.cause, reply.side, reply.hop) = (verdict.cause, verdict.side, verdict.hop)
    return reply
  }
}

/// The same for a line of the log.
extension LogGrammar {
  /// What the rule book says of a record, at the place where it was said, as far as the line and the settings show.
  package func verdict(of record: LogRecord, in line: Span<UInt8>) -> Verdict {
    let verdict = record.verdict(in: line, by: rules)
    guard let hop = placement(of: record, in: line, at: verdict.hop) else { return verdict }
    return record.verdict(in: line, by: rules, at: hop)
  }

  /// Where the settings say that it was said; nil if they know no better than `hop`, which the line shows.
  package func placement(of record: LogRecord, in line: Span<UInt8>, at hop: Hop) -> Hop? {
    guard !relays.isEmpty, record.direction == .outbound, !record.isLogin,
      record.kind == .deferral || record.kind == .attempt
    else { return nil }
    func text(_ place: ByteRange) -> String? { place.isEmpty ? nil : line.string(place) }
    var said = RelayRuling.Said(
      host: text(record.remoteHost), address: text(record.remoteIP),
      port: record.port.map(Int.init), code: record.code,
      router: record.mta.agent.router(inLogLine: line, record.route.range),
      transport: record.mta.agent.transport(inLogLine: line, record.route.range),
      domain: relays.mayLackSome ? LogEvent.domain(of: text(record.recipient)) : nil, text: "")
    if said.host == nil, said.address == nil, said.code == nil {
      said.text = line.string(record.reply)
      if let end = Endpoint(in: said.text), end.socket == nil {
        (said.host, said.address, said.port) = (end.host, end.address, end.port)
      }
    }
    return RelayRuling(relays: relays, rules: rules).ruling(on: said, at: hop)
  }
}
