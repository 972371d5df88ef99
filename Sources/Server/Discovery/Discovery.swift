// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
package import MailServer

/// Finds the mail server of a host by asking its own tools.
package enum Discovery {
  static let eximNames = ["exim4", "exim"]
  static let postfixNames = ["postqueue"]

  /// Finds the mail server.
  ///
  /// - Parameters:
  ///   - mta: the one to read; nil for whichever is there. Of two, the one that runs counts, then
  ///     the one that wrote its log last.
  ///   - logs: log files to read instead of those that the mail server names.
  /// - Throws: where none is found, with what was looked for.
  package static func find(
    on host: some Host, mta: MTA? = nil, logs: [String] = []
  ) async throws(SourceFailure) -> MailSystem {
    let found = await candidates(on: host, mta: mta)
    guard var system = await liveliest(of: found, on: host)?.system else {
      throw SourceFailure(await whyNone(on: host, mta: mta))
    }
    if !logs.isEmpty { system.logs = logs.map { .file($0) } }
    return system
  }

  /// Every mail server that is installed.
  static func candidates(on host: some Host, mta: MTA?) async -> [Candidate] {
    var found: [Candidate] = []
    if mta != .postfix, let exim = host.executable(eximNames) {
      found.append(await EximDiscovery(host: host, exim: exim).candidate())
    }
    if mta != .exim, let postqueue = host.executable(postfixNames) {
      found.append(await PostfixDiscovery(host: host, postqueue: postqueue).candidate())
    }
    return found
  }

  /// A mail server that is installed, and the file that would hold its daemon's process ID.
  struct Candidate: Sendable {
    var system: MailSystem
    var processFile: String
  }

  static func liveliest(
    of candidates: [Candidate], on host: some Host
  ) async -> Candidate? {
    guard candidates.count > 1 else { return candidates.first }
    var best: (candidate: Candidate, runs: Int, logged: Int64)?
    for candidate in candidates {
      let runs = await isRunning(candidate, on: host).map { $0 ? 2 : 0 } ?? 1
      var logged: Int64 = 0
      for path in candidate.system.logFiles {
        logged = max(logged, (try? await host.status(ofFile: path))?.modified ?? 0)
      }
      if let best, (best.runs, best.logged) >= (runs, logged) { continue }
      best = (candidate, runs, logged)
    }
    return best?.candidate
  }

  /// Why there is none: what was looked for, or what may not be run.
  static func whyNone(on host: some Host, mta: MTA?) async -> NeedReport {
    let names = (mta != .postfix ? eximNames : []) + (mta != .exim ? postfixNames : [])
    if let path = host.passedOver(names).first { return .passedOver(.mta, path) }
    for folder in ExecutableSearch.systemFolders {
      for name in names {
        let path = "\(folder)/\(name)"
        guard let status = try? await host.status(ofFile: path), status.size > 0 else { continue }
        return .forbiddenMTA(path, host.reader)
      }
    }
    return .noMTA(mta, names: names, searched: ExecutableSearch.systemFolders)
  }
}
