// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// The relay or service that mail was handed to.
extension CheckContext {
  func service(at end: Endpoint) async -> CheckResult {
    let request = CheckRequest(.service, end: end)
    if let socket = end.socket {
      // Postfix names its sockets below its queue directory.
      let path = socket.hasPrefix("/") ? socket : "\(system.spool)/\(socket)"
      do throws(HostFailure) {
        let exists = try await host.status(ofFile: path) != nil
        return ServiceAnswer.verdict(end, path: path, exists: exists, time: host.now())
      } catch {
        return byHand(request, "The socket \(path) cannot be checked from here.")
      }
    }
    let known = IPAddress(end.address ?? end.host)?.text
    let found: String?
    if let known { found = known } else { found = try? await firstAddress(of: end.host) }
    guard let address = found else {
      return byHand(request, "\(end.host) has no address to connect to.")
    }
    if let kept = await kept(request) { return kept }
    guard await probes.reserve(address) == nil else {
      return await waiting(request, for: address)
    }
    let transcript = await host.converse(
      with: address, port: end.port ?? 25, saying: .greeting,
      from: IPAddress(address)?.isLoopback == true ? nil : await source().bound(for: address),
      timeLimit: .seconds(15))
    let result = ServiceAnswer.verdict(end, outcome: transcript.outcome, time: host.now())
    if !Task.isCancelled { await probes.keep(result) }
    return result
  }

  private func firstAddress(of name: String) async throws(SourceFailure) -> String? {
    let domain = try self.domain(name)
    let dig = try await tool(.dig)
    for type in [DNSAnswer.RecordType.a, .aaaa] {
      let output = try await output(of: .records(dig, type, of: domain))
      if let first = MailExchangers.parseAddresses(digOutput: output)?.first { return first }
    }
    return nil
  }
}
