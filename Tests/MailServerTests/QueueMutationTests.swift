// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import TestSupport
import Testing

@Suite struct QueueMutationTests {
  /// Whatever the bytes, each row has its strings, and only one whose ID has the form of one can be acted on.
  @Test(arguments: [
    "exim/damaged_exim_bp.txt", "trixie/exim_bpa.txt", "postfix/postqueue_p.txt",
    "postfix/postqueue_j_nasty.txt",
  ])
  func anyBytesGiveAListing(name: String) throws {
    let seed: UInt64 = 20_261_124
    var generator = SeededGenerator(seed: seed)
    let whole = try QueueFixture.bytes(name)
    for round in 0..<Rounds.count(3_000, of: 100_000) {
      // A few lines somewhere in the recording.
      let start = Int.random(in: 0..<max(1, whole.count - 1500), using: &generator)
      let bytes = generator.mutated(Array(whole[start..<min(whole.count, start + 1500)]))
      let mta: MTA? = [nil, .exim, .postfix].randomElement(using: &generator) ?? nil
      let listing = QueueListing(bytes, mta: mta, now: QueueFixture.now)
      for message in listing.messages {
        #expect(
          (message.reference == nil) == (message.problem != nil), "seed \(seed), round \(round)")
        guard let reference = message.reference else { continue }
        #expect(QueueID(reference.queueID.text, of: listing.mta) != nil)
        #expect(listing.row(of: reference) != nil, "seed \(seed), round \(round)")
      }
      guard round % 50 == 0 else { continue }
      let snapshot = QueueSnapshot(listing, taken: QueueFixture.now)
      for grouping in QueueQuery.Grouping.allCases {
        var query = QueueQuery()
        (query.grouping, query.filters) = (grouping, [try Filter("e", for: .queue)])
        query.sort = QueueQuery.Column.allCases.randomElement(using: &generator) ?? .age
        let arrangement = snapshot.arranged(by: query)
        #expect(Set(arrangement.groups.flatMap(\.rows)) == Set(arrangement.rows))
      }
    }
  }

  @Test(arguments: ["postfix/postqueue_j.txt", "postfix/postqueue_p.txt", "exim/exim_bp.txt"])
  func aLineOfAMegabyteIsRead(name: String) throws {
    let whole = try QueueFixture.bytes(name)
    for filler in ["a", " ", "\"", "{", "\\", "(", "<", "\u{0}"] {
      var bytes = whole
      let middle = bytes[(whole.count / 2)...].firstIndex(of: 0x0A) ?? 0
      bytes.insert(contentsOf: Array(String(repeating: filler, count: 1_000_000).utf8), at: middle)
      let listing = QueueListing(bytes, now: QueueFixture.now)
      #expect(listing.messages.contains { $0.reference != nil })
    }
  }

  @Test func anyBytesGiveRetryRecordsAndSockets() throws {
    let seed: UInt64 = 42
    var generator = SeededGenerator(seed: seed)
    let retries = try QueueFixture.bytes("exim/exim_retry_db.txt")
    let sockets = try QueueFixture.bytes("linux/live_proc_net_tcp6.txt")
    for _ in 0..<Rounds.count(1_000, of: 100_000) {
      let start = Int.random(in: 0..<retries.count - 1000, using: &generator)
      let records = EximRetryRecord.records(
        in: generator.mutated(Array(retries[start..<start + 1000])), zone: LocalZone(offset: 3600))
      #expect(records.count <= 10)
      let mutated = KernelSockets(generator.mutated(sockets))
      #expect(mutated.connections.allSatisfy { !$0.connection.peer.isEmpty })
    }
  }
}
