// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The messages of a dialog in a few words: who sent them, where they go, how old and large they are.
package struct TargetDigest: Hashable, Sendable {
  /// A sender or a destination with its number of messages.
  struct Tally: Hashable, Sendable {
    var name: String
    var count: Int
  }

  /// Most frequent first.
  let senders: [Tally]
  let destinations: [Tally]
  let oldest: QueuedMessage?
  /// Bytes of all of which the size is known.
  let bytes: Int64
  /// Messages with the null sender: nobody is there to return them to.
  let bounces: Int

  init(_ messages: [QueuedMessage]) {
    senders = Self.tallies(messages) { [$0.sender.isEmpty ? "<> (bounces)" : $0.sender] }
    destinations = Self.tallies(messages) { message in
      Set(message.recipients.filter { !$0.isDelivered }.map { $0.domain.lowercased() })
    }
    oldest = messages.filter { $0.arrival != nil }.min { ($0.arrival ?? 0) < ($1.arrival ?? 0) }
    bytes = messages.reduce(0) { $0.addingReportingOverflow($1.size ?? 0).partialValue }
    bounces = messages.count(where: \.sender.isEmpty)
  }

  private static func tallies(
    _ messages: [QueuedMessage], _ names: (QueuedMessage) -> some Sequence<String>
  ) -> [Tally] {
    var counts: [String: Int] = [:]
    for message in messages {
      for name in names(message) { counts[name, default: 0] += 1 }
    }
    return counts.map { Tally(name: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }

  /// `gmail.com (185), yahoo.com (3) and 4 more`; a single name stands without its count.
  static func words(_ tallies: [Tally], limit: Int = 3) -> String {
    guard tallies.count > 1 else { return tallies.first?.name ?? "nobody: all have it" }
    let names = tallies.prefix(limit).map { "\($0.name) (\(Format.count($0.count)))" }
    let more = tallies.count - names.count
    return names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}
