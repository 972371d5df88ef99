// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

/// Whose a log is, and whether it is understood.
struct LogTallyTests {
  static func tally(
    _ lines: [[UInt8]], mta: MTA? = nil, of interest: LogGrammar.Interest = .trouble
  ) -> LogTally {
    var joiner = LogLineJoiner()
    return LogFixture.grammar.forEachRecord(
      in: Array(lines.joined(separator: [10])).span, mta: mta, of: interest, joiner: &joiner
    ) { _, _ in }
  }

  static func tally(_ lines: [String], mta: MTA? = nil) -> LogTally {
    tally(lines.map { Array($0.utf8) }, mta: mta)
  }

  /// Each recorded log is the log of the MTA that wrote it, and of no other.
  @Test(arguments: LogRecordedTests.files.filter { !$0.name.hasPrefix("syslog") })
  func aRealLogIsUnderstood(name: String, mta: MTA) throws {
    let lines = try LogFixture.lines(name)
    let other: MTA = mta == .exim ? .postfix : .exim
    for asked in [nil, MTA.exim, .postfix] {
      let tally = Self.tally(lines, mta: asked)
      #expect(tally.lines == lines.count)
      #expect(tally.understood(as: mta) == lines.count, "\(asked as Any)")
      #expect(tally.isUnderstood(as: mta) == true && tally.isUnderstood(as: nil) == true)
      #expect(tally.isUnderstood(as: other) == false)
      #expect(tally.other(than: other) == mta)
      #expect(tally.other(than: mta) == nil)
      // Passing over ordinary lines counts them as reading them does.
      #expect(tally == Self.tally(lines, mta: asked, of: .everything))
    }
  }

  /// A syslog of both and others is understood as either.
  @Test(arguments: ["syslog_bsd.log", "syslog_rfc3339.log"], MTA.allCases)
  func aMixedSyslogIsUnderstood(name: String, mta: MTA) throws {
    let lines = try LogFixture.lines(name)
    let tally = Self.tally(lines, mta: mta)
    #expect(tally.isUnderstood(as: mta) == true)
    #expect(tally.lines == lines.count)
  }

  static let strangers: [(name: String, line: @Sendable (Int) -> String)] = [
    ("web", { #"192.0.2.1 - - [24/Nov/2026:00:30:00 +0100] "GET / HTTP/1.1" 200 \#($0)"# }),
    ("nginx", { "2026/11/24 00:30:00 [error] 421#421: *\($0) open() failed" }),
    ("dpkg", { "2026-11-24 00:30:00 install foo\($0):amd64 <none> 1.0" }),
    ("python", { "2026-11-24 00:30:00,123 INFO spawned: 'x' with pid \($0)" }),
    ("text", { "Lorem ipsum dolor sit amet \($0)" }),
    ("csv", { "a,b,\($0)" }),
    ("sendmail", { "n3KFZnc600655\($0): to=<u@x.test>, stat=Deferred" }),
    ("json", { #"{"level":"info","n":\#($0)}"# }),
  ]

  @Test(arguments: strangers.map(\.name), [nil, MTA.exim, .postfix])
  func whatIsNoLogIsNotUnderstood(name: String, mta: MTA?) throws {
    let line = try #require(Self.strangers.first { $0.name == name }?.line)
    let tally = Self.tally((0..<100).map(line), mta: mta)
    #expect(tally.lines == 100)
    #expect(tally.isUnderstood(as: mta) == false)
    #expect(tally.other(than: mta) == nil)
    // A time and a word with a colon is how another program's line looks.
    #expect(tally.isOthers == (name == "python"))
  }

  @Test func otherProgramsAreTold() {
    let lines = (0..<50).map { "Nov 24 00:30:00 h sshd[\($0)]: session opened" }
    let tally = Self.tally(lines)
    #expect(tally.isOthers && tally.isUnderstood(as: nil) == false)
    let more = Self.tally(lines + ["Nov 24 00:30:00 h postfix/anvil[1]: statistics: max"])
    #expect(!more.isOthers && more.isUnderstood(as: .postfix) == true)
    #expect(more.isUnderstood(as: .exim) == false)
  }

  @Test func aFewUnderstoodLinesAreNotEnough() {
    let strange = (0..<500).map { "what is this \($0)" }
    let tally = Self.tally(strange + ["Nov 24 00:30:00 h postfix/anvil[1]: statistics: max"])
    #expect(tally.understood(as: .postfix) == 1)
    #expect(tally.isUnderstood(as: .postfix) == false)
  }

  @Test func nothingIsNeither() {
    #expect(Self.tally([""]).isUnderstood(as: nil) == nil)
    #expect(Self.tally(["", "", ""]).lines == 0)
  }
}
