// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Replies

/// What the log and the MTA's retry data add to a listing.
struct QueueJoin: Sendable {
  struct Row {
    static let unknown = Int32.min

    var attempts = unknown
    /// Seconds from the time of the snapshot.
    var lastAttempt = unknown
    var nextRetry = unknown
    var isRetryEstimated = false
  }

  /// The number of each recipient's reply: of the listing's reasons, then of the history's replies; -1 for none.
  ///
  /// Empty if the history adds none to the listing's own.
  private(set) var replies: [Int32] = []
  /// Empty if nothing is known.
  private(set) var rows: [Row] = []
  private(set) var historyReplies: [DeliveryHistory.Reply] = []
  /// The time from which on the log is known, in seconds since 1970.
  let since: Int64?
  private let failures: [String: Int32]
  /// By Exim's router, of those whose mail all goes by a relay.
  private let routerFailures: [String: Int32]
  private var untried: [Untried: Int32] = [:]

  /// A message that was not tried, because its destination had deferred another one.
  private struct Untried: Hashable {
    var own: Int32
    var failure: Int32
  }

  init(
    _ listing: QueueListing, history: DeliveryHistory, retries: RetryTimes,
    backoff: PostfixBackoff, relays: RelayRuling, taken: Int64
  ) {
    (failures, since) = (history.failures, history.since)
    routerFailures = history.routerFailures.filter { relays.relays.has(router: $0.key) }
    guard !history.messages.isEmpty || !retries.isEmpty else { return }
    rows = [Row](repeating: Row(), count: listing.count)
    replies = listing.recipients.map(\.reason)
    historyReplies = relays.placing(history.replies)
    for (id, message) in history.messages {
      guard let row = listing.row(withID: id) else { continue }
      let arrival = listing.arrival(at: row)
      // A queue ID that is used again: the log refers to the message that had it before.
      if let arrival, let time = message.time, time < arrival - 1 { continue }
      join(message, to: row, of: listing, taken: taken)
      guard listing.mta.agent.retriesByMessage, listing.state(at: row) == .deferred, let arrival,
        let last = message.lastAttempt
      else { continue }
      let next = backoff.next(after: last, arrival: arrival)
      rows[row].nextRetry = Self.offset(next, from: taken)
      rows[row].isRetryEstimated = true
    }
    apply(retries, to: listing, taken: taken)
  }

  private static func offset(_ time: Int64, from taken: Int64) -> Int32 {
    // `unknown` is the smallest number: it cannot come out here.
    max(Int32(clamping: time.subtractingReportingOverflow(taken).partialValue), .min + 1)
  }

  private mutating func join(
    _ message: DeliveryHistory.Message, to row: Int, of listing: QueueListing, taken: Int64
  ) {
    let attempts = message.attempts
    if attempts > 0 { rows[row].attempts = attempts }
    if let last = message.lastAttempt {
      rows[row].lastAttempt = Self.offset(last, from: taken)
    }
    let recipients = listing.rows[row].recipients
    let addresses = RecipientSearch(listing, recipients)
    // Children of a redirection have records of their own, which no listed recipient matches.
    var orphan: DeliveryHistory.Recipient?
    for record in message.recipients {
      if let recipient = addresses.index(of: record.address, in: listing) {
        put(reply(of: record, message), on: recipient, of: listing)
      } else if orphan.map({ ($0.time ?? .min) <= (record.time ?? .min) }) ?? true {
        orphan = record
      }
    }
    guard let rest = orphan.map({ reply(of: $0, message) }) ?? message.looseReply else { return }
    for recipient in recipients where !listing.recipients[recipient].isDelivered {
      put(rest, on: recipient, of: listing)
    }
  }

  /// Adds a reply of the history to a recipient that has none.
  private mutating func put(_ reply: Int32, on recipient: Int, of listing: QueueListing) {
    guard replies[recipient] < 0 else { return }
    replies[recipient] = Int32(clamping: listing.reasons.count) &+ reply
  }

  /// What deferred a recipient: where its own record only says that it is not due, what a host said before.
  private mutating func reply(
    of record: DeliveryHistory.Recipient, _ message: DeliveryHistory.Message
  ) -> Int32 {
    let own = historyReplies[Int(record.reply)]
    guard record.deferrals == 0, own.code == nil else { return record.reply }
    if let loose = message.looseReply { return loose }
    guard own.cause == .other,
      let failure = own.router.flatMap({ routerFailures[$0] })
        ?? LogEvent.domain(of: record.address).flatMap({ failures[$0] })
    else { return record.reply }
    return untried(Untried(own: record.reply, failure: failure))
  }

  /// Exim does not try a host again before its time: the words are the message's own, the cause and
  /// the host those of the message that was tried.
  private mutating func untried(_ pair: Untried) -> Int32 {
    if let known = untried[pair] { return known }
    var reply = historyReplies[Int(pair.failure)]
    reply.text = historyReplies[Int(pair.own)].text
    reply.code = nil
    let number = Int32(clamping: historyReplies.count)
    historyReplies.append(reply)
    untried[pair] = number
    return number
  }

  // MARK: - Retry times

  private mutating func apply(_ retries: RetryTimes, to listing: QueueListing, taken: Int64) {
    if listing.mta.agent.retriesByMessage {
      for (id, time) in retries.messages {
        guard let row = listing.row(withID: id) else { continue }
        rows[row].nextRetry = Self.offset(time, from: taken)
        rows[row].isRetryEstimated = false
      }
      return
    }
    guard !retries.isEmpty else { return }
    let byReply = historyReplies.map { reply in
      reply.remoteIP.flatMap { retries.hosts[$0] } ?? reply.remoteHost.flatMap { retries.hosts[$0] }
    }
    // A message that was not even tried, as its host was not due, has no reply of its own: it waits
    // for the hosts that deferred others, until the first of them is due.
    var byDestination = [Int64?](repeating: nil, count: listing.destinations.count)
    for (recipient, reply) in zip(listing.recipients, replies) {
      let reply = Int(reply) - listing.reasons.count
      guard reply >= 0, let time = byReply[reply] else { continue }
      let destination = Int(recipient.destination)
      byDestination[destination] = min(byDestination[destination] ?? .max, time)
    }
    var byRow: [Int: Int64] = [:]
    for (id, time) in retries.messages {
      if let row = listing.row(withID: id) { byRow[row] = time }
    }
    let search = AddressRetries(retries, listing)
    for row in rows.indices {
      var next: Int64?
      for recipient in listing.rows[row].recipients
      where !listing.recipients[recipient].isDelivered {
        let reply = Int(replies[recipient]) - listing.reasons.count
        // The host, the address and the message must all be due; any recipient will do.
        let times = [
          byRow[row],
          (reply >= 0 ? byReply[reply] : nil)
            ?? byDestination[Int(listing.recipients[recipient].destination)],
          search.time(of: recipient, from: listing.rows[row].sender),
        ]
        guard let time = times.compactMap({ $0 }).max() else { continue }
        next = min(next ?? .max, time)
      }
      if let next { rows[row].nextRetry = Self.offset(next, from: taken) }
    }
  }
}

/// Finds recipients of one message by address, in any case.
private struct RecipientSearch {
  private let recipients: Range<Int>
  /// Made for long lists only.
  private var numbers: [String: Int] = [:]

  init(_ listing: borrowing QueueListing, _ recipients: Range<Int>) {
    self.recipients = recipients
    guard recipients.count > 16 else { return }
    for index in recipients {
      let address = listing.bytes.span.string(listing.recipients[index].address)
      numbers[address.lowercased()] = index
    }
  }

  func index(of address: String, in listing: borrowing QueueListing) -> Int? {
    if recipients.count > 16 { return numbers[address.lowercased()] }
    let text = address.utf8.span
    for index in recipients where has(text, at: listing.recipients[index].address, in: listing) {
      return index
    }
    return nil
  }

  private func has(
    _ text: Span<UInt8>, at place: ByteRange, in listing: borrowing QueueListing
  ) -> Bool {
    guard Int(place.count) == text.count else { return false }
    let span = listing.bytes.span
    for index in text.indices
    where ASCII.lowercase(span[Int(place.offset) + index]) != ASCII.lowercase(text[index]) {
      return false
    }
    return true
  }
}

/// Exim's retry records of addresses and domains, found by recipient.
private struct AddressRetries {
  private let retries: RetryTimes
  private let listing: QueueListing
  /// By number of the destination: whether any record can concern it.
  private let isConcerned: [Bool]

  init(_ retries: RetryTimes, _ listing: QueueListing) {
    (self.retries, self.listing) = (retries, listing)
    let domains = Set(retries.addresses.keys.map(Self.domain))
    isConcerned = listing.destinations.map {
      domains.contains(listing.bytes.span.string($0).lowercased())
    }
  }

  func time(of recipient: Int, from sender: Int32) -> Int64? {
    let span = listing.bytes.span
    let row = listing.recipients[recipient]
    guard isConcerned[Int(row.destination)] else { return nil }
    let address = span.string(row.address).lowercased()
    let from = span.string(listing.senders[Int(sender)]).lowercased()
    let domain = span.string(listing.destinations[Int(row.destination)]).lowercased()
    return [
      retries.addresses["\(address):<\(from)>"] ?? retries.addresses[address],
      retries.addresses[domain],
    ].compactMap { $0 }.max()
  }

  /// `example.net` of `jane@example.net:<sender@example.com>`, and of itself.
  private static func domain(_ key: String) -> String {
    let address = key.utf8.firstIndex(of: UInt8(ascii: ":")).map { key[..<$0] } ?? key[...]
    let start = address.lastIndex(of: "@").map { address.index(after: $0) } ?? address.startIndex
    return String(address[start...])
  }
}
