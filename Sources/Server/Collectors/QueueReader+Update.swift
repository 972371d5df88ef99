// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

extension QueueReader {
  /// What came of asking for the IDs alone.
  enum Update: Sendable {
    case updated(QueueListing, taken: Int64)
    /// A whole listing is as good: too much is new, or the last one has lines that are not understood.
    case tooMuch
    /// What Exim said is not understood.
    case failed
  }

  /// Messages of which Exim is asked in one call; their IDs are its arguments.
  private static let batch = 200
  /// Messages that are requested one by one; for more, one whole listing is quicker.
  private static let limit = 2_000

  /// Whether the MTA can list its IDs without opening a file: Exim 4.97 and newer.
  var canUpdate: Bool {
    system.mta == .exim
      && system.version.map { MailSystem.isVersion($0, atLeast: [4, 97]) } ?? false
  }

  /// Brings a listing up to date: who left and who came is known from the IDs, and only new,
  /// damaged and changed messages are listed.
  ///
  /// Of the others, nothing is asked: what an administrator did to one by hand since (frozen,
  /// thawed) is seen by the next whole listing.
  ///
  /// - Parameter changed: the IDs of messages in the log since then.
  func update(_ last: QueueListing, changed: Set<String>) async -> Update {
    guard case .exim(let exim) = system.tools else { return .failed }
    let taken = host.now()
    guard let printed = await output(of: .eximIDs(exim)), let ids = EximIDs(printed) else {
      return .failed
    }
    guard let outdated = last.outdated(by: ids, changed: changed), outdated.count <= Self.limit
    else { return .tooMuch }
    var listed: [UInt8] = []
    for start in stride(from: 0, to: outdated.count, by: Self.batch) {
      let messages = outdated[start..<min(start + Self.batch, outdated.count)]
      guard let printed = await output(of: .eximListing(exim, of: Array(messages))) else {
        return .failed
      }
      listed += printed
    }
    return .updated(last.updated(to: ids, with: listed, now: taken), taken: taken)
  }

  private func output(of command: LookCommand) async -> [UInt8]? {
    guard let result = try? await host.look(command), result.status == 0 else { return nil }
    return result.output
  }
}
