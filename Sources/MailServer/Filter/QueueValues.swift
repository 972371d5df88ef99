// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

extension QueueSnapshot {
  /// The values of a field that begin so, those of most messages first.
  ///
  /// One pass over the rows that keeps numbers only. Fields without a list of values have none.
  package func values(
    of field: FilterField, startingWith prefix: String, limit: Int
  ) -> [String] {
    let start = TextPattern.folded(prefix)
    let span = listing.bytes.span
    func begins(_ text: String) -> Bool { TextPattern.folded(text).starts(with: start) }
    switch field {
    case .from:
      return top(limit, listing.senders.map { begins(span.string($0)) }) { row, add in
        add(Int(listing.rows[row].sender))
      } name: {
        span.string(listing.senders[$0])
      }
    case .dest:
      return top(limit, listing.destinations.map { begins(span.string($0)) }) { row, add in
        for recipient in listing.rows[row].recipients
        where !listing.recipients[recipient].isDelivered {
          add(Int(listing.recipients[recipient].destination))
        }
      } name: {
        span.string(listing.destinations[$0]).lowercased()
      }
    case .host:
      let hosts = (0..<replyCount).map { remoteHost(ofReply: $0) }
      return top(limit, hosts.map { $0.map(begins) ?? false }) { row, add in
        for recipient in listing.rows[row].recipients where replyNumber(of: recipient) >= 0 {
          add(replyNumber(of: recipient))
        }
      } name: {
        hosts[$0] ?? ""
      }
    default: return []
    }
  }

  private func top(
    _ limit: Int, _ isWanted: [Bool], _ numbers: (Int, (Int) -> Void) -> Void,
    name: (Int) -> String
  ) -> [String] {
    var counts = [Int](repeating: 0, count: isWanted.count)
    guard isWanted.contains(true) else { return [] }
    for row in 0..<count { numbers(row) { counts[$0] += 1 } }
    var names: [String: Int] = [:]
    for number in counts.indices where isWanted[number] && counts[number] > 0 {
      names[name(number), default: 0] += counts[number]
    }
    return names.filter { !$0.key.isEmpty }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(limit).map(\.key)
  }
}
