// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import Replies
import Synchronization

/// The queue at one moment.
///
/// The listing joined with what the log says. Immutable and cheap to pass on.
package struct QueueSnapshot: Sendable {
  /// Which one it is, among all that were made.
  package let number = QueueSnapshot.made.add(1, ordering: .relaxed).newValue
  /// When the MTA was last asked which messages are queued, in seconds since 1970.
  ///
  /// What the listing says about a message may be some minutes older where Exim was asked for the
  /// IDs alone; deliveries and new messages never are.
  package let taken: Int64
  package let totals: QueueTotals
  package let listing: QueueListing

  /// The verdict of each of the listing's reasons.
  private let reasonVerdicts: [Verdict]
  /// Relays that the settings and the log name.
  package let relays: Relays
  private let retries: RetryTimes
  private static let made = Atomic(0)
  /// Seconds that a first delivery may take; a message that is older and of which the log says nothing was deferred.
  private static let firstDelivery: Int64 = 3600
  private let backoff: PostfixBackoff
  let rules: RuleBook
  let join: QueueJoin

  package var mta: MTA { listing.mta }
  package var count: Int { listing.count }

  /// - Parameters:
  ///   - retries: what the MTA says about its next attempts, where it was asked.
  ///   - relays: those that the settings name.
  ///   - backoff: Postfix's own settings, for the estimate where it was not.
  ///   - taken: seconds since 1970.
  package init(
    _ listing: QueueListing, history: DeliveryHistory = DeliveryHistory(),
    retries: RetryTimes = RetryTimes(), backoff: PostfixBackoff = PostfixBackoff(),
    relays: Relays = Relays(), rules: RuleBook = .standard, taken: Int64
  ) {
    self.listing = listing
    self.taken = taken
    totals = QueueTotals(listing)
    self.relays = relays.joined(with: history.relays)
    let ruling = RelayRuling(relays: self.relays, rules: rules)
    reasonVerdicts = ruling.verdicts(of: listing)
    (self.retries, self.backoff, self.rules) = (retries, backoff, rules)
    join = QueueJoin(
      listing, history: history, retries: retries, backoff: backoff, relays: ruling, taken: taken)
  }

  /// The same listing with newer knowledge from the log; nothing is read or classified again.
  ///
  /// - Parameters:
  ///   - retries: nil to keep those that it has.
  ///   - gone: the IDs of messages that left the queue since.
  package func rejoined(
    with history: DeliveryHistory, retries: RetryTimes? = nil,
    without gone: some Sequence<String> = EmptyCollection()
  ) -> QueueSnapshot {
    QueueSnapshot(
      self, of: listing.without(gone), history: history, retries: retries ?? self.retries)
  }

  private init(
    _ other: QueueSnapshot, of listing: QueueListing, history: DeliveryHistory, retries: RetryTimes
  ) {
    (self.listing, taken) = (listing, other.taken)
    totals = listing.count == other.count ? other.totals : QueueTotals(listing)
    (self.retries, backoff, rules) = (retries, other.backoff, other.rules)
    relays = other.relays.joined(with: history.relays)
    let ruling = RelayRuling(relays: relays, rules: rules)
    reasonVerdicts =
      relays == other.relays ? other.reasonVerdicts : ruling.verdicts(of: listing)
    join = QueueJoin(
      listing, history: history, retries: retries, backoff: backoff, relays: ruling, taken: taken)
  }

  /// The message in row `index` of the listing, joined with the log.
  package func message(at index: Int) -> QueuedMessage {
    var message = listing.message(at: index)
    message.state = state(at: index)
    for (position, recipient) in listing.rows[index].recipients.enumerated() {
      let reply = replyNumber(of: recipient)
      guard reply >= 0 else { continue }
      message.recipients[position].reply = replyText(reply)
      message.recipients[position].cause = cause(ofReply: reply)
      message.recipients[position].side = side(ofReply: reply)
      message.recipients[position].hop = hop(ofReply: reply)
      message.recipients[position].remoteHost = remoteHost(ofReply: reply)
      message.recipients[position].endpoint = endpoint(ofReply: reply)
    }
    message.attempts = attempts(at: index)
    message.lastAttempt = join.rows.isEmpty ? nil : time(join.rows[index].lastAttempt)
    message.nextRetry = nextRetry(at: index)
    message.isRetryEstimated = join.rows.isEmpty ? false : join.rows[index].isRetryEstimated
    return message
  }

  /// What keeps a message from a recipient, as Exim's retry records say; nil if they do not.
  package func failure(
    of message: QueuedMessage, to recipient: QueuedRecipient
  ) -> RetryTimes.Failure? {
    retries.failure(of: message.idText, from: message.sender, to: recipient)
  }

  /// The row that holds this message, or nil if it is not listed.
  package func row(of reference: MessageReference) -> Int? { listing.row(of: reference) }

  /// The message with an ID as a log line names it, or nil if it is not listed.
  package func message(withID id: String) -> QueuedMessage? {
    listing.row(withID: id).map { message(at: $0) }
  }

  /// The identities of some rows; those that cannot be acted on are left out.
  package func references(in rows: some Sequence<Int32>) -> [MessageReference] {
    rows.compactMap { listing.reference(at: Int($0)) }
  }

  /// Attempts seen in the log, or nil.
  package func attempts(at index: Int) -> Int? {
    guard !join.rows.isEmpty, join.rows[index].attempts != QueueJoin.Row.unknown else { return nil }
    return Int(join.rows[index].attempts)
  }

  /// Seconds since 1970 of the next attempt; nil if it is not known, or if there is none: what
  /// is frozen or on hold is not tried, whatever the times of its destination are.
  package func nextRetry(at index: Int) -> Int64? {
    guard !join.rows.isEmpty, listing.state(at: index) != .held else { return nil }
    return time(join.rows[index].nextRetry)
  }

  /// What a message is doing.
  ///
  /// Some listings do not distinguish a deferred message from one that is in its first delivery:
  /// the latter arrived when the log was read already, which shows no deferral.
  package func state(at index: Int) -> MessageState {
    let state = listing.state(at: index)
    guard state == .deferred, mta.agent.listsFirstDeliveryAsDeferred, let since = join.since,
      let arrival = listing.arrival(at: index), arrival >= since,
      taken &- arrival <= Self.firstDelivery, attempts(at: index) == nil,
      !listing.rows[index].recipients.contains(where: { replyNumber(of: $0) >= 0 })
    else { return state }
    return .incoming
  }

  /// Deferred messages whose next attempt, according to the MTA, was due so many seconds before `now`.
  package func overdue(by seconds: Int64, at now: Int64) -> Int {
    guard !join.rows.isEmpty else { return 0 }
    return (0..<count).count { row in
      state(at: row) == .deferred && !join.rows[row].isRetryEstimated
        && nextRetry(at: row).map { $0 < now - seconds } ?? false
    }
  }

  private func time(_ offset: Int32) -> Int64? {
    offset == QueueJoin.Row.unknown ? nil : taken &+ Int64(offset)
  }

  /// Whether mail waits for a reply that is such a one; each reply is looked at once.
  package func waits(for matches: (String) -> Bool) -> Bool {
    var known = [Bool](repeating: false, count: replyCount)
    for row in 0..<count {
      for recipient in listing.rows[row].recipients
      where !listing.recipients[recipient].isDelivered {
        let reply = replyNumber(of: recipient)
        guard reply >= 0, !known[reply] else { continue }
        if matches(replyText(reply)) { return true }
        known[reply] = true
      }
    }
    return false
  }

  /// The cause of the recipient that a row refers to, or nil.
  package func cause(at index: Int) -> Cause? {
    guard let lead = lead(of: index) else { return nil }
    let reply = replyNumber(of: lead)
    return reply < 0 ? nil : cause(ofReply: reply)
  }
}

/// Replies by number: the listing's reasons, then those of the history.
extension QueueSnapshot {
  var replyCount: Int { listing.reasons.count + join.historyReplies.count }

  func replyNumber(of recipient: Int) -> Int {
    Int(join.replies.isEmpty ? listing.recipients[recipient].reason : join.replies[recipient])
  }

  func cause(ofReply number: Int) -> Cause {
    let reasons = listing.reasons.count
    return number < reasons
      ? reasonVerdicts[number].cause : join.historyReplies[number - reasons].cause
  }

  func side(ofReply number: Int) -> Side {
    let reasons = listing.reasons.count
    return number < reasons
      ? reasonVerdicts[number].side : join.historyReplies[number - reasons].side
  }

  func hop(ofReply number: Int) -> Hop {
    let reasons = listing.reasons.count
    return number < reasons
      ? reasonVerdicts[number].hop : join.historyReplies[number - reasons].hop
  }

  func replyText(_ number: Int) -> String {
    let reasons = listing.reasons
    return number < reasons.count
      ? listing.bytes.span.string(reasons[number])
      : join.historyReplies[number - reasons.count].text
  }

  /// The name of the host that replied, or its address.
  func remoteHost(ofReply number: Int) -> String? {
    let reasons = listing.reasons
    guard number < reasons.count else {
      let reply = join.historyReplies[number - reasons.count]
      return reply.remoteHost ?? reply.remoteIP
    }
    let span = listing.bytes.span
    return PostfixReason.remoteHost(span, in: reasons[number]).map { span.string($0) }
  }

  /// The end that a reply came from, or that did not answer; nil if it is not known.
  func endpoint(ofReply number: Int) -> Endpoint? {
    let reasons = listing.reasons.count
    var end: Endpoint?
    if number >= reasons {
      let reply = join.historyReplies[number - reasons]
      if let host = reply.remoteHost ?? reply.remoteIP {
        end = Endpoint(host: host, address: reply.remoteIP, port: reply.port)
      }
    } else if let host = remoteHost(ofReply: number) {
      // An end in the reply's own text is not ours.
      let text = replyText(number)
      end = Endpoint(in: text)
      if end?.host != host { end = Endpoint(host: host) }
    } else {
      end = Endpoint(in: replyText(number)).flatMap { $0.socket == nil ? nil : $0 }
    }
    let hop = hop(ofReply: number)
    if let known = relays.end(at: end?.host, of: hop) ?? relays.end(at: end?.address, of: hop) {
      if end?.port == nil { end?.port = known.port }
    } else if end == nil, hop == .relay {
      let router = number < reasons ? nil : join.historyReplies[number - reasons].router
      end =
        relays.end(namedIn: replyText(number)) ?? router.flatMap { relays.end(ofRouter: $0) }
        ?? relays.only
    }
    return end
  }

  /// The relay that a line of the log mentions; nil if it is none that is known.
  package func relay(of event: LogEvent) -> Endpoint? {
    guard event.direction == .outbound else { return nil }
    if let host = event.remoteHost ?? event.remoteIP {
      return relays.end(at: host) ?? relays.end(at: event.remoteIP)
    }
    if let router = event.router, relays.has(router: router) { return relays.end(ofRouter: router) }
    return event.code == nil ? relays.end(namedIn: event.reply) : nil
  }

  /// The recipient that a row refers to: the first that is not delivered and was replied to.
  func lead(of index: Int) -> Int? {
    var first: Int?
    for recipient in listing.rows[index].recipients
    where !listing.recipients[recipient].isDelivered {
      if replyNumber(of: recipient) >= 0 { return recipient }
      first = first ?? recipient
    }
    return first
  }
}
