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

  /// Exim's listing has no replies, and its log no port: the settings say that the host is a relay.
  @Test(
    arguments: [
      (
        "== u@example.net R=isp T=out defer (-46) H=smtp.relay.test [192.0.2.7]: SMTP error from remote mail server after RCPT TO:<u@example.net>: 451 4.7.1 Relay access denied",
        .configuration, "smtp.relay.test[192.0.2.7]:587"
      ),
      (
        "== u@example.net R=isp T=out defer (111): Connection refused H=smtp.relay.test [192.0.2.7]",
        .timeout, "smtp.relay.test[192.0.2.7]:587"
      ),
      (
        "== u@example.net R=isp defer (-1): lookup of host \"smtp.relay.test\" failed in isp router",
        .dns, "smtp.relay.test:587"
      ),
      // The host is in the line before.
      (
        "H=smtp.relay.test [192.0.2.7] Connection refused\n== u@example.net R=isp T=out defer (111): Connection refused",
        .timeout, "smtp.relay.test[192.0.2.7]:587"
      ),
    ] as [(String, Cause, String)])
  func whatEximsLogTellsIsPlaced(_ words: String, _ cause: Cause, _ end: String) throws {
    let listing = QueueListing(
      Array(" 5m  1.2K 1vOSj9-000001-1A <a@shop.example>\n          u@example.net\n\n".utf8),
      mta: .exim,
      now: 1_796_000_100)
    let grammar = LogGrammar(now: 1_796_000_100, zone: .utc)
    let events = words.split(separator: "\n").compactMap { words in
      grammar.event(in: Array("2026-11-29 14:14:00 1vOSj9-000001-1A \(words)".utf8).span)
    }
    #expect(!events.isEmpty)
    var history = DeliveryHistory()
    history.record(events)
    for relays in [Relays(), Relays(relayhost: "[smtp.relay.test]:587")] {
      let snapshot = QueueSnapshot(
        listing, history: history, relays: relays, taken: 1_796_000_100)
      let found = try #require(snapshot.message(at: 0).recipients.first)
      guard !relays.isEmpty else {
        #expect(found.hop != .relay)
        continue
      }
      #expect(found.hop == .relay)
      #expect(found.cause == cause)
      #expect(found.endpoint?.words == end)
      #expect(snapshot.relay(of: try #require(events.first))?.port == 587)
    }
  }

  /// What was not tried waits for the relay that another message met, though no line names it: as Exim 4.96 logs it.
  @Test func whatWasNotTriedWaitsForTheRelay() throws {
    let listing = QueueListing(
      Array(
        (" 5m  1.2K 1vOSj9-000001-1A <a@shop.example>\n          u@a.example\n\n"
          + " 5m  1.2K 1vOSj9-000002-2A <a@shop.example>\n          u@b.example\n\n").utf8),
      mta: .exim,
      now: 1_796_000_100)
    let grammar = LogGrammar(now: 1_796_000_100, zone: .utc)
    let lines = [
      "1vOSj9-000001-1A H=relay.isp.test [192.0.2.7] Connection refused",
      "1vOSj9-000001-1A == u@a.example R=send_to_isp T=isp_smtp defer (111): Connection refused",
      "1vOSj9-000002-2A == u@b.example R=send_to_isp T=isp_smtp defer (-54): retry time not reached for any host for 'b.example'",
    ]
    var history = DeliveryHistory()
    history.record(
      lines.compactMap { grammar.event(in: Array("2026-11-29 14:14:00 \($0)".utf8).span) })
    let routing = EximRouting(
      routers: Array(
        "send_to_isp router:\ndriver = manualroute\nroute_list = * relay.isp.test::587\ntransport = isp_smtp\n"
          .utf8), transports: Array("isp_smtp transport:\ndriver = smtp\nport = smtp\n".utf8))
    let snapshot = QueueSnapshot(
      listing, history: history, relays: routing.relays, taken: 1_796_000_100)
    for row in 0..<2 {
      let found = try #require(snapshot.message(at: row).recipients.first)
      #expect((found.cause, found.side, found.hop) == (.timeout, .theirs, .relay))
      #expect(found.endpoint?.words == "relay.isp.test[192.0.2.7]:587")
    }
    // Without the settings the other message's cause is not used: its server is another one.
    let alone = QueueSnapshot(listing, history: history, taken: 1_796_000_100)
    #expect(alone.message(at: 1).recipients.first?.cause == .other)
  }

  /// A line of the log is placed where it is read: so findings, filters and the log pane know it too.
  @Test func aLineIsPlacedByTheSettings() throws {
    let line = Array(
      "Nov 30 10:00:00 mail postfix/smtp[42]: 4dGXk2Tz9Bz9: to=<x@example.com>, relay=smtp.relay.test[192.0.2.7]:25, delay=1, dsn=4.7.1, status=deferred (host smtp.relay.test[192.0.2.7] said: 454 4.7.1 <x@example.com>: Relay access denied (in reply to RCPT TO command))"
        .utf8)
    var grammar = LogGrammar(now: 1_796_000_100, zone: .utc)
    let first = grammar.event(in: line.span)
    let alone = try #require(first)
    #expect((alone.cause, alone.hop) == (.other, .final))
    grammar.relays = Relays(relayhost: "[smtp.relay.test]")
    let second = grammar.event(in: line.span)
    let placed = try #require(second)
    #expect((placed.cause, placed.side, placed.hop) == (.configuration, .ours, .relay))
  }

  /// A filter on this server stays one, though a relay listens there too.
  @Test func aRelayOnThisServerHidesNoFilter() throws {
    let listing = QueueListing(
      Array(
        Self.listing.replacing(
          "host smtp.relay.test[192.0.2.7] said: 454 4.7.1 <u@example.net>: Relay access denied (in reply to RCPT TO command)",
          with: "connect to 127.0.0.1[127.0.0.1]:10024: Connection refused"
        ).utf8), now: 1_796_000_100)
    let snapshot = QueueSnapshot(
      listing, relays: Relays(relayhost: "[127.0.0.1]:2525"), taken: 1_796_000_100)
    let found = try #require(snapshot.message(at: 0).recipients.first)
    #expect((found.hop, found.endpoint?.port) == (.filter, 10024))
  }

  @Test func aRelayWhoseNameDoesNotResolveIsNamed() throws {
    let listing = QueueListing(
      Array(
        Self.listing.replacing(
          "host smtp.relay.test[192.0.2.7] said: 454 4.7.1 <u@example.net>: Relay access denied (in reply to RCPT TO command)",
          with:
            "Host or domain name not found. Name service error for name=smtp.relay.test type=A: Host not found, try again"
        ).utf8), now: 1_796_000_100)
    let snapshot = QueueSnapshot(
      listing, relays: Relays(relayhost: "[smtp.relay.test]:587"), taken: 1_796_000_100)
    let found = try #require(snapshot.message(at: 0).recipients.first)
    #expect(
      (found.cause, found.hop, found.endpoint?.words) == (.dns, .relay, "smtp.relay.test:587"))
  }
}
