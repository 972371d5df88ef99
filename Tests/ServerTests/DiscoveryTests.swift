// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

@testable import Server

@Suite("Finding the mail server")
struct DiscoveryTests {
  static let eximOptions =
    "exim4 -bP spool_directory log_file_path pid_file_path syslog_processname"
  static let postfixParameters =
    "postconf -x mail_version queue_directory maillog_file syslog_name multi_instance_name "
    + "minimal_backoff_time maximal_backoff_time hash_queue_depth"
  static let routingParameters =
    "postconf -x " + PostfixRouting.parameters.joined(separator: " ")

  private static func addExim(to contents: inout FakeHost.Contents, logs: String) {
    contents.executables["exim4"] = "/usr/sbin/exim4"
    contents.answer(
      eximOptions,
      "spool_directory = /var/spool/exim4\nlog_file_path = \(logs)\npid_file_path = /run/exim4.pid\n"
        + "syslog_processname is not a known option\n")
    contents.answer("exim4 -bV", "Exim version 4.96 #2 built 27-May-2026 16:52:26\nCopyright\n")
  }

  private static func addPostfix(to contents: inout FakeHost.Contents, log: String) {
    for name in ["postqueue", "postconf", "postcat", "postsuper"] {
      contents.executables[name] = "/usr/sbin/\(name)"
    }
    contents.answer(
      postfixParameters,
      """
      mail_version = 3.7.11
      queue_directory = /var/spool/postfix
      maillog_file = \(log)
      syslog_name = postfix
      multi_instance_name =
      minimal_backoff_time = 2m
      maximal_backoff_time = 4000s
      hash_queue_depth = 1

      """)
  }

  @Test func readsWhatEximSays() async throws {
    let host = FakeHost {
      Self.addExim(to: &$0, logs: "/var/log/exim4/%slog")
      $0.files["/var/log/exim4/mainlog"] = ("", 1)
    }
    let system = try await Discovery.find(on: host)
    #expect(
      system
        == MailSystem(
          tools: .exim(exim: "/usr/sbin/exim4"), version: "4.96", spool: "/var/spool/exim4",
          logs: [.file("/var/log/exim4/mainlog")]))
    #expect(system.identity(on: host).instance == "/var/spool/exim4")
  }

  @Test func readsWhatPostfixSays() async throws {
    let host = FakeHost { Self.addPostfix(to: &$0, log: "/var/log/postfix.log") }
    let system = try await Discovery.find(on: host)
    #expect(
      system
        == MailSystem(
          tools: .postfix(
            postqueue: "/usr/sbin/postqueue", postconf: "/usr/sbin/postconf",
            postcat: "/usr/sbin/postcat", postsuper: "/usr/sbin/postsuper"),
          version: "3.7.11", spool: "/var/spool/postfix", logs: [.file("/var/log/postfix.log")],
          backoff: PostfixBackoff(minimal: 120, maximal: 4000)))
  }

  @Test func readsTheRelaysOfPostfix() async throws {
    let host = FakeHost {
      Self.addPostfix(to: &$0, log: "/var/log/postfix.log")
      $0.executables["postmap"] = "/usr/sbin/postmap"
      $0.answer(
        Self.routingParameters,
        "relayhost = [smtp.isp.test]:587\ntransport_maps = hash:/t, regexp:/r, static:smtp:[all.test]\n"
          + "sender_dependent_relayhost_maps = texthash:/s\n")
      $0.files["/r"] = ("/@in\\.test$/ smtp:[pattern.test]:2525\n", 1)
      $0.answer(
        "postconf -M",
        "scan unix - - n - - smtp\n127.0.0.1:10025 inet n - n - - smtpd\n"
          + "    -o content_filter=scan:[127.0.0.1]:8025\n")
      $0.answer("postmap -s hash:/t", "a.test\tsmtp:[hub.test]:26\n")
      $0.answer("postmap -s texthash:/s", "@shop.example\t[shop.test]:465\n")
    }
    let system = try await Discovery.find(on: host)
    let names = ["smtp.isp.test", "hub.test", "shop.test", "pattern.test", "all.test"]
    #expect(names.map { system.relays.end(at: $0)?.port } == [587, 26, 465, 2525, 25])
    #expect(
      [8025, 10025, 10024].map { system.relays.hop(at: "127.0.0.1", port: $0) } == [
        .filter, .local, nil,
      ])
    #expect(system.identity(on: host).mayRelay)
    #expect(!host.asked.contains { $0.contains("regexp") })
    #expect(!system.relays.mayLackSome)
  }

  /// What cannot be read as a whole may name more relays: a stranger's server is not taken for the destination's own then.
  @Test(
    arguments: ["mysql:/m.cf", "proxy:ldap:/l.cf", "hash:/gone", "regexp:/gone", "regexp:/made"])
  func tellsWhereATableCannotBeRead(table: String) async throws {
    let host = FakeHost {
      Self.addPostfix(to: &$0, log: "/var/log/postfix.log")
      $0.executables["postmap"] = "/usr/sbin/postmap"
      $0.answer(Self.routingParameters, "transport_maps = \(table)\n")
      $0.answer("postmap -s hash:/gone", "", complaint: "postmap: fatal: open", status: 1)
      $0.files["/made"] = ("/@(.*)$/ smtp:[relay.$1]\n", 1)
    }
    #expect(try await Discovery.find(on: host).relays.mayLackSome)
  }

  @Test func readsTheRelaysOfExim() async throws {
    let host = FakeHost {
      Self.addExim(to: &$0, logs: "/var/log/exim4/%slog")
      $0.answer(
        "exim4 -bP routers",
        "\nsmarthost router:\ndriver = manualroute\nroute_list = * smtp.isp.test byname\ntransport = out\n"
      )
      $0.answer("exim4 -bP transports", "\nout transport:\ndriver = smtp\nport = 587\n")
    }
    let system = try await Discovery.find(on: host)
    #expect(system.relays.only?.words == "smtp.isp.test:587")
    #expect(system.identity(on: host).mayRelay)
  }

  @Test(
    arguments: [
      "/var/log/exim4/mainlog", "/var/log/exim_mainlog", "/var/log/exim/main.log",
      "/var/log/exim/mainlog",
    ])
  func looksWhereDistributionsPutTheLogOfExim(path: String) async throws {
    let host = FakeHost {
      $0.executables["exim4"] = "/usr/sbin/exim4"
      $0.files[path] = ("", 1)
    }
    #expect(try await Discovery.find(on: host).logs == [.file(path)])
  }

  @Test(arguments: ["/var/log/mail.log", "/var/log/maillog"])
  func looksWhereSyslogPutsTheLogOfPostfix(path: String) async throws {
    let host = FakeHost {
      Self.addPostfix(to: &$0, log: "")
      $0.files[path] = ("", 1)
    }
    #expect(try await Discovery.find(on: host).logs == [.file(path)])
  }

  @Test func readsTheJournalWhereThereIsNoFile() async throws {
    let host = FakeHost {
      Self.addPostfix(to: &$0, log: "")
      $0.executables["journalctl"] = "/usr/bin/journalctl"
    }
    guard case .journal(let identifiers) = try await Discovery.find(on: host).logs.first else {
      Issue.record("the journal is not read")
      return
    }
    #expect(identifiers.contains("postfix/smtp") && identifiers.contains("postfix/smtpd"))
  }

  @Test func prefersALogThatItMayNotLookAtToAGuess() async throws {
    let host = FakeHost(isRoot: false) {
      Self.addExim(to: &$0, logs: "/var/log/exim4/%slog")
      $0.forbidden = ["/var/log/exim4/mainlog"]
      $0.files["/var/log/exim_mainlog"] = ("", 1)
    }
    #expect(try await Discovery.find(on: host).logs == [.file("/var/log/exim4/mainlog")])
  }

  @Test func readsTheLogsThatItIsTold() async throws {
    let host = FakeHost { Self.addExim(to: &$0, logs: "") }
    let system = try await Discovery.find(on: host, logs: ["/tmp/a", "/tmp/b"])
    #expect(system.logs == [.file("/tmp/a"), .file("/tmp/b")])
  }

  @Test(
    arguments: [
      ("/var/log/exim4/%slog", ["/var/log/exim4/mainlog"]),
      ("", ["/sp/log/mainlog"]),
      ("syslog", []),
      ("syslog : /var/log/exim_%slog", ["/var/log/exim_mainlog"]),
      (":syslog", ["/sp/log/mainlog"]),
      ("/l/%slog-%D", ["/l/mainlog-20261124"]),
      ("/l/%M/%s%%x", ["/l/202611/main%%x"]),
    ])
  func expandsTheLogPath(value: String, expected: [String]) {
    #expect(
      EximDiscovery<FakeHost>.mainLogs(value, spool: "/sp", date: "20261124") == expected)
  }

  @Test func ofTwoTakesTheOneThatRuns() async throws {
    for (exim, postfix, expected) in [
      ("100", "200", MTA.exim), ("999", "100", .postfix), ("100", "100", .postfix),
      ("100", "100", .exim),
    ] {
      let host = FakeHost {
        Self.addExim(to: &$0, logs: "/e/%slog")
        Self.addPostfix(to: &$0, log: "/p.log")
        $0.files["/e/mainlog"] = ("", 100)
        $0.files["/p.log"] = ("", 200)
        $0.files["/run/exim4.pid"] = (exim, 1)
        $0.files["/var/spool/postfix/pid/master.pid"] = ("       \(postfix)\n", 1)
        $0.files["/proc/1/comm"] = ("systemd\n", 1)
        $0.files["/proc/100/comm"] = (expected == .exim ? "exim4\n" : "master\n", 1)
      }
      #expect(try await Discovery.find(on: host).mta == expected)
    }
  }

  /// What a server shows of its processes.
  struct Processes: Sendable {
    /// The number in the MTA's own file; nil if there is no file.
    var file: String?
    var isForbidden = false
    /// By number, as the kernel names them.
    var names: [Int: String] = [1: "systemd"]
    /// What ps prints; nil if it is not installed.
    var ps: String?
  }

  /// By the MTA's own processes: not by what listens, and not by a number that is another's by now.
  @Test(
    arguments: [
      (MTA.postfix, Processes(file: "7", names: [1: "systemd", 7: "master"]), true),
      (.postfix, Processes(file: "7", names: [1: "systemd", 7: "sshd"]), false),
      (.postfix, Processes(file: "7"), false), (.postfix, Processes(), false),
      (.postfix, Processes(file: "7", names: [:]), nil),
      (.postfix, Processes(file: "7", isForbidden: true), nil),
      (
        .postfix,
        Processes(
          file: "7", isForbidden: true,
          ps: "1 0 /sbin/init\n7 1 /usr/lib/postfix/sbin/master -w\n8 7 qmgr -l -t unix -u\n"), true
      ),
      (.postfix, Processes(file: "7", isForbidden: true, ps: "1 0 /sbin/init\n"), false),
      (.postfix, Processes(file: "7", isForbidden: true, ps: ""), nil),
      (.exim, Processes(file: "7", names: [1: "systemd", 7: "exim4"]), true),
      // The number went to another process, and no Exim is there; or one without a file, on another port.
      (
        .exim, Processes(file: "7", names: [1: "systemd", 7: "sshd"], ps: "1 0 /sbin/init\n"), false
      ),
      (.exim, Processes(ps: "1 0 /sbin/init\n9 1 /usr/sbin/exim4 -bd -q30m -oX 2525\n"), true),
      (.exim, Processes(ps: "1 0 /sbin/init\n9 1 /usr/sbin/exim4 -Mc 1xVlFl-000054-0E\n"), false),
      (.exim, Processes(ps: "1 0 /sbin/init\n7 1 /usr/lib/postfix/sbin/master -w\n"), false),
      (.exim, Processes(), nil), (.exim, Processes(ps: "9 1 tempfail\n"), nil),
    ] as [(MTA, Processes, Bool?)])
  func seesWhetherItRuns(_ mta: MTA, _ processes: Processes, _ runs: Bool?) async throws {
    let host = FakeHost {
      Self.addExim(to: &$0, logs: "")
      Self.addPostfix(to: &$0, log: "")
      let path = mta == .exim ? "/run/exim4.pid" : "/var/spool/postfix/pid/master.pid"
      if let file = processes.file { $0.files[path] = ("\(file)\n", 1) }
      if processes.isForbidden { $0.forbidden.insert(path) }
      for (number, name) in processes.names { $0.files["/proc/\(number)/comm"] = (name + "\n", 1) }
      if let ps = processes.ps {
        $0.executables["ps"] = "/bin/ps"
        $0.answer(NotLookedTests.ps, ps, status: ps.isEmpty ? 1 : 0)
      }
    }
    let candidate = try #require(await Discovery.candidates(on: host, mta: mta).first)
    #expect(await Discovery.isRunning(candidate, on: host) == runs)
  }

  /// `exim -bp` lists the main queue alone.
  @Test(arguments: [false, true]) func namedQueuesThatAreLeftOutAreSaid(_ isSplit: Bool) async {
    let host = FakeHost {
      let names = ["1xVeaV-0004Pe-2Q-H", "1xVeaV-0004Pe-2Q-D", "1xVeaW-0004Tw-2d-H"]
      $0.folders["/sp"] = ["input", "db", "msglog", "lowprio", "empty"]
      $0.folders["/sp/input"] = ["1xVeaX-0004Ty-2e-H"]
      $0.folders["/sp/empty/input"] = []
      $0.folders["/sp/lowprio/input"] = isSplit ? ["Q", "d"] : names
      $0.folders["/sp/lowprio/input/Q"] = ["1xVeaV-0004Pe-2Q-H"]
      $0.folders["/sp/lowprio/input/d"] = ["1xVeaW-0004Tw-2d-H"]
    }
    let queues = await EximNamedQueues(in: "/sp", on: host)
    #expect(
      queues.note
        == "2 messages in the named queue lowprio are not listed here: exim -qGlowprio -bp")
    #expect(await EximNamedQueues(in: "/sp", on: FakeHost()).note == nil)
  }

  @Test(arguments: MTA.allCases)
  func ofTwoTakesTheOneThatIsWanted(mta: MTA) async throws {
    let host = FakeHost {
      Self.addExim(to: &$0, logs: "")
      Self.addPostfix(to: &$0, log: "")
    }
    #expect(try await Discovery.find(on: host, mta: mta).mta == mta)
  }

  @Test func saysWhatWasLookedFor() async {
    let failure = await #expect(throws: SourceFailure.self) {
      try await Discovery.find(on: FakeHost(), mta: .postfix)
    }
    #expect(failure?.exitStatus == 69)
    #expect(failure?.problem.what.contains("No Postfix found: no postqueue") == true)
  }

  @Test func saysThatItMayNotRunTheMTA() async {
    let host = FakeHost(isRoot: false) { $0.files["/usr/sbin/exim4"] = ("x", 1) }
    let failure = await #expect(throws: SourceFailure.self) {
      try await Discovery.find(on: host)
    }
    #expect(failure?.exitStatus == 77)
  }

  @Test(
    arguments: [
      ("300s", 300), ("1h", 3600), ("5d", 432_000), ("7", 7), ("x", nil), ("", nil),
      ("99999999999999999w", nil), ("-5s", nil),
    ] as [(String, Int64?)])
  func readsTimes(value: String, expected: Int64?) {
    #expect(PostfixDiscovery<FakeHost>.seconds(value) == expected)
  }
}
