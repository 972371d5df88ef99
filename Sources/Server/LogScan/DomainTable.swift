// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// Counts by recipient domain, without a string for each line.
///
/// The memory is bounded: domains that come after the first `limit` are counted together.
struct DomainTable: Sendable {
  static let limit = 20_000
  /// The row that stands for all domains beyond the limit.
  static let others = "(other domains)"

  private struct Row: Sendable {
    var hash: UInt64
    var name: ByteRange
    var causes: [Cause: Int]
  }

  /// The names in lower case, one after the other.
  private var arena: [UInt8] = []
  private var table: [Row] = []
  /// Open addressing: the number of a row, or -1.
  private var slots = [Int32](repeating: -1, count: 1024)
  private var beyond: [Cause: Int] = [:]

  var rows: [(domain: String, deferrals: Int, causes: [Cause: Int])] {
    var rows = table.map { (arena.span.string($0.name), $0.causes.values.reduce(0, +), $0.causes) }
    if !beyond.isEmpty { rows.append((Self.others, beyond.values.reduce(0, +), beyond)) }
    return rows.map { (domain: $0.0, deferrals: $0.1, causes: $0.2) }
  }

  /// Counts one for the domain of the address in `range`.
  mutating func count(_ cause: Cause, of range: Range<Int>, in line: Span<UInt8>) {
    let at = line.lastIndex(of: UInt8(ascii: "@"), before: range.upperBound) ?? -1
    let start = max(at + 1, range.lowerBound)
    add([cause: 1], to: line.extracting(start..<range.upperBound))
  }

  mutating func merge(_ other: DomainTable) {
    for row in other.table { add(row.causes, to: other.arena.span.extracting(row.name.range)) }
    beyond.merge(other.beyond, uniquingKeysWith: +)
  }

  private mutating func add(_ causes: [Cause: Int], to domain: Span<UInt8>) {
    // FNV-1a; the slots are checked by the name itself.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in domain.indices {
      hash = (hash ^ UInt64(ASCII.lowercase(domain[index]))) &* 0x100_0000_01B3
    }
    var slot = Int(truncatingIfNeeded: hash & UInt64(slots.count - 1))
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if table[number].hash == hash, isName(table[number].name, domain) {
        for (cause, count) in causes { table[number].causes[cause, default: 0] += count }
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard table.count < Self.limit else {
      beyond.merge(causes, uniquingKeysWith: +)
      return
    }
    slots[slot] = Int32(table.count)
    table.append(
      Row(hash: hash, name: ByteRange(offset: arena.count, count: domain.count), causes: causes))
    for index in domain.indices { arena.append(ASCII.lowercase(domain[index])) }
    if table.count * 2 > slots.count { grow() }
  }

  private func isName(_ name: ByteRange, _ domain: Span<UInt8>) -> Bool {
    guard Int(name.count) == domain.count else { return false }
    let offset = Int(name.offset)
    for index in domain.indices where arena[offset + index] != ASCII.lowercase(domain[index]) {
      return false
    }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for (number, row) in table.enumerated() {
      var slot = Int(truncatingIfNeeded: row.hash & UInt64(slots.count - 1))
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(number)
    }
  }
}
