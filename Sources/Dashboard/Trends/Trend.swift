// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
package import Replies

/// Events per minute of the last day.
package struct Trend: Hashable, Sendable {
  static let span: Int64 = 24 * 60
  /// Counts by minute since 1970.
  private var counts: [Int64: Int] = [:]

  package init() {}

  /// Counts events at a time in seconds since 1970.
  package mutating func record(_ time: Int64, now: Int64, count: Int = 1) {
    let minute = time / 60
    guard minute > now / 60 - Self.span, minute <= now / 60 + 1 else { return }
    counts[minute, default: 0] += count
    prune(now)
  }

  /// Adds counts by minute since 1970.
  mutating func add(_ minutes: [Int64: Int], now: Int64) {
    for (minute, count) in minutes { record(minute * 60, now: now, count: count) }
  }

  /// Keeps the latest value of a minute, for what is measured rather than counted.
  mutating func measure(_ value: Int, now: Int64) {
    counts[now / 60] = value
    prune(now)
  }

  private mutating func prune(_ now: Int64) {
    guard counts.count > Int(Self.span) + 60 else { return }
    counts = counts.filter { $0.key > now / 60 - Self.span }
  }

  /// The events of the last `minutes` minutes, the one that runs among them.
  package func total(lastMinutes minutes: Int, now: Int64) -> Int {
    values(minutes: minutes, now: now).reduce(0, +)
  }

  /// The counts of the last `minutes` minutes, oldest first.
  package func values(minutes: Int, now: Int64) -> [Int] {
    (0..<minutes).map { counts[now / 60 - Int64(minutes - 1 - $0)] ?? 0 }
  }

  /// Values that were measured: a minute without one has that of the minute before.
  func levels(minutes: Int, now: Int64) -> [Int] {
    var last = 0
    return (0..<minutes).map { offset in
      last = counts[now / 60 - Int64(minutes - 1 - offset)] ?? last
      return last
    }
  }
}

/// What the log and the queue said, minute by minute.
package struct Trends: Hashable, Sendable {
  /// More destinations are counted with none of their own.
  private static let mostDestinations = 300
  private static let mostActs = 200

  /// Code 421, of both directions.
  package private(set) var code421 = Trend()
  /// Code 421 of hosts on the way to the next one, and of what was not tried: shown, and not among those above.
  private(set) var uncounted421 = Trend()
  package private(set) var deferrals = Trend()
  package private(set) var deliveries = Trend()
  package private(set) var causes: [Cause: Trend] = [:]
  /// Deferrals by domain, in lower case.
  private var destinations: [String: Trend] = [:]
  /// Messages in the queue.
  private(set) var queue = Trend()
  /// When changes were made, seconds since 1970.
  private(set) var acts: [Int64] = []
  /// The time of the first log line, seconds since 1970.
  private(set) var first: Int64?
  /// What of the log could not be read, in words.
  private(set) var gaps: [String] = []

  mutating func record(_ event: LogEvent, now: Int64) {
    guard let time = event.time else { return }
    first = min(first ?? time, time)
    if event.code == 421, event.kind == .deferral || event.kind == .refusal {
      code421.record(time, now: now)
    }
    if event.code == 421, event.kind == .attempt { uncounted421.record(time, now: now) }
    switch event.kind {
    case .delivery: deliveries.record(time, now: now)
    case .deferral:
      deferrals.record(time, now: now)
      causes[event.cause, default: Trend()].record(time, now: now)
      if let domain = event.destination {
        change(domain) { $0.record(time, now: now) }
      }
    case .attempt, .refusal, .bounce, .completed: break
    }
  }

  /// Takes in what older lines said.
  mutating func add(_ counts: LogCounts, now: Int64) {
    for gap in counts.gaps where !gaps.contains(gap) { gaps.append(gap) }
    if let earliest = counts.first { first = min(first ?? earliest, earliest) }
    code421.add(counts.code421, now: now)
    deliveries.add(counts.deliveries, now: now)
    for (cause, minutes) in counts.deferrals {
      deferrals.add(minutes, now: now)
      causes[cause, default: Trend()].add(minutes, now: now)
    }
    let totals = counts.destinations.mapValues { $0.values.reduce(0, +) }
    let busiestFirst = totals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    for domain in busiestFirst.map(\.key) {
      change(domain) { $0.add(counts.destinations[domain] ?? [:], now: now) }
    }
  }

  /// Counts at a destination, where it has its own trend or there is room for one more.
  private mutating func change(_ domain: String, by count: (inout Trend) -> Void) {
    guard destinations[domain] != nil || destinations.count < Self.mostDestinations else { return }
    count(&destinations[domain, default: Trend()])
  }

  mutating func noteQueue(_ count: Int, now: Int64) { queue.measure(count, now: now) }

  mutating func noteAct(now: Int64) {
    acts.append(now)
    if acts.count > Self.mostActs { acts.removeFirst() }
  }

  /// Deferrals of a destination per minute.
  func destination(_ domain: String) -> Trend? { destinations[domain.lowercased()] }
}
