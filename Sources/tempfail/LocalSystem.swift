// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Guidance
import MailServer
import Server

/// The mail server of this machine, for the commands that print and end.
struct LocalSystem: Sendable {
  let host: LocalHost
  let system: MailSystem

  /// - Throws: if there is none that can be used, with status 69 or 77.
  init(_ configuration: Configuration) throws(Failure) {
    let host = LocalHost()
    self.host = host
    let (mta, logs) = (configuration.chosenMTA, configuration.log)
    system = try Failure.from { () throws(SourceFailure) in
      try waitFor { () async throws(SourceFailure) in
        try await Discovery.find(on: host, mta: mta, logs: logs)
      }
    }
  }
}

extension Failure {
  /// A source's failure in the words and with the status of the command line.
  static func from<Value>(
    _ work: () throws(SourceFailure) -> Value
  ) throws(Failure) -> Value {
    do throws(SourceFailure) {
      return try work()
    } catch {
      throw Failure(error.problem, status: error.exitStatus)
    }
  }

  /// Nothing of a journal that may not be read, or is not there, looks like a quiet server.
  static func ifForbidden(_ log: LogSource) throws(Failure) {
    guard case .journal = log else { return }
    let report = waitFor { () async throws(Never) in
      await JournalAccess.problem(on: LocalHost())
    }
    guard let report else { return }
    throw Failure(
      report.problem,
      status: report.verdict == .notPermitted ? notPermitted : unavailable)
  }

  init(_ failure: HostFailure) {
    switch failure {
    case .missing(let what): self.init("\(what): not found", status: Failure.usage)
    case .notPermitted(let what):
      // Of a file it is known which group lets one in: root is not always needed.
      let host = LocalHost()
      let report = waitFor { () async throws(Never) in
        await NeedReport.forbidden(what, on: host)
      }
      self.init(report.problem, status: Failure.notPermitted)
    case .timedOut(let command, let seconds):
      self.init("\(command) did not finish within \(seconds) s", status: 1)
    case .failed(let what): self.init(what, status: 1)
    }
  }
}
