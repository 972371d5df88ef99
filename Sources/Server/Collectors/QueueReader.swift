// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
package import MailServer

/// Asks the MTA for its queue.
package struct QueueReader: Sendable {
  let host: any Host
  let system: MailSystem

  package init(host: any Host, system: MailSystem) {
    self.host = host
    self.system = system
  }

  /// The whole queue, with the time at which it was requested.
  package func listing() async throws(SourceFailure) -> (listing: QueueListing, taken: Int64) {
    let taken = host.now()
    let bytes: [UInt8] =
      switch system.tools {
      case .exim(let exim): try await eximOutput(exim)
      case .postfix(let postqueue, _, _, _): try await postfixOutput(postqueue)
      }
    let listing = QueueListing(bytes, mta: system.mta, now: taken, zone: host.zone)
    return (listing, taken)
  }

  /// Messages whose files are looked at for the time of their next attempt; of more, it is estimated from the log.
  private static let retryLimit = 20_000

  /// When the MTA tries again, as far as we may read it; else it is estimated from the log.
  package func retryTimes(of listing: QueueListing) async -> RetryTimes {
    switch system.tools {
    case .exim: await eximRetryTimes()
    case .postfix: await postfixRetryTimes(of: listing)
    }
  }

  private func eximRetryTimes() async -> RetryTimes {
    guard let dumpdb = host.executable(["exim_dumpdb"]), system.spool.hasPrefix("/"),
      let result = try? await host.look(.eximRetryRecords(dumpdb, spool: system.spool)),
      result.status == 0
    else { return RetryTimes() }
    return RetryTimes(EximRetryRecord.records(in: result.output, zone: host.zone))
  }

  /// Shown to root only.
  private func postfixRetryTimes(of listing: QueueListing) async -> RetryTimes {
    var times = RetryTimes()
    guard host.user.isRoot, listing.count <= Self.retryLimit else { return times }
    for row in 0..<listing.count where listing.state(at: row) == .deferred {
      guard let id = listing.reference(at: row)?.queueID.text,
        let path = PostfixSpool.deferredFile(
          of: id, in: system.spool, hashDepth: system.hashDepth),
        let status = try? await host.status(ofFile: path)
      else { continue }
      times.messages[id] = status.modified
    }
    return times
  }

  private func eximOutput(_ exim: String) async throws(SourceFailure) -> [UInt8] {
    let command = LookCommand.eximListing(exim)
    let result = try await look(command)
    switch result.failure {
    case nil: return result.output
    // `exim: permission denied`; some versions add `; not admin`.
    case .denied:
      throw SourceFailure(
        .eximQueueForbidden(
          to: host.reader, group: await host.group(mayReadFile: system.spool)))
    default: throw failure(of: command, result)
    }
  }

  private func postfixOutput(_ postqueue: String) async throws(SourceFailure) -> [UInt8] {
    let command = LookCommand.postfixListing(postqueue)
    var result = try await look(command)
    // Before 3.1 there is no -j: `postqueue: invalid option -- 'j'`.
    if result.status != 0, result.says("invalid option") || result.says("illegal option") {
      result = try await look(.postfixTextListing(postqueue))
    }
    switch result.status {
    case 0: return result.output
    case 69:
      throw SourceFailure(.postfixDown(host.reader))
    case 77:
      throw SourceFailure(.postfixQueueForbidden(to: host.reader))
    default:
      throw failure(of: command, result)
    }
  }

  private func look(_ command: LookCommand) async throws(SourceFailure) -> CommandResult {
    do throws(HostFailure) {
      return try await host.look(command)
    } catch {
      throw SourceFailure(error, doing: command.words)
    }
  }

  private func failure(of command: LookCommand, _ result: CommandResult) -> SourceFailure {
    SourceFailure(
      .failed("exited with status \(result.status). \(result.firstLine)"),
      doing: command.words)
  }
}
