// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Orders of many rows, by counting rather than by comparing.
enum ByteOrder {
  /// The order of byte strings; empty where they are in order already.
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

  /// Sorts row numbers by a key, keeping the order of equal ones (radix sort, a byte a pass).
  static func sort(_ rows: inout [Int32], by key: (Int32) -> UInt64) {
    var items = rows.map { Item(key: key($0), row: $0) }
    guard let first = items.first else { return }
    var (smallest, largest) = (first.key, first.key)
    for item in items {
      smallest = min(smallest, item.key)
      largest = max(largest, item.key)
    }
    for index in items.indices { items[index].key -= smallest }
    var other = items
    var shift: UInt64 = 0
    while shift < 64, (largest - smallest) >> shift > 0 {
      var starts = [Int](repeating: 0, count: 257)
      for item in items { starts[Int(item.key >> shift & 0xFF) + 1] += 1 }
      // A digit that all share needs no pass.
      if !starts.contains(items.count) {
        for digit in 1...256 { starts[digit] += starts[digit - 1] }
        for item in items {
          let digit = Int(item.key >> shift & 0xFF)
          other[starts[digit]] = item
          starts[digit] += 1
        }
        swap(&items, &other)
      }
      shift += 8
    }
    for index in rows.indices { rows[index] = items[index].row }
  }

  private struct Item {
    var key: UInt64
    var row: Int32
  }

  private static func prefix(of place: ByteRange, in bytes: Span<UInt8>) -> UInt64 {
    var key: UInt64 = 0
    for index in 0..<8 {
      key = key << 8 | (index < Int(place.count) ? UInt64(bytes[Int(place.offset) + index]) : 0)
    }
    return key
  }
}
