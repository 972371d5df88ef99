// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

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

  /// Counts a listing.
  package init(_ listing: QueueListing) {
    messages = listing.count
    for index in 0..<listing.count {
      switch listing.state(at: index) {
      case .deferred: deferred += 1
      case .held: held += 1
      case .active: active += 1
      case .incoming: incoming += 1
      }
      if let arrival = listing.arrival(at: index) { oldest = min(oldest ?? .max, arrival) }
    }
  }
}
