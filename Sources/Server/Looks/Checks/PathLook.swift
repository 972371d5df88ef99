// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// The network path to a host.
extension CheckContext {
  func path(to name: String) async throws(SourceFailure) -> CheckResult {
    let target = try domain(name)
    if let kept = await kept(CheckRequest(.path, of: name)) { return kept }
    let ping = host.executable(["ping"])
    let trace =
      host.executable(["traceroute"]).map { LookCommand.traceroute($0, to: target) }
      ?? host.executable(["tracepath"]).map { LookCommand.tracepath($0, to: target) }
    if ping == nil, trace == nil { throw SourceFailure(await host.missing(.ping)) }
    async let loss = text(of: ping.map { .ping($0, target) })
    async let hops = text(of: trace)
    var result = NetworkPath.verdict(
      host: name, ping: await loss, trace: await hops, time: host.now())
    for (isMissing, missing) in [(ping == nil, Tool.ping), (trace == nil, .traceroute)]
    where isMissing {
      let problem = await host.missing(missing).problem
      result.details.append("\(problem.what) \(problem.remedy)")
    }
    if !Task.isCancelled { await probes.keep(result) }
    return result
  }

  /// What a tool prints, complaints too: both describe the path.
  private func text(of command: LookCommand?) async -> String {
    guard let command, let result = try? await host.look(command) else { return "" }
    return String(decoding: result.output, as: UTF8.self) + result.complaint
  }
}
