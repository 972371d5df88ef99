// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// What concerns this server itself: clients, limits, load.
extension Diagnosis {
  /// Clients that we deferred.
  var inbound: [Finding] {
    let minutes = 15
    let sum = evidence.traffic.refusals.total(minutes: minutes, endingAt: evidence.now)
    guard sum >= 5 else { return [] }
    let clients = evidence.traffic.clients.map { name, traffic in
      (
        name: name, traffic: traffic,
        count: traffic.refusals.total(minutes: minutes, endingAt: evidence.now)
      )
    }
    .filter { $0.count > 0 }
    .sorted { ($0.count, $1.name) > ($1.count, $0.name) }
    guard let top = clients.first else { return [] }
    var causes: [Cause: Int] = [:]
    for client in clients { causes.merge(client.traffic.causes, uniquingKeysWith: +) }
    let cause = causes.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key
    let isOne = top.count * 2 >= sum
    return [
      Finding(
        id: "inbound", severity: cause == .greylisting ? .note : .warning,
        title: isOne
          ? "We deferred \(top.name) \(top.count) times in \(minutes) minutes"
          : "We deferred clients \(sum) times in \(minutes) minutes",
        evidence: [
          "\(clients.count) clients were deferred; \(top.name) has \(top.count) of \(sum).",
          "Cause: \(cause?.rawValue ?? Cause.other.rawValue).",
        ], client: isOne ? top.name : nil, cause: cause, weight: sum)
    ]
  }

  /// A log that says nothing: what is said of deliveries is then no good news.
  var log: [Finding] {
    guard let problem = evidence.logProblem else { return [] }
    return [
      Finding(
        id: "log", severity: .critical,
        title: "The log is not understood: deferrals in it are not seen",
        evidence: [problem.what, problem.remedy], weight: 0)
    ]
  }

  /// Limits of our own that are nearly used up.
  var limits: [Finding] {
    evidence.limits.filter { $0.percent >= 80 }.map { use in
      var sentences = ["\(use.used) of \(use.limit) are in use: \(use.percent)%."]
      if let biggest = use.biggest {
        sentences.append("\(biggest.key) has \(biggest.count) of them.")
      }
      return Finding(
        id: "limit:\(use.setting)", severity: .warning,
        title: use.percent >= 100
          ? "\(use.setting) is exhausted" : "\(use.setting) is nearly exhausted",
        evidence: sentences, cause: .connectionLimit, weight: use.used)
    }
  }

  /// Deferrals and refusals that come with a high load.
  var load: [Finding] {
    var busy: [Int] = []
    var calm: [Int] = []
    for sample in evidence.load where sample.time > evidence.now - 3600 {
      let events =
        evidence.traffic.deferrals.total(minutes: 1, endingAt: sample.time)
        + evidence.traffic.refusals.total(minutes: 1, endingAt: sample.time)
      if sample.perProcessor >= 1 { busy.append(events) } else { calm.append(events) }
    }
    guard busy.count >= 5, calm.count >= 5 else { return [] }
    let busyMean = Double(busy.reduce(0, +)) / Double(busy.count)
    let calmMean = Double(calm.reduce(0, +)) / Double(calm.count)
    guard busyMean >= 1, busyMean >= 2 * calmMean else { return [] }
    return [
      Finding(
        id: "load", severity: .warning, title: "Deferrals rise when this server is busy",
        evidence: [
          "\(busyMean.inTenths) a minute under load, \(calmMean.inTenths) otherwise.",
          "The load was above one per processor in \(busy.count) of"
            + " \(busy.count + calm.count) samples of the last hour.",
        ], cause: .resource, weight: busy.reduce(0, +))
    ]
  }
}
