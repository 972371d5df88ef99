// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// How often something happened in each minute of the last hour.
package struct MinuteCounts: Hashable, Sendable {
  private static let span: Int64 = 60

  private var counts = [Int32](repeating: 0, count: 60)
  /// The newest minute counted, in minutes since 1970.
  private var newest: Int64 = 0

  package init() {}

  /// Counts one at `time` (seconds since 1970); what is more than an hour old is left out.
  package mutating func add(_ time: Int64) {
    let minute = Self.minute(time)
    if minute > newest {
      let gone = Swift.min(minute - newest, Self.span, minute + 1)
      for step in 0..<gone { counts[Self.slot(minute - step)] = 0 }
      newest = minute
    }
    guard minute > newest - Self.span else { return }
    let slot = Self.slot(minute)
    counts[slot] = counts[slot] == .max ? .max : counts[slot] + 1
  }

  /// The sum of the `minutes` that end with the one of `time`.
  package func total(minutes: Int, endingAt time: Int64) -> Int {
    let last = Self.minute(time)
    let first = last - Int64(Swift.max(0, minutes)) + 1
    let low = Swift.max(first, newest - Self.span + 1, 0)
    let high = Swift.min(last, newest)
    guard low <= high else { return 0 }
    return (low...high).reduce(0) { $0 + Int(counts[Self.slot($1)]) }
  }

  /// The most in one of the last 60 minutes.
  package func peak(endingAt time: Int64) -> Int {
    (0..<Self.span).map { total(minutes: 1, endingAt: time - $0 * 60) }.max() ?? 0
  }

  private static func minute(_ time: Int64) -> Int64 { Swift.max(0, time) / 60 }
  private static func slot(_ minute: Int64) -> Int { Int(minute % span) }
}
