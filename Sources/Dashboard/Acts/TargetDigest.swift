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

  /// Most frequent first, once all were added.
  private(set) var senders: [Tally] = []
  private(set) var destinations: [Tally] = []
  private(set) var oldest: QueuedMessage?
  /// Bytes of all of which the size is known.
  private(set) var bytes: Int64 = 0
  /// Messages with the null sender: nobody is there to return them to.
  private(set) var bounces = 0

  private var sent: [String: Int] = [:]
  private var waiting: [String: Int] = [:]

  /// Takes a message in.
  mutating func add(_ message: QueuedMessage) {
    sent[message.sender.isEmpty ? "<> (bounces)" : message.sender, default: 0] += 1
    for domain in Set(message.recipients.filter { !$0.isDelivered }.map { $0.domain.lowercased() })
    { waiting[domain, default: 0] += 1 }
    if let arrival = message.arrival, arrival < oldest?.arrival ?? .max { oldest = message }
    bytes = bytes.addingReportingOverflow(message.size ?? 0).partialValue
    if message.sender.isEmpty { bounces += 1 }
  }

  /// Puts the tallies in order.
  mutating func finish() {
    (senders, destinations) = (Self.tallies(sent), Self.tallies(waiting))
    (sent, waiting) = ([:], [:])
  }

  private static func tallies(_ counts: [String: Int]) -> [Tally] {
    counts.map { Tally(name: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }

  /// `gmail.com (185), yahoo.com (3) and 4 more`; a single name stands without its count.
  static func words(_ tallies: [Tally], limit: Int = 3) -> String {
    guard tallies.count > 1 else { return tallies.first?.name ?? "nobody: all have received it" }
    let names = tallies.prefix(limit).map { "\($0.name) (\(Format.count($0.count)))" }
    let more = tallies.count - names.count
    return names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }
}
