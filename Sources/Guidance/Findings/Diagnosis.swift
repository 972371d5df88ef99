// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// Whose side it is on, and since when, from outbound mail: one question a property.
struct Diagnosis {
  /// A destination beside what the log and the queue say about it.
  typealias Row = (domain: String, traffic: DestinationTraffic, queued: Int)

  /// Destinations that get their own finding, at most.
  private static let most = 5
  /// A destination is in trouble while its last deferral is no older, in seconds.
  private static let fresh: Int64 = 4 * 3600
  /// Minutes in which nothing was delivered where no mail gets out.
  private static let outage = 30

  let evidence: Evidence
  /// Destinations that mail waits for, that deferred it lately and have not recovered, largest first.
  let troubled: [Row]
  private let recovered: [Row]

  init(_ evidence: Evidence) {
    self.evidence = evidence
    let queued = Dictionary(
      evidence.queue.destinations.map { ($0.key.lowercased(), $0.count) }, uniquingKeysWith: +)
    let seen = evidence.traffic.destinations.compactMap { domain, traffic -> Row? in
      guard let count = queued[domain], count > 0, let last = traffic.lastDeferral,
        evidence.now - last <= Self.fresh
      else { return nil }
      return (domain, traffic, count)
    }
    let rows = seen.sorted { ($0.queued, $1.domain) > ($1.queued, $0.domain) }
    let now = evidence.now
    troubled = rows.filter { !$0.traffic.hasRecovered(waiting: $0.queued, now: now) }
    recovered = rows.filter { $0.traffic.hasRecovered(waiting: $0.queued, now: now) }
  }

  /// Every destination defers our mail and nothing is delivered: our side.
  ///
  /// Greylisting and full mailboxes are no sign of that, nor is what was deferred when mail still got out.
  var everywhere: [Finding] {
    let since = evidence.now - Int64(Self.outage) * 60
    let rows = troubled.filter { row in
      (row.traffic.lastDeferral ?? 0) >= since
        && !Self.isTheirs(row.traffic.mainCause?.cause ?? .other)
    }
    let owners = Set(rows.map { owner(of: $0) })
    let delivered = evidence.traffic.deliveries.total(
      minutes: Self.outage, endingAt: evidence.now)
    guard rows.count >= 4, delivered == 0 else { return [] }
    let cause = Self.mainCause(rows)
    let place = commonHost(of: rows)
    guard owners.count >= 4 || place != nil else { return [] }
    let title: String
    var sentences = ["Nothing was delivered in the last \(Self.outage) minutes."]
    if let place {
      title = "No mail is delivered: \(rows.count) destinations wait for \(place)"
      sentences.append(
        "All of it goes through \(place): our relay host or service, or a server they share.")
    } else {
      title = "No mail is delivered: \(rows.count) destinations defer it. Check our side first"
      sentences += [
        "These destinations have \(owners.count) different owners.", Self.suspicion(cause),
      ]
    }
    return [
      Finding(
        id: "everywhere", severity: .critical, title: title, evidence: sentences,
        destinations: rows.map(\.domain), cause: cause,
        weight: rows.reduce(0) { $0 + $1.queued })
    ]
  }

  /// What may be wrong on this side where everybody defers our mail for one cause.
  private static func suspicion(_ cause: Cause?) -> String {
    switch cause {
    case .timeout: "Outgoing port 25 may be blocked, or the network is down."
    case .dns: "Our resolver may be down."
    case .policy: "Our address may be on a block list."
    case .tls: "Our certificate or our TLS settings may be wrong."
    default: "Check our network, DNS, load and reputation."
    }
  }

  /// The end by which all of these were deferred, where it is none of their own.
  private func commonHost(of rows: [Row]) -> String? {
    let ends = Set(rows.map { Self.name(of: $0.traffic.lastEnd) })
    guard ends.count == 1, let end = ends.first ?? nil,
      let host = rows[0].traffic.lastEnd?.host.lowercased(),
      !rows.contains(where: { row in
        row.traffic.lastHop == .final && (host == row.domain || host.hasSuffix(".\(row.domain)"))
      })
    else { return nil }
    return end
  }

  /// `smtp.example.net:587`.
  static func name(of end: Endpoint?) -> String? {
    guard let end else { return nil }
    if let socket = end.socket { return socket }
    let host = end.host.lowercased()
    return end.port.map { "\(host):\($0)" } ?? host
  }

  /// Mail that a relay, a content filter or a local delivery of ours holds up: no destination is to blame.
  var ownWay: [Finding] {
    struct Place: Hashable {
      var hop: Hop
      var end: String?
    }
    let rows = troubled.filter { $0.traffic.lastHop != .final }
    let groups = Dictionary(grouping: rows) {
      Place(hop: $0.traffic.lastHop, end: Self.name(of: $0.traffic.lastEnd))
    }
    return groups.map { place, rows in
      let queued = rows.reduce(0) { $0 + $1.queued }
      let isOpen = place.hop == .unknown
      let name =
        isOpen
        ? place.end ?? "a server" : "our \(place.hop.words)\(place.end.map { " \($0)" } ?? "")"
      let who = rows.count == 1 ? "Mail for \(rows[0].domain)" : "Mail for \(rows.count) domains"
      let cause = Self.mainCause(rows)
      return Finding(
        id: "hop:\(place.hop.rawValue):\(place.end ?? "")", severity: .warning,
        title: "\(who) waits for \(name)",
        evidence: [
          "\(queued) messages wait for \(rows.prefix(3).map(\.domain).joined(separator: ", "))"
            + "\(rows.count > 3 ? " and \(rows.count - 3) more" : "").",
          isOpen
            ? "Our settings do not show whether that is our relay host or their own server."
            : "It is delayed on our side, before it reaches their servers.",
        ] + (cause.map { ["Cause \($0.rawValue)."] } ?? []), destinations: rows.map(\.domain),
        cause: cause, weight: queued)
    }
  }

  /// Several destinations behind one provider.
  var providers: [Finding] {
    let groups = Dictionary(grouping: troubled.filter { $0.traffic.lastHop == .final }) {
      Self.name(of: owner(of: $0))
    }
    return groups.compactMap { name, rows in
      guard rows.count >= 2, let name else { return nil }
      let queued = rows.reduce(0) { $0 + $1.queued }
      let names = rows.prefix(3).map(\.domain).joined(separator: ", ")
      let more = rows.count > 3 ? " and \(rows.count - 3) more" : ""
      let cause = Self.mainCause(rows)
      return Finding(
        id: "provider:\(name)",
        severity: cause.map(Self.isHarmless) ?? false ? .note : .warning,
        title: "\(name) \(Self.words(cause ?? .other)): \(rows.count) domains",
        evidence: [
          "\(queued) messages wait for \(names)\(more).",
          "Its servers handle all of them, so its replies apply to all.",
        ], destinations: rows.map(\.domain), cause: cause, weight: queued)
    }
  }

  /// One finding for each destination in trouble, and for each that has recovered.
  var destinations: [Finding] {
    troubled.filter { $0.traffic.lastHop == .final }.prefix(Self.most).map(finding)
      + recovered.prefix(Self.most).map(recovery)
  }

  /// One sender makes most of the queue.
  var senders: [Finding] {
    let messages = evidence.queue.totals.messages
    guard messages >= 20, let top = evidence.queue.senders.first, top.count * 2 >= messages else {
      return []
    }
    let isNull = top.key.isEmpty || top.key == "<>"
    let name = isNull ? "The null sender (bounces)" : top.key
    return [
      Finding(
        id: "sender:\(top.key)", severity: .warning,
        title: "\(name) has \(top.count) of \(messages) queued messages",
        evidence: [
          "That is \(top.count.percent(of: messages))% of the queue.",
          isNull
            ? "Usually bounces to forged senders."
            : "Either a bulk mailing or a compromised account.",
        ], sender: top.key, weight: top.count)
    ]
  }

  /// Messages on hold or frozen are forgotten easily.
  var held: [Finding] {
    let held = evidence.queue.totals.held
    guard held > 0 else { return [] }
    let words = evidence.mta.holdWords
    return [
      Finding(
        id: "held", severity: .warning,
        title:
          "\(Self.messages(held)) \(held == 1 ? "is" : "are") \(words.state) and will not be delivered",
        evidence: [
          "They wait until somebody \(words.release)s or removes them.",
          evidence.mta.advice.fateOfHeldMail,
        ], weight: held)
    ]
  }

  private func finding(_ row: Row) -> Finding {
    let (domain, traffic, queued) = row
    let main = traffic.mainCause
    let cause = main?.cause ?? .other
    let now = evidence.now
    let recent = traffic.deferrals.total(minutes: 15, endingAt: now)
    let former = traffic.deferrals.total(minutes: 15, endingAt: now - 900)
    var sentences = ["\(queued) of \(evidence.queue.totals.messages) queued messages wait for it."]
    if let main { sentences.append("Cause \(cause.rawValue): \(main.percent)% of the deferrals.") }
    sentences.append(
      "\(recent) deferrals in 15 minutes, \(former) in the 15 before:"
        + " \(Self.trend(recent, former)).")
    if traffic.wasBurst {
      sentences.append(
        "A burst came first: \(traffic.recentBefore) messages in 10 minutes, against"
          + " \(traffic.earlierBefore) in the 50 before.")
    }
    if let delivered = traffic.lastDelivery {
      sentences.append(
        traffic.deliveredSince > 0
          ? "\(Self.messages(traffic.deliveredSince)) delivered since the last deferral, at"
            + " \(clock(delivered))."
          : "The last delivery was at \(clock(delivered)).")
    }
    let since = traffic.troubleSince.map { ", since \(clock($0))" } ?? ""
    return Finding(
      id: "destination:\(domain)", severity: Self.isHarmless(cause) ? .note : .warning,
      title: "\(domain) \(Self.words(cause))\(since)", evidence: sentences, destinations: [domain],
      cause: cause, weight: Swift.max(queued, recent))
  }

  private func recovery(_ row: Row) -> Finding {
    let (domain, traffic, queued) = row
    let time = traffic.lastDelivery.map { " (last at \(clock($0)))" } ?? ""
    return Finding(
      id: "destination:\(domain)", severity: .note,
      title: traffic.lastHop == .final
        ? "\(domain) accepts mail again\(time)" : "Mail for \(domain) is delivered again\(time)",
      evidence: [
        traffic.lastDeferral.map {
          "\(Self.messages(traffic.deliveredSince)) delivered since the last deferral, at"
            + " \(clock($0))."
        },
        "\(Self.messages(queued)) still queued:"
          + " \(evidence.mta.name) will retry \(queued == 1 ? "it" : "them").",
      ].compactMap(\.self), destinations: [domain], cause: traffic.mainCause?.cause,
      weight: queued)
  }

  func clock(_ time: Int64) -> String { evidence.clock(time) }

  static func messages(_ count: Int) -> String { count == 1 ? "1 message" : "\(count) messages" }

  static func trend(_ recent: Int, _ former: Int) -> String {
    if recent * 2 > former * 3, recent - former >= 3 { return "rising" }
    if recent * 3 < former * 2, former - recent >= 3 { return "falling" }
    return "steady"
  }

  private static func mainCause(_ rows: [Row]) -> Cause? {
    var sums: [Cause: Int] = [:]
    for row in rows { sums.merge(row.traffic.causes, uniquingKeysWith: +) }
    return sums.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
  }

  func owner(of row: Row) -> HostOwner {
    HostOwner(ofDestination: row.domain, host: row.traffic.lastHost)
  }

  /// The name of a provider; nil if a host stands for itself.
  private static func name(of owner: HostOwner) -> String? {
    switch owner {
    case .provider(let key):
      ProviderNote.find(provider: key, host: nil, domain: nil)?.name ?? key
    case .domain(let domain): domain
    case .unnamed: nil
    }
  }

  /// Whether nothing has to be done about it on this side, and soon.
  static func isHarmless(_ cause: Cause) -> Bool { cause == .greylisting || cause == .mailbox }

  /// Whether a cause lies with whoever gives the reply, whatever we send.
  static func isTheirs(_ cause: Cause) -> Bool {
    switch cause {
    case .greylisting, .mailbox, .resource, .downstream: true
    default: false
    }
  }

  /// What a destination or a provider does, after its name.
  static func words(_ cause: Cause) -> String {
    switch cause {
    case .greylisting: "is greylisting us: expected and harmless"
    case .connectionLimit: "allows fewer connections than we open"
    case .rateLimit: "is rate-limiting our mail"
    case .resource: "is overloaded or out of disk space"
    case .timeout: "is unreachable or timing out"
    case .policy: "is deferring our mail (policy or reputation)"
    case .tls: "and we cannot negotiate TLS"
    case .dns: "cannot be looked up"
    case .mailbox: "has full mailboxes"
    case .downstream: "has an internal error behind its front server"
    case .configuration: "gets no mail: a fault on this server"
    case .other, .notTemporary: "is deferring our mail"
    }
  }
}
