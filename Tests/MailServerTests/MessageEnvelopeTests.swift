// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Foundation
import MailServer
import Testing

@Suite struct MessageEnvelopeTests {
  private static func fixture(_ name: String) throws -> [UInt8] {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/acts/\(name).txt", withExtension: nil))
    return [UInt8](try Data(contentsOf: url))
  }

  @Test(arguments: [
    (
      "exim_Mvh_alias",
      MessageEnvelope(
        idText: "1xVeaX-0004YZ-1c", isHeld: false, arrival: 1_795_480_849,
        sender: "part@sender.test", recipients: ["list@alias.test"])
    ),
    (
      "exim_Mvh_partial",
      MessageEnvelope(
        idText: "1xVeaX-0004YS-1Y", isHeld: false, arrival: 1_795_480_849,
        sender: "part@sender.test", recipients: ["defer-1@mixed.test"])
    ),
    (
      "exim498_Mvh_partial",
      MessageEnvelope(
        idText: "1xVeE4-000000007sd-2qxX", isHeld: false, arrival: 1_795_479_456,
        sender: "part@sender.test", recipients: ["defer-1@mixed.test", "defer-2@mixed.test"])
    ),
    (
      "exim_Mvh_bounce_frozen",
      MessageEnvelope(
        idText: "1xVecD-0004t1-2C", isHeld: true, arrival: 1_795_480_953, sender: "",
        recipients: ["fr@sender.test"])
    ),
    (
      "exim_Mvh_quoted",
      MessageEnvelope(
        idText: "1xVeaW-0004TP-2P", isHeld: false, arrival: 1_795_480_848,
        sender: "\"john doe\"@sender.test", recipients: ["\"jane q. public\"@busy.test"])
    ),
    (
      "exim_Mvh_frozen",
      MessageEnvelope(
        idText: "1xVeaX-0004Yz-1m", isHeld: false, arrival: 1_795_480_849,
        sender: "fr@sender.test", recipients: ["y@busy.test"])
    ),
  ])
  func readsEximHeaderFiles(name: String, envelope: MessageEnvelope) throws {
    #expect(EximHeaderFile(try Self.fixture(name))?.envelope == envelope)
  }

  @Test func fortyRecipientsWithoutThoseDone() throws {
    let envelope = try #require(
      EximHeaderFile(try Self.fixture("exim_Mvh_many"))?.envelope)
    #expect(envelope.recipients.count == 14)
    #expect(envelope.recipients.allSatisfy { $0.hasPrefix("defer-") })
  }

  @Test(arguments: [
    ("one@a.test 0,-1#1", "one@a.test"), ("a@b.test errors@c.test 13,2#1", "a@b.test"),
    ("\"x y\"@b.test rfc822;x@b.test 15,2,0#3", "\"x y\"@b.test"),
  ])
  func readsRecipientsWithOptions(line: String, address: String) {
    let file = "1aaaaa-000001-AA-H\nexim 1 1\n<>\n1 0\nXX\n1\n\(line)\n\n"
    #expect(EximHeaderFile(Array(file.utf8))?.envelope.recipients == [address])
  }

  @Test(arguments: [
    "", "\n\n\n", "Permission denied\n", "a-H\nb\n<c>\nd\n",
    "a-H\nb\n<c>\n1 0\nXX\n99999999999\nx\n",
  ])
  func refusesWhatIsNoHeaderFile(text: String) throws {
    #expect(EximHeaderFile(Array(text.utf8))?.envelope == nil)
    #expect(MessageEnvelope(postcatEnvelope: Array(text.utf8), utcOffset: { _ in 0 }) == nil)
  }

  @Test(arguments: [
    (
      "postcat_qe_held",
      MessageEnvelope(
        idText: "E4C0D135FD2", isHeld: true, arrival: 1_795_480_847, sender: "news@list.test",
        recipients: ["u0@busy.test"])
    ),
    (
      "postcat_qe_partial",
      MessageEnvelope(
        idText: "6B53B135F35", isHeld: false, arrival: 1_795_480_848, sender: "part@sender.test",
        recipients: ["defer-1@mixed.test"])
    ),
    (
      "postcat_qe_quoted",
      MessageEnvelope(
        idText: "0B3A7135FB6", isHeld: false, arrival: 1_795_480_848,
        sender: "john doe@sender.test",
        recipients: ["jane q. public@busy.test"])
    ),
  ])
  func readsPostcatEnvelopes(name: String, envelope: MessageEnvelope) throws {
    let bytes = try Self.fixture(name)
    #expect(MessageEnvelope(postcatEnvelope: bytes, utcOffset: { _ in 0 }) == envelope)
    var east = envelope
    east.arrival = envelope.arrival.map { $0 - 3600 }
    #expect(MessageEnvelope(postcatEnvelope: bytes, utcOffset: { _ in 3600 }) == east)
  }

  /// What `mailq` and the log say of a message's size, not the bytes of its text.
  @Test(
    arguments: [
      ("postcat_qe_held", [615]), ("postcat_qe_partial", [616]), ("postcat_qod", [266, 3324]),
    ] as [(String, [Int64])])
  func tellsTheSizeThatTheQueueShows(name: String, sizes: [Int64]) throws {
    let bytes = try Self.fixture(name)
    let messages = PostcatRecords.messages(bytes) { _ in 0 }.map(\.envelopeText)
    let envelopes = messages.isEmpty ? [bytes] : messages
    #expect(envelopes.map { MessageEnvelope.listedSize(postcatEnvelope: $0) } == sizes)
    #expect(MessageEnvelope.listedSize(postcatEnvelope: Array("message_size: x".utf8)) == nil)
  }

  @Test func readsWholeMessagesOfPostfix() throws {
    let bytes = try Self.fixture("postcat_qod")
    let messages = PostcatRecords.messages(bytes) { _ in 0 }
    #expect(messages.map(\.envelope.idText) == ["C19DC2AA", "C17E92A9"])
    #expect(
      messages.map(\.envelope.recipients) == [["extracted@busy.test"], ["long@busy.test"]])
    #expect(messages.map(\.envelope.sender) == ["", "a b@c.test"])
    #expect(try messages.map(\.content) == [1, 2].map { try Self.fixture("postcat_qbh_\($0)") })
    // Half a message is none, and what is in a message ends nothing.
    for count in stride(from: 0, to: bytes.count, by: 7) {
      let whole = PostcatRecords.messages(Array(bytes[..<count])) { _ in 0 }
      #expect(whole == Array(messages.prefix(whole.count)))
    }
  }

  @Test func readsWholeMessagesOfExim() throws {
    let file = try #require(EximHeaderFile(try Self.fixture("exim_Mvh_busy")))
    let data = try Self.fixture("exim_D_busy")
    #expect(file.message(dataFile: data) == (try Self.fixture("exim_Mvc_busy")))
    #expect(file.message(dataFile: Array("other-D\n".utf8)) == nil)
  }

  @Test func leavesDeletedHeadersOutAndReadsVariables() throws {
    let head = "1aaaaa-000001-AA-H\nexim 1 1\n<a@b.test>\n1 0\n"
    let text =
      head + "-aclm 0 9\nXX\n\n1\nab\n\n--(mysql)aclc _x 3\n-fr\n-frozen 5\nXX\n1\nc@d.test\n\n"
      + "005  A: b\n006* C: de\n005T E: f\n"
    let file = try #require(EximHeaderFile(Array(text.utf8)))
    #expect(file.envelope.recipients == ["c@d.test"])
    #expect(file.envelope.isHeld)
    let data = "1aaaaa-000001-AA-D\nbody\n"
    #expect(file.message(dataFile: Array(data.utf8)) == Array("A: b\nE: f\n\nbody\n".utf8))
    let wire = text.replacing("-frozen 5", with: "-spool_file_wireformat")
    let other = try #require(EximHeaderFile(Array(wire.utf8)))
    #expect(other.message(dataFile: Array(data.utf8)) == nil)
    #expect(!other.envelope.isHeld)
  }

  @Test(arguments: ["exim_Mvh_many", "postcat_qe_partial", "damaged_exim_Mvh"])
  func whatBreaksOffIsNoEnvelope(name: String) throws {
    let bytes = try Self.fixture(name)
    let end =
      bytes.span.firstIndex(of: "defer-39@mixed.test")
      ?? bytes.span.firstIndex(of: "*** MESSAGE FILE END") ?? bytes.count
    for count in 0..<end {
      let head = Array(bytes[..<count])
      #expect(EximHeaderFile(head)?.envelope == nil)
      #expect(MessageEnvelope(postcatEnvelope: head, utcOffset: { _ in 0 }) == nil)
    }
  }

  @Test(arguments: [
    ("bob@busy.test", "bob@busy.test"), ("jane q. public@b.test", "\"jane q. public\"@b.test"),
    ("\"jane q.\"@b.test", "\"jane q.\"@b.test"), ("a\"b\\c@d.test", "\"a\\\"b\\\\c\"@d.test"),
    ("a@b@c.test", "\"a@b\"@c.test"), ("root", "root"), ("grün@b.test", "grün@b.test"),
    (".a@b.test", "\".a\"@b.test"), ("\"@b.test", "\"\\\"\"@b.test"), ("-f@b.test", "-f@b.test"),
  ])
  func quotesAddresses(address: String, quoted: String) throws {
    let made = try #require(EnvelopeAddress(address))
    #expect(made.text == quoted)
    #expect(EnvelopeAddress.unquoted(quoted) == EnvelopeAddress.unquoted(address))
  }

  @Test(arguments: ["", "a\nb@c.test", "a\u{0}@c.test", "\u{FFFD}@c.test", "\u{7F}@c.test"])
  func refusesAddresses(address: String) {
    #expect(EnvelopeAddress(address) == nil)
  }
}
