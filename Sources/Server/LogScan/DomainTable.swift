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
    var counts: CauseCounts
  }

  /// The names in lower case, one after the other.
  private var arena: [UInt8] = []
  private var table: [Row] = []
  /// Open addressing: the number of a row, or -1.
  private var slots = [Int32](repeating: -1, count: 1024)
  private var beyond = CauseCounts()
  /// Strangers choose the names: with a fixed hash they could make them collide.
  private let hash = ByteHash()

  var rows: [(domain: String, deferrals: Int, causes: [Cause: Int])] {
    var rows = table.map { (arena.span.string($0.name), $0.counts) }
    if beyond.total > 0 { rows.append((Self.others, beyond)) }
    return rows.map { (domain: $0.0, deferrals: $0.1.total, causes: $0.1.byCause) }
  }

  /// Counts one for the domain of the address in `range`.
  mutating func count(_ cause: Cause, of range: Range<Int>, in line: Span<UInt8>) {
    let at = line.lastIndex(of: UInt8(ascii: "@"), before: range.upperBound) ?? -1
    let start = max(at + 1, range.lowerBound)
    if let number = number(of: line.extracting(start..<range.upperBound)) {
      table[number].counts.add(1, of: cause)
    } else {
      beyond.add(1, of: cause)
    }
  }

  mutating func merge(_ other: DomainTable) {
    for row in other.table {
      if let number = number(of: other.arena.span.extracting(row.name.range)) {
        table[number].counts.merge(row.counts)
      } else {
        beyond.merge(row.counts)
      }
    }
    beyond.merge(other.beyond)
  }

  /// The number of a domain's row, which is made if there is none; nil beyond the limit.
  private mutating func number(of domain: Span<UInt8>) -> Int? {
    let hash = hash(ByteRange(0..<domain.count), in: domain, ignoringCase: true)
    var slot = Int(truncatingIfNeeded: hash & UInt64(slots.count - 1))
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if table[number].hash == hash, isName(table[number].name, domain) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard table.count < Self.limit else { return nil }
    slots[slot] = Int32(table.count)
    let name = ByteRange(offset: arena.count, count: domain.count)
    table.append(Row(hash: hash, name: name, counts: CauseCounts()))
    for index in domain.indices { arena.append(ASCII.lowercase(domain[index])) }
    if table.count * 2 > slots.count { grow() }
    return table.count - 1
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
