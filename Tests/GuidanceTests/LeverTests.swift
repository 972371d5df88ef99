// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Guidance

struct LeverTests {
  static func context(_ present: [String: String] = [:], connections: Int? = nil) -> LeverContext {
    LeverContext(
      destination: "example.com", client: "192.0.2.1", connections: connections,
      messagesPerConnection: nil, present: present)
  }

  static func text(_ lever: Lever, _ mta: MTA, _ context: LeverContext) -> String {
    lever.advice(for: mta, context).flatMap { [$0.file] + $0.lines }.joined(separator: "\n")
  }

  @Test func postfixGetsATransportOfItsOwn() {
    #expect(
      Self.text(.fewerConnections, .postfix, Self.context(connections: 2)) == """
        /etc/postfix/master.cf
        slow      unix  -       -       n       -       2       smtp
          -o smtp_connection_cache_on_demand=no
        /etc/postfix/transport
        example.com    slow:
        /etc/postfix/main.cf
        transport_maps = hash:/etc/postfix/transport
        slow_destination_concurrency_limit = 2
        slow_initial_destination_concurrency = 1
        slow_destination_concurrency_failed_cohort_limit = 10
        """)
  }

  @Test func postfixKeepsTheTablesThatAreThere() {
    let context = Self.context([
      "transport_maps": "lmdb:/etc/postfix/old", "default_database_type": "lmdb",
    ])
    let text = Self.text(.slowDown, .postfix, context)
    #expect(text.contains("transport_maps = lmdb:/etc/postfix/old, lmdb:/etc/postfix/transport"))
    #expect(text.contains("slow_destination_rate_delay = 6s"))
    let again = Self.context(["transport_maps": "hash:/etc/postfix/transport"])
    #expect(
      Self.text(.slowDown, .postfix, again).contains(
        "transport_maps = hash:/etc/postfix/transport\n"))
  }

  @Test func eximGetsATransportAndARouter() {
    #expect(
      Self.text(.fewerConnections, .exim, Self.context()) == """
        exim.conf (exim -bP configure_file names it): the section "begin transports"
        slow_smtp:
          # and the lines of your remote_smtp below its driver
          driver = smtp
          max_parallel = 1
          connection_max_messages = 10
          serialize_hosts = *
        exim.conf (exim -bP configure_file names it): the section "begin routers", above the \
        router that sends mail out
        slow_destinations:
          driver = dnslookup
          domains = example.com
          transport = slow_smtp
          ignore_target_hosts = <; 0.0.0.0 ; 127.0.0.0/8 ; ::1
          no_more
        exim.conf (exim -bP configure_file names it): the main section, at the top
        remote_max_parallel = 1
        queue_run_max = 2
        """)
    #expect(
      !Self.text(.fewerConnections, .exim, Self.context(connections: 4)).contains("serialize"))
  }

  @Test(
    arguments: [
      (MTA.exim, [:], "smtp_accept_max = 30"),
      (.exim, ["smtp_accept_max": "12"], "smtp_accept_max = 18"),
      (.exim, ["smtp_accept_max": "99999999999999999999"], "smtp_accept_max = 30"),
      (.exim, ["smtp_accept_max_per_host": "1"], "smtp_accept_max_per_host = 2"),
      (.postfix, [:], "smtpd_client_connection_count_limit = 75"),
      (.postfix, ["default_process_limit": "20"], "default_process_limit = 30"),
    ] as [(MTA, [String: String], String)])
  func raisesByOneStep(_ mta: MTA, _ present: [String: String], _ line: String) {
    #expect(Self.text(.acceptMore, mta, Self.context(present)).contains(line))
  }

  /// A relay takes the mail of all domains: its limits are not those of one of them.
  @Test(arguments: [Lever.fewerConnections, .slowDown, .tlsException], MTA.allCases)
  func whatTheRelayLimitsIsSetForTheRelay(_ lever: Lever, _ mta: MTA) {
    var context = Self.context()
    context.nextHop = "[smtp.isp.test]:587"
    let text = Self.text(lever, mta, context)
    #expect(!text.contains("example.com"))
    #expect(!text.contains("/transport\n"))
    #expect(
      text.contains("relay") || text.contains("smtp_destination")
        || text.contains("[smtp.isp.test]:587 may"))
  }

  @Test(arguments: Lever.allCases, MTA.allCases)
  func canBeUndone(_ lever: Lever, _ mta: MTA) {
    for advice in lever.advice(for: mta, Self.context()) {
      #expect(!advice.lines.isEmpty)
      #expect(!advice.file.isEmpty && !advice.reload.isEmpty)
      #expect(!advice.undo.isEmpty && !advice.show.isEmpty)
    }
  }

  @Test func showsThePresentValuesAndTheFilesOfThisServer() {
    let postfix = Lever.acceptMore.advice(
      for: .postfix,
      Self.context([
        "default_process_limit": "80", "config_directory": "/etc/postfix-out",
        "smtpd_client_connection_count_limit": "50",
      ]))
    #expect(
      postfix.map(\.present) == [
        ["smtpd_client_connection_count_limit = 50"], ["default_process_limit = 80"],
      ])
    #expect(postfix.allSatisfy { $0.file == "/etc/postfix-out/main.cf" })
    let exim = Lever.acceptMore.advice(
      for: .exim, Self.context(["configure_file": "/etc/exim4/exim4.conf"]))
    #expect(exim[0].file == "/etc/exim4/exim4.conf: the main section, at the top")
    let odd = Lever.acceptMore.advice(for: .exim, Self.context(["configure_file": "/x; rm -rf"]))
    #expect(odd[0].file.hasPrefix("exim.conf ("))
  }
}
