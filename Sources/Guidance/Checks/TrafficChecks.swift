// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

extension Check {
  package static let rate = inTheLog("rate", "Our sending rate to {name}", .log { $0.rate(to: $1) })

  package static let recovered = inTheLog(
    "recovered", "Deliveries to {name} since the last deferral", .queue { $0.recovery(of: $1) })

  package static let load = Check(
    "load", .server, "Deferrals and this server's load", both: ["uptime", "sar -q"],
    from: .log { evidence, _ in evidence.loadAndDeferrals })

  private static func inTheLog(_ name: String, _ title: String, _ source: Source) -> Check {
    Check(
      name, .destination, title,
      exim: ["exigrep {name} /var/log/exim4/mainlog | grep -E ' (=>|==) '"],
      postfix: ["grep -E 'to=<[^>]*@{name}>.*status=' /var/log/mail.log"], from: source)
  }
}

/// The checks that the log of this server answers.
extension Evidence {
  /// Seconds of the log before a deferral that are needed to tell whether a burst came first.
  private static let prelude: Int64 = 600

  /// How much we send to a destination, now and when it began to defer our mail.
  package func rate(to domain: String) -> CheckResult {
    let request = CheckRequest(.rate, of: domain)
    let begin = traffic.since
    guard let traffic = traffic.destinations[domain.lowercased()] else { return unknown(request) }
    let delivered = traffic.deliveries.total(minutes: 60, endingAt: now)
    let deferred = traffic.deferrals.total(minutes: 60, endingAt: now)
    var details = [
      "In the last hour: \(delivered) recipients delivered, \(deferred) deferred.",
      "Busiest minute: \(Self.words(traffic.peak(endingAt: now))).",
      "Last ten minutes: \(Self.words(traffic.volume(minutes: 10, endingAt: now))).",
    ]
    guard let since = traffic.troubleSince else {
      return result(
        request, .passed, "\(domain) has not deferred our mail recently.", details)
    }
    if let begin, since - begin < Self.prelude, !traffic.wasBurst {
      return result(
        request, .unavailable,
        "\(domain) was already deferring our mail where the log begins, at \(clock(begin)).",
        details + ["Earlier sending is unknown. The chart shows the last day."])
    }
    let before = traffic.recentBefore + traffic.earlierBefore
    details.append(
      "In the hour before the first deferral, at \(clock(since)): "
        + (before == 0
          ? "nothing was delivered."
          : "\(before) delivered, \(traffic.recentBefore) of them in its last ten minutes."))
    if traffic.volumeBefore.messages > 0 {
      details.append("In those ten minutes: \(Self.words(traffic.volumeBefore)).")
    }
    if traffic.wasBurst {
      details.append("Send less at once: smaller batches with pauses between them.")
      return result(
        request, .failed,
        "A burst came first: \(traffic.recentBefore) messages in 10 minutes. That is the cause.",
        details)
    }
    return result(
      request, .passed, "No burst came before the deferrals of \(domain).", details)
  }

  /// Connections are counted where the log shows them: there may be more.
  private static func words(_ volume: DestinationTraffic.Volume) -> String {
    func count(_ number: Int, _ thing: String) -> String {
      "\(number) \(thing)\(number == 1 ? "" : "s")"
    }
    return "\(count(volume.messages, "message")), \(count(volume.recipients, "recipient")),"
      + " at least \(count(volume.connections, "connection"))"
  }

  /// Whether deferrals and refusals come when this server is busy.
  package var loadAndDeferrals: CheckResult {
    let request = CheckRequest(.load)
    let samples = load.filter { $0.time > now - 3600 }
    guard samples.count >= 10 else {
      return result(
        request, .unavailable, "There are too few load samples yet.",
        ["One is taken each minute while Tempfail runs; ten are needed."])
    }
    let highest = samples.map(\.perProcessor).max() ?? 0
    let waiting = "\(queue.totals.messages) messages are in the queue."
    let events = (traffic.deferrals, traffic.refusals)
    guard
      events.0.total(minutes: 60, endingAt: now) + events.1.total(minutes: 60, endingAt: now) > 0
    else {
      return result(
        request, .unavailable, "The log has no deferral in the last hour to compare with.",
        [waiting])
    }
    if let finding = Diagnosis(self).load.first {
      return result(request, .warns, "\(finding.title).", finding.evidence + [waiting])
    }
    return result(
      request, .passed, "Deferrals do not rise with this server's load.",
      [
        "The highest load was \(highest.inTenths) per processor in"
          + " \(samples.count) minutes.", waiting,
      ])
  }

  /// Whether a destination takes mail again.
  package func recovery(of domain: String) -> CheckResult {
    let request = CheckRequest(.recovered, of: domain)
    guard let traffic = traffic.destinations[domain.lowercased()] else { return unknown(request) }
    let waiting = queue.waiting(for: domain)
    let details = [
      traffic.lastDelivery.map { "The last delivery was at \(clock($0))." },
      traffic.lastDeferral.map { "The last deferral was at \(clock($0))." },
      waiting.map {
        $0 == 0 ? "Nothing is queued for it." : "\(Diagnosis.messages($0)) still in the queue."
      },
    ].compactMap(\.self)
    if traffic.hasRecovered(waiting: waiting, now: now) {
      return result(
        request, .passed, "\(domain) accepts mail again: \(Self.delivered(traffic)).", details)
    }
    if traffic.lastDeferral == nil {
      return result(
        request, .passed, "\(domain) accepts mail; the log has no deferral.", details)
    }
    guard traffic.deliveredSince > 0 else {
      return result(
        request, .warns, "Nothing has been delivered to \(domain) since the last deferral.", details
      )
    }
    return result(
      request, .warns, "Too early to tell: \(Self.delivered(traffic)).",
      details + ["It is over after several deliveries and 15 minutes without a deferral."]
    )
  }

  private static func delivered(_ traffic: DestinationTraffic) -> String {
    "\(Diagnosis.messages(traffic.deliveredSince)) delivered since the last deferral"
  }

  private func unknown(_ request: CheckRequest) -> CheckResult {
    result(
      request, .unavailable, "The log has no mail to \(request.domain ?? "it").",
      ["Tempfail reads the last hour of the log, and new lines."])
  }

  func result(
    _ request: CheckRequest, _ verdict: CheckResult.Verdict, _ summary: String, _ details: [String]
  ) -> CheckResult {
    CheckResult(request, verdict, summary, details, at: now)
  }

  /// A time as the sentences of findings and checks write it.
  func clock(_ time: Int64) -> String {
    LocalTime(time, zone: zone).relative(to: now)
  }
}
