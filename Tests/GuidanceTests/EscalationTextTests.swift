// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Guidance

struct EscalationTextTests {
  static func text(reply: String, recipient: String = "ann.lee@example.com") -> EscalationText {
    let event = LogEvent(
      time: 1_795_562_040, mta: .postfix, kind: .deferral, direction: .outbound,
      queueID: "4cXn2k1hFjz9QsB", recipient: recipient, remoteHost: "mx.example.com",
      remoteIP: "192.0.2.25", code: 421, enhanced: EnhancedStatusCode("4.7.28"),
      cause: .rateLimit, reply: reply, line: "secret line")
    return EscalationText(
      destination: "example.com",
      ours: EscalationText.Party(host: "mx1.shop.example", address: "198.51.100.1"),
      helo: "mx1.shop.example", software: "Postfix 3.7.11",
      theirs: EscalationText.Party(host: "mx.example.com", address: "192.0.2.25"),
      events: [event], queued: 204, zone: LocalZone(offset: 3600))
  }

  @Test func holdsWhatTheirPostmasterNeeds() {
    let text = Self.text(reply: "too much mail from <ann.lee@example.com>").make()
    #expect(
      text == """
        To the postmaster of example.com

        Your server is deferring mail from ours. Could you tell us why, and what we should change?

        Our server:   mx1.shop.example [198.51.100.1], HELO mx1.shop.example, Postfix 3.7.11
        Your server:  mx.example.com [192.0.2.25]
        First seen:   2026-11-25 00:14:00 +0100
        Last seen:    2026-11-25 00:14:00 +0100
        Deferrals:    1
        Waiting here: 204 messages

        The latest replies in full, with our queue IDs:

          2026-11-25 00:14:00 +0100  4cXn2k1hFjz9QsB to <***@example.com>
            421 4.7.28 too much mail from <***@example.com>

        """)
  }

  /// The destination's postmaster has nothing to do with what our relay says.
  @Test func aRelayIsWrittenTo() {
    var text = Self.text(reply: "no")
    text.relay = "smtp.isp.test"
    #expect(text.make().hasPrefix("To the operator of smtp.isp.test, about mail for example.com\n"))
    #expect(!text.make().contains("postmaster of"))
  }

  @Test func namesRecipientsWhenAsked() {
    let text = Self.text(reply: "no").make(namesRecipients: true)
    #expect(text.contains("to <ann.lee@example.com>"))
    #expect(!text.contains("secret"))
  }

  @Test(arguments: [
    ("<ann@x>", "<***@x>"), ("ann+tag@x b@y", "***@x ***@y"), ("\"ann b\"@x", "***@x"),
    ("@x", "***@x"), ("a@b@c", "***@c"), ("<ann@x>: bob@y, c", "<***@x>: ***@y, c"),
    ("\"@x", "***@x"), ("no address", "no address"), ("ännä@x", "***@x"),
  ])
  func masks(_ text: String, _ expected: String) {
    #expect(EscalationText.maskingLocalParts(text) == expected)
  }

  @Test func isSafeToPaste() {
    let text = Self.text(reply: "a\u{1B}]52;c;x\u{07}b\u{202E}c\r\nd").make()
    #expect(text.contains("421 4.7.28 a?]52;c;x?b?c??d"))
  }
}
