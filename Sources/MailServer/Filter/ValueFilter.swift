// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies

/// What a filter is put to: a line of the log, a connection.
package protocol FilteredValue: Sendable {
  /// The texts of a field; where it is nil, all in which a word may stand.
  func texts(of field: FilterField?) -> [String]

  /// The number of a field at a time in seconds since 1970, or nil if it is not known.
  func number(of field: FilterField, now: Int64) -> Int64?
}

package typealias LogFilter = ValueFilter<LogEvent>

package typealias ConnectionFilter = ValueFilter<SMTPConnection>

/// Filters made ready for values, one after the other.
package struct ValueFilter<Value: FilteredValue>: Sendable {
  private let filters: [Filter]
  /// The matchers of the tests, in the order in which they stand; they learn.
  private var matchers: [TextMatcher] = []

  /// - Parameter filters: all must let a value through.
  package init(_ filters: [Filter]) {
    self.filters = filters
    for filter in filters { collect(filter.term) }
  }

  package var dependsOnTime: Bool { filters.contains(where: \.dependsOnTime) }

  /// Whether a value is wanted.
  ///
  /// - Parameter now: seconds since 1970, for `age`.
  package mutating func matches(_ value: Value, now: Int64) -> Bool {
    var matcher = 0
    var passes = true
    // All are gone through, so that each test meets its own matcher.
    for filter in filters where !evaluate(filter.term, value, now, &matcher) { passes = false }
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
    _ term: Filter.Term, _ subject: Value, _ now: Int64, _ matcher: inout Int
  ) -> Bool {
    switch term {
    case .all(let terms):
      var all = true
      for term in terms where !evaluate(term, subject, now, &matcher) { all = false }
      return all
    case .any(let terms):
      var any = false
      for term in terms where evaluate(term, subject, now, &matcher) { any = true }
      return any
    case .not(let term): return !evaluate(term, subject, now, &matcher)
    case .text(let field, _):
      defer { matcher += 1 }
      return subject.texts(of: field).contains { matchers[matcher].matches($0) }
    case .number(let field, let comparison, let value):
      return subject.number(of: field, now: now).map { comparison.holds($0, value) } ?? false
    }
  }
}

extension LogEvent: FilteredValue {
  package func texts(of field: FilterField?) -> [String] {
    switch field {
    case nil: [line, cause.rawValue]
    case .to: [recipient, original].compactMap(\.self)
    case .dest: [destination].compactMap(\.self)
    case .cause: [cause.rawValue]
    case .reply: [reply]
    case .host: [remoteHost, remoteIP].compactMap(\.self)
    case .id: [queueID].compactMap(\.self)
    case .kind: [kind.rawValue]
    case .dir: [direction.rawValue]
    case .from, .state, .age, .size, .attempts, .next, .code, .process: []
    }
  }

  package func number(of field: FilterField, now: Int64) -> Int64? {
    field == .age ? time.map { now &- $0 } : code.map(Int64.init)
  }
}

extension SMTPConnection: FilteredValue {
  package func texts(of field: FilterField?) -> [String] {
    switch field {
    case nil: [peer, direction.rawValue, state, process].compactMap(\.self)
    case .host: [peer]
    case .dir: [direction.rawValue]
    case .state: [state]
    case .process: [process].compactMap(\.self)
    default: []
    }
  }

  /// The age is the time since the connection was first seen.
  package func number(of field: FilterField, now: Int64) -> Int64? { seconds.map(Int64.init) }
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
