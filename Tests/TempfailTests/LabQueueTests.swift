// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

/// `tempfail queue --json` against what the MTAs' own tools say, message by message.
@Suite(
  .serialized, .tags(.lab), .timeLimit(.minutes(5)),
  .enabled(if: Lab.isRunning, "make test starts the lab, as root"))
struct LabQueueTests {
  @Test(arguments: LabMTA.allCases) func seesTheCauseOfEachDestination(_ mta: LabMTA) async throws {
    let causes = Dictionary(
      uniqueKeysWithValues: Destination.deferring.map {
        (Lab.address("cause", mta, at: $0.domain), $0.cause)
      })
    for address in causes.keys { try await Lab.send(through: mta, to: address) }
    try await mta.hasPutOff(Array(causes.keys))
    for recipient in try await mta.queue().flatMap(\.recipients) {
      guard let cause = causes[recipient.address] else { continue }
      #expect(recipient.cause == cause, "\(recipient.address): \(recipient.reply ?? "")")
      #expect(!recipient.delivered)
    }
  }

  @Test(arguments: LabMTA.allCases) func equalsTheSpool(_ mta: LabMTA) async throws {
    try await Lab.send(through: mta, to: "--odd")
    try await mta.hasPutOff(["part-2@full.test", "big@full.test"])

    // Mail comes and goes in the meantime: what is in the queue before and after must be in between.
    let before = try await mta.spoolIDs()
    let rows = try await mta.queue()
    let after = try await mta.spoolIDs()
    let ids = Set(rows.map(\.id))
    #expect(ids.count == rows.count)
    #expect(before.intersection(after).isSubset(of: ids))
    #expect(ids.isSubset(of: before.union(after)))

    var compared = 0
    for row in rows {
      guard let message = try await mta.spooledMessage(row.id) else { continue }
      compared += 1
      #expect(row.mta == mta.rawValue)
      #expect(unquoted(row.sender) == unquoted(message.sender), "\(row.id)")
      #expect(
        row.recipients.map(\.address).map(unquoted).sorted()
          == message.recipients.map(unquoted).sorted(), "\(row.id)")
      #expect(
        Set(row.recipients.filter(\.delivered).map(\.address)) == message.delivered, "\(row.id)")
      #expect(message.isAbout(size: row.size), "\(row.id): \(row.size ?? -1), \(message.size)")
      // A listing shows minutes, hours or days of age; these messages are minutes old.
      let arrival = try #require(message.arrived)
      #expect(row.arrived.map { abs($0 - arrival) <= 60 } == true, "\(row.id)")
      for reply in row.recipients.compactMap(\.reply) {
        #expect(message.notes(reply), "\(row.id): \(reply)")
      }
    }
    #expect(compared >= 10)
  }
}
