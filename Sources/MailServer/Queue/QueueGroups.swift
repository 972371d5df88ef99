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
      let causes = Cause.allCases
      let numbers = (0..<snapshot.replyCount).map {
        causes.firstIndex(of: snapshot.cause(ofReply: $0))
      }
      return byReply(causes.map(\.rawValue), numbers)
    case .host:
      let (names, numbers) = hosts()
      return byReply(names, numbers)
    case .provider:
      let (names, numbers) = providers()
      return byReply(names, numbers)
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

  /// Numbers for names, in the order in which they are first met.
  private struct NameNumbers {
    private(set) var names: [String] = []
    private var numbers: [String: Int] = [:]

    mutating func number(of name: String) -> Int {
      if let number = numbers[name] { return number }
      numbers[name] = names.count
      names.append(name)
      return names.count - 1
    }
  }

  /// The names of the hosts that replied, and the number of its host for each reply.
  func hosts() -> (names: [String], byReply: [Int?]) {
    let (reasons, span) = (snapshot.listing.reasons, snapshot.listing.bytes.span)
    // A few hosts gave most replies: their names become strings once.
    var places = ByteInterner()
    let listed = reasons.map { reason in
      PostfixReason.remoteHost(span, in: reason).map {
        Int(places.number(of: ByteRange($0), in: span))
      }
    }
    var numbers = NameNumbers()
    let listedNumbers = places.places.map { numbers.number(of: span.string($0)) }
    let told = (reasons.count..<snapshot.replyCount).map { reply in
      snapshot.remoteHost(ofReply: reply).map { numbers.number(of: $0) }
    }
    return (numbers.names, listed.map { $0.map { listedNumbers[$0] } } + told)
  }

  /// The same for who runs the hosts; the rules are asked about each reply.
  private func providers() -> (names: [String], byReply: [Int?]) {
    let snapshot = snapshot
    let named = Parallel.parts(of: snapshot.replyCount) { part in
      var providers = ReplyProviders(snapshot)
      return part.map { providers.provider(ofReply: $0) }
    }
    var numbers = NameNumbers()
    let byReply = named.joined().map { $0.map { numbers.number(of: $0) } }
    return (numbers.names, byReply)
  }

  /// Groups by the number that each reply has among names.
  private func byReply(_ names: [String], _ numbers: [Int?]) -> [QueueArrangement.Group] {
    byRecipient(names) { recipient in
      let reply = snapshot.replyNumber(of: recipient)
      return reply < 0 ? nil : numbers[reply]
    }
  }

  /// Groups by something of each recipient that still waits.
  private func byRecipient(
    _ names: [String], _ number: @Sendable (Int) -> Int?
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

  /// The members of the groups among some of the rows, in the order of the rows.
  private struct Members: Sendable {
    var groups: [Int32] = []
    var rows: [Int32] = []
    /// By group.
    var counts: [Int]
    var oldest: [Int64]
  }

  /// Groups rows by the numbers that `keys` gives for each; nil is the group without a name.
  private func grouped(
    _ names: [String], _ keys: @Sendable (Int, (Int?) -> Void) -> Void
  ) -> [QueueArrangement.Group] {
    let nameless = names.count
    let numbers = names.indices.map { names[$0].isEmpty ? nameless : $0 }
    let parts = Parallel.parts(of: rows.count) { members(rows[$0], of: numbers, keys) }
    // Each group's rows are put together: those of the first part, of the second, …
    var ends = [Int](repeating: 0, count: nameless + 1)
    var total = 0
    for group in ends.indices {
      ends[group] = total
      for part in parts { total += part.counts[group] }
    }
    var together = [Int32](repeating: 0, count: total)
    for part in parts {
      for (group, row) in zip(part.groups, part.rows) {
        together[ends[Int(group)]] = row
        ends[Int(group)] += 1
      }
    }
    let buckets = ageBuckets()
    var start = 0
    var groups: [QueueArrangement.Group] = []
    for (group, end) in ends.enumerated() where end > start {
      let rows = Array(together[start..<end])
      start = end
      let oldest = parts.reduce(Int64.max) { min($0, $1.oldest[group]) }
      var ages = [Int](repeating: 0, count: AgeBucket.count + 1)
      for row in rows { ages[Int(buckets[Int(row)])] += 1 }
      groups.append(
        QueueArrangement.Group(
          key: group < nameless ? names[group] : "", count: rows.count,
          oldest: oldest == .max ? nil : oldest, rows: rows,
          ages: Array(ages.prefix(AgeBucket.count))))
    }
    return groups.sorted { ($1.count, $0.key) < ($0.count, $1.key) }
  }

  private func members(
    _ rows: ArraySlice<Int32>, of groups: [Int], _ keys: (Int, (Int?) -> Void) -> Void
  ) -> Members {
    let count = groups.count + 1
    var members = Members(
      counts: [Int](repeating: 0, count: count), oldest: [Int64](repeating: .max, count: count))
    members.groups.reserveCapacity(rows.count)
    members.rows.reserveCapacity(rows.count)
    var last = [Int32](repeating: -1, count: count)
    for row in rows {
      let arrival = snapshot.listing.arrival(at: Int(row)) ?? .max
      keys(Int(row)) { number in
        let group = number.map { groups[$0] } ?? groups.count
        // A message is once in a group, however many of its recipients are.
        guard last[group] != row else { return }
        last[group] = row
        members.groups.append(Int32(truncatingIfNeeded: group))
        members.rows.append(row)
        members.counts[group] += 1
        members.oldest[group] = min(members.oldest[group], arrival)
      }
    }
    return members
  }

  /// The age bucket of each row of the snapshot; behind the last one where its age is not known.
  private func ageBuckets() -> [UInt8] {
    let snapshot = snapshot
    return Parallel.parts(of: snapshot.count) { part in
      part.map { row in
        let bucket = snapshot.listing.arrival(at: row).map {
          AgeBucket.index(ofAge: snapshot.taken &- $0)
        }
        return UInt8(truncatingIfNeeded: bucket ?? AgeBucket.count)
      }
    }.flatMap(\.self)
  }
}
