// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

/// What stands at an end is told by the settings; its address and port are only the guess where they do not tell.
struct SettingsHopTests {
  /// What `postconf -M` of Postfix 3.7 prints for amavis' usual set-up, folded as it folds.
  static let services = PostfixServices(
    Array(
      """
      smtp       inet  n       -       y       -       1       postscreen
      submission inet  n       -       y       -       -       smtpd
          -o syslog_name=postfix/submission -o content_filter=smtp-amavis:[127.0.0.1]:10026
      127.0.0.1:10025 inet n   -       y       -       -       smtpd
          -o content_filter=
          -o { mynetworks = 127.0.0.0/8 }
      127.0.0.1:2424 inet n    -       y       -       -       smtpd
          -o { content_filter = scan:[127.0.0.1]:11300 }
      smtp       unix  -       -       y       -       -       smtp
      relay      unix  -       -       y       -       -       smtp -o syslog_name=postfix/relay
      lmtp       unix  -       -       y       -       -       lmtp
      virtual    unix  -       n       n       -       -       virtual
      local      unix  -       n       n       -       -       local
      error      unix  -       -       y       -       -       error
      smtp-amavis unix -       -       y       -       2       smtp
      scan       unix  -       -       y       -       2       smtp
      boxes      unix  -       -       y       -       2       lmtp
      mailman    unix  -       n       n       -       -       pipe flags=FR user=list argv=/usr/lib/mailman
      """.utf8))

  struct Case: CustomTestStringConvertible {
    var settings: [String: String] = [:]
    var hasServices = true
    var end: String
    var hop: Hop
    var testDescription: String { "\(settings) \(end)" }
  }

  static let cases: [Case] = [
    // Without settings the address and the port have to do.
    Case(hasServices: false, end: "127.0.0.1[127.0.0.1]:8025", hop: .relay),
    Case(hasServices: false, end: "127.0.0.1[127.0.0.1]:10024", hop: .filter),
    Case(hasServices: false, end: "127.0.0.1[127.0.0.1]:24", hop: .local),
    // This Postfix itself listens there.
    Case(end: "127.0.0.1[127.0.0.1]:10025", hop: .local),
    Case(end: "localhost[127.0.0.1]:2424", hop: .local),
    Case(end: "127.0.0.1[127.0.0.1]:25", hop: .local),
    // Filters of main.cf and of a service, at any port.
    Case(
      settings: ["content_filter": "scan:localhost:8025"], end: "127.0.0.1[127.0.0.1]:8025",
      hop: .filter),
    Case(end: "127.0.0.1[127.0.0.1]:10026", hop: .filter),
    Case(end: "127.0.0.1[127.0.0.1]:11300", hop: .filter),
    Case(
      settings: ["content_filter": "scan:[192.0.2.8]:25"], end: "192.0.2.8[192.0.2.8]:25",
      hop: .filter),
    // A tunnel to the relay, at a port where filters listen elsewhere.
    Case(
      settings: ["relayhost": "[127.0.0.1]:10024"], end: "127.0.0.1[127.0.0.1]:10024", hop: .relay),
    Case(
      settings: ["relayhost": "[localhost]:11125"], end: "127.0.0.1[127.0.0.1]:11125", hop: .relay),
    // Mailboxes behind LMTP, at LMTP's port and at another.
    Case(
      settings: ["virtual_transport": "lmtp:inet:127.0.0.1:24"], end: "127.0.0.1[127.0.0.1]:24",
      hop: .local),
    Case(
      settings: ["mailbox_transport": "lmtp:inet:127.0.0.1:11200"],
      end: "127.0.0.1[127.0.0.1]:11200", hop: .local),
    Case(
      settings: ["virtual_transport": "boxes:[192.0.2.5]:25"], end: "192.0.2.5[192.0.2.5]:25",
      hop: .local),
    // No setting leads there: the DNS did, or an action such as FILTER.
    Case(end: "mx.a.test[127.0.0.11]:25", hop: .final),
    Case(end: "127.0.0.1[127.0.0.1]:8025", hop: .filter),
    // A server inside that takes our domains' mail.
    Case(
      settings: ["relay_transport": "smtp:[inside.test]"], end: "inside.test[192.0.2.6]:25",
      hop: .relay),
    // Another port of a relay's host is still that server; another one of this server is not.
    Case(
      settings: ["relayhost": "[smtp.isp.test]:587"], end: "smtp.isp.test[192.0.2.7]:25",
      hop: .relay),
    Case(
      settings: ["relayhost": "[127.0.0.1]:2525"], end: "127.0.0.1[127.0.0.1]:10030", hop: .filter),
    Case(
      settings: ["relayhost": "[smtp.isp.test]:587"], end: "mx.a.test[192.0.2.9]:25", hop: .final),
  ]

  private static func relays(_ test: Case) -> Relays {
    test.hasServices ? PostfixRouting(test.settings, services: services).relays : Relays()
  }

  @Test(arguments: cases) func aLineIsPlaced(_ test: Case) throws {
    for reason in [
      "connect to \(test.end): Connection refused",
      "host \(test.end.prefix { $0 != "]" })] said: 451 4.3.0 later (in reply to RCPT TO command)",
    ] {
      let relay = reason.hasPrefix("host") ? test.end : "none"
      let line = Array(
        "Nov 30 10:00:00 mail postfix/smtp[42]: 4dGXk2Tz9Bz1: to=<u@a.test>, relay=\(relay), delay=1, delays=0/0/1/0, dsn=4.3.0, status=deferred (\(reason))"
          .utf8)
      let grammar = LogGrammar(now: 1_796_000_100, zone: .utc, relays: Self.relays(test))
      let event = grammar.event(in: line.span)
      #expect(event?.hop == test.hop, "\(reason)")
    }
  }

  @Test(arguments: cases) func aListingIsPlaced(_ test: Case) throws {
    let text = """
      {"queue_name": "deferred", "queue_id": "4dGXk2Tz9Bz1", "arrival_time": 1796000000, "message_size": 900, \
      "sender": "a@shop.example", "recipients": [{"address": "u@a.test", "delay_reason": \
      "connect to \(test.end): Connection refused"}]}

      """
    let listing = QueueListing(Array(text.utf8), now: 1_796_000_100)
    let snapshot = QueueSnapshot(listing, relays: Self.relays(test), taken: 1_796_000_100)
    let recipient = try #require(snapshot.message(at: 0).recipients.first)
    #expect(recipient.hop == test.hop)
    #expect("\(test.end)".contains(":\(recipient.endpoint?.port ?? 0)"))
  }

  @Test func aTransportIsWhatItsProgramIs() async throws {
    let routing = PostfixRouting(
      [
        "transport_maps": "inline:{x}", "virtual_mailbox_domains": "boxes.test",
        "virtual_transport": "boxes:inet:127.0.0.1:11200",
      ], services: Self.services)
    for (domain, way) in [
      ("lists.test", "local"), ("boxes.test", "local 127.0.0.1:11200"),
      ("scan.test", "filter 127.0.0.1:8025"), ("other.test", "final"),
    ] {
      let route = try await routing.route(of: "u@\(domain)", from: "a@b.test") { key, _ in
        ["lists.test": "mailman:", "scan.test": "smtp-amavis:[127.0.0.1]:8025"][key]
      }
      let found = try #require(route)
      #expect(([found.hop.rawValue] + found.ends.map(\.words)).joined(separator: " ") == way)
    }
  }

  // MARK: - Tables that cannot be read as a whole

  @Test func theRelaysOfPatternsAreRead() throws {
    let text = """
      # comment
      /^(.*)@one\\.test$/  smtp:[r1.test]:26
      if /@two/
      /@two\\.test$/i
          smtp:[r2.test]:587
      endif
      !m{x y}  :[r3.test]
      |a/b|  lmtp:unix:private/lmtp
      192.0.2.0/24  relay:[r4.test]
      """
    let routing = PostfixRouting(["transport_maps": "regexp:/etc/postfix/r"])
    let table = try #require(routing.tables.first)
    #expect(table.patternFile == "/etc/postfix/r")
    let relays = routing.relays(inTable: table, patterns: Array(text.utf8))
    let names = ["r1.test", "r2.test", "r4.test", "unix"]
    #expect(names.map { relays.end(at: $0)?.port } == [26, 587, 25, nil])
    #expect(!relays.mayLackSome)
    let made = routing.relays(inTable: table, patterns: Array("/@(.*)$/ smtp:[mx.$1]".utf8))
    #expect(made.mayLackSome)
  }

  struct Open: CustomTestStringConvertible {
    var host: String
    var domain: String
    var hop: Hop
    var cause = Cause.other
    var side = Side.theirs
    var testDescription: String { "\(host) \(domain)" }
  }

  /// A table that can only be asked leaves open whether a stranger's server is a relay of ours.
  @Test(
    arguments: [
      Open(host: "mx.a.test", domain: "a.test", hop: .final),
      Open(host: "mx1.mail.b.test", domain: "www.b.test", hop: .final),
      Open(host: "hub.other.test", domain: "a.test", hop: .unknown, side: .unknown),
    ]) func whatIsNotKnownIsSaid(_ test: Open) throws
  {
    let routing = PostfixRouting(["transport_maps": "proxy:mysql:/etc/postfix/t.cf"])
    let table = try #require(routing.tables.first)
    let relays = routing.relays.joined(with: routing.relays(inUnread: table))
    let reason =
      "host \(test.host)[192.0.2.1] said: 454 4.7.1 <u@\(test.domain)>: Relay access denied (in reply to RCPT TO command)"
    let line = Array(
      "Nov 30 10:00:00 mail postfix/smtp[42]: 4dGXk2Tz9Bz1: to=<u@\(test.domain)>, relay=\(test.host)[192.0.2.1]:25, delay=1, delays=0/0/1/0, dsn=4.3.0, status=deferred (\(reason))"
        .utf8)
    let found = LogGrammar(now: 1_796_000_100, zone: .utc, relays: relays).event(in: line.span)
    let event = try #require(found)
    #expect((event.hop, event.side, event.cause) == (test.hop, test.side, test.cause))
    let listing = QueueListing(
      Array(
        """
        {"queue_name": "deferred", "queue_id": "4dGXk2Tz9Bz1", "arrival_time": 1796000000, "message_size": 900, \
        "sender": "a@shop.example", "recipients": [{"address": "u@\(test.domain)", "delay_reason": "\(reason)"}]}

        """.utf8), now: 1_796_000_100)
    let snapshot = QueueSnapshot(listing, relays: relays, taken: 1_796_000_100)
    let recipient = try #require(snapshot.message(at: 0).recipients.first)
    #expect((recipient.hop, recipient.side) == (test.hop, test.side))
    // With the settings of another machine, or none, only the line counts.
    #expect(LogGrammar(now: 1_796_000_100, zone: .utc).event(in: line.span)?.hop == .final)
  }

  // MARK: - Exim

  static let exim = EximRouting(
    routers: Array(
      """
      dnslookup_relay_to_domains router:
      driver = dnslookup
      transport = remote_smtp
      out router:
      driver = manualroute
      route_data = ${lookup{$domain}lsearch{/etc/exim4/routes}}
      transport = remote_smtp
      scan router:
      driver = manualroute
      route_list = * 127.0.0.1 byname
      transport = scan_smtp
      boxes router:
      driver = manualroute
      route_list = * 127.0.0.1 byname
      transport = boxes
      """.utf8),
    transports: Array(
      """
      remote_smtp transport:
      driver = smtp
      scan_smtp transport:
      driver = smtp
      port = 10024
      boxes transport:
      driver = smtp
      protocol = lmtp
      port = 11200
      """.utf8))

  @Test(
    arguments: [
      ("R=dnslookup_relay_to_domains T=remote_smtp", "mx.a.test [192.0.2.1]", .final, .final),
      ("R=out T=remote_smtp", "hub.test [192.0.2.1]", .final, .relay),
      ("R=scan T=scan_smtp", "127.0.0.1 [127.0.0.1]", .filter, .filter),
      ("R=boxes T=boxes", "127.0.0.1 [127.0.0.1]", .final, .local),
      ("R=boxes T=boxes", "127.0.0.1 [127.0.0.1]:11200", .final, .local),
      ("R=smarthost T=remote_smtp_smarthost", "hub.test [192.0.2.1]", .relay, .relay),
    ] as [(String, String, Hop, Hop)])
  func eximsLinesArePlaced(_ route: String, _ host: String, _ alone: Hop, _ known: Hop) throws {
    let line = Array(
      "2026-11-30 10:00:00 1vNaBc-0001dE-2F == u@a.test \(route) defer (-44) H=\(host): SMTP error from remote mail server after RCPT TO:<u@a.test>: 451 4.3.0 later"
        .utf8)
    #expect(LogGrammar(now: 1_796_000_100, zone: .utc).event(in: line.span)?.hop == alone)
    let grammar = LogGrammar(now: 1_796_000_100, zone: .utc, relays: Self.exim.relays)
    #expect(grammar.event(in: line.span)?.hop == known)
  }

  /// The host stands in the line before, which has no router: the recipient's own line tells the way, in the queue too.
  @Test(
    arguments: [
      ("R=scan T=scan_smtp", .filter), ("R=boxes T=boxes", .local), ("R=out T=remote_smtp", .relay),
      ("R=dnslookup_relay_to_domains T=remote_smtp", .final),
    ] as [(String, Hop)])
  func aQueueIsPlacedByTheRouter(_ route: String, _ hop: Hop) throws {
    let listing = QueueListing(
      Array(" 5m  1.2K 1vOSj9-000001-1A <a@shop.example>\n          u@a.test\n\n".utf8),
      mta: .exim, now: 1_796_000_100)
    let grammar = LogGrammar(now: 1_796_000_100, zone: .utc, relays: Self.exim.relays)
    let lines = [
      "H=127.0.0.1 [127.0.0.1] Connection refused",
      "== u@a.test \(route) defer (111): Connection refused",
      "== u@a.test \(route) defer (-54): retry time not reached for any host for 'a.test'",
    ]
    for count in 1...3 {
      var history = DeliveryHistory()
      history.record(
        lines.prefix(count).compactMap {
          grammar.event(in: Array("2026-11-29 14:14:00 1vOSj9-000001-1A \($0)".utf8).span)
        })
      let snapshot = QueueSnapshot(
        listing, history: history, relays: Self.exim.relays, taken: 1_796_000_100)
      let found = try #require(snapshot.message(at: 0).recipients.first)
      #expect(found.hop == (count == 1 ? .unknown : hop), "\(count) lines")
      // The services of this server have their own ports.
      let ports: [Hop: Int] = [.filter: 10024, .local: 11200]
      #expect(count == 1 || found.endpoint?.port == ports[hop])
    }
  }

  /// A line of one host has no router: where an expansion names hosts, it may be a relay.
  @Test func aHostWithoutItsRouterIsLeftOpen() throws {
    let line = Array(
      "2026-11-30 10:00:00 1vNaBc-0001dE-2F H=hub.test [192.0.2.1] Connection refused".utf8)
    let grammar = LogGrammar(now: 1_796_000_100, zone: .utc, relays: Self.exim.relays)
    #expect(grammar.event(in: line.span)?.hop == .unknown)
  }
}
