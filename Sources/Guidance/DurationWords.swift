// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

extension WaitRange {
  /// `15 to 30 minutes`, `45 minutes to 2 hours`, `5 minutes`.
  package var words: String {
    let low = DurationWords(seconds: min)
    // People say 15 to 60 minutes, not 15 minutes to 1 hour.
    let high = DurationWords(seconds: max, keeping: low.unit)
    if low == high { return low.text }
    return low.unit == high.unit ? "\(low.count) to \(high.text)" : "\(low.text) to \(high.text)"
  }
}

/// A span of time in the largest unit that suits it.
package struct DurationWords: Hashable, Sendable {
  package let count: Int
  /// `second`, `minute`, `hour` or `day`.
  package let unit: String

  /// - Parameter unit: kept where 90 of it or less will do.
  package init(seconds: Int, keeping kept: String? = nil) {
    let seconds = Swift.max(0, seconds)
    // A unit is used from two of it on, or where it fits exactly.
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute")]
    let fitting =
      units.first { size, name in name == kept && seconds <= 90 * size }
      ?? units.first { size, _ in seconds >= 2 * size || seconds == size }
    let (size, name) = fitting ?? (1, "second")
    unit = name
    count = (seconds + size / 2) / size
  }

  package var text: String { "\(count) \(unit)\(count == 1 ? "" : "s")" }
}
