// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
import MailServer
import Replies

/// What the administrator decides about checks.
package struct CheckOptions: Hashable, Sendable {
  /// Zones of block lists that are asked about our address; none by default.
  package var blockLists: [DomainName]
  /// Our address as others see it, where a router gives us another one.
  package var address: IPAddress?

  package init(blockLists: [DomainName] = [], address: IPAddress? = nil) {
    self.blockLists = blockLists
    self.address = address
  }
}

/// What a check is made with; its extensions in `Checks/` are one for each family.
struct CheckContext: Sendable {
  let host: any Host
  let system: MailSystem
  let diagnosis: DiagnosisCollector
  let options: CheckOptions
  let probes: ProbeBook

  init(
    host: any Host, system: MailSystem, diagnosis: DiagnosisCollector, options: CheckOptions,
    probes: ProbeBook
  ) {
    self.host = host
    self.system = system
    self.diagnosis = diagnosis
    self.options = options
    self.probes = probes
  }

  var mta: MTA { system.mta }

  /// The answer to a check; total.
  ///
  /// It names the request as it was asked, by which the one who asked knows it again.
  func answer(_ request: CheckRequest) async -> CheckResult {
    var result = await found(request)
    result.request = request
    return result
  }

  private func found(_ request: CheckRequest) async -> CheckResult {
    do throws(SourceFailure) {
      return switch request {
      case .mailExchangers(let domain): try await mailExchangers(of: domain)
      case .port25(let domain): try await port25(of: domain)
      case .conversation(let domain): try await conversation(with: domain)
      case .handshake(let domain): try await handshake(with: domain)
      case .service(let end): await service(at: end)
      case .path(let name): try await path(to: name)
      case .identity: try await identity()
      case .authentication(let domain, let message):
        try await authentication(of: domain, message: message)
      case .blockLists: try await blockLists()
      case .limits: try await limits()
      case .queueRunner: await queueRunner()
      case .retryPolicy(let domain): try await retryPolicy(of: domain)
      case .message(let id, let domain): await message(id, domain: domain)
      case .rate(let domain): diagnosis.evidence.rate(to: domain)
      case .scope(let domain): try evidence().scope(of: domain)
      case .senders: try evidence().senderShares
      case .load: diagnosis.evidence.loadAndDeferrals
      case .recovered(let domain): try evidence().recovery(of: domain)
      }
    } catch {
      return byHand(request, "\(error.problem.what) \(error.problem.remedy)")
    }
  }

  func byHand(_ request: CheckRequest, _ reason: String) -> CheckResult {
    .byHand(request, mta: mta, reason: reason, time: host.now())
  }

  // MARK: What checks share

  /// What the log and the queue tell; of a queue that could not be read nothing is said.
  private func evidence() throws(SourceFailure) -> Evidence {
    guard diagnosis.present.snapshot != nil else {
      throw SourceFailure(
        .unavailable, what: "The queue has not been read.",
        remedy: "The queue pane says why, where it cannot be.")
    }
    return diagnosis.evidence
  }

  func domain(_ text: String) throws(SourceFailure) -> DomainName {
    if let name = DomainName(validating: text) { return name }
    throw SourceFailure(
      .unavailable, what: "This is no domain name that can be looked up.",
      remedy: "Check the address for a typing error.")
  }

  /// The path of a tool, or a failure that names the command that installs it.
  func tool(_ tool: Tool) async throws(SourceFailure) -> String {
    if let path = host.executable([tool.rawValue]) { return path }
    throw SourceFailure(await host.missing(tool))
  }

  /// What a command prints; a status other than 0 is an answer too.
  func result(of command: LookCommand) async throws(SourceFailure) -> CommandResult {
    do throws(HostFailure) {
      return try await host.look(command)
    } catch {
      throw SourceFailure(error, doing: command.words)
    }
  }

  func output(of command: LookCommand) async throws(SourceFailure) -> [UInt8] {
    try await result(of: command).output
  }
}
