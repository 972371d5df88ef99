// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// Sorts rows of a snapshot into groups.
struct QueueGroups {
  private let snapshot: QueueSnapshot
  private let rows: [Int32]

  init(_ snapshot: QueueSnapshot, _ rows: [Int32]) {
    (self.snapshot, self.rows) = (snapshot, rows)
  }

  func groups(by grouping: QueueQuery.Grouping) -> [QueueArrangement.Group] {
    let listing = snapshot.listing
    let span = listing.bytes.span
    switch grouping {
    case .destination:
      let names = listing.destinations.map { span.string($0).lowercased() }
      return byRecipient(names) { Int(listing.recipients[$0].destination) }
    case .cause:
      let numbers = Dictionary(uniqueKeysWithValues: zip(Cause.allCases, 0...))
      let byReply = (0..<snapshot.replyCount).map {
        numbers[snapshot.cause(ofReply: $0)]
      }
      return byRecipient(Cause.allCases.map(\.rawValue)) { recipient in
        let reply = snapshot.replyNumber(of: recipient)
        return reply < 0 ? nil : byReply[reply]
      }
    case .host: return byReply { snapshot.remoteHost(ofReply: $0) }
    case .provider:
      var providers = ReplyProviders(snapshot)
      return byReply { providers.provider(ofReply: $0) }
    case .sender:
      let names = listing.senders.map { span.string($0) }
      return grouped(names) { row, add in add(Int(listing.rows[row].sender)) }
    case .age:
      let groups = grouped((0..<AgeBucket.count).map(AgeBucket.name)) { row, add in
        add(
          listing.arrival(at: row).map { AgeBucket.index(ofAge: snapshot.taken &- $0) })
      }
      let order = Dictionary(
        uniqueKeysWithValues: (0..<AgeBucket.count).map { (AgeBucket.name($0), $0) })
      return groups.sorted { (order[$0.key] ?? -1) > (order[$1.key] ?? -1) }
    }
  }

  /// Groups by a name that each reply has.
  private func byReply(_ name: (Int) -> String?) -> [QueueArrangement.Group] {
    var names: [String] = []
    var numbers: [String: Int] = [:]
    let byReply = (0..<snapshot.replyCount).map { reply -> Int? in
      guard let name = name(reply) else { return nil }
      if let number = numbers[name] { return number }
      numbers[name] = names.count
      names.append(name)
      return names.count - 1
    }
    return byRecipient(names) { recipient in
      let reply = snapshot.replyNumber(of: recipient)
      return reply < 0 ? nil : byReply[reply]
    }
  }

  /// Groups by something of each recipient that still waits.
  private func byRecipient(
    _ names: [String], _ number: (Int) -> Int?
  ) -> [QueueArrangement.Group] {
    let listing = snapshot.listing
    return grouped(names) { row, add in
      var hasNone = true
      for recipient in listing.rows[row].recipients
      where !listing.recipients[recipient].isDelivered {
        if let number = number(recipient) {
          add(number)
          hasNone = false
        }
      }
      if hasNone { add(nil) }
    }
  }

  /// Groups rows by the numbers that `keys` gives for each; nil is the group without a name.
  private func grouped(
    _ names: [String], _ keys: (Int, (Int?) -> Void) -> Void
  ) -> [QueueArrangement.Group] {
    var members = [[Int32]](repeating: [], count: names.count + 1)
    for row in rows {
      keys(Int(row)) { number in
        let group = number.flatMap { names[$0].isEmpty ? nil : $0 } ?? names.count
        // A message is once in a group, however many of its recipients are.
        if members[group].last != row { members[group].append(row) }
      }
    }
    let groups = members.indices.compactMap { index -> QueueArrangement.Group? in
      guard !members[index].isEmpty else { return nil }
      var group = QueueArrangement.Group(
        key: index < names.count ? names[index] : "", count: members[index].count, oldest: nil,
        rows: members[index])
      for row in group.rows {
        guard let arrival = snapshot.listing.arrival(at: Int(row)) else { continue }
        group.oldest = min(group.oldest ?? .max, arrival)
        group.ages[AgeBucket.index(ofAge: snapshot.taken &- arrival)] += 1
      }
      return group
    }
    return groups.sorted { ($1.count, $0.key) < ($0.count, $1.key) }
  }
}
