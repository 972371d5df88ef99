// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies
import Testing

/// Logs recorded from Exim 4.96 and 4.98 and Postfix 3.7 and 3.10, with hostile peers, limits and syslog.
struct LogRecordedTests {
  static let files: [(name: String, mta: MTA)] = [
    ("exim_main.log", .exim), ("exim_nasty.log", .exim), ("exim_limits.log", .exim),
    ("exim_selector_all.log", .exim), ("exim_selector_default.log", .exim),
    ("exim_498_main.log", .exim), ("postfix_main.log", .postfix), ("postfix_nasty.log", .postfix),
    ("postfix_limits.log", .postfix), ("postfix_310_main.log", .postfix),
    ("syslog_bsd.log", .exim), ("syslog_rfc3339.log", .exim), ("syslog_bsd.log", .postfix),
    ("syslog_rfc3339.log", .postfix),
  ]

  /// Each kind is counted by words that no other kind of line holds, as one would with grep.
  @Test(arguments: files) func everyDeferralIsFoundOnce(name: String, mta: MTA) throws {
    let lines = try LogFixture.lines(name)
    var expected: [LogEvent.Kind: Int] = [:]
    for line in lines {
      let text = String(decoding: line, as: UTF8.self)
      // The second and later pieces of a line that syslog split say nothing alone.
      if text.contains("]: ["), !text.contains("]: [1") { continue }
      switch mta {
      case .exim where text.contains(" postfix/"), .postfix where text.contains(" exim["): continue
      case .exim:
        if text.contains(" defer (") {
          expected[text.contains("etry time not") ? .attempt : .deferral, default: 0] += 1
        } else if text.contains(" ** ") {
          expected[.bounce, default: 0] += 1
        } else if text.contains(" => ") || text.contains(" -> ") {
          expected[.delivery, default: 0] += 1
        } else if text.contains("Completed") || text.contains(" removed by ")
          || text.contains(" cancelled by ")
        {
          expected[.completed, default: 0] += 1
        }
      case .postfix:
        if text.contains("status=deferred") {
          let isSuspended = text.contains("temporarily suspended")
          expected[isSuspended ? .attempt : .deferral, default: 0] += 1
        } else if text.contains("status=sent") {
          expected[.delivery, default: 0] += 1
        } else if text.contains("status=bounced") {
          expected[.bounce, default: 0] += 1
        } else if text.contains(": removed") {
          expected[.completed, default: 0] += 1
        }
      }
    }
    var found: [LogEvent.Kind: Int] = [:]
    for line in lines {
      guard let event = LogFixture.grammar.event(in: line.span, mta: mta) else { continue }
      // Hosts on the way and clients have no such words in common.
      let isHost =
        event.kind == .attempt && event.recipient == nil
        || event.line.contains("H=mx1.v6.test")
          && !event.line.contains(" == ") && event.kind == .attempt
      if event.kind == .refusal || isHost { continue }
      found[event.kind, default: 0] += 1
      #expect(event.time != nil)
    }
    #expect(found == expected)
  }

  /// Passing over ordinary lines loses nothing, and no line is read twice.
  @Test(arguments: files) func aQuickReadFindsAllTrouble(name: String, mta: MTA) throws {
    let block = Array(try LogFixture.lines(name).joined(separator: [10]))
    func events(of interest: LogGrammar.Interest) -> [LogEvent] {
      LogFixture.events(in: block, mta: mta, of: interest)
        .filter { [.deferral, .attempt, .refusal].contains($0.kind) }
    }
    let quick = events(of: .trouble)
    #expect(quick == events(of: .everything))
    #expect(!quick.isEmpty)
  }

  @Test func anEventIsWholeAndRaw() throws {
    let line = try #require(
      try LogFixture.lines("exim_nasty.log").first {
        $0.starts(with: Array("2026-11-24 00:40:49.018".utf8))
      })
    let event = try #require(LogFixture.event(line))
    #expect(event.time == 1_795_480_849)
    #expect(event.queueID == "1xVeaW-0004Uq-3D")
    #expect(event.recipient == "esc@nasty.test")
    #expect(event.remoteHost == "mx1.nasty.test")
    #expect(event.remoteIP == "127.0.0.27")
    #expect(event.code == 450)
    #expect(event.enhanced == EnhancedStatusCode(4, 7, 1))
    #expect(event.reply == #"450 4.7.1 \033[31mRED\033[0m \033[2J\033[1;1H you are owned"#)
  }
}
