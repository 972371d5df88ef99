// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance

/// Where a domain's mail goes, and whether that place answers.
extension CheckContext {
  private static let probedAddresses = 4

  func mailExchangers(of domain: String) async throws(SourceFailure) -> CheckResult {
    let (answer, addresses) = try await exchangers(of: domain)
    return MailExchangers.verdict(
      domain: domain, answer: answer, addresses: addresses, time: host.now())
  }

  func port25(of domain: String) async throws(SourceFailure) -> CheckResult {
    let name = try self.domain(domain)
    let targets = try await targets(of: domain)
    // Where the conversation is wanted too, one connection does for both: it takes the first address.
    let isExpected = await probes.expectsConversation(with: domain)
    let found = await withTaskGroup(of: (Int, ProbeBook.Probe?).self) { group in
      for (index, target) in targets.enumerated() {
        group.addTask {
          let probe = await probe(
            target.address, of: name, goesToRecipient: isExpected && index == 0)
          return (index, probe)
        }
      }
      var found: [Int: ProbeBook.Probe] = [:]
      for await (index, probe) in group { found[index] = probe }
      return found
    }
    var results: [Port25Probe] = []
    var kept: Int64?
    for (index, target) in targets.enumerated() {
      guard let probe = found[index] else { continue }
      results.append(
        Port25Probe(
          host: target.name, address: target.address, outcome: probe.transcript.outcome))
      if probe.isKept { kept = max(kept ?? 0, probe.time) }
    }
    if results.isEmpty, let target = targets.first {
      return await waiting(CheckRequest(.port25, of: domain), for: target.address)
    }
    var result = Port25.verdict(domain: domain, probes: results, time: host.now())
    if let kept { result.details.append(Self.pauseWords(since: kept, now: host.now())) }
    return result
  }

  /// That an answer is of a moment ago, and when there can be another.
  static func pauseWords(since time: Int64, now: Int64) -> String {
    let ago = max(0, now - time)
    return
      "Probed \(ago) s ago; again in \(max(0, 60 - ago)) s: one connection per minute is enough."
  }

  /// The addresses of a domain's mail exchangers, most preferred first.
  func targets(
    of domain: String
  ) async throws(SourceFailure) -> [(name: String, address: String)] {
    let (answer, addresses) = try await exchangers(of: domain)
    let targets = MailExchangers.hosts(of: answer, domain: domain).flatMap { name in
      (addresses[name] ?? []).map { (name: name, address: $0) }
    }
    return Array(targets.prefix(Self.probedAddresses))
  }

  private func exchangers(
    of domain: String
  ) async throws(SourceFailure) -> (MXAnswer, addresses: [String: [String]]) {
    let name = try self.domain(domain)
    let dig = try await tool(.dig)
    let answer = MailExchangers.parse(
      digOutput: try await output(of: .records(dig, .mx, of: name)))
    var addresses: [String: [String]] = [:]
    for exchanger in MailExchangers.hosts(of: answer, domain: domain) {
      guard let target = DomainName(validating: exchanger) else { continue }
      for type in [DNSAnswer.RecordType.a, .aaaa] {
        let output = try await output(of: .records(dig, type, of: target))
        guard let found = MailExchangers.parseAddresses(digOutput: output) else { continue }
        addresses[exchanger, default: []] += found
      }
    }
    return (answer, addresses)
  }
}
