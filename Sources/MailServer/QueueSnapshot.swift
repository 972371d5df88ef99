// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

/// The queue at one moment.
///
/// The listing joined with what the log says. Immutable and cheap to pass on.
package struct QueueSnapshot: Sendable {
  /// Seconds since 1970 of the listing.
  package let taken: Int64
  package let mta: MTA
  package let totals: QueueTotals
  package var count: Int { totals.messages }

  package init(
    _ listing: QueueListing, history: DeliveryHistory = DeliveryHistory(),
    rules: RuleBook = .standard, taken: Int64
  ) {
    self.taken = taken
    mta = listing.mta
    totals = QueueTotals()
  }

  /// The message in row `index` of the listing, joined with the log.
  package func message(at index: Int) -> QueuedMessage {
    QueuedMessage(
      reference: nil, idText: "", mta: mta, queue: "", state: .deferred, arrival: nil, size: nil,
      sender: "", recipients: [])
  }

  /// The row that holds this message, or nil where it is not listed.
  package func row(of reference: MessageReference) -> Int? { nil }

  /// Filters, sorts and groups.
  ///
  /// Takes time that grows with the queue: not for the main thread.
  package func arranged(by query: QueueQuery) -> QueueArrangement {
    QueueArrangement(query: query, rows: [], groups: [])
  }
}

/// Counts over a whole queue.
package struct QueueTotals: Hashable, Sendable {
  package var messages = 0
  package var deferred = 0
  package var held = 0
  package var active = 0
  package var incoming = 0
  /// Arrival of the oldest message, seconds since 1970.
  package var oldest: Int64?

  package init() {}
}

/// How the queue is to be shown.
package struct QueueQuery: Hashable, Sendable {
  package enum Column: String, CaseIterable, Hashable, Sendable {
    case id, age, size, attempts, state, sender, destination, cause, reply, nextRetry
  }
  package enum Grouping: String, CaseIterable, Hashable, Sendable {
    case destination, cause, sender, host, age
  }

  /// Text that must stand in the ID, sender, a recipient, the state, the cause or the reply, in any case; empty for all.
  package var filter = ""
  package var sort = Column.age
  package var descending = true
  package var grouping: Grouping?

  package init() {}
}

/// The answer to a query: row numbers of the snapshot that it was asked of.
package struct QueueArrangement: Hashable, Sendable {
  package struct Group: Hashable, Sendable {
    package var key: String
    package var count: Int
    /// Arrival of the oldest message in the group.
    package var oldest: Int64?
    /// Rows of the snapshot in this group.
    package var rows: [Int32]

    package init(key: String, count: Int, oldest: Int64?, rows: [Int32]) {
      self.key = key
      self.count = count
      self.oldest = oldest
      self.rows = rows
    }
  }

  package var query: QueueQuery
  /// The rows that match, in order.
  package var rows: [Int32]
  /// The groups, largest first, where the query asked for them.
  package var groups: [Group]

  package init(query: QueueQuery, rows: [Int32], groups: [Group]) {
    self.query = query
    self.rows = rows
    self.groups = groups
  }
}
