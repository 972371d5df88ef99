// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The clock on a server's wall: so many seconds east of UTC, and other ones before and after a change of summer time.
package struct LocalZone: Hashable, Sendable {
  private struct Period: Hashable, Sendable {
    /// Seconds since 1970.
    var start: Int64
    var offset: Int64
  }

  /// Oldest first; the first one is of all time before, the last one of all time after.
  private let periods: [Period]

  package static let utc = LocalZone(offset: 0)

  /// A clock that is never changed.
  package init(offset: Int) { periods = [Period(start: .min, offset: Int64(offset))] }

  /// Asks for the offsets of twenty years before a time and of two after it.
  package init(around now: Int64, utcOffset: (Int64) -> Int) {
    let (week, year): (Int64, Int64) = (7 * 86_400, 366 * 86_400)
    // A time that nobody has comes from a record or an option.
    let now = min(max(now, 0), 253_402_200_000)
    var time = now - 20 * year
    var periods = [Period(start: .min, offset: Int64(utcOffset(time)))]
    while time < now + 2 * year {
      let offset = Int64(utcOffset(time + week))
      if offset != periods[periods.count - 1].offset {
        var (before, after) = (time, time + week)
        while after - before > 1 {
          let middle = before + (after - before) / 2
          if Int64(utcOffset(middle)) == offset { after = middle } else { before = middle }
        }
        periods.append(Period(start: after, offset: offset))
      }
      time += week
    }
    self.periods = periods
  }

  /// Seconds east of UTC at a time.
  package func offset(at time: Int64) -> Int64 {
    var index = periods.count - 1
    while index > 0, periods[index].start > time { index -= 1 }
    return periods[index].offset
  }

  /// The time, in seconds since 1970, at which the clock shows `local` (as if it stood in UTC).
  ///
  /// In the hour that comes twice when a clock is set back it is the later one, unless that is after `limit`; the hour that is
  /// left out when it is set forward counts on as if it were not.
  package func time(ofLocal local: Int64, notAfter limit: Int64 = .max) -> Int64 {
    var index = periods.count - 1
    while index > 0 {
      let time = local.adding(-periods[index].offset)
      if time >= periods[index].start, time <= limit || !repeats(local, at: index) { return time }
      index -= 1
    }
    return local.adding(-periods[0].offset)
  }

  /// Whether the clock showed `local` in the period before that one too.
  private func repeats(_ local: Int64, at index: Int) -> Bool {
    local.adding(-periods[index - 1].offset) < periods[index].start
  }
}
