// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Finds the rows of a queue ID: open addressing over the IDs in the listing's bytes.
struct ListingIndex: Sendable {
  /// Row numbers; -1 is free.
  private var slots: [Int32]
  private let hash = ByteHash()

  /// Indexes the rows that could be read.
  ///
  /// - Returns: the index, and the rows that name a message which comes again later in the listing.
  ///   Postfix lists a message twice that moves to another queue in the meantime; the later one is right.
  static func build(
    _ rows: [ListingRow], in bytes: Span<UInt8>
  ) -> (index: ListingIndex, repeated: Set<Int>) {
    var index = ListingIndex(capacityFor: rows.count)
    var repeated: Set<Int> = []
    for (number, row) in rows.enumerated() where !row.hasProblem {
      var slot = index.start(row.id, in: bytes)
      while index.slots[slot] >= 0 {
        let earlier = rows[Int(index.slots[slot])]
        if bytes.equal(earlier.id, row.id), earlier.arrival == row.arrival,
          earlier.sender == row.sender
        {
          repeated.insert(Int(index.slots[slot]))
          break
        }
        slot = (slot + 1) & (index.slots.count - 1)
      }
      index.slots[slot] = Int32(clamping: number)
    }
    return (index, repeated)
  }

  private init(capacityFor count: Int) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    slots = [Int32](repeating: -1, count: capacity)
  }

  /// The first of the candidate rows for an ID that is accepted as the right one.
  ///
  /// - Parameter id: a place in `bytes`, which need not be the listing's.
  func firstRow(of id: ByteRange, in bytes: Span<UInt8>, where isRight: (Int) -> Bool) -> Int? {
    var slot = start(id, in: bytes)
    while slots[slot] >= 0 {
      if isRight(Int(slots[slot])) { return Int(slots[slot]) }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func start(_ id: ByteRange, in bytes: Span<UInt8>) -> Int {
    Int(truncatingIfNeeded: hash(id, in: bytes)) & (slots.count - 1)
  }
}
