// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// What they answer, command by command, with nothing sent.
extension CheckContext {
  func conversation(with domain: String) async throws(SourceFailure) -> CheckResult {
    let name = try self.domain(domain)
    guard let target = try await targets(of: domain).first else {
      return Conversation(domain: domain, transcript: nil, host: "").verdict(time: host.now())
    }
    let script = await conversationScript(with: name)
    let source = await source().bound(for: target.address)
    guard let probe = await probes.probe(target.address, script: script, from: source) else {
      let left = await probes.secondsUntilFree(target.address)
      return CheckResult(
        request: .conversation(domain: domain), verdict: .unavailable,
        summary: "Probed \(60 - left) s ago; again in \(left) s.",
        details: ["One connection a minute to the same server is enough."], time: host.now())
    }
    var result = Conversation(
      domain: domain, transcript: probe.transcript, host: "\(target.name) [\(target.address)]"
    ).verdict(time: host.now())
    if probe.isKept { result.details.append(Self.pauseWords(since: probe.time, now: host.now())) }
    return result
  }

  func conversationScript(with domain: DomainName) async -> SMTPScript {
    let helo = DomainName(validating: await heloName())
    return .postmaster(of: domain, helo: helo ?? .localhost)
  }
}
