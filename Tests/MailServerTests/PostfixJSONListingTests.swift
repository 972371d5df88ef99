// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@Suite struct PostfixJSONListingTests {
  private let after =
    #"{"queue_name": "hold", "queue_id": "AAAAAAAAAA", "arrival_time": 7, "message_size": 9, "#
    + #""forced_expire": false, "sender": "after@b.example", "recipients": []}"#

  private func message(_ line: String) throws -> QueuedMessage {
    let listing = QueueListing(line + "\n" + after + "\n", mta: .postfix)
    try #require(listing.count == 2)
    #expect(listing.sender(at: 1) == "after@b.example")
    #expect(listing.state(at: 1) == .held)
    #expect(listing.message(at: 1).reference != nil)
    return listing.message(at: 0)
  }

  @Test func unknownMembersAreSkipped() throws {
    let message = try message(
      #"{"new": {"a": [1, -2.5e3, null, {"b": "}"}]}, "queue_name": "active", "queue_id": "30813134080", "#
        + #""arrival_time": 1795480847, "message_size": 724, "forced_expire": true, "sender": "a@b.example", "#
        + #""recipients": [{"address": "r@x.example", "orig_address": "o@x.example", "other_reason": "later"}, "#
        + #"{"address": "s@x.example"}], "more": []}"#)
    #expect(message.state == .active)
    #expect(message.queue == "active")
    #expect(message.arrival == 1_795_480_847)
    #expect(message.size == 724)
    #expect(message.recipients.map(\.address) == ["r@x.example", "s@x.example"])
    #expect(message.recipients.map(\.reply) == ["later", nil])
    #expect(message.reference?.sender == "a@b.example")
  }

  @Test(arguments: [
    (#"\"a b\"@x.example"#, "\"a b\"@x.example"),
    (#"back\\slash\/@x.example"#, "back\\slash/@x.example"),
    (#"\u0041\u00e9\u20AC@x.example"#, "Aé€@x.example"),
    (#"\ud83d\uDE00@x.example"#, "😀@x.example"),
    (#"\ud83d@x.example"#, "\u{FFFD}@x.example"),
    (#"\n\t\r\b\f@x.example"#, "\n\t\r\u{8}\u{C}@x.example"),
    (#"\u12@x.example"#, "u12@x.example"), (#"\ud83d\u0041@x.example"#, "\u{FFFD}A@x.example"),
  ])
  func escapesAreDecoded(text: String, address: String) throws {
    let message = try message(
      #"{"queue_name": "deferred", "queue_id": "30813134080", "sender": ""# + text
        + #"", "recipients": [{"address": ""# + text + #"", "delay_reason": ""# + text + #""}]}"#)
    #expect(message.sender == address)
    #expect(
      message.recipients == [
        QueuedRecipient(address: address, isDelivered: false, reply: address, cause: nil)
      ])
  }

  @Test func theNullSenderIsEmpty() throws {
    let message = try message(
      #"{"queue_id": "30813134080", "sender": "MAILER-DAEMON", "recipients": []}"#)
    #expect(message.reference?.sender == "")
  }

  @Test(arguments: [
    #"{"queue_name": "deferred", "queue_id": "30813134080", "sender": "a@b.exa"#,
    #"{"queue_name": "deferred", "queue_id": "30813134080""#,
    #"{"queue_name": "deferred", "queue_id": "30813134080", "sender": "a@b", "recipients": [{"address": "x"#,
    #"{"queue_id": "30813134080", "sender": "a@b.example", "recipients": [}"#,
    #"{"queue_id": "30813134080", "sender": 7, "recipients": []}"#,
    #"{"queue_id": "30813134080" "sender": "a@b.example"}"#,
    #"{"queue_id": "../etc", "sender": "a@b.example", "recipients": []}"#,
    #"{"queue_id": "ALL", "sender": "a@b.example", "recipients": []}"#,
    #"{"queue_id": "30813134080", "recipients": []}"#, "{}", "{", "nonsense", #"{"a": }"#,
    #"{"\"#,
  ])
  func damagedLinesAreShownAndNotActedOn(line: String) throws {
    let message = try message(line)
    #expect(message.problem != nil)
    #expect(message.reference == nil)
  }

  @Test func bytesThatAreNoTextStayReadable() {
    var bytes = Array(#"{"queue_id": "30813134080", "sender": "a"#.utf8)
    bytes += [0xFF, 0xC3] + Array(#"@b.example", "recipients": []}"#.utf8)
    let listing = QueueListing(bytes, now: 0)
    #expect(listing.sender(at: 0) == "a\u{FFFD}\u{FFFD}@b.example")
  }

  @Test func aMessageListedTwiceIsTheLaterOne() {
    func line(_ queue: String, _ id: String, _ time: Int) -> String {
      #"{"queue_name": "\#(queue)", "queue_id": "\#(id)", "arrival_time": \#(time), "sender": "a@b.example", "recipients": [{"address": "\#(queue)@x.example"}]}"#
    }
    let listing = QueueListing(
      [
        line("active", "30813134080", 5), line("active", "3E198135F7D", 6), "broken",
        line("deferred", "30813134080", 5), line("deferred", "3E198135F7D", 60), "broken",
      ].joined(separator: "\n"), mta: .postfix)
    #expect(listing.messages.map(\.queue) == ["active", "", "deferred", "deferred", ""])
    #expect(listing.messages.map(\.arrival) == [6, nil, 5, 60, nil])
    #expect(listing.messages[2].recipients.map(\.address) == ["deferred@x.example"])
    #expect(
      (listing.messages[1].problem == nil, listing.messages[4].problem == nil) == (false, false))
  }
}
