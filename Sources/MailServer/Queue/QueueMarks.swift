// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Messages that were chosen: rows of one snapshot, where each row stands for an identity.
///
/// A bit for each, so that a million of them are marked, counted and passed on at once.
package struct QueueMarks: Hashable, Sendable {
  private var words: [UInt64] = []
  package private(set) var count = 0
  /// Goes up with each change: what was made from older marks is known by it.
  package private(set) var edition = 0

  package init() {}

  package var isEmpty: Bool { count == 0 }

  package func contains(_ row: Int32) -> Bool {
    let word = Int(row) >> 6
    return words.indices.contains(word) && words[word] >> UInt64(row & 63) & 1 == 1
  }

  package mutating func insert(_ rows: [Int32]) {
    for row in rows where row >= 0 {
      let (word, bit) = (Int(row) >> 6, UInt64(1) << UInt64(row & 63))
      if word >= words.count {
        words += repeatElement(0, count: max(word + 1 - words.count, words.count))
      }
      if words[word] & bit == 0 { count += 1 }
      words[word] |= bit
    }
    edition += 1
  }

  package mutating func remove(_ rows: [Int32]) {
    for row in rows where contains(row) {
      words[Int(row) >> 6] &= ~(1 << UInt64(row & 63))
      count -= 1
    }
    edition += 1
  }

  package mutating func removeAll() { (words, count, edition) = ([], 0, edition + 1) }

  /// The marked rows, in order.
  package var rows: [Int32] {
    var rows: [Int32] = []
    rows.reserveCapacity(count)
    for (number, word) in words.enumerated() {
      var rest = word
      while let bit = rest.takeBit() { rows.append(Int32(clamping: number << 6 + bit)) }
    }
    return rows
  }

  /// How many of some rows are marked.
  package func count(in rows: [Int32]) -> Int {
    isEmpty ? 0 : rows.count { contains($0) }
  }

  /// The same messages' rows in another snapshot; those that are not in it fall away.
  ///
  /// It is of the same edition: nobody marked anything.
  package func moved(from old: QueueSnapshot, to new: QueueSnapshot) -> QueueMarks {
    guard !isEmpty, old.number != new.number else { return self }
    var moved = QueueMarks()
    moved.insert(rows.compactMap { new.listing.row(ofRow: Int($0), of: old.listing) })
    moved.edition = edition
    return moved
  }
}

extension QueueSnapshot {
  /// Those of some rows that can be acted on: their identity could be read.
  package func markable(_ rows: [Int32]) -> [Int32] {
    rows.filter { listing.hasReference(at: Int($0)) }
  }
}

extension QueueListing {
  /// Whether a row has an identity: a row without a problem has an ID that is one.
  fileprivate func hasReference(at index: Int) -> Bool { !rows[index].hasProblem }

  /// The row of the message that another listing has in a row; as `row(of:)` with its reference.
  fileprivate func row(ofRow other: Int, of listing: QueueListing) -> Int32? {
    guard listing.hasReference(at: other) else { return nil }
    let theirs = listing.rows[other]
    let text = listing.bytes.span
    return row(at: theirs.id, of: text) { index in
      guard hasReference(at: index),
        has(
          text.extracting(listing.senders[Int(theirs.sender)].range),
          at: senders[Int(rows[index].sender)])
      else { return false }
      guard let arrival = arrival(at: index), let their = listing.arrival(at: other) else {
        return true
      }
      return arrival == their
    }.map { Int32(clamping: $0) }
  }
}
