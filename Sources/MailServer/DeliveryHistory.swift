// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies

/// What the log says of the messages that are still queued.
///
/// The last deferral of each recipient and the attempts. It joins an Exim listing, which does not
/// carry replies, with the reasons. A value that is copied when it is changed while another holds it.
package struct DeliveryHistory: Sendable {
  /// A reply or error; many recipients share one.
  struct Reply: Hashable {
    var text: String
    var cause: Cause
    var side: Side
    var hop: Hop
    var port: Int?
    var remoteHost: String?
    var remoteIP: String?
    /// The code with which the other side said it; nil if they are our MTA's own words.
    var code: Int?
    /// Exim's router and transport, where the log names them: they say more of the way than the host.
    var router: String?
    var transport: String?

    init(_ event: LogEvent) {
      (text, cause, side, hop) = (event.reply, event.cause, event.side, event.hop)
      (port, remoteHost, remoteIP) = (event.port, event.remoteHost, event.remoteIP)
      (code, router, transport) = (event.code, event.router, event.transport)
    }
  }

  struct Recipient {
    var address: String
    /// The number of the reply.
    var reply: Int32
    var time: Int64?
    /// How many real attempts ended in a deferral.
    var deferrals: Int32
  }

  struct Message {
    var recipients: [Recipient] = []
    /// The reply to an attempt that the log does not ascribe to a recipient.
    var looseReply: Int32?
    /// The last event.
    var time: Int64?
    /// The most real attempts that any recipient has seen.
    var attempts: Int32 { recipients.reduce(0) { max($0, $1.deferrals) } }
    /// The last real attempt.
    var lastAttempt: Int64? {
      recipients.reduce(nil) { last, recipient in
        guard let time = recipient.time else { return last }
        return max(last ?? time, time)
      }
    }
    /// Where the next recipient is probably found: MTAs keep their order from attempt to attempt.
    var next = 0
  }

  /// Relays that deliveries went to.
  private(set) var relays = Relays()
  /// By queue ID.
  private(set) var messages: [String: Message] = [:]
  private(set) var replies: [Reply] = []
  /// From when on the log is known, in seconds since 1970: the oldest event, or where what was read of it begins.
  package private(set) var since: Int64?
  /// The number of the last reply by which a destination deferred mail, by domain in lower case.
  private(set) var failures: [String: Int32] = [:]
  /// The same by Exim's router: all mail that a relay takes waits for it.
  private(set) var routerFailures: [String: Int32] = [:]
  private var numbers: [Reply: Int32] = [:]
  private var lastNumber: Int32 = 0
  private var recipientCount = 0
  private let limit: Int

  /// - Parameter limit: how many recipients are kept; past it, the messages that were silent the longest are forgotten.
  package init(limit: Int = 250_000) { self.limit = max(1, limit) }

  /// The number of messages that it knows of.
  package var count: Int { messages.count }

  /// Notes that the log was read from a time on, whether or not it mentions a message.
  package mutating func noteLog(since time: Int64) { since = Swift.min(since ?? time, time) }

  /// Takes a batch of events in.
  ///
  /// Deliveries and completed messages are forgotten.
  package mutating func record(_ events: [LogEvent]) {
    for event in events {
      if event.hop == .relay, let end = event.endpoint, relays.end(at: end.host) == nil {
        relays.insert(end)
      }
      if let time = event.time, since.map({ time < $0 }) ?? true { since = time }
      guard let id = event.queueID else { continue }
      switch event.kind {
      case .deferral: put(event, of: id, isAttempt: true)
      case .attempt: put(event, of: id, isAttempt: false)
      case .delivery:
        forget(event.recipient, of: id)
        if !failures.isEmpty, let domain = event.destination {
          failures[domain] = nil
        }
        if !routerFailures.isEmpty, let router = event.router { routerFailures[router] = nil }
      case .bounce: forget(event.recipient, of: id)
      case .completed:
        if let message = messages.removeValue(forKey: id) {
          recipientCount -= message.recipients.count
        }
      case .refusal: break
      }
    }
    if recipientCount > limit || messages.count > limit { forgetOldest() }
    if replies.count > 1024, replies.count > 2 * recipientCount + failures.count {
      compactReplies()
    }
  }

  /// Forgets the messages that a complete listing no longer has, but for those that the log mentioned later.
  ///
  /// - Parameter taken: seconds since 1970 when the listing was begun.
  package mutating func forgetAbsent(from listing: QueueListing, taken: Int64) {
    let absent = messages.filter { id, message in
      (message.time ?? .min) < taken && listing.row(withID: id) == nil
    }
    for (id, message) in absent {
      messages[id] = nil
      recipientCount -= message.recipients.count
    }
  }

  private mutating func put(_ event: LogEvent, of id: String, isAttempt: Bool) {
    var said = Reply(event)
    // Exim names the host that it could not reach in the line before, and not in the recipient's.
    if isAttempt, said.code == nil, said.remoteHost == nil, said.remoteIP == nil,
      let loose = messages[id]?.looseReply.map({ replies[Int($0)] }), loose.text == said.text
    {
      (said.remoteHost, said.remoteIP, said.port) = (loose.remoteHost, loose.remoteIP, loose.port)
      (said.cause, said.side, said.hop) = (loose.cause, loose.side, loose.hop)
    }
    let reply = number(of: said)
    let isNew = messages[id, default: Message()].put(event, reply, isAttempt: isAttempt)
    if isNew { recipientCount += 1 }
    guard isAttempt, !event.mta.agent.retriesByMessage, let domain = event.destination else {
      return
    }
    if failures.count >= limit { failures = [:] }
    failures[domain] = reply
    if let router = said.router { routerFailures[router] = reply }
  }

  private mutating func forget(_ address: String?, of id: String) {
    guard let address, let index = messages[id]?.index(of: address) else { return }
    messages[id]?.recipients.remove(at: index)
    messages[id]?.next = 0
    recipientCount -= 1
  }

  private mutating func number(of reply: Reply) -> Int32 {
    // A burst of deferrals usually has one reply.
    if Int(lastNumber) < replies.count, replies[Int(lastNumber)] == reply { return lastNumber }
    lastNumber = numbers[reply] ?? Int32(clamping: replies.count)
    if Int(lastNumber) == replies.count {
      replies.append(reply)
      numbers[reply] = lastNumber
    }
    return lastNumber
  }

  private mutating func forgetOldest() {
    let byAge = messages.sorted { ($0.value.time ?? .min) > ($1.value.time ?? .min) }
    let target = limit * 3 / 4
    messages = [:]
    recipientCount = 0
    for (id, message) in byAge {
      guard recipientCount + message.recipients.count <= target, messages.count < target else {
        break
      }
      messages[id] = message
      recipientCount += message.recipients.count
    }
  }

  /// Drops the replies that no recipient has anymore.
  private mutating func compactReplies() {
    let old = replies
    (replies, numbers) = ([], [:])
    for (id, var message) in messages {
      for index in message.recipients.indices {
        message.recipients[index].reply = number(of: old[Int(message.recipients[index].reply)])
      }
      message.looseReply = message.looseReply.map { number(of: old[Int($0)]) }
      messages[id] = message
    }
    for (domain, reply) in failures { failures[domain] = number(of: old[Int(reply)]) }
    for (router, reply) in routerFailures { routerFailures[router] = number(of: old[Int(reply)]) }
  }
}

extension DeliveryHistory.Message {
  /// Takes a deferral or a failed attempt in.
  ///
  /// - Returns: whether it is the first of its recipient.
  fileprivate mutating func put(_ event: LogEvent, _ reply: Int32, isAttempt: Bool) -> Bool {
    time = event.time ?? time
    guard let address = event.recipient else {
      looseReply = reply
      return false
    }
    guard let index = index(of: address) else {
      recipients.append(
        DeliveryHistory.Recipient(
          address: address, reply: reply, time: isAttempt ? event.time : nil,
          deferrals: isAttempt ? 1 : 0))
      return true
    }
    // What repeats an old failure does not hide the failure itself.
    if isAttempt || recipients[index].deferrals == 0 { recipients[index].reply = reply }
    if isAttempt {
      recipients[index].time = event.time ?? recipients[index].time
      recipients[index].deferrals &+= 1
    }
    return false
  }

  /// Where a recipient stands, or nil.
  fileprivate mutating func index(of address: String) -> Int? {
    let count = recipients.count
    for offset in 0..<count {
      let index = (next + offset) % count
      if recipients[index].address == address {
        next = index + 1
        return index
      }
    }
    return nil
  }
}
