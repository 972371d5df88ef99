// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

/// A part of a log, counted by minutes since 1970: for charts, which need no line of it.
package struct LogCounts: Hashable, Sendable {
  /// More destinations are counted with none of their own.
  private static let mostDestinations = 1000

  /// Code 421, of both directions.
  package private(set) var code421: [Int64: Int] = [:]
  package private(set) var deliveries: [Int64: Int] = [:]
  package private(set) var deferrals: [Cause: [Int64: Int]] = [:]
  /// Deferrals by domain, in lower case, where it was reported.
  package private(set) var destinations: [String: [Int64: Int]] = [:]
  /// The earliest time that was counted, seconds since 1970.
  package private(set) var first: Int64?

  /// What of the log could not be read, in words: the numbers are those of a part then.
  package var gaps: [String] = []

  package init() {}

  package var isEmpty: Bool { first == nil && gaps.isEmpty }

  /// - Parameter destination: the recipient's domain, in lower case; nil if nobody asks for it.
  package mutating func count(
    _ kind: LogEvent.Kind, code: Int?, cause: Cause, destination: String? = nil, at time: Int64
  ) {
    first = min(first ?? time, time)
    let minute = time / 60
    if code == 421, kind == .deferral || kind == .refusal { code421[minute, default: 0] += 1 }
    switch kind {
    case .delivery: deliveries[minute, default: 0] += 1
    case .deferral:
      deferrals[cause, default: [:]][minute, default: 0] += 1
      guard let destination else { return }
      if destinations[destination] != nil || destinations.count < Self.mostDestinations {
        destinations[destination, default: [:]][minute, default: 0] += 1
      }
    case .attempt, .refusal, .bounce, .completed: break
    }
  }

  /// Takes the counts of another part of the log in.
  package mutating func add(_ other: LogCounts) {
    first = [first, other.first].compactMap { $0 }.min()
    code421.merge(other.code421, uniquingKeysWith: +)
    deliveries.merge(other.deliveries, uniquingKeysWith: +)
    for (cause, minutes) in other.deferrals {
      deferrals[cause, default: [:]].merge(minutes, uniquingKeysWith: +)
    }
    for (domain, minutes) in other.destinations
    where destinations[domain] != nil || destinations.count < Self.mostDestinations {
      destinations[domain, default: [:]].merge(minutes, uniquingKeysWith: +)
    }
    gaps += other.gaps.filter { !gaps.contains($0) }
  }

  package mutating func count(_ event: LogEvent) {
    guard let time = event.time else { return }
    count(
      event.kind, code: event.code, cause: event.cause,
      destination: event.kind == .deferral ? event.destination : nil, at: time)
  }
}

/// Events that came faster than they could be shown: gone from the list, and counted all the same.
package struct DroppedEvents: Hashable, Sendable, ExpressibleByIntegerLiteral {
  package private(set) var count: Int
  /// What they said.
  package private(set) var told = LogCounts()

  package init(_ events: some Sequence<LogEvent> = []) {
    count = 0
    for event in events {
      count += 1
      told.count(event)
    }
  }

  /// So many lines of which nothing else is known.
  package init(integerLiteral count: Int) { self.count = count }

  /// Takes others in.
  package mutating func add(_ other: DroppedEvents) {
    count += other.count
    told.add(other.told)
  }
}
