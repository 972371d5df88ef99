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
    guard let probe = await probe(target.address, of: name, goesToRecipient: true) else {
      return await waiting(CheckRequest(.conversation, of: domain), for: target.address)
    }
    var result = Conversation(
      domain: domain, transcript: probe.transcript, host: "\(target.name) [\(target.address)]"
    ).verdict(time: host.now())
    if probe.isKept { result.details.append(Self.pauseWords(since: probe.time, now: host.now())) }
    return result
  }

  /// How a test message to a domain would go.
  func testRoute(to domain: String) async throws(SourceFailure) -> TestRoute {
    _ = try await tool(.swaks)
    let name = try self.domain(domain)
    guard let target = try await targets(of: domain).first, let address = IPAddress(target.address)
    else {
      throw SourceFailure(
        .unavailable, what: "\(domain) has no mail exchanger with an address.",
        remedy: "The DNS must be fixed first.")
    }
    return TestRoute(
      domain: name, host: target.name, address: address,
      source: await source().bound(for: target.address),
      helo: await heloDomain(),
      freeAt: host.now() + (await probes.secondsUntilFree(target.address)))
  }

  /// What a tool found within the last minute, with a word on why it is not asked again; nil if it may be.
  func kept(_ request: CheckRequest) async -> CheckResult? {
    guard var result = await probes.keptResult(of: request) else { return nil }
    result.details.append(Self.pauseWords(since: result.time, now: host.now()))
    return result
  }

  /// The answer where an address was asked less than a minute ago, and what it said is of no use here.
  func waiting(_ request: CheckRequest, for address: String) async -> CheckResult {
    let left = await probes.secondsUntilFree(address)
    return CheckResult(
      request, .unavailable, "Probed \(60 - left) s ago; again in \(left) s.",
      ["One connection per minute to the same server is enough."], at: host.now())
  }

  /// Asks one mail exchanger of a domain, at most once a minute.
  func probe(
    _ address: String, of domain: DomainName, goesToRecipient: Bool
  ) async -> ProbeBook.Probe? {
    let source = await source().bound(for: address)
    let helo = await heloDomain()
    return await probes.probe(
      address, of: domain.text, goesToRecipient: goesToRecipient
    ) { [self] in
      if goesToRecipient, let swaks = host.executable(["swaks"]), let target = IPAddress(address) {
        let command = LookCommand.swaks(
          swaks, with: target, from: source, domain: domain, helo: helo)
        if let transcript = await answers(to: command) { return transcript }
      }
      return await host.converse(
        with: address, port: 25,
        saying: goesToRecipient ? .postmaster(of: domain, helo: helo) : .greeting, from: source,
        timeLimit: .seconds(15))
    }
  }

  /// What `swaks` was reported, or nil if it never connected and another way is open.
  ///
  /// Once it may have connected it is not asked by another way: that would be a second connection.
  private func answers(to command: LookCommand) async -> SMTPTranscript? {
    do throws(HostFailure) {
      let result = try await host.look(command)
      let printed = result.output + Array(result.complaint.utf8)
      var transcript = SMTPTranscript(swaksOutput: printed)
      if transcript.exchanges.isEmpty, transcript.failure == nil {
        guard Task.isCancelled || String(decoding: printed, as: UTF8.self).contains("=== Trying")
        else { return nil }
        transcript.failure = .closed
      }
      return transcript
    } catch {
      switch error {
      case .missing, .notPermitted: return nil
      case .timedOut: return SMTPTranscript(exchanges: [], failure: .timedOut)
      case .failed(let words):
        // A canceled command fails too.
        return Task.isCancelled ? SMTPTranscript(exchanges: [], failure: .unreachable(words)) : nil
      }
    }
  }
}
