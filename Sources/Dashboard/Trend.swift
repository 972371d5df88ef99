// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Events per minute of the last hour.
package struct Trend: Hashable, Sendable {
  private static let span: Int64 = 60
  /// Counts by minute since 1970; only the last hour is kept.
  private var counts: [Int64: Int] = [:]

  package init() {}

  /// Counts one event at a time in seconds since 1970.
  package mutating func record(_ time: Int64, now: Int64) {
    let minute = time / 60
    guard minute > now / 60 - Self.span, minute <= now / 60 + 1 else { return }
    counts[minute, default: 0] += 1
    if counts.count > Int(Self.span) * 2 {
      counts = counts.filter { $0.key > now / 60 - Self.span }
    }
  }

  /// The events of the last `minutes` minutes, the one that runs among them.
  package func total(lastMinutes minutes: Int, now: Int64) -> Int {
    values(minutes: minutes, now: now).reduce(0, +)
  }

  /// The counts of the last `minutes` minutes, oldest first.
  package func values(minutes: Int, now: Int64) -> [Int] {
    (0..<minutes).map { counts[now / 60 - Int64(minutes - 1 - $0)] ?? 0 }
  }
}
