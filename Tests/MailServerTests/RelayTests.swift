// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

/// Relays that the settings or the log name, and what a queue says of them.
struct RelayTests {
  @Test(
    arguments: [
      ("[smtp.relay.test]:587", "smtp.relay.test", 587), ("relay.test", "relay.test", 25),
      ("relay.test:2525", "relay.test", 2525), ("[192.0.2.7]", "192.0.2.7", 25),
      (" [Relay.Test]:25 ", "relay.test", 25), ("[2001:db8::7]:587", "2001:db8::7", 587),
    ])
  func relayhostIsRead(_ setting: String, _ host: String, _ port: Int) {
    let relays = Relays(relayhost: setting)
    #expect(relays.end(at: host)?.port == port)
    #expect(relays.only?.port == port)
  }

  @Test func noRelayhostIsNoRelay() {
    #expect(Relays(relayhost: "").isEmpty)
    #expect(Relays(relayhost: "").end(at: "mx.example.com") == nil)
  }

  @Test(
    arguments: [
      ("connect to mx.example.com[192.0.2.1]:25: Connection refused", "mx.example.com", 25, nil),
      (
        "connect to mail.test[private/lmtp]: No such file or directory", "mail.test", nil,
        "private/lmtp"
      ),
    ] as [(String, String, Int?, String?)])
  func endsAreReadFromWords(_ text: String, _ host: String, _ port: Int?, _ socket: String?) {
    let end = Endpoint(in: text)
    #expect(end?.host == host)
    #expect((end?.port, end?.socket) == (port, socket))
    #expect(Endpoint(in: "451 4.7.1 no end [of] ours") == nil)
  }

  private static let listing = """
    {"queue_name": "deferred", "queue_id": "4dGXk2Tz9Bz1", "arrival_time": 1796000000, "message_size": 900, \
    "sender": "a@shop.example", "recipients": [{"address": "u@example.net", "delay_reason": \
    "host smtp.relay.test[192.0.2.7] said: 454 4.7.1 <u@example.net>: Relay access denied (in reply to RCPT TO command)"}]}

    """

  private static func recipient(
    _ relays: Relays, _ history: DeliveryHistory = DeliveryHistory()
  ) throws -> QueuedRecipient {
    let listing = QueueListing(Array(Self.listing.utf8), now: 1_796_000_100)
    let snapshot = QueueSnapshot(
      listing, history: history, relays: relays, taken: 1_796_000_100)
    return try #require(snapshot.message(at: 0).recipients.first)
  }

  @Test func theSettingsTellARelayFromADestination() throws {
    let unknown = try Self.recipient(Relays())
    #expect((unknown.cause, unknown.side, unknown.hop) == (.other, .theirs, .final))
    let known = try Self.recipient(Relays(relayhost: "[smtp.relay.test]:587"))
    #expect((known.cause, known.side, known.hop) == (.configuration, .ours, .relay))
    #expect(known.endpoint == Endpoint(host: "smtp.relay.test", address: "192.0.2.7", port: 587))
  }

  @Test func theLogTellsIt() throws {
    let line =
      "Nov 30 10:00:00 mail postfix/smtp[42]: 4dGXk2Tz9Bz9: to=<x@example.com>, relay=smtp.relay.test[192.0.2.7]:587, delay=1, dsn=2.0.0, status=sent (250 2.0.0 Ok)"
    let bytes = Array(line.utf8)
    let event = LogGrammar(now: 1_796_000_100, zone: .utc).event(in: bytes.span)
    var history = DeliveryHistory()
    history.record([try #require(event)])
    let known = try Self.recipient(Relays(), history)
    #expect((known.cause, known.hop, known.endpoint?.port) == (.configuration, .relay, 587))
  }
}
