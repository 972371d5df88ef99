// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@testable import Guidance

@Suite("What Tempfail needs")
struct NeedTests {
  static let ann = Reader(user: "ann", isRoot: false)

  @Test(
    arguments: [
      ("ID=debian\n", .debian), ("NAME=\"Ubuntu\"\nID_LIKE=debian\nID=ubuntu\n", .debian),
      ("ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\n", .redHat),
      ("ID='opensuse-leap'\nID_LIKE='suse opensuse'\n", .suse), ("ID=alpine", .alpine),
      ("ID=gentoo\n", .other), ("", .other), ("ID", .other),
    ] as [(String, SystemFamily)])
  func knowsTheSystemsFamily(release: String, family: SystemFamily) {
    #expect(SystemFamily(osRelease: Array(release.utf8)) == family)
  }

  @Test(
    arguments: [
      (.debian, "apt-get install bind9-dnsutils"), (.redHat, "dnf install bind-utils"),
      (.other, nil),
    ] as [(SystemFamily, String?)])
  func namesTheCommandThatInstallsATool(family: SystemFamily, command: String?) {
    let report = NeedReport.tool(.dig, .dig, found: nil, family)
    #expect(report.verdict == .missing)
    #expect(report.command == command)
    #expect(!report.remedy.isEmpty)
    #expect(!report.isFinding)
  }

  @Test(
    arguments: [
      ("adm", "usermod -aG adm ann"), ("root", "sudo tempfail"), (nil, "sudo tempfail"),
    ] as [(String?, String)])
  func namesTheGroupThatMayReadTheLog(group: String?, command: String) {
    let report = NeedReport.logForbidden("/var/log/mail.log", to: Self.ann, group: group)
    #expect(report.verdict == .notPermitted)
    #expect(report.command == command)
    #expect(report.problem.remedy.hasSuffix("`\(command)`"))
  }

  @Test(
    arguments: [
      ("", []), ("+all", []), ("+smtp_connection -retry_defer", ["retry_defer"]),
      ("-all +connection_reject", ["lost_incoming_connection", "retry_defer", "skip_delivery"]),
      ("-retry_defer +all", []), ("- retry_defer", ["retry_defer"]), ("-", []), ("+ -", []),
    ] as [(String, [String])])
  func seesWhatALogSelectorHides(value: String, hidden: [String]) {
    #expect(LogSelector.hidden(by: value).map(\.name) == hidden)
    let report = NeedReport.eximLogDetail(logSelector: value)
    #expect((report.verdict == .wrong) == !hidden.isEmpty)
    if let command = report.command {
      // What it says to set is right.
      #expect(LogSelector.hidden(by: String(command.dropFirst("log_selector = ".count))).isEmpty)
    }
  }

  @Test(
    arguments: [
      // The line's time, the file's, the system's offset, what fixes it.
      (1000, 1003, 0, nil), (1000, 1000 + 7200, 7200, "TZ=UTC tempfail"),
      (1000 + 3600, 1002, 0, "TZ=LOG-01:00 tempfail"),
      (1000, 1000 + 18_000, 0, "TZ=LOG05:00 tempfail"),
      (1000, 1000 + 19_805, 19_800, "TZ=UTC tempfail"),
      // An old line in a file that was touched is nothing to do with zones.
      (1000, 1000 + 86_400 * 3, 0, nil), (1000, 1000 + 500, 0, nil), (nil, 1000, 0, nil),
      (.min, .max, 0, nil),
    ] as [(Int64?, Int64, Int, String?)])
  func comparesTheLogsClock(last: Int64?, written: Int64, offset: Int, command: String?) {
    let report = NeedReport.logClock(
      "/log", last: last, written: written, utcOffset: offset, now: written)
    #expect(report.command == command)
    #expect((report.verdict == .fine) == (command == nil))
  }

  @Test func seesAClockThatWasSetBack() {
    let report = NeedReport.logClock("/log", last: 9000, written: 9000, utcOffset: 0, now: 1000)
    #expect(report.verdict == .wrong)
    #expect(report.isFinding)
  }

  @Test(
    arguments: [
      ("Suppressed 812 messages from postfix.service", .journal, "RateLimitBurst=0"),
      ("imuxsock lost 9 messages due to rate-limiting", .syslog, "imuxsock"),
      ("imjournal: 9 messages lost due to rate-limiting", .syslog, "imjournal"),
    ] as [(String, NeedReport.LogCarrier, String)])
  func saysWhatStopsTheDrops(notice: String, carrier: NeedReport.LogCarrier, line: String) {
    let report = NeedReport.logDrops([notice], carrier: carrier, mta: .postfix)
    #expect(report.verdict == .wrong)
    #expect(report.what.contains(notice))
    #expect(report.command?.contains(line) == true)
  }

  @Test(
    arguments: [
      (false, true, 8, true, 80, 24, .missing), (true, false, 8, true, 80, 24, .missing),
      (true, true, 256, false, 80, 24, .wrong), (true, true, 256, true, 79, 24, .wrong),
      (true, true, 0, true, 80, 24, .fine),
    ] as [(Bool, Bool, Int, Bool, Int, Int, NeedReport.Verdict)])
  func judgesTheTerminal(
    isTerminal: Bool, isKnown: Bool, colors: Int, isUTF8: Bool, columns: Int, rows: Int,
    verdict: NeedReport.Verdict
  ) {
    let report = NeedReport.terminal(
      NeedReport.TerminalFacts(
        name: "xterm", isTerminal: isTerminal, isKnown: isKnown, colors: colors, isUTF8: isUTF8,
        columns: columns, rows: rows))
    #expect(report.verdict == verdict)
    #expect(!report.isFinding)
  }

  @Test func aLargeLogThatIsNeverRotatedIsWorthAWord() {
    #expect(NeedReport.logRotation("/log", size: 1 << 30, older: []).verdict == .wrong)
    #expect(NeedReport.logRotation("/log", size: 1 << 30, older: ["log.1"]).verdict == .fine)
    #expect(NeedReport.logRotation("/log", size: 1 << 20, older: []).verdict == .fine)
  }

  private static let forbidden = [
    Act.remove: Problem(
      what: "Only root can run postsuper.", remedy: "Run as root or through sudo.")
  ]

  @Test func theSudoersExampleIsNamedWhereItIs() {
    let report = NeedReport.acts(
      problems: Self.forbidden, readOnlyReason: nil, Self.ann,
      sudoersExample: "/usr/share/doc/tempfail/examples/sudoers/postfix")
    #expect(
      report.command
        == "groupadd -f tempfail && usermod -aG tempfail ann && install -m 440 "
        + "/usr/share/doc/tempfail/examples/sudoers/postfix /etc/sudoers.d/tempfail")
    let without = NeedReport.acts(problems: Self.forbidden, readOnlyReason: nil, Self.ann)
    #expect(without.command == "sudo tempfail")
  }

  @Test func aTerminalThatCannotMoveItsCursorIsKnown() {
    func facts(_ name: String, isKnown: Bool, movesCursor: Bool, _ substitute: String? = nil)
      -> NeedReport
    {
      .terminal(
        NeedReport.TerminalFacts(
          name: name, isTerminal: true, isKnown: isKnown, movesCursor: movesCursor,
          substitute: substitute, colors: 256, isUTF8: true, columns: 100, rows: 30))
    }
    let dumb = facts("dumb", isKnown: true, movesCursor: false)
    #expect(dumb.what.contains("cannot move the cursor") && dumb.command == "tempfail --plain")
    #expect(facts("foo", isKnown: false, movesCursor: false).what.contains("does not know"))
    let ghostty = facts("xterm-ghostty", isKnown: true, movesCursor: true, "xterm-256color")
    #expect(ghostty.verdict == .fine && ghostty.what.contains("driven as xterm-256color"))
  }

  @Test func whatIsNotFineSaysWhatToDo() {
    let reports: [NeedReport] = [
      .noMTA(nil, names: ["exim"], searched: ["/bin"]), .forbiddenMTA("/usr/sbin/exim4", Self.ann),
      .mta("Exim", hasVersion: false, others: []),
      .daemon(
        .exim, isRunning: false, start: "systemctl start exim4", Self.ann, hasPS: true, .debian),
      .daemon(.postfix, isRunning: nil, start: "postfix start", Self.ann, hasPS: true, .debian),
      .daemon(
        .exim, isRunning: nil, start: "systemctl start exim4", Self.ann, hasPS: false, .other),
      .postfixDown(Self.ann),
      .postfixDown(Reader(user: "root", isRoot: true)),
      .postfixQueueForbidden(to: Self.ann), .eximQueueForbidden(to: Self.ann, group: "Debian-exim"),
      .noLog("/log", of: .exim), .noLog("/log", of: .postfix),
      .noLog("/log", of: .postfix, discarded: "/dev/stdout"),
      .retryTimes(.exim, .noTool, Self.ann, .debian),
      .retryTimes(.postfix, .forbidden(group: nil), Self.ann, .debian),
      .acts(problems: [:], readOnlyReason: "read_only is set", Self.ann), .state(nil, reason: nil),
      .acts(problems: Self.forbidden, readOnlyReason: nil, Self.ann),
      .acts(problems: Self.forbidden, readOnlyReason: nil, Self.ann, sudoersExample: "/x/postfix"),
      .state("/var/lib/tempfail", reason: "Read-only file system"),
      .files(.configuration, faults: ["/etc/tempfail/config.toml:3: unknown key"], words: ""),
    ]
    for report in reports {
      #expect(report.verdict != .fine)
      #expect(!report.what.isEmpty && !report.remedy.isEmpty, "\(report)")
    }
  }
}
