// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Testing

@testable import Server

@Suite("The doctor on servers in every state")
struct DoctorTests {
  static func addExim(to contents: inout FakeHost.Contents) {
    contents.executables["exim4"] = "/usr/sbin/exim4"
    contents.answer(
      DiscoveryTests.eximOptions,
      "spool_directory = /var/spool/exim4\nlog_file_path = /var/log/exim4/%slog\n"
        + "pid_file_path = /run/exim4.pid\n")
    contents.answer("exim4 -bV", "Exim version 4.96 #2 built 27-May-2026 16:52:26\n")
    contents.answer("exim4 -bP log_selector", "log_selector = +smtp_connection -retry_defer\n")
    contents.answer("exim4 -bp", "")
    contents.files["/run/exim4.pid"] = ("100\n", 1)
    contents.files["/proc/100/comm"] = ("exim4\n", 1)
    contents.files["/etc/os-release"] = ("ID=debian\n", 1)
    // 1795480900 is 2026-11-24 00:41:40 UTC.
    contents.files["/var/log/exim4/mainlog"] = (
      "2026-11-24 00:41:39 Start queue run: pid=1\n", 1_795_480_899
    )
  }

  private static func reports(on host: FakeHost) async -> [Need: NeedReport] {
    let reports = await Doctor(on: host, mta: nil, logs: [], readOnlyReason: nil).examine()
    return Dictionary(reports.map { ($0.need, $0) }) { first, _ in first }
  }

  @Test func aServerAsItShouldBe() async {
    let host = FakeHost {
      Self.addExim(to: &$0)
      $0.executables["dig"] = "/usr/bin/dig"
    }
    let reports = await Self.reports(on: host)
    for need in [Need.mta, .daemon, .queue, .acts, .log, .logClock, .logRotation, .sockets, .dig] {
      #expect(reports[need]?.verdict == .fine, "\(need): \(String(describing: reports[need]))")
    }
    #expect(reports[.retryTimes]?.command == "apt-get install exim4-base")
    #expect(reports[.swaks]?.command == "apt-get install swaks")
    #expect(
      reports[.logDetail]?.command == "log_selector = +smtp_connection -retry_defer +retry_defer")
  }

  /// That systemctl is there does not say that systemd runs: in containers and chroots it does not.
  @Test(
    arguments: [
      (["systemctl", "service"], ["/run/systemd/system"], "systemctl start exim4"),
      (["systemctl", "service"], ["/etc/init.d/exim4"], "service exim4 start"),
      (["systemctl", "service"], [], "/usr/sbin/exim4 -bd -q30m"),
      (["systemctl"], [], "/usr/sbin/exim4 -bd -q30m"),
      (["service"], ["/run/systemd/system", "/etc/init.d/exim4"], "service exim4 start"),
      (["service", "rc-service"], ["/etc/init.d/exim4"], "rc-service exim4 start"),
      ([], ["/etc/init.d/exim4"], "/usr/sbin/exim4 -bd -q30m"),
      ([], [], "/usr/sbin/exim4 -bd -q30m"),
    ] as [([String], [String], String)])
  func howAnEximThatDoesNotRunIsStarted(tools: [String], files: [String], start: String) async {
    let host = FakeHost {
      Self.addExim(to: &$0)
      $0.files["/run/exim4.pid"] = nil
      $0.files["/proc/100/comm"] = nil
      $0.executables["ps"] = "/bin/ps"
      $0.answer(NotLookedTests.ps, "    1     0 init\n")
      for tool in tools { $0.executables[tool] = "/usr/bin/\(tool)" }
      for file in files {
        $0.owners[file] = FileOwnership(user: "root", group: "root", permissions: 0o755)
      }
    }
    let report = await Self.reports(on: host)[.daemon]
    #expect(report?.verdict == .wrong, "\(String(describing: report))")
    #expect(report?.command == start)
  }

  @Test func aJournalIsStartedOnlyWhereSystemdRuns() async {
    for runsSystemd in [true, false] {
      let host = FakeHost {
        $0.executables["journalctl"] = "/usr/bin/journalctl"
        $0.answer("journalctl --no-pager --lines=1", "", complaint: "No journal files were found.")
        if runsSystemd {
          $0.owners["/run/systemd/system"] = FileOwnership(
            user: "root", group: "root", permissions: 0o755)
        }
      }
      let report = await JournalAccess.problem(on: host)
      #expect(report?.verdict == .missing)
      #expect(report?.command == (runsSystemd ? "systemctl start systemd-journald" : nil))
    }
  }

  @Test func noMailServer() async {
    let reports = await Self.reports(on: FakeHost())
    #expect(reports[.mta]?.verdict == .missing)
    #expect(reports[.queue] == nil)
    #expect(reports[.sockets]?.verdict == .fine)
  }

  @Test func anotherZone() async {
    let host = FakeHost {
      Self.addExim(to: &$0)
      $0.files["/var/log/exim4/mainlog"] = (
        "2026-11-24 02:41:39 Start queue run: pid=1\n", 1_795_480_899
      )
    }
    #expect(await Self.reports(on: host)[.logClock]?.command == "TZ=LOG-02:00 tempfail")
  }

  @Test func aUserWhoMayNotReadIsToldWhichGroupMay() async {
    let host = FakeHost(isRoot: false) {
      Self.addExim(to: &$0)
      $0.forbidden = ["/var/log/exim4/mainlog"]
      $0.answer("exim4 -bp", "", complaint: "exim: permission denied\n", status: 1)
      $0.owners["/var/log/exim4"] = FileOwnership(
        user: "Debian-exim", group: "adm", permissions: 0o750)
      $0.owners["/var/spool/exim4"] = FileOwnership(
        user: "Debian-exim", group: "Debian-exim", permissions: 0o750)
    }
    let reports = await Self.reports(on: host)
    #expect(reports[.log]?.verdict == .notPermitted)
    #expect(reports[.log]?.command == "usermod -aG adm ann")
    #expect(reports[.queue]?.verdict == .notPermitted)
    #expect(reports[.queue]?.command == "usermod -aG Debian-exim ann")
    #expect(reports[.acts]?.verdict == .notPermitted)
  }

  /// The pane's words and the doctor's come from one table.
  @Test func thePaneSaysTheSame() async {
    let host = FakeHost(isRoot: false) {
      Self.addExim(to: &$0)
      $0.answer("exim4 -bp", "", complaint: "exim: permission denied\n", status: 1)
    }
    let report = await Self.reports(on: host)[.queue]
    let failure = await #expect(throws: SourceFailure.self) {
      try await QueueReader(host: host, system: Discovery.find(on: host)).listing()
    }
    #expect(failure?.problem == report?.problem)
  }

  @Test(
    arguments: [
      ("", .fine, "/var/log/exim4/mainlog is readable and empty"),
      ("what is this\n", .wrong, "0 of 1 line understood; this is not a known log format of Exim"),
      (
        "Nov 24 00:30:00 h postfix/smtp[1]: x\n", .wrong,
        "0 of 1 line understood; this looks like Postfix's log: --mta postfix"
      ),
      ("Nov 24 00:30:00 h sshd[1]: x\n", .fine, "none of the last 1 lines is from Exim"),
    ] as [(String, NeedReport.Verdict, String)])
  func whatTheLogHolds(text: String, verdict: NeedReport.Verdict, words: String) async {
    let host = FakeHost {
      Self.addExim(to: &$0)
      $0.files["/var/log/exim4/mainlog"] = (text, 1_795_480_899)
    }
    let report = await Self.reports(on: host)[.log]
    #expect(report?.verdict == verdict)
    #expect(report?.what.contains(words) == true, "\(report?.what ?? "")")
  }

  /// In JSON the journal is silent about what may not be seen.
  @Test(
    arguments: [
      (
        "Hint: You are currently not seeing messages from other users and the system.\n", 0,
        .notPermitted, "usermod -aG systemd-journal ann"
      ),
      (
        "No journal files were opened due to insufficient permissions.\n", 1, .notPermitted,
        "usermod -aG systemd-journal ann"
      ),
      ("No journal files were found.\n", 0, .missing, nil),
      ("Failed to open journal\n", 1, .wrong, nil),
    ] as [(String, Int32, NeedReport.Verdict, String?)])
  func aJournalThatTellsNothing(
    complaint: String, status: Int32, verdict: NeedReport.Verdict, command: String?
  ) async {
    let host = FakeHost(isRoot: false) {
      Self.addExim(to: &$0)
      $0.answer(
        DiscoveryTests.eximOptions, "spool_directory = /var/spool/exim4\nlog_file_path = syslog\n")
      $0.executables["journalctl"] = "/usr/bin/journalctl"
      $0.answer("journalctl --no-pager --lines=1", "", complaint: complaint, status: status)
    }
    let report = await Self.reports(on: host)[.log]
    #expect(report?.verdict == verdict, "\(report?.what ?? "")")
    #expect(report?.command == command)
  }
}
