// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import MailServer
import Replies
import Testing

@testable import Server

/// The parts of a scan, each alone.
struct LogScanPartsTests {
  /// The place that halving finds is the one that looking at every line finds.
  @Test(arguments: [0, 1, 50, 4000]) func halvingFindsTheFirstLineOfATime(count: Int)
    async throws
  {
    let log = LogScanTests.log(lines: count, seed: 7)
    let grammar = LogScanTests.grammar
    let start: Int64 = 1_795_478_400
    for second in [-5, 0, 1, 7, 201, 399, 99_999] as [Int64] {
      let found = await LogSeek.offset(
        of: start + second, inLogOf: Int64(log.count), grammar: grammar
      ) {
        (offset, count) async throws(Never) in
        Array(log[min(Int(offset), log.count)..<min(Int(offset) + count, log.count)])
      }
      #expect(Int(found) == Self.firstLine(in: log, notBefore: start + second, grammar))
    }
  }

  private static func firstLine(in log: [UInt8], notBefore time: Int64, _ grammar: LogGrammar)
    -> Int
  {
    var start = 0
    while start < log.count {
      let end = log[start...].firstIndex(of: 10) ?? log.count
      if let found = grammar.time(of: Array(log[start..<end]).span), found >= time { return start }
      start = end + 1
    }
    return log.count
  }

  @Test func aLogThatIsNoLogHasNoPlace() async {
    let noise = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    let found = await LogSeek.offset(
      of: 1, inLogOf: Int64(noise.count), grammar: LogScanTests.grammar
    ) {
      (offset, count) async throws(Never) in
      Array(noise[min(Int(offset), noise.count)..<min(Int(offset) + count, noise.count)])
    }
    #expect((0...Int64(noise.count)).contains(found))
  }

  /// Whatever pieces a stream comes in, its lines come out whole, once and in order.
  @Test(arguments: [7, 1000, 300_000, 2_000_000]) func linesSurviveTheCutsOfAStream(size: Int) {
    let log = LogScanTests.log(lines: size < 10 ? 100 : 9000)
    var buffer = LineBuffer()
    var out: [UInt8] = []
    for start in stride(from: 0, to: log.count, by: size) {
      var rest = log[start..<min(start + size, log.count)]
      while !rest.isEmpty {
        rest = rest.dropFirst(buffer.fill(from: rest))
        buffer.drain { lines in
          let endsWithNewline = lines[lines.count - 1] == 10
          #expect(endsWithNewline)
          lines.withUnsafeBufferPointer { out += $0 }
        }
      }
    }
    buffer.finish { lines in lines.withUnsafeBufferPointer { out += $0 } }
    #expect(out == log)
  }

  @Test func rotatedFilesComeOldestFirst() throws {
    let scratch = Scratch()
    let names = [
      "mainlog", "mainlog.1", "mainlog.2.gz", "mainlog.10.gz", "mainlog-20261122.xz",
      "mainlog-20261123", "mainlog.old", "mainlogs", "mainlog.lock", "rejectlog.1",
    ]
    for name in names { scratch.write("", to: name) }
    let found = LogFiles.withRotations(of: scratch.file("mainlog"))
    #expect(
      found.map { $0.split(separator: "/").last.map(String.init) ?? "" } == [
        "mainlog.10.gz", "mainlog.2.gz", "mainlog.1", "mainlog-20261122.xz", "mainlog-20261123",
        "mainlog",
      ])
  }

  @Test func aThousandDomainsAreCountedApart() {
    var table = DomainTable()
    for round in 0..<3 {
      for number in 0..<2000 {
        let address = Array("u@\(round % 2 == 0 ? "D" : "d")\(number).test".utf8)
        table.count(.policy, of: 0..<address.count, in: address.span)
      }
    }
    let rows = table.rows
    #expect(rows.count == 2000)
    #expect(rows.allSatisfy { $0.deferrals == 3 && $0.causes == [.policy: 3] })
    #expect(Set(rows.map(\.domain)).count == 2000)
  }

  /// Strangers choose the names: which of them share a place must differ from run to run, and from table to table.
  @Test func aTableHasAHashOfItsOwn() {
    let name = Array("u@d1.test".utf8)
    func hash() -> UInt64 { ByteHash()(ByteRange(0..<name.count), in: name.span) }
    #expect(Set((0..<8).map { _ in hash() }).count == 8)
    var whole = DomainTable()
    for part in 0..<4 {
      var table = DomainTable()
      for number in 0..<2000 {
        let address = Array("u@d\(number + 500 * part).test".utf8)
        table.count(.policy, of: 0..<address.count, in: address.span)
      }
      whole.merge(table)
    }
    let counts = Dictionary(uniqueKeysWithValues: whole.rows.map { ($0.domain, $0.deferrals) })
    #expect(counts.count == 3500 && counts.values.reduce(0, +) == 8000)
    #expect(counts["d0.test"] == 1 && counts["d1500.test"] == 4 && counts["d3499.test"] == 1)
  }

  @Test func moreDomainsThanThereIsRoomForAreCountedTogether() {
    var table = DomainTable()
    for number in 0..<DomainTable.limit + 500 {
      let address = Array("u@d\(number).test".utf8)
      table.count(.policy, of: 0..<address.count, in: address.span)
    }
    #expect(table.rows.count == DomainTable.limit + 1)
    #expect(table.rows.first { $0.domain == DomainTable.others }?.deferrals == 500)
  }
}
