// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import TestSupport
import Testing

@Suite("A listing brought up to date from its IDs") struct QueueUpdateTests {
  /// Messages of a queue, each with the block that `exim -bp` prints of it.
  typealias Queue = [String: String]

  /// `exim -bp` of a queue, or of these messages of it: its own row for each that is not there.
  static func listed(_ queue: Queue, of ids: [String]? = nil) -> [UInt8] {
    (ids ?? queue.keys.sorted()).flatMap { id in
      (queue[id]
        ?? "      \(id)\n    *** spool read error: No such file or directory ***\n\n").utf8
    }
  }

  static func block(_ id: String, using generator: inout some RandomNumberGenerator) -> String {
    if Int.random(in: 0..<20, using: &generator) == 0 {
      return "      \(id)\n    *** spool format error: size=0 ***\n\n"
    }
    let number = Int.random(in: 0..<6, using: &generator)
    let frozen = number == 0 ? " *** frozen ***" : ""
    let recipients = (0...number).map { recipient in
      "        \(Bool.random(using: &generator) ? "D" : " ") u\(recipient)@d\(number).test\n"
    }
    return "25m  2.9K \(id) <\(number)@sender.test>\(frozen)\n" + recipients.joined() + "\n"
  }

  static func id(_ number: Int) -> String {
    let digits = String(number)
    return "1xVeE3-" + String(repeating: "0", count: 11 - digits.utf8.count) + digits + "-0Cgw"
  }

  private static func byID(_ listing: QueueListing) -> [QueuedMessage] {
    listing.messages.sorted { $0.idText < $1.idText }
  }

  /// The real output of Exim 4.98.2 of one queue, sorted.
  @Test func idsAreThoseOfTheListing() throws {
    let ids = try #require(EximIDs(try QueueFixture.bytes("trixie/exim_bpi.txt")))
    let listing = try QueueFixture.listing("trixie/exim_bp.txt")
    #expect(listing.outdated(by: ids, changed: []) == [])
    #expect(listing.updated(to: ids, with: [], now: QueueFixture.now).count == listing.count)
    let part = listing.without(["1xVeE3-000000007k5-0DZh"])
    #expect(
      part.outdated(by: ids, changed: ["1xVeE3-000000007k3-0Cgw"])?.map(\.text)
        == ["1xVeE3-000000007k3-0Cgw", "1xVeE3-000000007k5-0DZh"])
  }

  /// The real output of Exim 4.98.2: one is frozen, one delivered in part, one new, one gone in the meantime.
  @Test func takesInWhatWasListedAnew() throws {
    let before = QueueListing(
      """
       0m   295 1xVpiA-000000007zs-25NC <a2@sender.test>
                u2@busy.test
                v2@other.test

       0m   295 1xVpiA-000000007zu-2DlQ <a3@sender.test>
                u3@busy.test
                v3@other.test

       0m   295 1xVpiA-00000000805-2PMA <a6@sender.test>
                u6@busy.test


      """, mta: .exim)
    // -bpri is not sorted.
    let ids = try #require(
      EximIDs(
        Array(
          """
          1xVpiA-000000007zu-2DlQ
          1xVpiA-000000007zs-25NC
          1xVpiA-000000007zq-213D
          1xVpiA-000000007zw-2JL3

          """.utf8)))
    let changed: Set = ["1xVpiA-000000007zs-25NC", "1xVpiA-000000007zu-2DlQ"]
    #expect(
      before.outdated(by: ids, changed: changed)?.map(\.text).sorted() == [
        "1xVpiA-000000007zq-213D", "1xVpiA-000000007zs-25NC", "1xVpiA-000000007zu-2DlQ",
        "1xVpiA-000000007zw-2JL3",
      ])
    let after = before.updated(
      to: ids,
      with: Array(
        """
         0m   295 1xVpiA-000000007zq-213D <a1@sender.test>
                  u1@busy.test
                  v1@other.test

         0m   295 1xVpiA-000000007zs-25NC <a2@sender.test> *** frozen ***
                  u2@busy.test
                  v2@other.test

         0m   295 1xVpiA-000000007zu-2DlQ <a3@sender.test>
                D u3@busy.test
                  v3@other.test

              1xVpiA-000000007zw-2JL3
            *** spool read error: No such file or directory ***


        """.utf8), now: QueueFixture.now)
    let messages = Self.byID(after)
    #expect(
      messages.map(\.idText) == [
        "1xVpiA-000000007zq-213D", "1xVpiA-000000007zs-25NC", "1xVpiA-000000007zu-2DlQ",
      ])
    #expect(messages.map(\.state) == [.deferred, .held, .deferred])
    #expect(messages.last?.recipients.map(\.isDelivered) == [true, false])
  }

  @Test(arguments: [
    "exim: permission denied\n", "1xVeE3-000000007k3-0Cgw\n\n", "1xVeE3-000000007k3-0Cgw <a@b.c>\n",
    "1xVeaV-0004PH-2g-H\n",
  ])
  func whatIsNoIDIsNotUnderstood(output: String) {
    #expect(EximIDs(Array(output.utf8)) == nil)
  }

  @Test func aLineOfNoMessageAsksForAWholeListing() throws {
    let listing = QueueListing("what is this\n", mta: .exim)
    #expect(listing.count == 1)
    #expect(listing.outdated(by: try #require(EximIDs([])), changed: []) == nil)
  }

  /// Whatever comes, goes and changes, the listing is the same as a whole one.
  @Test func isEqualToAWholeListing() throws {
    let seed: UInt64 = 20_261_124
    var generator = SeededGenerator(seed: seed)
    for round in 0..<Rounds.count(50, of: 2_000) {
      var queue: Queue = [:]
      for number in 0..<Int.random(in: 0..<40, using: &generator) {
        queue[Self.id(number)] = Self.block(Self.id(number), using: &generator)
      }
      var listing = QueueListing(Self.listed(queue), mta: .exim, now: QueueFixture.now)
      for step in 1..<6 {
        var changed: Set<String> = []
        for id in queue.keys.sorted() {
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: queue[id] = nil
          case 1:
            queue[id] = Self.block(id, using: &generator)
            changed.insert(id)
          default: break
          }
        }
        for number in 0..<Int.random(in: 0..<20, using: &generator) {
          let id = Self.id(1000 * step + number)
          queue[id] = Self.block(id, using: &generator)
        }
        // A message in the log may already be gone from the listing.
        if let id = queue.keys.sorted().first, Bool.random(using: &generator) {
          listing = listing.without([id])
        }
        let ids = try #require(
          EximIDs(queue.keys.shuffled(using: &generator).flatMap { Array("\($0)\n".utf8) }))
        let asked = try #require(listing.outdated(by: ids, changed: changed)).map(\.text)
        // Some leave between the two questions.
        for id in asked where Int.random(in: 0..<10, using: &generator) == 0 { queue[id] = nil }
        listing = listing.updated(
          to: ids, with: Self.listed(queue, of: asked), now: QueueFixture.now)
        let whole = QueueListing(Self.listed(queue), mta: .exim, now: QueueFixture.now)
        #expect(
          Self.byID(listing) == Self.byID(whole), "seed \(seed), round \(round), step \(step)")
        #expect(QueueTotals(listing) == QueueTotals(whole))
      }
    }
  }
}
