// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

extension Check {
  package static let scope = Check(
    "scope", .destination, "Destinations deferred besides {name}", exim: ["exim -bp | exiqsumm"],
    postfix: ["qshape deferred"], from: .queue { $0.scope(of: $1) })

  package static let senders = Check(
    "senders", .server, "Senders of the queued mail",
    exim: ["exim -bp | awk '$4 ~ /^</ {print $4}' | sort | uniq -c | sort -n | tail"],
    postfix: ["qshape -s deferred"], from: .queue { evidence, _ in evidence.senderShares })
}

/// The checks that say whose side it is on, from the queue and the log of this server.
extension Evidence {
  /// Who else is deferred, and whose side that points to: by the causes and by numbers.
  package func scope(of domain: String) -> CheckResult {
    let domain = domain.lowercased()
    let request = CheckRequest(.scope, of: domain)
    let diagnosis = Diagnosis(self)
    if let finding = diagnosis.everywhere.first {
      return result(request, .failed, "\(finding.title).", finding.evidence)
    }
    guard let traffic = traffic.destinations[domain], let cause = traffic.mainCause?.cause else {
      return result(
        request, .unavailable, "The log has no deferral by \(domain).",
        ["Tempfail reads the last hour of the log, and new lines."])
    }
    let others = diagnosis.troubled.filter { $0.domain != domain }
    let delivered = self.traffic.deliveries.total(minutes: 30, endingAt: now)
    let details =
      others.prefix(5).map { row in
        "\(row.domain): \(Diagnosis.messages(row.queued)) queued"
          + (row.traffic.mainCause.map { ", cause \($0.cause.rawValue)" } ?? "")
      }
      + [
        "\(delivered) recipients at all destinations were delivered in the last 30 minutes.",
        self.traffic.since.map { "The log was read from \(clock($0))." },
      ].compactMap(\.self)
    if let finding = (diagnosis.ownWay + diagnosis.providers).first(where: {
      $0.destinations.contains(domain)
    }) {
      return result(request, .warns, "\(finding.title).", finding.evidence + details)
    }
    guard traffic.lastHop == .final else {
      let end = Diagnosis.name(of: traffic.lastEnd)
      let place =
        traffic.lastHop == .unknown
        ? "\(end ?? "a server"), our relay host or their own server"
        : "our \(traffic.lastHop.words)\(end.map { " \($0)" } ?? "")"
      let side = traffic.mainSide == .ours ? "Our side: it" : "It"
      return result(request, .warns, "\(side) was deferred by \(place).", details)
    }
    let alike = others.count { $0.traffic.mainCause?.cause == cause }
    let (verdict, words) =
      Self.verdict(on: traffic.mainSide, cause)
      ?? Self.side(of: cause, alike: alike, delivered: delivered)
    return result(
      request, verdict,
      "\(words) \(Self.elsewhere(others.count, alike: alike))", details)
  }

  /// Where the words of the replies tell the side; nil if the cause and the numbers must.
  ///
  /// A limit that we exceed is ours, whoever set it.
  private static func verdict(
    on side: Side, _ cause: Cause
  ) -> (CheckResult.Verdict, String)? {
    switch (side, cause) {
    case (.unknown, _), (_, .rateLimit), (_, .connectionLimit): nil
    case (.senderDomain, _):
      (.warns, "The sender's domain: its DNS, SPF, DKIM or DMARC needs fixing.")
    case (.recipient, .mailbox): nil
    case (.recipient, _): (.passed, "The recipient's side: only this address is affected.")
    case (.ours, .policy): nil
    case (.ours, _): (.warns, "Our side: the replies are about this server.")
    case (.theirs, .resource), (.theirs, .downstream), (.theirs, .greylisting): nil
    case (.theirs, _): (.passed, "Their side: the replies are about their own server.")
    }
  }

  /// Whose side a cause is on.
  ///
  /// - Parameters:
  ///   - alike: other destinations with the same cause.
  ///   - delivered: recipients anywhere to whom mail was delivered of late.
  private static func side(
    of cause: Cause, alike: Int, delivered: Int
  ) -> (CheckResult.Verdict, String) {
    switch cause {
    case .greylisting: (.passed, "Their side, and harmless: they greylist.")
    case .mailbox: (.passed, "The recipient's side: the mailbox is full.")
    case .resource, .downstream:
      (.passed, "Their side: their replies report problems of their own.")
    case .rateLimit: (.warns, "Our side: we send more than they allow.")
    case .connectionLimit: (.warns, "Our side: we open more connections than they allow.")
    case .policy: (.warns, "Our side: they distrust this server or the sender's domain.")
    case .configuration: (.failed, "Our side: a fault in this server's settings or services.")
    case .tls: (.warns, "Either side: we cannot agree on encryption.")
    case .timeout where alike > 1, .dns where alike > 1:
      (.failed, "Most likely our side: other destinations fail the same way.")
    case .timeout where delivered > 0:
      (.passed, "Their side, or the path to them: other mail is delivered.")
    case .dns where delivered > 0:
      (.passed, "Most likely their DNS: other mail is delivered.")
    case .timeout, .dns:
      (.warns, "Either side: there are no recent deliveries to compare with.")
    case .other, .notTemporary: (.warns, "The replies do not show whose side it is.")
    }
  }

  private static func elsewhere(_ others: Int, alike: Int) -> String {
    guard others > 0 else { return "No other destination is deferred." }
    if others == 1 {
      let cause = alike == 1 ? "the same" : "another"
      return "1 other destination is also deferred, for \(cause) cause."
    }
    let same = alike == 0 ? "none" : alike == others ? "all" : "\(alike)"
    return "\(others) other destinations are also deferred, \(same) of them for the same cause."
  }

  /// Which senders make most of the queue.
  package var senderShares: CheckResult {
    let request = CheckRequest(.senders)
    let messages = queue.totals.messages
    let lines = queue.senders.prefix(5).map { tally in
      "\(Self.name(tally.key)): \(Diagnosis.messages(tally.count))"
    }
    guard let top = queue.senders.first, messages > 0 else {
      return result(request, .passed, "The queue is empty.", [])
    }
    if let finding = Diagnosis(self).senders.first {
      return result(request, .warns, "\(finding.title).", finding.evidence + lines)
    }
    // Few messages of one sender are no bulk job.
    return result(
      request, .passed,
      top.count * 2 > messages
        ? "\(Self.name(top.key)) has \(top.count) of \(messages): too few for a burst."
        : "No sender dominates: \(Self.name(top.key)) has \(top.count) of \(messages).",
      lines)
  }

  private static func name(_ sender: String) -> String {
    sender.isEmpty || sender == "<>" ? "The null sender (bounces)" : sender
  }
}
