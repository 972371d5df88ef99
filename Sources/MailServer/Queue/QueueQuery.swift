// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// How the queue is to be shown.
package struct QueueQuery: Hashable, Sendable {
  package enum Column: String, CaseIterable, Hashable, Sendable {
    case id, age, size, attempts, state, sender, destination, host, cause, reply
    case nextRetry = "next"
  }
  package enum Grouping: String, CaseIterable, Hashable, Sendable {
    case destination, cause, sender, host, provider, age
  }

  /// All of them must let a message through.
  package var filters: [Filter] = []
  package var sort = Column.age
  package var descending = true
  package var grouping: Grouping?

  package init() {}
}

/// The answer to a query: row numbers of the snapshot that it was asked of.
package struct QueueArrangement: Hashable, Sendable {
  package struct Group: Hashable, Sendable {
    /// Empty if the rows have none: no reply yet, no recipient left, the null sender.
    package var key: String
    package var count: Int
    /// Arrival of the oldest message in the group.
    package var oldest: Int64?
    /// Rows of the snapshot in this group, in order.
    ///
    /// A message to several destinations is in the group of each.
    package var rows: [Int32]
    /// Messages by their age, in the spans of `AgeBucket`.
    package var ages: [Int]

    package init(
      key: String, count: Int, oldest: Int64?, rows: [Int32],
      ages: [Int] = [Int](repeating: 0, count: AgeBucket.count)
    ) {
      self.ages = ages
      self.key = key
      self.count = count
      self.oldest = oldest
      self.rows = rows
    }
  }

  package var query: QueueQuery
  /// The rows that match, in order.
  package var rows: [Int32]
  /// The groups, largest first (by age: oldest first), where the query requested them.
  package var groups: [Group]

  package init(query: QueueQuery, rows: [Int32], groups: [Group]) {
    self.query = query
    self.rows = rows
    self.groups = groups
  }
}

/// Doubling spans of age, as in Postfix's `qshape`.
package enum AgeBucket {
  /// The upper bounds in minutes; the last bucket has none.
  package static let minutes = [5, 10, 20, 40, 80, 160, 320, 640, 1280]
  package static var count: Int { minutes.count + 1 }

  /// The bucket of an age in seconds.
  package static func index(ofAge age: Int64) -> Int {
    // Each upper bound that it has reached; to compare with all of them takes no jump.
    minutes.reduce(0) { $0 + (age >= Int64($1) * 60 ? 1 : 0) }
  }

  /// `under 5m`, `5m to 10m`, … `over 21h20m`.
  package static func name(_ index: Int) -> String {
    guard index > 0 else { return "under \(text(minutes[0]))" }
    guard index < minutes.count else { return "over \(text(minutes[minutes.count - 1]))" }
    return "\(text(minutes[index - 1])) to \(text(minutes[index]))"
  }

  /// The upper end of a span for a column of five cells: `<5m`, `<1h20`, `<21h`, `more`.
  package static func upperBound(_ index: Int) -> String {
    guard minutes.indices.contains(index) else { return "more" }
    let hours = minutes[index] / 60
    if hours == 0 { return "<\(minutes[index])m" }
    return hours < 10 ? "<\(hours)h\(minutes[index] % 60)" : "<\(hours)h"
  }

  private static func text(_ minutes: Int) -> String {
    guard minutes >= 60 else { return "\(minutes)m" }
    return minutes % 60 == 0 ? "\(minutes / 60)h" : "\(minutes / 60)h\(minutes % 60)m"
  }
}
