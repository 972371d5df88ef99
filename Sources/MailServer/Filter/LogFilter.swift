// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies

/// Filters made ready for lines of the log.
package struct LogFilter: Sendable {
  private let filters: [Filter]
  /// The matchers of the tests, in the order in which they stand; they learn.
  private var matchers: [TextMatcher] = []

  /// - Parameter filters: all must let a line through.
  package init(_ filters: [Filter]) {
    self.filters = filters
    for filter in filters { collect(filter.term) }
  }

  package var dependsOnTime: Bool { filters.contains(where: \.dependsOnTime) }

  /// Whether an event is wanted.
  ///
  /// - Parameter now: seconds since 1970, for `age`.
  package mutating func matches(_ event: LogEvent, now: Int64) -> Bool {
    var matcher = 0
    var passes = true
    // All are gone through, so that each test meets its own matcher.
    for filter in filters where !evaluate(filter.term, event, now, &matcher) { passes = false }
    return passes
  }

  private mutating func collect(_ term: Filter.Term) {
    switch term {
    case .all(let terms), .any(let terms): for term in terms { collect(term) }
    case .not(let term): collect(term)
    case .text(_, let pattern): matchers.append(TextMatcher(pattern))
    case .number: break
    }
  }

  private mutating func evaluate(
    _ term: Filter.Term, _ event: LogEvent, _ now: Int64, _ matcher: inout Int
  ) -> Bool {
    switch term {
    case .all(let terms):
      var all = true
      for term in terms where !evaluate(term, event, now, &matcher) { all = false }
      return all
    case .any(let terms):
      var any = false
      for term in terms where evaluate(term, event, now, &matcher) { any = true }
      return any
    case .not(let term): return !evaluate(term, event, now, &matcher)
    case .text(let field, _):
      defer { matcher += 1 }
      return texts(of: event, field).contains { matchers[matcher].matches($0) }
    case .number(let field, let comparison, let value):
      let number = field == .age ? event.time.map { now &- $0 } : event.code.map(Int64.init)
      return number.map { comparison.holds($0, value) } ?? false
    }
  }

  private func texts(of event: LogEvent, _ field: FilterField?) -> [String] {
    switch field {
    case nil: [event.line, event.cause.rawValue]
    case .to: [event.recipient, event.original].compactMap(\.self)
    case .dest: [event.destination].compactMap(\.self)
    case .cause: [event.cause.rawValue]
    case .reply: [event.reply]
    case .host: [event.remoteHost, event.remoteIP].compactMap(\.self)
    case .id: [event.queueID].compactMap(\.self)
    case .kind: [event.kind.rawValue]
    case .dir: [event.direction.rawValue]
    case .from, .state, .age, .size, .attempts, .next, .code: []
    }
  }
}

extension [LogEvent] {
  /// The events that a filter lets through.
  ///
  /// - Parameter now: seconds since 1970, for tests of age.
  package func matching(_ wanted: Filter, now: Int64) -> [LogEvent] {
    guard !wanted.isEmpty else { return self }
    var filter = LogFilter([wanted])
    return self.filter { filter.matches($0, now: now) }
  }
}
