// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// Whose side it is on, and since when, from outbound mail: one question a property.
struct Diagnosis {
  /// Destinations that get a finding of their own, at most.
  private static let most = 5
  /// A destination is in trouble while its last deferral is no older, in seconds.
  private static let fresh: Int64 = 4 * 3600

  let evidence: Evidence
  /// Destinations that put us off lately and have not recovered, largest first.
  let troubled: [(domain: String, traffic: DestinationTraffic, queued: Int)]
  private let recovered: [(domain: String, traffic: DestinationTraffic, queued: Int)]

  init(_ evidence: Evidence) {
    self.evidence = evidence
    let queued = Dictionary(
      evidence.queue.destinations.map { ($0.key.lowercased(), $0.count) }, uniquingKeysWith: +)
    let seen = evidence.traffic.destinations.filter { _, traffic in
      traffic.lastDeferral.map { evidence.now - $0 <= Self.fresh } ?? false
    }
    let rows = seen.map { (domain: $0.key, traffic: $0.value, queued: queued[$0.key] ?? 0) }
      .sorted { ($0.queued, $1.domain) > ($1.queued, $0.domain) }
    troubled = rows.filter { !$0.traffic.isRecovered }
    recovered = rows.filter(\.traffic.isRecovered)
  }

  /// Every destination puts us off and nothing is delivered: our side.
  var everywhere: [Finding] {
    let groups = Set(troubled.map { Self.provider(of: $0.domain, $0.traffic) })
    let delivered = evidence.traffic.deliveries.total(minutes: 30, endingAt: evidence.now)
    guard groups.count >= 4, delivered == 0 else { return [] }
    let cause = mainCause(troubled.map(\.traffic))
    let reason =
      switch cause {
      case .timeout: "Outgoing port 25 may be blocked, or the network is down."
      case .dns: "Our resolver may not answer."
      case .policy: "Our address may be on a block list."
      case .tls: "Our certificate or our TLS settings may be wrong."
      default: "Look at our network, DNS, load and reputation."
      }
    return [
      Finding(
        id: "everywhere", severity: .critical,
        title: "No mail gets out: \(troubled.count) destinations put it off. Look at this side",
        evidence: [
          "\(troubled.count) destinations behind \(groups.count) providers are affected.",
          "Nothing was delivered in the last 30 minutes.", reason,
        ], cause: cause, weight: troubled.reduce(0) { $0 + $1.queued })
    ]
  }

  /// Several destinations behind one provider.
  var providers: [Finding] {
    let groups = Dictionary(grouping: troubled) { Self.provider(of: $0.domain, $0.traffic) }
    return groups.filter { $0.value.count >= 2 }.map { provider, rows in
      let queued = rows.reduce(0) { $0 + $1.queued }
      let names = rows.prefix(3).map(\.domain).joined(separator: ", ")
      let more = rows.count > 3 ? " and \(rows.count - 3) more" : ""
      return Finding(
        id: "provider:\(provider)", severity: .warning,
        title: "\(provider) puts our mail off for \(rows.count) domains",
        evidence: [
          "\(queued) queued messages wait: \(names)\(more).",
          "One provider serves all of them, so it is that provider that limits us.",
        ], destinations: rows.map(\.domain), cause: mainCause(rows.map(\.traffic)), weight: queued)
    }
  }

  /// One finding for each destination in trouble, and for each that has recovered.
  var destinations: [Finding] {
    troubled.prefix(Self.most).map { troubled($0.domain, $0.traffic, queued: $0.queued) }
      + recovered.prefix(Self.most).filter { $0.queued > 0 }.map {
        recovered($0.domain, $0.traffic, queued: $0.queued)
      }
  }

  /// One sender makes most of the queue.
  var senders: [Finding] {
    let waiting = evidence.queue.totals.deferred
    guard waiting >= 20, let top = evidence.queue.senders.first, top.count * 2 >= waiting else {
      return []
    }
    let name = top.key.isEmpty || top.key == "<>" ? "The null sender (bounces)" : top.key
    return [
      Finding(
        id: "sender:\(top.key)", severity: .warning,
        title: "\(name) has \(top.count) of \(waiting) deferred messages",
        evidence: [
          "That is \(Swift.min(100, top.count * 100 / waiting)) % of what waits.",
          top.key.isEmpty || top.key == "<>"
            ? "Bounces to forged senders pile up like this."
            : "A bulk job, or an account that was taken over.",
        ], sender: top.key, weight: top.count)
    ]
  }

  /// Messages on hold or frozen are forgotten easily.
  var held: [Finding] {
    let held = evidence.queue.totals.held
    guard held > 0 else { return [] }
    let word = evidence.mta == .exim ? "frozen" : "on hold"
    return [
      Finding(
        id: "held", severity: .warning,
        title: "\(Self.messages(held)) \(held == 1 ? "is" : "are") \(word) and will not be tried",
        evidence: [
          "They wait until somebody \(evidence.mta.releaseVerb)s or removes them.",
          evidence.mta == .exim
            ? "Exim freezes bounces that cannot be delivered; timeout_frozen_after ends them."
            : "Held mail never expires by itself.",
        ], weight: held)
    ]
  }

  private func troubled(
    _ domain: String, _ traffic: DestinationTraffic, queued: Int
  ) -> Finding {
    let main = traffic.mainCause
    let cause = main?.cause ?? .other
    let now = evidence.now
    let recent = traffic.deferrals.total(minutes: 15, endingAt: now)
    let former = traffic.deferrals.total(minutes: 15, endingAt: now - 900)
    var sentences: [String] = []
    if queued > 0 {
      sentences.append(
        "\(queued) of \(evidence.queue.totals.messages) queued messages wait for it.")
    }
    if let main { sentences.append("Cause \(cause.rawValue): \(main.percent) % of the deferrals.") }
    sentences.append(
      "\(recent) deferrals in 15 minutes, \(former) in the 15 before:"
        + " \(Self.trend(recent, former)).")
    if traffic.wasBurst {
      sentences.append(
        "A burst came first: \(traffic.recentBefore) messages in 10 minutes, against"
          + " \(traffic.earlierBefore) in the 50 before.")
    }
    if let delivered = traffic.lastDelivery {
      sentences.append("The last delivery was at \(clock(delivered)).")
    }
    let since = traffic.troubleSince.map { ", since \(clock($0))" } ?? ""
    return Finding(
      id: "destination:\(domain)",
      severity: cause == .greylisting || cause == .mailbox ? .note : .warning,
      title: "\(domain) \(Self.words(cause))\(since)", evidence: sentences, destinations: [domain],
      cause: cause, weight: Swift.max(queued, recent))
  }

  private func recovered(
    _ domain: String, _ traffic: DestinationTraffic, queued: Int
  ) -> Finding {
    let time = traffic.lastDelivery.map { " (last at \(clock($0)))" } ?? ""
    return Finding(
      id: "destination:\(domain)", severity: .note,
      title: "\(domain) takes mail again\(time)",
      evidence: [
        "It was delivered to after the last deferral.",
        "\(Self.messages(queued)) still \(queued == 1 ? "waits" : "wait"):"
          + " nothing to do, \(evidence.mta.name) sends them in turn.",
      ], destinations: [domain], cause: traffic.mainCause?.cause, weight: queued)
  }

  func clock(_ time: Int64) -> String { evidence.clock(time) }

  static func messages(_ count: Int) -> String { count == 1 ? "1 message" : "\(count) messages" }

  static func trend(_ recent: Int, _ former: Int) -> String {
    if recent * 2 > former * 3, recent - former >= 3 { return "rising" }
    if recent * 3 < former * 2, former - recent >= 3 { return "falling" }
    return "steady"
  }

  private func mainCause(_ traffics: [DestinationTraffic]) -> Cause? {
    var sums: [Cause: Int] = [:]
    for traffic in traffics { sums.merge(traffic.causes, uniquingKeysWith: +) }
    return sums.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
  }

  /// The provider's name, or else the last two labels of the host that answers for the domain.
  private static func provider(of domain: String, _ traffic: DestinationTraffic) -> String {
    if let note = ProviderNote.find(provider: nil, host: traffic.lastHost, domain: domain) {
      return note.name
    }
    let labels = (traffic.lastHost ?? domain).split(separator: ".")
    return labels.suffix(2).joined(separator: ".").lowercased()
  }

  private static func words(_ cause: Cause) -> String {
    switch cause {
    case .greylisting: "greylists us: expected, and harmless"
    case .connectionLimit: "allows fewer connections than we open"
    case .rateLimit: "limits the rate of our mail"
    case .resource: "is short of disk, processes or time"
    case .timeout: "cannot be reached or goes silent"
    case .policy: "distrusts our mail and puts it off"
    case .tls: "and we cannot agree on encryption"
    case .dns: "cannot be looked up"
    case .mailbox: "has full mailboxes"
    case .downstream: "has an error behind its front server"
    case .configuration: "gets no mail: a fault of this server"
    case .other, .notTemporary: "puts our mail off"
    }
  }
}
