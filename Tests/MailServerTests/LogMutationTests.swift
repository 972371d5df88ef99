// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import TestSupport
import Testing

/// Bytes that no MTA wrote: whatever comes, there is a value or nothing, and never a trap.
struct LogMutationTests {
  static let rounds = Rounds.count(3_000, of: 50_000)

  @Test(
    arguments: [
      ("exim_nasty.log", 1), ("exim_selector_all.log", 2), ("exim_limits.log", 3),
      ("postfix_nasty.log", 4),
      ("postfix_limits.log", 5), ("syslog_bsd.log", 6), ("syslog_rfc3339.log", 7),
      ("loglines.tsv", 8),
    ] as [(String, UInt64)]) func mutatedLinesAreRead(name: String, seed: UInt64) throws
  {
    let lines = try LogFixture.lines(name)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<Self.rounds {
      var line = generator.mutated(lines.randomElement(using: &generator) ?? [])
      if generator.next() % 16 == 0 { line = Self.asJournalEntry(line) }
      if let event = LogFixture.grammar.event(in: line.span) {
        #expect(event.line.utf8.count >= event.reply.utf8.count || event.direction == .inbound)
      }
      _ = LogFixture.events(in: line)
      _ = LogFixture.grammar.event(in: line.span, mta: .exim)
    }
  }

  /// Lines are passed over by what the one before them began with: whatever is between, no trouble is lost.
  @Test(
    arguments: [
      ("exim_nasty.log", 11), ("exim_selector_all.log", 12), ("postfix_nasty.log", 13),
      ("postfix_limits.log", 14), ("syslog_bsd.log", 15), ("syslog_rfc3339.log", 16),
    ] as [(String, UInt64)]) func noTroubleIsPassedOver(name: String, seed: UInt64) throws
  {
    let lines = try LogFixture.lines(name)
    var generator = SeededGenerator(seed: seed)
    for round in 0..<Self.rounds / 30 {
      let block = (0..<40).map { _ in
        let line = lines.randomElement(using: &generator) ?? []
        return generator.next() % 3 == 0 ? generator.mutated(line) : line
      }
      for mta in [nil, MTA.exim, .postfix] {
        func trouble(_ interest: LogGrammar.Interest) -> [LogEvent] {
          LogFixture.events(in: Array(block.joined(separator: [10])), mta: mta, of: interest)
            .filter { [.deferral, .attempt, .refusal].contains($0.kind) }
        }
        let quick = trouble(.trouble)
        #expect(quick == trouble(.everything), "seed \(seed), round \(round), \(mta as Any)")
      }
    }
  }

  /// Found by libFuzzer: the last parenthesis is in the address, as the line was cut off.
  @Test(arguments: ["", "421 4.3.2 Service not availab", "host mx said: 421"])
  func aCutOffReasonIsRead(reason: String) throws {
    let line =
      "Nov 24 00:40:48 h postfix/error[1]: 0BFC8135FC7: to=<\"x,(comment)\"@busy.test>, relay=none,"
      + " delay=0.01, delays=0/0.01/0/0, dsn=4.3.2, status=deferred"
      + " (delivery temporarily suspended: " + reason
    let event = try #require(LogFixture.event(line))
    #expect(event.kind == .attempt)
    #expect(event.code == (reason.isEmpty ? nil : 421))
  }

  @Test(arguments: [
    "2026-11-24 00:00:00 1xVeaV-0004Pe-2Q == ",
    "Nov 24 00:00:00 h postfix/smtp[1]: 4A1B2C3D4F: to=<", "{\"MESSAGE\":\"",
    "2026-11-24 00:00:00 1xVeaV-0004Pe-2Q H=", "h exim[1]: [1/999] ", "",
  ]) func aLineOfAMegabyteIsRead(head: String) {
    for filler in [" ", " <\"", "[", "H=", ": ", ">, ", " defer (", ", status="] {
      let count = 1_000_000 / filler.utf8.count
      let line = Array(head.utf8) + Array(String(repeating: filler, count: count).utf8)
      _ = LogFixture.grammar.event(in: line.span)
    }
  }
  private static func asJournalEntry(_ text: [UInt8]) -> [UInt8] {
    Array(#"{"SYSLOG_IDENTIFIER":"postfix/smtp","MESSAGE":""#.utf8) + text + Array(#""}"#.utf8)
  }
}
