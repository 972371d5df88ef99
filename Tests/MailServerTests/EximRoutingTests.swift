// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

/// The way of mail by Exim's routers, as `exim -bP` and `exim -bt` of 4.96 printed them.
struct EximRoutingTests {
  private static func routing() throws -> EximRouting {
    EximRouting(
      routers: try QueueFixture.bytes("exim/bP_routers.txt"),
      transports: try QueueFixture.bytes("exim/bP_transports.txt"))
  }

  @Test func theRelaysOfTheSettingsAreRead() throws {
    let routing = try Self.routing()
    #expect(routing.mayRelay)
    // A manualroute's port, that of its transport, and the hosts of a transport.
    #expect(routing.relays.end(at: "127.0.0.12")?.port == 25)
    #expect(routing.relays.end(at: "hub1.busy.test")?.port == 25)
    // At port 587 and at 2525: the name alone does not say which.
    let twice = try #require(routing.relays.end(at: "mx1.busy.test"))
    #expect(twice.port == nil)
    #expect(!EximRouting().mayRelay)
    #expect(EximRouting().relays.isEmpty)
  }

  @Test(
    arguments: [
      ("* relay.isp.test::587 byname", "relay.isp.test:587"),
      ("* \"<, relay.isp.test:587, [192.0.2.7]:26\" byname", "relay.isp.test:587 192.0.2.7:26"),
      ("* a.test:b.test:+:c.test randomize", "a.test:25 b.test:25 c.test:25"),
      ("dom.test a.test/MX; *.x.test [2001::db8::::7]::587", "a.test:25"),
      ("* ${lookup{$domain}lsearch{/x}}", ""), ("* $domain", ""), ("", ""),
    ])
  func hostListsAreRead(_ list: String, _ ends: String) {
    let text = "smarthost router:\ndriver = manualroute\ntransport = smtp\nroute_list = \(list)\n"
    let relays = EximRouting(routers: Array(text.utf8)).relays
    for end in ends.split(separator: " ") {
      let host = end.split(separator: ":").first.map(String.init)
      #expect(relays.end(at: host)?.words == String(end))
    }
    if ends.isEmpty { #expect(relays.only == nil) }
  }

  @Test(
    arguments: [
      (
        """
        q@other.test
          router = smarthost, transport = remote_smtp_smarthost
          host mx1.busy.test [127.0.0.12] port=587

        """, "relay mx1.busy.test[127.0.0.12]:587 by router smarthost"
      ),
      // Without its own port the host has that of the transport.
      (
        """
        y@backup.test
          router = smarthost, transport = remote_smtp_smarthost
          host mx1.busy.test   [127.0.0.12]
          host mx2.backup.test [127.0.0.11]

        """,
        "relay mx1.busy.test[127.0.0.12]:587 mx2.backup.test[127.0.0.11]:587 by router smarthost"
      ),
      // The hosts are in the transport.
      (
        "z@acc.test\n  router = viahosts, transport = smtp_hosts\n",
        "relay mx1.busy.test:2525 by router viahosts"
      ),
      (
        """
        a@hub.test cannot be resolved at this time: lookup of host "hub1.busy.test" failed in hubbed router

        """, "relay hub1.busy.test:25 by router hubbed"
      ),
      (
        "q@busy.test\n  router = remote, transport = smtp\n  host mx1.busy.test [127.0.0.12] MX=10\n",
        "final by router remote"
      ),
      ("nobody@exim.lab\n  router = local, transport = discarded\n", "local by router local"),
      (
        "a@b.test\n    <-- c@d.test\n  router = smarthost, transport = remote_smtp_smarthost\n"
          + "  host relay.test [192.0.2.1] ** unusable **\n",
        "relay relay.test[192.0.2.1]:587 by router smarthost"
      ),
      ("z@nowhere.test is undeliverable: Unrouteable address\n", nil),
      ("exim: permission denied\n", nil), ("", nil),
      // Several ways are none.
      (
        "a@b.test\n  router = local, transport = discarded\nc@d.test\n  router = smarthost, transport = smtp\n",
        nil
      ),
    ] as [(String, String?)])
  func theWayIsRead(_ output: String, _ way: String?) throws {
    let route = try Self.routing().route(testing: Array(output.utf8))
    let ends = route?.ends.map { " \($0.words)" }.joined() ?? ""
    #expect(route.map { "\($0.hop.rawValue)\(ends) by \($0.decidedBy)" } == way)
  }

  @Test func anyBytesAreRead() throws {
    let routing = try Self.routing()
    for cut in stride(from: 0, to: 200, by: 7) {
      let text =
        "  router = \u{1B}[31m, transport = \n  host  [ MX= port=x\n  host a [b port=99999999999999999999"
      _ = routing.route(testing: Array(text.utf8.prefix(cut)))
    }
  }
}
