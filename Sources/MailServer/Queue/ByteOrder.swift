// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Orders of many rows, by counting rather than by comparing.
enum ByteOrder {
  /// The order of byte strings; empty if they are in order already.
  static func order(of places: [ByteRange], in bytes: Span<UInt8>) -> [Int32] {
    let isSorted = zip(places, places.dropFirst()).allSatisfy { !bytes.precedes($1, $0) }
    if isSorted { return [] }
    var order = (0..<places.count).map(Int32.init(clamping:))
    let keys = places.map { prefix(of: $0, in: bytes) }
    sort(&order) { keys[Int($0)] }
    // Those with the same first eight bytes are compared; few are, or all of a run have one length.
    var start = 0
    while start < order.count {
      var end = start + 1
      let key = keys[Int(order[start])]
      while end < order.count, keys[Int(order[end])] == key { end += 1 }
      if end - start > 1 {
        let run = order[start..<end].sorted { left, right in
          let (one, other) = (places[Int(left)], places[Int(right)])
          if bytes.precedes(one, other) { return true }
          return !bytes.precedes(other, one) && left < right
        }
        order.replaceSubrange(start..<end, with: run)
      }
      start = end
    }
    return order
  }

  /// The rank of each of some byte strings among them.
  static func ranks(of places: [ByteRange], in bytes: Span<UInt8>) -> [UInt64] {
    let order = order(of: places, in: bytes)
    guard !order.isEmpty else { return (0..<places.count).map(UInt64.init) }
    var ranks = [UInt64](repeating: 0, count: places.count)
    for (rank, place) in order.enumerated() { ranks[Int(place)] = UInt64(rank) }
    return ranks
  }

  /// Sorts row numbers by a key, keeping the order of equal ones; the largest key is for what is unknown.
  static func sort(_ rows: inout [Int32], by key: (Int32) -> UInt64) {
    let keys = rows.map(key)
    var (smallest, largest, previous, isSorted) = (UInt64.max, UInt64.min, UInt64.min, true)
    for key in keys {
      isSorted = isSorted && previous <= key
      previous = key
      if key < .max { (smallest, largest) = (min(smallest, key), max(largest, key)) }
    }
    guard !isSorted else { return }
    // With what is unknown just behind the rest, most keys are short.
    let unknown = largest &- smallest &+ 1
    if unknown < 1 << 32 {
      let items = zip(keys, rows).map { key, row in
        (key < .max ? key &- smallest : unknown) << 32 | UInt64(UInt32(bitPattern: row))
      }
      radixSort(items, below: unknown + 1, into: &rows)
    } else {
      let items = zip(keys, rows).map { key, row in
        UInt128(key) << 32 | UInt128(UInt32(bitPattern: row))
      }
      radixSort(items, below: .max, into: &rows)
    }
  }

  /// Sorts items that are a key over 32 bits of a row, by counting, a part of the key a pass.
  private static func radixSort<Item: FixedWidthInteger & UnsignedInteger>(
    _ items: [Item], below limit: UInt64, into rows: inout [Int32]
  ) {
    var (items, other) = (items, items)
    let length = UInt64.bitWidth - limit.leadingZeroBitCount
    let passes = (length + digitLength - 1) / digitLength
    let (size, mask) = (1 << digitLength, Item(1 << digitLength - 1))
    for pass in 0..<passes {
      let shift = Item(32 + pass * digitLength)
      var starts = [Int](repeating: 0, count: size + 1)
      for item in items { starts[Int(truncatingIfNeeded: item >> shift & mask) + 1] += 1 }
      // A digit that all share needs no pass.
      if starts.contains(items.count) { continue }
      for digit in 1...size { starts[digit] += starts[digit - 1] }
      for item in items {
        let digit = Int(truncatingIfNeeded: item >> shift & mask)
        other[starts[digit]] = item
        starts[digit] += 1
      }
      swap(&items, &other)
    }
    for index in rows.indices { rows[index] = Int32(truncatingIfNeeded: items[index]) }
  }

  private static let digitLength = 8

  private static func prefix(of place: ByteRange, in bytes: Span<UInt8>) -> UInt64 {
    var key: UInt64 = 0
    for index in 0..<8 {
      key = key << 8 | (index < Int(place.count) ? UInt64(bytes[Int(place.offset) + index]) : 0)
    }
    return key
  }
}
