// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@Suite struct EximListingTests {
  struct Recording: CustomTestStringConvertible {
    var name: String
    var messages: Int
    var recipients: Int
    var frozen: Int
    var damaged = 0
    var testDescription: String { name }
  }

  /// The numbers were counted in the files by `grep`.
  @Test(arguments: [
    Recording(name: "exim/exim_bp.txt", messages: 117, recipients: 306, frozen: 8),
    Recording(name: "exim/exim_bpr.txt", messages: 117, recipients: 306, frozen: 8),
    Recording(name: "exim/exim_bpu.txt", messages: 117, recipients: 272, frozen: 8),
    Recording(name: "exim/exim_bpru.txt", messages: 117, recipients: 272, frozen: 8),
    Recording(name: "exim/exim_bpa.txt", messages: 117, recipients: 307, frozen: 8),
    Recording(name: "exim/exim_bpra.txt", messages: 117, recipients: 307, frozen: 8),
    Recording(name: "exim/exim_bp_id.txt", messages: 1, recipients: 1, frozen: 0),
    Recording(name: "exim/live_exim_bp.txt", messages: 54, recipients: 79, frozen: 3),
    Recording(name: "exim/big_exim_bp_head.txt", messages: 156, recipients: 289, frozen: 11),
    Recording(
      name: "exim/damaged_exim_bp.txt", messages: 120, recipients: 306, frozen: 8, damaged: 3),
    Recording(name: "trixie/exim_bp.txt", messages: 114, recipients: 302, frozen: 8),
    Recording(name: "trixie/exim_bpa.txt", messages: 114, recipients: 303, frozen: 8),
  ])
  func readsRecordings(_ recording: Recording) throws {
    let listing = try QueueFixture.listing(recording.name)
    let messages = listing.messages
    #expect(listing.mta == .exim)
    #expect(listing.count == recording.messages)
    #expect(messages.map(\.recipients.count).reduce(0, +) == recording.recipients)
    #expect(messages.count { $0.state == .held } == recording.frozen)
    #expect(messages.count { $0.problem != nil } == recording.damaged)
    #expect(messages.allSatisfy { ($0.reference == nil) == ($0.problem != nil) })
    #expect(messages.allSatisfy { $0.arrival != nil })
  }

  struct Entry: CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var id = "0t5C6f-0000c8-00"
    var sender = "a@b.example"
    var size: Int64?
    var state = MessageState.deferred
    var recipients: [String] = []
    var problem: String?
  }

  /// Every entry is between two others, which must be read whatever it is.
  @Test(arguments: [
    Entry(
      testDescription: "usual",
      text: "25m  2.9K 0t5C6f-0000c8-00 <a@b.example>\n          r@x.example\n\n",
      size: 2969, recipients: ["r@x.example"]),
    Entry(
      testDescription: "long ID",
      text: "25m   646 1xVeE3-000000007k3-0Cgw <a@b.example>\n          r@x.example\n\n",
      id: "1xVeE3-000000007k3-0Cgw", size: 646, recipients: ["r@x.example"]),
    Entry(
      testDescription: "suffix of the file (4.97.0)",
      text: "25m   646 0t5C6f-0000c8-00-H <a@b.example>\n          r@x.example\n\n", size: 646,
      recipients: ["r@x.example"]),
    Entry(
      testDescription: "blank size", text: "25m       0t5C6f-0000c8-00 <a@b.example>\n\n"),
    Entry(
      testDescription: "megabytes", text: "72h   39M 0t5C6f-0000c8-00 <a@b.example>\n\n",
      size: 40_894_464),
    Entry(
      testDescription: "over a hundred days", text: "100d 1016 0t5C6f-0000c8-00 <a@b.example>\n\n",
      size: 1016),
    Entry(
      testDescription: "the clock moved", text: "-3m  1016 0t5C6f-0000c8-00 <a@b.example>\n\n",
      size: 1016),
    Entry(
      testDescription: "no recipients, so no blank line",
      text: "25m   646 0t5C6f-0000c8-00 <a@b.example>\n",
      size: 646),
    Entry(
      testDescription: "bounce, frozen",
      text: "25m   646 0t5C6f-0000c8-00 <> *** frozen ***\n          r@x.example\n\n",
      sender: "", size: 646, state: .held, recipients: ["r@x.example"]),
    Entry(
      testDescription: "login", text: "25m   646 0t5C6f-0000c8-00 <a@b.example> (root)\n\n",
      size: 646),
    Entry(
      testDescription: "login, frozen",
      text: "25m   646 0t5C6f-0000c8-00 <a@b.example> (root) *** frozen ***\n\n", size: 646,
      state: .held),
    Entry(
      testDescription: "login first, as the manual says",
      text: "25m   646 0t5C6f-0000c8-00 (root) <a@b.example>\n\n", size: 646),
    Entry(
      testDescription: "a sender that looks like more",
      text: "25m   646 0t5C6f-0000c8-00 <\"x> *** frozen *** <y\"@b.example>\n\n",
      sender: "\"x> *** frozen *** <y\"@b.example", size: 646),
    Entry(
      testDescription: "quoted recipients",
      text: "25m   646 0t5C6f-0000c8-00 <a@b.example>\n          \"x<y>z,(c);: @a\"@x.example\n"
        + "        D \"D d\"@x.example\n\n",
      size: 646, recipients: ["\"x<y>z,(c);: @a\"@x.example", "\"D d\"@x.example"]),
    Entry(
      testDescription: "delivered and generated",
      text:
        "25m   646 0t5C6f-0000c8-00 <a@b.example>\n        D d@x.example\n       +D g@x.example\n"
        + "          r@x.example\n\n",
      size: 646, recipients: ["d@x.example", "g@x.example", "r@x.example"]),
    Entry(
      testDescription: "bytes that are no text",
      text: "25m   646 0t5C6f-0000c8-00 <a@b.example>\n          \"\u{1}\u{1B}[31m\"@x.example\n\n",
      size: 646,
      recipients: ["\"\u{1}\u{1B}[31m\"@x.example"]),
    Entry(
      testDescription: "format error",
      text: "      0t5C6f-0000c8-00\n    *** spool format error: size=90 ***\n\n",
      sender: "", problem: "spool format error: size=90"),
    Entry(
      testDescription: "read error, with age and sender",
      text:
        "25m   646 0t5C6f-0000c8-00 <a@b.example>\n    *** spool read error: Permission denied ***\n\n",
      size: 646, problem: "spool read error: Permission denied"),
    Entry(
      testDescription: "a sender cut off", text: "25m   646 0t5C6f-0000c8-00 <a@b.exa\n\n",
      sender: "", size: 646,
      problem: "the envelope could not be read"),
    Entry(
      testDescription: "an ID cut off", text: "25m   646 0t5C6f-0000\n\n",
      id: "25m   646 0t5C6f-0000", sender: "",
      problem: "this line of the listing could not be read"),
    Entry(
      testDescription: "carriage returns",
      text: "25m   646 0t5C6f-0000c8-00 <a@b.example>\r\n          r@x.example\r\n\r\n",
      size: 646, recipients: ["r@x.example"]),
  ])
  func readsEntries(_ entry: Entry) throws {
    let before = "25m   700 1xVeaV-0004Pe-2Q <before@b.example>\n          one@x.example\n\n"
    let after = "25m   701 1xVeaW-0004R4-0T <after@b.example>\n          two@x.example\n\n"
    let listing = QueueListing(before + entry.text + after)
    try #require(listing.count == 3)
    #expect(listing.sender(at: 0) == "before@b.example")
    #expect(listing.message(at: 0).recipients.map(\.address) == ["one@x.example"])
    #expect(listing.sender(at: 2) == "after@b.example")
    #expect(listing.message(at: 2).recipients.map(\.address) == ["two@x.example"])
    let message = listing.message(at: 1)
    #expect(message.idText == entry.id)
    #expect(message.sender == entry.sender)
    #expect(message.size == entry.size)
    #expect(message.state == entry.state)
    #expect(message.recipients.map(\.address) == entry.recipients)
    #expect(message.problem == entry.problem)
    #expect((message.reference == nil) == (entry.problem != nil))
  }

  @Test func deliveredOnesAreMarked() {
    let text =
      "25m   646 0t5C6f-0000c8-00 <a@b.example>\n        D d@x.example\n       +D g@x.example\n          r@x.example\n"
    #expect(QueueListing(text).message(at: 0).recipients.map(\.isDelivered) == [true, true, false])
  }

  @Test func theArrivalComesFromTheID() throws {
    // The header file of this message has 1795480848 as its time of reception.
    let listing = try QueueFixture.listing("exim/exim_bp_id.txt")
    #expect(listing.idText(at: 0) == "1xVeaW-0004R4-0T")
    #expect(listing.arrival(at: 0) == 1_795_480_848)
  }

  @Test func idsAloneAreListedAndNotActedOn() throws {
    let listing = try QueueFixture.listing("trixie/exim_bpi.txt")
    #expect(listing.mta == .exim)
    #expect(listing.count == 114)
    #expect(
      listing.messages.allSatisfy { $0.reference == nil && $0.problem == "only its ID is listed" })
    #expect(listing.messages.allSatisfy { $0.arrival != nil })
  }

  @Test func rawBytesStayInAddresses() throws {
    let bytes = try QueueFixture.bytes("exim/exim_bp.txt")
    let expected = bytes.count { $0 == 0x1B }
    let messages = try QueueFixture.listing("exim/exim_bp.txt").messages
    let texts = messages.flatMap { [$0.sender] + $0.recipients.map(\.address) }
    #expect(expected > 0)
    #expect(texts.map { $0.utf8.count { $0 == 0x1B } }.reduce(0, +) == expected)
  }

  @Test func theCommandsOwnComplaintsAreNoMessages() {
    let listing = QueueListing("exim: permission denied\n", mta: .exim)
    #expect(listing.count == 0)
    #expect(listing.notes == ["exim: permission denied"])
  }
}
