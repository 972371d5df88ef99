// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// The checks that say whose side it is on, from the queue and the log of this server.
extension Evidence {
  /// Who else is put off: one destination, one provider, or all mail.
  package func scope(of domain: String) -> CheckResult {
    let diagnosis = Diagnosis(self)
    let delivered = traffic.deliveries.total(minutes: 30, endingAt: now)
    let lately = "\(delivered) recipients anywhere were delivered in the last 30 minutes."
    if let finding = diagnosis.everywhere.first {
      return result(.scope(domain: domain), .failed, "\(finding.title).", finding.evidence)
    }
    let others = diagnosis.troubled.filter { $0.domain != domain.lowercased() }
    let lines = others.prefix(5).map { row in
      "\(row.domain): \(Diagnosis.messages(row.queued)) queued"
        + (row.traffic.mainCause.map { ", cause \($0.cause.rawValue)" } ?? "")
    }
    if let finding = diagnosis.providers.first(where: {
      $0.destinations.contains(domain.lowercased())
    }) {
      return result(
        .scope(domain: domain), .warns, "\(finding.title).", finding.evidence + lines + [lately])
    }
    guard !others.isEmpty else {
      return result(
        .scope(domain: domain), .passed, "Their side, most likely: no other domain has trouble.",
        [lately])
    }
    let elsewhere =
      others.count == 1
      ? "1 other domain has" : "\(others.count) other domains have"
    return result(
      .scope(domain: domain), .passed,
      "Their side, most likely: \(elsewhere) trouble too, elsewhere.", lines + [lately])
  }

  /// Which senders make most of what waits.
  package var senderShares: CheckResult {
    let waiting = queue.totals.deferred
    let lines = queue.senders.prefix(5).map { tally in
      "\(Self.name(tally.key)): \(Diagnosis.messages(tally.count))"
    }
    guard let top = queue.senders.first, waiting > 0 else {
      return result(.senders, .passed, "No message is deferred.", [])
    }
    if let finding = Diagnosis(self).senders.first {
      return result(.senders, .warns, "\(finding.title).", finding.evidence + lines)
    }
    // Few messages of one sender are no bulk job.
    return result(
      .senders, .passed,
      top.count * 2 > waiting
        ? "\(Self.name(top.key)) has \(top.count) of \(waiting): too few to be a burst."
        : "No sender makes most of it: \(Self.name(top.key)) has \(top.count) of \(waiting).", lines
    )
  }

  private static func name(_ sender: String) -> String {
    sender.isEmpty || sender == "<>" ? "The null sender (bounces)" : sender
  }
}
