// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@Suite struct PostfixListingTests {
  /// The numbers were counted in the files by `grep`.
  @Test(arguments: [
    ("postfix/postqueue_p.txt", 103, 2), ("postfix/postqueue_j.txt", 103, 2),
    ("trixie/postqueue_p.txt", 101, 2), ("trixie/postqueue_j.txt", 101, 2),
    ("postfix/live_postqueue_p.txt", 114, 0), ("postfix/live_postqueue_j.txt", 114, 0),
    ("postfix/postqueue_j_nasty.txt", 27, 0), ("postfix/big_postqueue_p_head.txt", 55, 0),
    ("postfix/damaged_postqueue_p.txt", 5, 0), ("postfix/damaged_postqueue_j.txt", 3, 0),
    ("postfix/down_postqueue_p_root.txt", 1, 0), ("postfix/down_postqueue_j_maildrop.txt", 1, 0),
    ("postfix/empty_postqueue_p.txt", 0, 0),
  ])
  func readsRecordings(name: String, count: Int, held: Int) throws {
    let listing = try QueueFixture.listing(name)
    #expect(listing.mta == .postfix)
    #expect(listing.count == count)
    #expect(listing.messages.allSatisfy { $0.problem == nil && $0.reference != nil })
    #expect(listing.messages.count { $0.state == .held } == held)
  }

  @Test func bothFormatsTellTheSame() throws {
    let text = try QueueFixture.listing("postfix/postqueue_p.txt").messages
    let json = try QueueFixture.listing("postfix/postqueue_j.txt").messages
    for (one, other) in zip(
      text.sorted { $0.idText < $1.idText }, json.sorted { $0.idText < $1.idText })
    {
      #expect(one == other)
    }
  }

  private let heading = "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
  private let blanks = String(repeating: " ", count: 41)

  @Test func reasonsBelongToTheRecipientsBelowThem() {
    let long =
      "host mx.x.example[192.0.2.1] said: 450 4.7.1 (see (a) or b) "
      + String(repeating: "x", count: 2000)
    let listing = QueueListing(
      heading + "30813134080     724 Tue Nov 24 00:40:47  MAILER-DAEMON\n" + blanks
        + "untried@x.example\n"
        + "(\(long))\n" + blanks + "one@x.example\n" + blanks + "\"two three\"@x.example\n"
        + "                                                   (connect to mx[::1]:25: refused)\n"
        + blanks
        + "four@x.example\n                                                     (reason unavailable)\n"
        + blanks
        + "five@x.example\n\n3E198135F7D     620 Tue Nov 24 00:40:48  a@b.example\n" + blanks
        + "six@x.example\n\n-- 1 Kbytes in 2 Requests.\n")
    #expect(listing.count == 2)
    let message = listing.message(at: 0)
    #expect(message.sender.isEmpty)
    #expect(
      message.recipients.map(\.address) == [
        "untried@x.example", "one@x.example", "\"two three\"@x.example", "four@x.example",
        "five@x.example",
      ])
    #expect(
      message.recipients.map(\.reply) == [nil, long, long, "connect to mx[::1]:25: refused", nil])
    #expect(listing.message(at: 1).recipients.map(\.reply) == [nil])
  }

  @Test(arguments: [
    ("30813134080", "deferred", MessageState.deferred), ("30813134080*", "active", .active),
    ("30813134080!", "hold", .held), ("30813134080!#", "hold", .held),
    ("30813134080*#", "active", .active), ("30813134080#", "deferred", .deferred),
  ])
  func flagsFollowTheID(id: String, queue: String, state: MessageState) {
    let listing = QueueListing(
      heading + "\(id)  724 Tue Nov 24 00:40:47  a@b.example\n" + blanks + "r@x.example\n")
    #expect(listing.message(at: 0).reference?.queueID.text == "30813134080")
    #expect(listing.message(at: 0).queue == queue)
    #expect(listing.state(at: 0) == state)
  }

  /// The last such date that is not in the future; the day of the week may say that it is older.
  @Test(arguments: [
    ("Tue Nov 24 00:40:47", 1_795_480_847, 0), ("Tue Nov 24 02:40:47", 1_795_480_847, 7200),
    ("Mon Nov 23 19:40:47", 1_795_480_847, -18_000), ("Wed Nov 25 00:40:47", 1_795_567_247, 0),
    ("Wed Dec 31 23:59:59", 1_767_225_599, 0), ("Thu Jan  1 00:00:00", 1_767_225_600, 0),
    ("Thu Feb 29 12:00:00", 1_709_208_000, 0), ("Sun Nov 24 00:40:47", 1_732_408_847, 0),
  ])
  func datesGetTheirYear(date: String, time: Int64, offset: Int) {
    let listing = QueueListing(
      heading + "30813134080     724 \(date)  a@b.example\n", utcOffset: offset)
    #expect(listing.arrival(at: 0) == time)
  }

  @Test(arguments: ["Tue Feb 30 00:40:47", "Tue Xyz 24 00:40:47", "Tue Nov 24 25:40:47", ""])
  func aDateThatIsNoneIsAProblem(date: String) {
    let listing = QueueListing(
      heading
        + "30813134080     724 \(date)  a@b.example\n3E198135F7D     620 Tue Nov 24 00:40:48  a@b.example\n"
    )
    #expect(listing.count == 2)
    #expect(listing.message(at: 0).problem != nil)
    #expect(listing.message(at: 0).reference == nil)
    #expect(listing.message(at: 1).reference != nil)
  }

  @Test func longIDsOverflowTheirColumns() {
    let listing = QueueListing(
      heading + "4jVQnx1ghnz1S99VWXYZ!      5397 Thu Nov 19 04:43:17 a@b.example\n" + blanks
        + "r@x.example\n")
    #expect(listing.message(at: 0).reference?.queueID.text == "4jVQnx1ghnz1S99VWXYZ")
    #expect(listing.state(at: 0) == .held)
    #expect(listing.size(at: 0) == 5397)
  }

  @Test func warningsInFrontAreNotes() {
    let warning = "postqueue: warning: Mail system is down -- accessing queue directly"
    let listing = QueueListing(
      warning + "\n" + heading + "30813134080     724 Tue Nov 24 00:40:47  a@b.example\n" + blanks
        + "r@x.example\n")
    #expect(listing.mta == .postfix)
    #expect(listing.count == 1)
    #expect(listing.notes == [warning])
  }

  @Test func aListingWithoutItsHeadingIsRecognised() {
    let listing = QueueListing(
      "30813134080     724 Tue Nov 24 00:40:47  a@b.example\n" + blanks + "r@x.example\n")
    #expect(listing.mta == .postfix)
    #expect(listing.message(at: 0).reference != nil)
  }
}
