// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

/// What a part of a log told, counted by minutes since 1970: for charts, which need no line of it.
package struct LogCounts: Hashable, Sendable {
  /// More destinations are counted with none of their own.
  private static let mostDestinations = 1000

  /// Code 421, of both directions.
  package private(set) var code421: [Int64: Int] = [:]
  package private(set) var deliveries: [Int64: Int] = [:]
  package private(set) var deferrals: [Cause: [Int64: Int]] = [:]
  /// Deferrals by domain, in lower case, where it was told.
  package private(set) var destinations: [String: [Int64: Int]] = [:]
  /// The earliest time that was counted, seconds since 1970.
  package private(set) var first: Int64?

  package init() {}

  package var isEmpty: Bool { first == nil }

  /// - Parameter destination: the recipient's domain, in lower case; nil where nobody asks for it.
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

  package mutating func count(_ event: LogEvent) {
    guard let time = event.time else { return }
    count(
      event.kind, code: event.code, cause: event.cause,
      destination: event.kind == .deferral ? event.destination : nil, at: time)
  }
}
