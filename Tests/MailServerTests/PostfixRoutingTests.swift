// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

/// The way of mail by Postfix's settings: transport(5), postconf(5), trivial-rewrite(8).
struct PostfixRoutingTests {
  struct Case: CustomTestStringConvertible {
    var settings: [String: String] = [:]
    /// By `TABLE KEY`.
    var tables: [String: String] = [:]
    var recipient = "user@dest.example.com"
    var sender = "me@shop.example"
    /// Such as `relay [smtp.isp.test]:587 by relayhost`.
    var way: String

    var testDescription: String { "\(settings) \(tables) \(recipient)" }
  }

  private static let transport = ["transport_maps": "hash:/t"]

  static let cases: [Case] = [
    Case(way: "final by default_transport"),
    Case(
      settings: ["relayhost": "[smtp.isp.test]:587"], way: "relay smtp.isp.test:587 by relayhost"),
    Case(
      settings: ["relayhost": "[smtp.isp.test]:submission, isp.test"],
      way: "relay smtp.isp.test:587 isp.test:25 by MX by relayhost"),
    Case(settings: ["relayhost": "isp.test"], way: "relay isp.test:25 by MX by relayhost"),
    Case(
      settings: ["default_transport": "smtp:[out.test]:2525", "relayhost": "[smtp.isp.test]"],
      way: "relay out.test:2525 by default_transport"),
    Case(
      settings: ["relayhost": "[smtp.isp.test]", "mydestination": "a.test, dest.example.com"],
      way: "local by mydestination"),
    Case(
      settings: ["relay_domains": "dest.example.com", "relay_transport": "smtp:[inside.test]"],
      way: "relay inside.test:25 by relay_transport"),
    // The whole address, then the domain, then its parents with a dot, then the asterisk.
    Case(
      settings: transport,
      tables: [
        "hash:/t user@dest.example.com": "smtp:[one.test]",
        "hash:/t dest.example.com": ":[two.test]",
      ], way: "relay one.test:25 by transport_maps"),
    Case(
      settings: transport,
      tables: ["hash:/t dest.example.com": "smtp:[two.test]:26", "hash:/t *": "smtp:[x.test]"],
      way: "relay two.test:26 by transport_maps"),
    Case(
      settings: transport,
      tables: ["hash:/t .example.com": "slow:[three.test]", "hash:/t example.com": ":[x.test]"],
      way: "relay three.test:25 by transport_maps"),
    Case(
      settings: transport.merging(
        ["parent_domain_matches_subdomains": "debug_peer_list,transport_maps"]) { $1 },
      tables: ["hash:/t example.com": "smtp:[four.test]", "hash:/t .example.com": "smtp:[x.test]"],
      way: "relay four.test:25 by transport_maps"),
    Case(
      settings: transport, tables: ["hash:/t *": ":[star.test]:2525"],
      way: "relay star.test:2525 by transport_maps"),
    Case(
      settings: transport.merging(["recipient_delimiter": "+"]) { $1 },
      tables: ["hash:/t user@dest.example.com": "smtp:[five.test]"],
      recipient: "user+tag@dest.example.com", way: "relay five.test:25 by transport_maps"),
    // A transport without a next hop goes back to the recipient's own servers, past relayhost.
    Case(
      settings: transport.merging(["relayhost": "[smtp.isp.test]"]) { $1 },
      tables: ["hash:/t dest.example.com": "smtp:"], way: "final by transport_maps"),
    Case(
      settings: transport.merging(["relayhost": "[smtp.isp.test]"]) { $1 },
      tables: ["hash:/t dest.example.com": ":"], way: "relay smtp.isp.test:25 by relayhost"),
    Case(
      settings: transport, tables: ["hash:/t dest.example.com": "smtp:dest.example.com"],
      way: "final by transport_maps"),
    Case(
      settings: transport, tables: ["hash:/t dest.example.com": "smtp:[dest.example.com]"],
      way: "relay dest.example.com:25 by transport_maps"),
    Case(
      settings: transport, tables: ["hash:/t dest.example.com": "lmtp:unix:private/lmtp"],
      way: "local private/lmtp by transport_maps"),
    Case(
      settings: transport, tables: ["hash:/t dest.example.com": "retry:4.0.0 later"],
      way: "local by transport_maps"),
    Case(
      settings: transport, tables: ["hash:/t dest.example.com": "amavis:[127.0.0.1]:10024"],
      way: "filter 127.0.0.1:10024 by transport_maps"),
    Case(
      settings: transport, tables: ["hash:/t dest.example.com": "lmtp:inet:127.0.0.1"],
      way: "local 127.0.0.1:24 by transport_maps"),
    // A pattern table sees the whole address alone.
    Case(
      settings: [
        "transport_maps": "regexp:/r, inline:{ {dest.example.com = smtp:[in.test]:24}, b=c }"
      ],
      tables: [
        "regexp:/r dest.example.com": "smtp:[never.test]",
        "inline:{ {dest.example.com = smtp:[in.test]:24}, b=c } dest.example.com":
          "smtp:[in.test]:26",
      ], way: "relay in.test:26 by transport_maps"),
    Case(
      settings: ["transport_maps": "proxy:mysql:/m.cf"],
      tables: ["mysql:/m.cf dest.example.com": "smtp:[my.test]"],
      way: "relay my.test:25 by transport_maps"),
    Case(
      settings: ["sender_dependent_relayhost_maps": "hash:/s", "relayhost": "[x.test]"],
      tables: ["hash:/s @shop.example": "[shop.relay.test]:587"],
      way: "relay shop.relay.test:587 by sender_dependent_relayhost_maps"),
    Case(
      settings: ["sender_dependent_relayhost_maps": "hash:/s", "relayhost": "[x.test]"],
      tables: ["hash:/s me@shop.example": "DUNNO"], way: "relay x.test:25 by relayhost"),
    Case(
      settings: ["sender_dependent_relayhost_maps": "hash:/s", "relayhost": "[x.test]"],
      tables: ["hash:/s @shop.example": "[y.test]"], sender: "", way: "relay x.test:25 by relayhost"
    ),
    Case(
      settings: ["sender_dependent_default_transport_maps": "hash:/d"],
      tables: ["hash:/d me@shop.example": "smtp:[d.test]:2525"],
      way: "relay d.test:2525 by sender_dependent_default_transport_maps"),
  ]

  @Test(arguments: cases) func theWayIsThatOfPostfix(_ test: Case) async throws {
    let routing = PostfixRouting(test.settings)
    let route = try await routing.route(of: test.recipient, from: test.sender) { key, table in
      test.tables["\(table.name) \(key)"]
    }
    let found = try #require(route)
    let ends = found.ends.map { " \($0.words)" }.joined()
    let way = found.hop.rawValue + ends + (found.isByHost || found.ends.isEmpty ? "" : " by MX")
    #expect("\(way) by \(found.decidedBy)" == test.way)
  }

  @Test func whatCannotBeAskedIsNotGuessed() async {
    struct Unknown: Error {}
    let routing = PostfixRouting(["transport_maps": "mysql:/m.cf", "relayhost": "[x.test]"])
    await #expect(throws: Unknown.self) {
      try await routing.route(of: "a@b.test", from: "") { _, _ in throw Unknown() }
    }
    let route = try? await routing.route(of: "no address", from: "") { _, _ in nil }
    #expect(route == .some(nil))
  }

  @Test(arguments: ["-q", "/etc/postfix/transport", "x y:z", "", ":", "-x:/y"])
  func whatIsNoTableIsNoArgument(_ text: String) {
    #expect(PostfixRouting.Table(text) == nil)
  }

  @Test func onlySettingsThatNameAWayAreAsked() {
    #expect(!PostfixRouting().mayRelay)
    #expect(!PostfixRouting(["default_transport": "smtp", "relay_transport": "relay"]).mayRelay)
    #expect(PostfixRouting(["relayhost": "[a.test]"]).mayRelay)
    #expect(PostfixRouting(["default_transport": "smtp:[a.test]"]).mayRelay)
    #expect(PostfixRouting(["transport_maps": "regexp:/r"]).mayRelay)
  }

  /// What `postmap -s` of Postfix 3.7 printed.
  @Test func theRelaysOfATableAreRead() throws {
    let output = """
      *\t:[star.test]:2525
      .example.com\t:
      a.test\tslow:
      b.test\tsmtp:b.test
      c.test\tlmtp:unix:private/lmtp
      d.test\terror:gone
      example.com\tsmtp:[relay1.test]:587
      user@b.test\trelay:[r2.test]

      """
    let routing = PostfixRouting(["transport_maps": "hash:/t", "relayhost": "[isp.test]:587"])
    let table = try #require(routing.tables.first)
    #expect(table.canBeRead)
    let relays = routing.relays(inTable: table, Array(output.utf8))
    let names = ["star.test", "relay1.test", "r2.test", "b.test", "gone", "isp.test"]
    #expect(names.map { relays.end(at: $0)?.port } == [2525, 587, 25, nil, nil, nil])
    #expect(routing.relays.only?.words == "isp.test:587")
  }
}
