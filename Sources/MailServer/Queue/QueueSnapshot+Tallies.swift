// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How many queued messages share a destination or a sender.
package struct Tally: Hashable, Sendable {
  /// A domain in lower case, or a sender's address; empty for the null sender.
  package var key: String
  package var count: Int
  /// Arrival of the oldest, seconds since 1970.
  package var oldest: Int64?

  package init(key: String, count: Int, oldest: Int64? = nil) {
    self.key = key
    self.count = count
    self.oldest = oldest
  }
}

extension QueueSnapshot {
  /// The destinations that most messages wait for.
  ///
  /// A message counts once for each of them. One pass that keeps numbers only, so that it can follow
  /// each reading of a large queue.
  package func topDestinations(_ limit: Int) -> [Tally] {
    var counter = TallyCounter(listing.destinations.count)
    for row in 0..<listing.count {
      let arrival = listing.arrival(at: row)
      for recipient in listing.rows[row].recipients
      where !listing.recipients[recipient].isDelivered {
        counter.add(Int(listing.recipients[recipient].destination), row: row, arrival: arrival)
      }
    }
    let span = listing.bytes.span
    return counter.top(limit) { span.string(listing.destinations[$0]).lowercased() }
  }

  /// The senders of most messages.
  package func topSenders(_ limit: Int) -> [Tally] {
    var counter = TallyCounter(listing.senders.count)
    for row in 0..<listing.count {
      counter.add(Int(listing.rows[row].sender), row: row, arrival: listing.arrival(at: row))
    }
    let span = listing.bytes.span
    return counter.top(limit) { span.string(listing.senders[$0]) }
  }

  /// Of some rows, those of the sender that has most of them.
  package func rowsOfBusiestSender(among rows: [Int32]) -> [Int32] {
    var counts: [Int32: Int] = [:]
    for row in rows { counts[listing.rows[Int(row)].sender, default: 0] += 1 }
    guard let busiest = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else {
      return []
    }
    return rows.filter { listing.rows[Int($0)].sender == busiest }
  }
}

/// Counts rows by interned numbers.
private struct TallyCounter {
  private var counts: [Int32]
  private var oldest: [Int64]
  private var lastRow: [Int32]

  init(_ names: Int) {
    counts = Array(repeating: 0, count: names)
    oldest = Array(repeating: .max, count: names)
    lastRow = Array(repeating: -1, count: names)
  }

  mutating func add(_ number: Int, row: Int, arrival: Int64?) {
    guard counts.indices.contains(number), lastRow[number] != Int32(truncatingIfNeeded: row) else {
      return
    }
    lastRow[number] = Int32(truncatingIfNeeded: row)
    counts[number] += 1
    if let arrival { oldest[number] = min(oldest[number], arrival) }
  }

  /// The largest, names that differ in case alone together: a filter takes them for the same.
  func top(_ limit: Int, _ name: (Int) -> String) -> [Tally] {
    var tallies: [String: Tally] = [:]
    let largest = counts.indices.filter { counts[$0] > 0 }.sorted { counts[$0] > counts[$1] }
    for number in largest.prefix(2 * limit) {
      let spelling = name(number)
      let key = spelling.lowercased()
      var tally = tallies[key] ?? Tally(key: spelling, count: 0)
      tally.count += Int(counts[number])
      if oldest[number] != .max { tally.oldest = min(tally.oldest ?? .max, oldest[number]) }
      tallies[key] = tally
    }
    return Array(
      tallies.values.sorted { ($1.count, $0.key) < ($0.count, $1.key) }.prefix(limit))
  }
}
