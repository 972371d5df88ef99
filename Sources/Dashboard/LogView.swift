// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The log pane's part of the state: the newest events and which of them are shown.
package struct LogView: Sendable {
  /// Events kept.
  static let capacity = 10_000

  private(set) var events: [LogEvent] = []
  /// The number of the first event kept; events are numbered from 0 as they come.
  private var first = 0
  /// Numbers of the events that are shown, oldest first.
  package private(set) var shown: [Int] = []
  package private(set) var list = ListState<Int>()
  /// The newest line stays in view.
  package private(set) var isFollowing = true
  /// Every temporary failure, not only code 421.
  package private(set) var showsAllCodes = false
  package private(set) var filters = FilterStack()
  private var filter = LogFilter([])
  /// Lines of the codes that are shown, before any filter.
  package private(set) var candidates = 0
  package private(set) var dropped = 0
  /// Code 421, of both directions, per minute.
  package private(set) var trend = Trend()
  /// Time of the last delivery seen.
  package private(set) var lastDelivery: Int64?

  package init() {}

  package func event(_ number: Int) -> LogEvent? {
    let index = number - first
    return events.indices.contains(index) ? events[index] : nil
  }

  package var selectedEvent: LogEvent? { list.selection.flatMap(event) }

  /// Takes events in that are newer than all before.
  mutating func append(_ batch: [LogEvent], dropped: Int, now: Int64) {
    self.dropped += dropped
    for event in batch {
      if event.kind == .delivery { lastDelivery = event.time ?? lastDelivery }
      guard isFailure(event) else { continue }
      if event.code == 421, event.kind != .attempt, let time = event.time {
        trend.record(time, now: now)
      }
      if matches(event, now: now) { shown.append(first + events.count) }
      events.append(event)
    }
    trim()
    if filter.dependsOnTime { rebuild(now: now) } else { settle() }
  }

  /// - Parameter now: seconds since 1970, for tests of age.
  mutating func setFilters(_ filters: FilterStack, now: Int64) {
    self.filters = filters
    filter = LogFilter(filters.all)
    rebuild(now: now)
  }

  mutating func toggleAllCodes(now: Int64) {
    showsAllCodes.toggle()
    rebuild(now: now)
  }

  mutating func select(_ position: Int) {
    isFollowing = position >= shown.count - 1
    list.select(position, of: shown.count) { shown[$0] }
  }

  mutating func reveal(height: Int) { list.reveal(count: shown.count, height: height) }

  private func isFailure(_ event: LogEvent) -> Bool {
    switch event.kind {
    case .deferral, .attempt, .refusal: true
    case .delivery, .bounce, .completed: false
    }
  }

  private mutating func matches(_ event: LogEvent, now: Int64) -> Bool {
    guard showsAllCodes || event.code == 421 else { return false }
    candidates += 1
    return filters.isEmpty || filter.matches(event, now: now)
  }

  private mutating func rebuild(now: Int64) {
    candidates = 0
    shown = []
    for (index, event) in events.enumerated() where matches(event, now: now) {
      shown.append(first + index)
    }
    settle()
  }

  private mutating func trim() {
    // In one go, so that a flood does not move the array for every line.
    guard events.count > Self.capacity + Self.capacity / 4 else { return }
    let excess = events.count - Self.capacity
    candidates -= events.prefix(excess).count { showsAllCodes || $0.code == 421 }
    events.removeFirst(excess)
    first += excess
    shown.removeAll { $0 < first }
  }

  private mutating func settle() {
    if isFollowing {
      list.select(shown.count - 1, of: shown.count) { shown[$0] }
    } else {
      list.reconcile(
        count: shown.count, find: { number in shown.binarySearch(number) }, id: { shown[$0] })
    }
  }
}

extension [Int] {
  /// The index of `value` in an ascending array.
  fileprivate func binarySearch(_ value: Int) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == value ? low : nil
  }
}
