// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance

/// The encryption and the certificate of a mail exchanger.
extension CheckContext {
  func handshake(with domain: String) async throws(SourceFailure) -> CheckResult {
    let request = CheckRequest(.handshake, of: domain)
    _ = try self.domain(domain)
    let openssl = try await tool(.openssl)
    if let kept = await kept(request) { return kept }
    guard let target = try await targets(of: domain).first,
      let address = IPAddress(target.address), let name = DomainName(validating: target.name)
    else { return byHand(request, "No mail exchanger of \(domain) could be tried.") }
    let command = LookCommand.handshake(
      openssl, with: address, named: name, from: await source().bound(for: target.address),
      helo: await heloDomain())
    guard await probes.reserve(target.address) == nil else {
      return await waiting(request, for: target.address)
    }
    let result = try await handshake(by: command).verdict(
      domain: domain, host: name.text, address: address.text, time: host.now())
    if !Task.isCancelled { await probes.keep(result) }
    return result
  }

  private func handshake(by command: LookCommand) async throws(SourceFailure) -> TLSHandshake {
    do throws(HostFailure) {
      let printed = try await host.look(command)
      return TLSHandshake(
        sClientOutput: String(decoding: printed.output, as: UTF8.self) + "\n" + printed.complaint)
    } catch {
      guard case .timedOut(_, let seconds) = error else {
        throw SourceFailure(error, doing: command.words)
      }
      // Silence is an answer: a firewall that swallows port 25, or a tarpit.
      var handshake = TLSHandshake(sClientOutput: "")
      handshake.error = "no answer within \(seconds) s"
      return handshake
    }
  }
}
