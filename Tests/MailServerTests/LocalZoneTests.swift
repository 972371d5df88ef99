// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MailServer

@Suite struct LocalZoneTests {
  /// 2026-03-29 01:00:00 and 2026-10-25 01:00:00 UTC: Berlin's changes.
  private static let spring: Int64 = 1_774_746_000
  private static let autumn: Int64 = 1_792_890_000
  private static let zone = LocalZone(around: spring) {
    (spring..<autumn).contains($0) ? 7200 : 3600
  }

  @Test func theOffsetIsTheOneOfItsTime() {
    for (time, offset) in [
      (Self.spring - 1, 3600), (Self.spring, 7200), (Self.autumn - 1, 7200), (Self.autumn, 3600),
      (0, 3600),
      (.min, 3600), (.max, 3600),
    ] as [(Int64, Int64)] {
      #expect(Self.zone.offset(at: time) == offset)
    }
  }

  @Test func everyTimeIsFoundFromWhatTheClockShowed() {
    for edge in [Self.spring, Self.autumn] {
      for time in stride(from: edge - 3 * 86_400, through: edge + 3 * 86_400, by: 571) {
        let local = time + Self.zone.offset(at: time)
        let found = Self.zone.time(ofLocal: local)
        // The hour that comes twice is the later one, unless that is in the future.
        let isTwice = (Self.autumn - 3600..<Self.autumn).contains(time)
        #expect(found == (isTwice ? time + 3600 : time))
        #expect(Self.zone.time(ofLocal: local, notAfter: time) == time)
      }
    }
  }

  @Test func anyNumberIsATime() {
    for local in [Int64.min, -1, 0, .max] { _ = Self.zone.time(ofLocal: local) }
    #expect(LocalZone(offset: 3600).time(ofLocal: 3600) == 0)
    _ = LocalZone(around: .max) { _ in 0 }
    _ = LocalZone(around: .min) { Int($0 % 7) }
  }

  @Test(
    arguments: [
      ("Mar 28 12:00:00 mx postfix/smtp[1]: ", 1_774_695_600),
      ("Mar 29 12:00:00 mx postfix/smtp[1]: ", 1_774_778_400),
      ("2026-03-28 12:00:00 ", 1_774_695_600), ("2026-03-29 12:00:00 ", 1_774_778_400),
      ("2026-03-28T12:00:00 mx postfix/smtp[1]: ", 1_774_695_600),
      ("2026-03-28 12:00:00 +0200 ", 1_774_692_000),
    ] as [(String, Int64)])
  func aLogLineHasTheOffsetOfItsOwnDay(line: String, time: Int64) {
    // Read on the day of the change, and long after.
    for now in [1_774_785_600, 1_795_000_000] as [Int64] {
      let grammar = LogGrammar(now: now, zone: Self.zone)
      #expect(grammar.time(of: Array("\(line)x".utf8).span) == time)
    }
  }

  @Test func aListingAndARetryRecordHaveItToo() throws {
    let listing = QueueListing(
      Array(
        "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n4D4A7134865      724 Sat Mar 28 12:00:00  a@b.test\n"
          .utf8),
      now: 1_774_785_600, zone: Self.zone)
    #expect(listing.message(at: 0).arrival == 1_774_695_600)
    let records = EximRetryRecord.records(
      in: Array(
        "  R:a@b.test 111 77 x\n28-Mar-2026 12:00:00  29-Mar-2026 12:00:00  29-Mar-2026 13:00:00\n"
          .utf8),
      zone: Self.zone)
    #expect(records.first?.firstFailed == 1_774_695_600)
    #expect(records.first?.lastTried == 1_774_778_400)
  }
}
