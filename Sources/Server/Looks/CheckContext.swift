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
      switch request.check.source {
      case .log(let verdict): return verdict(diagnosis.evidence, try name(in: request))
      case .queue(let verdict): return verdict(try evidence(), try name(in: request))
      case .host: return try await look(request)
      }
    } catch {
      return byHand(request, "\(error.problem.what) \(error.problem.remedy)")
    }
  }

  private func look(_ request: CheckRequest) async throws(SourceFailure) -> CheckResult {
    switch request.check {
    case .mailExchangers: try await mailExchangers(of: asked(request.domain))
    case .port25: try await port25(of: asked(request.domain))
    case .conversation: try await conversation(with: asked(request.domain))
    case .handshake: try await handshake(with: asked(request.domain))
    case .service: await service(at: try asked(request.end))
    case .path: try await path(to: asked(request.domain))
    case .identity: try await identity()
    case .authentication:
      try await authentication(of: asked(request.domain), message: request.message)
    case .blockLists: try await blockLists()
    case .limits: try await limits()
    case .queueRunner: await queueRunner()
    case .retryPolicy: try await retryPolicy(of: asked(request.domain))
    case .message: await message(try asked(request.message), domain: try asked(request.domain))
    default: throw SourceFailure(.unavailable, what: Self.unknown, remedy: "By hand it is:")
    }
  }

  /// The result of a check that cannot be run here, with the commands that show the same.
  ///
  /// - Parameter reason: in a sentence: `dig is not installed; it looks up … Install it: …`
  func byHand(_ request: CheckRequest, _ reason: String) -> CheckResult {
    CheckResult(request, .unavailable, reason, request.byHand(mta), at: host.now())
  }

  // MARK: What checks share

  /// What is said of a check that nothing in this file makes.
  static let unknown = "This check is not made here."

  private func name(in request: CheckRequest) throws(SourceFailure) -> String {
    request.check.about == .server ? "" : try asked(request.domain)
  }

  /// What a check is about; without it nothing can be said, least of all that all is well.
  private func asked<Subject>(_ subject: Subject?) throws(SourceFailure) -> Subject {
    if let subject { return subject }
    throw SourceFailure(
      .unavailable, what: "It is not known what to look at.", remedy: "By hand it is:")
  }

  /// What the log and the queue say; nothing about a queue that could not be read.
  private func evidence() throws(SourceFailure) -> Evidence {
    guard diagnosis.present.snapshot != nil else {
      throw SourceFailure(
        .unavailable, what: "The queue has not been read.",
        remedy: "The queue pane shows why if it cannot be read.")
    }
    return diagnosis.evidence
  }

  func domain(_ text: String) throws(SourceFailure) -> DomainName {
    if let name = DomainName(validating: text) { return name }
    throw SourceFailure(
      .unavailable, what: "This domain name cannot be looked up.",
      remedy: "Check the address for a typo.")
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
