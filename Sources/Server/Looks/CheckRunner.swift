// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// Runs the checks of a guided fix: all of them only look.
package actor CheckRunner {
  private let host: any Host
  /// The last probe of each address, still under way or not.
  ///
  /// Another server is asked once a minute at most, however often the key is pressed.
  private var probes: [String: (answer: Task<ProbeOutcome, Never>, time: Int64)] = [:]

  private static let secondsBetweenProbes: Int64 = 60
  private static let probedAddresses = 4

  private let mta: MTA

  package init(host: any Host, mta: MTA) {
    self.host = host
    self.mta = mta
  }

  /// The answer to a check; total.
  package func run(_ request: CheckRequest) async -> CheckResult {
    do throws(SourceFailure) {
      switch request {
      case .mailExchangers(let domain):
        let (answer, addresses) = try await exchangers(of: domain)
        return MailExchangers.verdict(
          domain: domain, answer: answer, addresses: addresses, time: host.now())
      case .port25(let domain):
        let (answer, addresses) = try await exchangers(of: domain)
        let targets = MailExchangers.hosts(of: answer, domain: domain).flatMap { name in
          (addresses[name] ?? []).map { (name: name, address: $0) }
        }
        let probes = await probe(targets.prefix(Self.probedAddresses))
        return Port25.verdict(domain: domain, probes: probes, time: host.now())
      case .path, .identity, .authentication, .conversation, .limits, .queueRunner, .retryPolicy,
        .blockLists:
        return .byHand(
          request, mta: mta, reason: "Tempfail does not run this check; by hand it is:",
          time: host.now())
      }
    } catch {
      return .byHand(
        request, mta: mta, reason: "\(error.problem.what) \(error.problem.remedy)",
        time: host.now())
    }
  }

  private func exchangers(
    of domain: String
  ) async throws(SourceFailure) -> (MXAnswer, addresses: [String: [String]]) {
    guard let name = DomainName(validating: domain) else {
      throw SourceFailure(
        .unavailable, what: "This is no domain name that can be looked up.",
        remedy: "Check the recipient's address for a typing error.")
    }
    guard let dig = host.executable(["dig"]) else {
      throw SourceFailure(
        .unavailable, what: "The tool dig is not installed.",
        remedy: "Install it (Debian: bind9-dnsutils, RHEL: bind-utils).")
    }
    let answer = MailExchangers.parse(
      digOutput: try await output(of: .records(dig, .mx, of: name)))
    var addresses: [String: [String]] = [:]
    for exchanger in MailExchangers.hosts(of: answer, domain: domain) {
      guard let target = DomainName(validating: exchanger) else { continue }
      var found: [String] = []
      for type in [DNSAnswer.RecordType.a, .aaaa] {
        let output = try await output(of: .records(dig, type, of: target))
        found += MailExchangers.parseAddresses(digOutput: output)
      }
      addresses[exchanger] = found
    }
    return (answer, addresses)
  }

  /// A status other than 0 is an answer too: no server could be reached.
  private func output(of command: LookCommand) async throws(SourceFailure) -> [UInt8] {
    do throws(HostFailure) {
      return try await host.look(command).output
    } catch {
      throw SourceFailure(error, doing: command.words)
    }
  }

  private func probe(
    _ targets: ArraySlice<(name: String, address: String)>
  ) async -> [Port25Probe] {
    let now = host.now()
    probes = probes.filter { now - $0.value.time < Self.secondsBetweenProbes }
    let answers = targets.map { target in
      let answer =
        probes[target.address]?.answer
        ?? Task { [host] in
          await host.greeting(of: target.address, port: 25, timeLimit: .seconds(10))
        }
      probes[target.address] = (answer, probes[target.address]?.time ?? now)
      return answer
    }
    var results: [Port25Probe] = []
    for (target, answer) in zip(targets, answers) {
      results.append(
        Port25Probe(host: target.name, address: target.address, outcome: await answer.value))
    }
    return results
  }
}
