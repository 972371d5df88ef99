// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies
import Synchronization
import TestSupport
import Testing

@testable import MailServer

/// Arrangements of queues that are shared among threads, compared with plain ones.
@Suite struct QueueArrangementTests {
  @Test(arguments: [1, 255, 256, 65_536, UInt64(UInt32.max), 1 << 40, .max])
  func theQuickOrderIsTheOrder(limit: UInt64) {
    var random = SeededGenerator(seed: limit)
    let keys = (0..<3000).map { number in
      number % 7 == 0 ? .max : UInt64.random(in: 0..<limit, using: &random)
    }
    let base = limit < .max / 2 ? limit : 0
    for offset in [0, base] {
      let moved = keys.map { $0 == .max ? $0 : $0 + offset }
      var rows = (0..<3000).map { Int32($0) }.shuffled(using: &random)
      let places = Dictionary(uniqueKeysWithValues: zip(rows, 0...))
      let expected = rows.sorted { one, other in
        let (left, right) = (moved[Int(one)], moved[Int(other)])
        return left == right ? places[one] ?? 0 < places[other] ?? 0 : left < right
      }
      ByteOrder.sort(&rows) { moved[Int($0)] }
      #expect(rows == expected)
    }
  }

  /// Two recipients in every third message, of which each fifth is delivered.
  private static let large: QueueSnapshot = {
    let states = ["deferred", "active", "hold"]
    let lines = (0..<140_000).map { number in
      let second =
        number % 3 == 0
        ? #", {"address": "s@D\#(number % 11).example", "delay_reason": "421 \#(number % 5)"}"# : ""
      return
        #"{"queue_name": "\#(states[number % 3])", "queue_id": "4cXn\#(number * 7919 % 999_983)hFjz9", "#
        + #""arrival_time": \#(QueueFixture.now - Int64(number * 31 % 99_000)), "message_size": \#(number % 977), "#
        + #""sender": "s\#(number % 100)@b.example", "recipients": [{"address": "r@d\#(number % 13).example", "#
        + #""delay_reason": "host mx\#(number % 17).example[192.0.2.1] said: 450 later"}\#(second)]}"#
        + "\n"
    }
    return QueueSnapshot(QueueListing(lines.joined()), taken: QueueFixture.now)
  }()

  @Test(arguments: QueueQuery.Grouping.allCases)
  func manyRowsAreGroupedAsFewAre(grouping: QueueQuery.Grouping) throws {
    let snapshot = Self.large
    #expect(snapshot.count == 140_000)
    var query = QueueQuery()
    (query.grouping, query.sort) = (grouping, .size)
    query.filters = [try Filter("size>9", for: .queue)]
    let arrangement = snapshot.arranged(by: query)
    var expected: [String: [Int32]] = [:]
    for row in arrangement.rows {
      let message = snapshot.message(at: Int(row))
      let age = message.arrival.map { AgeBucket.name(AgeBucket.index(ofAge: snapshot.taken - $0)) }
      let keys: [String] =
        switch grouping {
        case .sender: [message.sender]
        case .age: [age ?? ""]
        case .destination: message.recipients.map { String($0.address.lowercased().dropFirst(2)) }
        case .cause: message.recipients.compactMap { $0.cause?.rawValue }
        // No large provider's: a domain with a host each.
        case .host, .provider: message.recipients.compactMap(\.remoteHost)
        }
      for key in Set(keys) { expected[key, default: []].append(row) }
    }
    #expect(arrangement.groups.count == expected.count)
    for group in arrangement.groups {
      #expect(group.rows == expected[group.key], "\(group.key)")
      #expect(group.count == group.rows.count && group.ages.reduce(0, +) == group.count)
      let ages = group.rows.compactMap { snapshot.listing.arrival(at: Int($0)) }
      #expect(group.oldest == ages.min())
    }
  }

  @Test(arguments: [
    "d7", "dest:d7.example", "R@", "id:99", "to:s@d1", "mx3.", "zz", "/d[0-3]\\.e/",
  ])
  func manyRowsAreSearchedAsFewAre(words: String) throws {
    let snapshot = Self.large
    var query = QueueQuery()
    query.filters = [try Filter(words, for: .queue)]
    let rows = Set(snapshot.arranged(by: query).rows)
    // Those of a part are searched again, in a queue of one message each.
    for row in stride(from: 0, to: snapshot.count, by: 1009) {
      let message = snapshot.message(at: row)
      let texts =
        [message.idText, message.sender, message.state.rawValue]
        + message.recipients.flatMap { [$0.address, $0.reply ?? "", $0.cause?.rawValue ?? ""] }
      let word = words.split(separator: ":").last.map { $0.lowercased() } ?? ""
      let isExpected =
        switch words.prefix(while: { $0 != ":" }) {
        case "dest": message.recipients.contains { $0.address.lowercased().hasSuffix("@" + word) }
        case "id": message.idText.contains(word)
        case "to": message.recipients.contains { $0.address.lowercased().contains(word) }
        case let regex where regex.hasPrefix("/"):
          texts.contains { text in (0...3).contains { text.lowercased().contains("d\($0).e") } }
        default: texts.contains { $0.lowercased().contains(word) }
        }
      #expect(rows.contains(Int32(row)) == isExpected, "\(words), row \(row)")
    }
  }

  @Test func whatIsNotWantedIsNotAnswered() throws {
    var query = QueueQuery()
    (query.grouping, query.filters) = (.host, [try Filter("d7", for: .queue)])
    #expect(Self.large.arranged(by: query) { false } == nil)
    let left = Mutex(3)
    let late = Self.large.arranged(by: query) {
      left.withLock {
        $0 -= 1
        return $0 > 0
      }
    }
    #expect(late == nil)
    #expect(Self.large.arranged(by: query) { true } == Self.large.arranged(by: query))
  }
}
