// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

extension QueueSnapshot {
  /// Filters, sorts and groups.
  ///
  /// Takes time that grows with the queue: not for the main thread.
  package func arranged(by query: QueueQuery) -> QueueArrangement {
    arranged(by: query) { true } ?? QueueArrangement(query: query, rows: [], groups: [])
  }

  /// The same for as long as the answer is wanted; nil if it no longer was.
  ///
  /// - Parameter isWanted: is asked now and then, by several threads.
  package func arranged(
    by query: QueueQuery, while isWanted: @Sendable () -> Bool
  ) -> QueueArrangement? {
    var rows = matchingRows(query.filters, isWanted)
    guard isWanted() else { return nil }
    sort(&rows, by: query)
    guard let grouping = query.grouping else {
      return QueueArrangement(query: query, rows: rows, groups: [])
    }
    guard isWanted() else { return nil }
    let groups = QueueGroups(self, rows).groups(by: grouping)
    return QueueArrangement(query: query, rows: rows, groups: groups)
  }

  /// The rows that all filters let through, in the order of their IDs; fewer where they are no longer wanted.
  private func matchingRows(_ filters: [Filter], _ isWanted: @Sendable () -> Bool) -> [Int32] {
    let order = listing.idOrder
    guard !filters.allSatisfy(\.isEmpty) else {
      return order.isEmpty ? (0..<count).map(Int32.init(clamping:)) : order
    }
    // Row by row, as they lie in memory; only then in order.
    let matches = QueueFilter(filters, self).flags(while: isWanted)
    return order.isEmpty
      ? (0..<count).filter { matches[$0] }.map(Int32.init(clamping:))
      : order.filter { matches[Int($0)] }
  }

  // MARK: - Order

  /// Sorts rows that are in the order of their IDs; equal ones keep that order.
  private func sort(_ rows: inout [Int32], by query: QueueQuery) {
    if query.sort == .id {
      if query.descending { rows.reverse() }
      return
    }
    let key = sortKey(of: query.sort)
    ByteOrder.sort(&rows) { row in
      // What is unknown comes last, whichever way.
      guard let value = key(Int(row)) else { return .max }
      return query.descending ? .max - 1 - value : value
    }
  }

  private func sortKey(of column: QueueQuery.Column) -> (Int) -> UInt64? {
    switch column {
    case .id: { UInt64($0) }
    case .age: { listing.arrival(at: $0).map { .max - 1 - Self.key($0) } }
    case .size: { listing.size(at: $0).map(Self.key) }
    case .attempts: { attempts(at: $0).map { Self.key(Int64($0)) } }
    case .nextRetry: { nextRetry(at: $0).map(Self.key) }
    case .state: stateKey()
    case .cause:
      leadKey((0..<replyCount).map { Cause.allCases.firstIndex(of: cause(ofReply: $0)) ?? 0 })
    case .sender: numberedKey(listing.senders) { Int(listing.rows[$0].sender) }
    case .destination:
      numberedKey(listing.destinations) {
        lead(of: $0).map { Int(listing.recipients[$0].destination) }
      }
    case .host: hostKey()
    case .reply: leadKey(Self.ranks(of: (0..<replyCount).map { replyText($0) }))
    }
  }

  /// A signed number as an unsigned one of the same order, below the largest.
  private static func key(_ value: Int64) -> UInt64 {
    min(UInt64(bitPattern: value) ^ 1 << 63, .max - 1)
  }

  private func stateKey() -> (Int) -> UInt64? {
    let states = MessageState.allCases
    return { states.firstIndex(of: state(at: $0)).map(UInt64.init) }
  }

  private func numberedKey(
    _ places: [ByteRange], _ number: @escaping (Int) -> Int?
  ) -> (Int) -> UInt64? {
    let ranks = ByteOrder.ranks(of: places, in: listing.bytes.span)
    return { number($0).map { ranks[$0] } }
  }

  private func hostKey() -> (Int) -> UInt64? {
    let (names, byReply) = QueueGroups(self, []).hosts()
    let ranks = Self.ranks(of: names)
    return leadKey(byReply.map { $0.map { ranks[$0] } })
  }

  /// The place of each text among all of them.
  private static func ranks(of texts: [String]) -> [Int] {
    var ranks = [Int](repeating: 0, count: texts.count)
    for (rank, index) in texts.indices.sorted(by: { texts[$0] < texts[$1] }).enumerated() {
      ranks[index] = rank
    }
    return ranks
  }

  /// The rank of the reply to the recipient that a row refers to.
  private func leadKey(_ ranks: [Int?]) -> (Int) -> UInt64? {
    { row in
      guard let lead = lead(of: row), replyNumber(of: lead) >= 0 else { return nil }
      return ranks[replyNumber(of: lead)].map(UInt64.init)
    }
  }
}
