// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

/// How often a random test is repeated.
enum Rounds {
  /// `TEMPFAIL_MUTATIONS=1` asks for all of them: minutes in a debug build.
  static func count(_ few: Int, of all: Int) -> Int {
    getenv("TEMPFAIL_MUTATIONS") == nil ? few : all
  }
}

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
    var random = Mutator(seed: seed)
    for _ in 0..<Self.rounds {
      var line = random.mutated(lines[Int.random(in: lines.indices, using: &random)])
      if random.next() % 16 == 0 { line = random.asJournalEntry(line) }
      if let event = LogFixture.grammar.event(in: line.span) {
        #expect(event.line.utf8.count >= event.reply.utf8.count || event.direction == .inbound)
      }
      _ = LogFixture.events(in: line)
      _ = LogFixture.grammar.event(in: line.span, mta: .exim)
    }
  }

  /// Found by libFuzzer: the last parenthesis stands in the address, as the line was cut off.
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
}

/// Changes lines as damage and attackers do.
struct Mutator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func mutated(_ line: [UInt8]) -> [UInt8] {
    var line = line
    for _ in 0..<Int.random(in: 1...4, using: &self) {
      guard !line.isEmpty else { return line }
      let place = Int.random(in: line.indices, using: &self)
      switch next() % 7 {
      case 0: line.removeSubrange(place...)
      case 1: line.removeSubrange(..<place)
      case 2: line[place] ^= 1 << UInt8(next() % 8)
      case 3: line[place] = 0
      case 4: line[place] = 0xFF
      case 5: line.insert(contentsOf: line[place...].prefix(40), at: place)
      default: line.remove(at: place)
      }
    }
    return line
  }

  func asJournalEntry(_ text: [UInt8]) -> [UInt8] {
    Array(#"{"SYSLOG_IDENTIFIER":"postfix/smtp","MESSAGE":""#.utf8) + text + Array(#""}"#.utf8)
  }
}
