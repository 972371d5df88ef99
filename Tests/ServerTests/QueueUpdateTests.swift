// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Replies
import Testing

@testable import Server

@Suite("The queue's IDs alone", .timeLimit(.minutes(4)))
struct QueueUpdateTests {
  private static let first = "1xVpiA-000000007zq-213D"
  private static let second = "1xVpiA-000000007zs-25NC"
  private static let third = "1xVpiA-000000007zu-2DlQ"

  private static func block(_ id: String, delivered: Bool = false) -> String {
    " 0m   295 \(id) <a@sender.test>\n        \(delivered ? "D" : " ") u@busy.test\n"
      + "          v@other.test\n\n"
  }

  /// A collector that lists the whole queue only where it must.
  private struct Bench {
    let host = FakeHost {
      $0.answer("exim -bp", block(first) + block(second))
      $0.answer("exim -bpri", "\(second)\n\(first)\n")
    }
    let collector: QueueCollector
    private let reports = AsyncStream<QueueSnapshot>.makeStream()

    init(version: String?) {
      let continuation = reports.continuation
      collector = QueueCollector(
        host: host,
        system: MailSystem(
          tools: .exim(exim: "/usr/sbin/exim"), version: version, spool: "/var/spool/exim",
          logs: []), isWholeDue: { _, _ in false }
      ) {
        if case .queue(let snapshot) = $0 { continuation.yield(snapshot) }
      }
    }

    /// Reads the queue: the commands for that, and what was reported.
    func read() async -> (asked: [String], queue: QueueSnapshot?) {
      host.change { $0.asked = [] }
      await collector.read()
      var iterator = reports.stream.makeAsyncIterator()
      return (host.asked, await iterator.next())
    }
  }

  private static func ids(_ queue: QueueSnapshot?) -> [String] {
    guard let queue else { return [] }
    return (0..<queue.count).map { queue.listing.idText(at: $0) }.sorted()
  }

  @Test(arguments: [
    ("4.96", false), ("4.96.2", false), (nil, false), ("4.97", true), ("4.98.2", true),
    ("4.100", true), ("5.0", true),
  ])
  func anOldEximIsNeverAsked(version: String?, isNew: Bool) async {
    let bench = Bench(version: version)
    for round in 0..<3 {
      #expect(await bench.read().asked == [isNew && round > 0 ? "exim -bpri" : "exim -bp"])
    }
  }

  @Test func onlyWhatIsNewIsListed() async {
    let bench = Bench(version: "4.98.2")
    #expect(await bench.read().asked == ["exim -bp"])
    bench.host.change {
      $0.clock += 60
      $0.answer("exim -bpri", "\(Self.third)\n\(Self.first)\n")
      $0.answer("exim -bp \(Self.third)", Self.block(Self.third))
    }
    let (asked, queue) = await bench.read()
    #expect(asked == ["exim -bpri", "exim -bp \(Self.third)"])
    #expect(Self.ids(queue) == [Self.first, Self.third])
    #expect(queue?.taken == bench.host.now())
    // Nothing changed since.
    #expect(await bench.read().asked == ["exim -bpri"])
  }

  /// The log shows that one of two recipients got it; a deferral changes nothing in a listing.
  @Test func whatWasDeliveredInPartIsListedAnew() async throws {
    let bench = Bench(version: "4.98.2")
    _ = await bench.read()
    let delivery = LogEvent(
      time: bench.host.now() + 5, mta: .exim, kind: .delivery, direction: .outbound,
      queueID: Self.first, recipient: "u@busy.test", remoteHost: nil, remoteIP: nil, code: 250,
      enhanced: nil, cause: .other, reply: "", line: "")
    var deferral = delivery
    (deferral.kind, deferral.queueID) = (.deferral, Self.second)
    await bench.collector.record([delivery, deferral])
    bench.host.change {
      $0.answer("exim -bp \(Self.first)", Self.block(Self.first, delivered: true))
    }
    let (asked, queue) = await bench.read()
    #expect(asked == ["exim -bpri", "exim -bp \(Self.first)"])
    let message = try #require(queue?.message(withID: Self.first))
    #expect(message.recipients.map(\.isDelivered) == [true, false])
    await bench.collector.stop()
  }

  @Test(arguments: [
    ("1xVpiA-000000007zq-213D\nsomething new\n", 0 as Int32), ("", 1), ("exim: no\n", 1),
  ])
  func whatIsNotUnderstoodIsNotAskedAgain(output: String, status: Int32) async {
    let bench = Bench(version: "4.98.2")
    _ = await bench.read()
    bench.host.change { $0.answer("exim -bpri", output, status: status) }
    let (asked, queue) = await bench.read()
    #expect(asked == ["exim -bpri", "exim -bp"])
    #expect(queue?.count == 2)
    #expect(await bench.read().asked == ["exim -bp"])
  }

  @Test func aFloodIsListedWhole() async {
    let bench = Bench(version: "4.98.2")
    _ = await bench.read()
    bench.host.change {
      $0.answer("exim -bpri", (0..<2_001).map { "\(Self.id($0))\n" }.joined())
    }
    #expect(await bench.read().asked == ["exim -bpri", "exim -bp"])
    // The next time it is tried again.
    #expect(await bench.read().asked.first == "exim -bpri")
  }

  @Test func manyAreAskedForInParts() async {
    let bench = Bench(version: "4.98.2")
    _ = await bench.read()
    let ids = (0..<450).map(Self.id)
    bench.host.change {
      $0.answer("exim -bpri", ids.map { "\($0)\n" }.joined())
      for start in stride(from: 0, to: 450, by: 200) {
        let part = ids[start..<min(start + 200, 450)]
        $0.answer(
          "exim -bp \(part.joined(separator: " "))", part.map { Self.block($0) }.joined())
      }
    }
    let (asked, queue) = await bench.read()
    #expect(asked.count == 4)
    #expect(Self.ids(queue) == ids)
  }

  @Test func whoAsksGetsAWholeListing() async {
    let bench = Bench(version: "4.98.2")
    _ = await bench.read()
    #expect(await bench.read().asked == ["exim -bpri"])
    await bench.collector.wantWhole()
    #expect(await bench.read().asked == ["exim -bp"])
    #expect(await bench.read().asked == ["exim -bpri"])
  }

  @Test(arguments: [
    // A quick one is always whole.
    (0.3, 10, true), (0.6, 10, false),
    // A hundredth of the time, ten minutes, a tenth of the time.
    (2, 199, false), (2, 200, true), (30, 599, false), (30, 600, true), (90, 899, false),
    (90, 900, true),
  ])
  func aSlowListingIsWholeNowAndThen(took: Double, elapsed: Int, isDue: Bool) {
    #expect(
      QueueCollector.isWholeDue(took: .seconds(took), elapsed: .seconds(elapsed)) == isDue)
  }

  private static func id(_ number: Int) -> String {
    let digits = String(number)
    return "1xVpiA-" + String(repeating: "0", count: 11 - digits.utf8.count) + digits + "-213D"
  }
}
