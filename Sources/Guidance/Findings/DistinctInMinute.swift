// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// How many different things there were in each minute of the last hour.
package struct DistinctInMinute: Hashable, Sendable {
  /// Different things that are distinguished in one minute; past that they are not counted.
  private static let capacity = 10_000

  private var counts = MinuteCounts()
  private var minute: Int64 = 0
  private var seen: Set<Int> = []

  package init() {}

  /// Counts a thing the first time that it is met in the minute of `time` (seconds since 1970).
  mutating func add(_ thing: some Hashable, at time: Int64) {
    if time / 60 != minute {
      (minute, seen) = (time / 60, [])
    }
    guard seen.count < Self.capacity, seen.insert(thing.hashValue).inserted else { return }
    counts.add(time)
  }

  package func total(minutes: Int, endingAt time: Int64) -> Int {
    counts.total(minutes: minutes, endingAt: time)
  }

  package func peak(endingAt time: Int64) -> Int { counts.peak(endingAt: time) }
}
