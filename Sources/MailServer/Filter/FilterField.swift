// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies

/// What a test of a filter looks at.
package enum FilterField: String, CaseIterable, Hashable, Sendable {
  case from, to, dest, cause, reply, host, state, id, age, size, attempts, next, code, kind, dir,
    process

  /// What its values are.
  enum Kind: Hashable {
    case text
    /// A text of which these are all that occur.
    case word([String])
    /// Seconds.
    case duration
    /// Bytes.
    case bytes
    case count
  }

  /// The fields of a scope, in display order.
  package static func all(in scope: Filter.Scope) -> [FilterField] {
    switch scope {
    case .queue:
      [.from, .to, .dest, .cause, .reply, .host, .state, .id, .age, .size, .attempts, .next]
    case .log: [.to, .dest, .cause, .reply, .host, .id, .code, .kind, .dir, .age]
    case .connections: [.host, .dir, .state, .process, .age]
    }
  }

  /// The field with a name, in any case; names of the column headings and of `--by` are known too.
  package init?(named name: String) {
    let name = name.lowercased()
    guard let field = FilterField(rawValue: name) ?? Self.otherNames[name] else { return nil }
    self = field
  }

  private static let otherNames: [String: FilterField] = [
    "sender": .from, "recipient": .to, "rcpt": .to, "destination": .dest, "domain": .dest,
    "mx": .host, "retry": .next, "try": .attempts, "tries": .attempts, "direction": .dir,
    "peer": .host,
    "program": .process,
  ]

  var kind: Kind {
    switch self {
    case .from, .to, .dest, .reply, .host, .id, .process: .text
    case .cause: .word(Cause.allCases.map(\.rawValue))
    case .state: .word(MessageState.allCases.map(\.rawValue))
    case .kind: .word(["deferral", "attempt", "refusal"])
    case .dir: .word(["outbound", "inbound"])
    case .age, .next: .duration
    case .size: .bytes
    case .attempts, .code: .count
    }
  }

  /// The values that occur, where they are a few words; the states of a socket are the kernel's.
  package func words(in scope: Filter.Scope) -> [String]? {
    guard case .word(let words) = kind, self != .state || scope != .connections else { return nil }
    return words
  }

  /// The name with what follows it: `from:`, `age>`.
  package var opening: String {
    switch self {
    case .next: "next<"
    case .code: "code="
    case .attempts: "attempts>="
    default: isNumber ? "\(rawValue)>" : "\(rawValue):"
    }
  }

  /// A test that is right, for those who wrote one that is not.
  package var example: String {
    switch self {
    case .from: "from:news@example.com"
    case .to: "to:jane"
    case .dest: "dest:gmail.com"
    case .cause: "cause:rate-limit"
    case .reply: "reply:\"try again later\""
    case .host: "host:mx1.example.net"
    case .state: "state:held"
    case .id: "id:4cXn2k"
    case .age: "age>1h"
    case .size: "size>1M"
    case .attempts: "attempts>=3"
    case .next: "next<10m"
    case .code: "code=421"
    case .kind: "kind:refusal"
    case .dir: "dir:inbound"
    case .process: "process:smtpd"
    }
  }

  /// What it is, in a few words.
  package var meaning: String {
    switch self {
    case .from: "envelope sender; from:<> is a bounce"
    case .to: "address of a recipient"
    case .dest: "domain of an undelivered recipient"
    case .cause: "why it was deferred"
    case .reply: "text of the last reply"
    case .host: "remote host that replied"
    case .state: "deferred, active, held or incoming"
    case .id: "queue ID"
    case .age: "time since the message arrived, or since the log line"
    case .size: "size in bytes, K, M or G"
    case .attempts: "delivery attempts in the log"
    case .next: "time until the next attempt"
    case .code: "basic code of the reply"
    case .kind: "deferral, attempt or refusal"
    case .dir: "outbound or inbound"
    case .process: "program that owns the connection"
    }
  }

  var isNumber: Bool {
    switch kind {
    case .duration, .bytes, .count: true
    case .text, .word: false
    }
  }
}
