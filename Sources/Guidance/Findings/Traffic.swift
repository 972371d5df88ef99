// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer
package import Replies

/// What the log says about the traffic, as counts: with each destination, and with clients.
///
/// Costs the same however long it runs: the least recent are forgotten beyond `capacity`.
package struct Traffic: Hashable, Sendable {
  package static let capacity = 2000

  /// Outbound traffic, by destination (the domain of the recipient, in lower case).
  package private(set) var destinations: [String: DestinationTraffic] = [:]
  /// Clients that we deferred, by address or name.
  package private(set) var clients: [String: ClientTraffic] = [:]
  package private(set) var deferrals = MinuteCounts()
  package private(set) var deliveries = MinuteCounts()
  package private(set) var refusals = MinuteCounts()
  /// The time of the oldest event that was taken in; what was before it is not known.
  package private(set) var since: Int64?

  package init() {}

  /// Takes in a batch of events, in the order of the log.
  ///
  /// Events without a time are left out.
  package mutating func record(_ events: [LogEvent]) {
    for event in events { record(event) }
    Self.trim(&destinations) { $0.lastSeen }
    Self.trim(&clients) { $0.lastSeen }
  }

  private mutating func record(_ event: LogEvent) {
    guard let time = event.time else { return }
    since = Swift.min(since ?? time, time)
    switch event.kind {
    case .refusal:
      refusals.add(time)
      let client = event.remoteIP ?? event.remoteHost ?? "unknown client"
      clients[client, default: ClientTraffic()].refused(event.cause, at: time)
    case .deferral:
      guard event.direction == .outbound, let domain = event.destination else { return }
      deferrals.add(time)
      destinations[domain, default: DestinationTraffic()].deferred(
        event.cause, side: event.side, hop: event.hop, end: event.endpoint, at: time)
      destinations[domain]?.tried(event, at: time)
    case .delivery:
      guard event.direction == .outbound, let domain = event.destination else { return }
      deliveries.add(time)
      destinations[domain, default: DestinationTraffic()].delivered(
        event.queueID, host: event.remoteHost, at: time)
      destinations[domain]?.tried(event, at: time)
    case .attempt, .bounce, .completed: break
    }
  }

  private static func trim<Value>(
    _ table: inout [String: Value], by lastSeen: (Value) -> Int64
  ) {
    // With some slack, so that it is not done for each batch.
    guard table.count > capacity + capacity / 4 else { return }
    let oldest = table.values.map(lastSeen).sorted(by: >)[capacity]
    table = table.filter { lastSeen($0.value) > oldest }
  }
}

/// The traffic with one destination.
package struct DestinationTraffic: Hashable, Sendable {
  package private(set) var deferrals = MinuteCounts()
  package private(set) var deliveries = MinuteCounts()
  package private(set) var causes: [Cause: Int] = [:]
  /// How often each side was to blame for the deferrals of the present trouble.
  private var sides: [Side: Int] = [:]
  /// Where on the way the last deferral was, and at which end; a delivery since may have gone another way.
  package private(set) var lastHop = Hop.final
  package private(set) var lastEnd: Endpoint?
  package private(set) var lastHost: String?
  /// Seconds since 1970.
  package private(set) var lastDeferral: Int64?
  package private(set) var lastDelivery: Int64?
  /// Messages of which a recipient was delivered since the last deferral.
  package private(set) var deliveredSince = 0
  private var lastDelivered: String?
  /// The first deferral of the present trouble: an hour without one before it.
  package private(set) var troubleSince: Int64?
  /// Deliveries in the ten minutes before the trouble began; `earlierBefore`: in the fifty before.
  package private(set) var recentBefore = 0
  package private(set) var earlierBefore = 0

  /// Messages of which a recipient was tried, and the connections for them that the log shows.
  package private(set) var messages = DistinctInMinute()
  package private(set) var connections = DistinctInMinute()
  /// How much we sent in the ten minutes before the trouble began.
  package private(set) var volumeBefore = Volume()

  /// How much went to a destination in a span of time.
  package struct Volume: Hashable, Sendable {
    package var messages = 0
    package var recipients = 0
    /// At least so many: several transactions of one message can have connections of their own.
    package var connections = 0
  }

  package func volume(minutes: Int, endingAt time: Int64) -> Volume {
    Volume(
      messages: messages.total(minutes: minutes, endingAt: time),
      recipients: recipients(minutes: minutes, endingAt: time),
      connections: connections.total(minutes: minutes, endingAt: time))
  }

  private func recipients(minutes: Int, endingAt time: Int64) -> Int {
    deliveries.total(minutes: minutes, endingAt: time)
      + deferrals.total(minutes: minutes, endingAt: time)
  }

  /// The busiest minute of the last hour, each of the numbers on its own.
  package func peak(endingAt time: Int64) -> Volume {
    let busiest = (0..<60).map { (back: Int64) in
      recipients(minutes: 1, endingAt: time - back * 60)
    }
    return Volume(
      messages: messages.peak(endingAt: time), recipients: busiest.max() ?? 0,
      connections: connections.peak(endingAt: time))
  }

  mutating func tried(_ event: LogEvent, at time: Int64) {
    guard let id = event.queueID else { return }
    messages.add(id, at: time)
    guard let peer = event.remoteIP ?? event.remoteHost, !event.continuesConnection else { return }
    connections.add([id, peer], at: time)
  }

  package var lastSeen: Int64 { Swift.max(lastDeferral ?? 0, lastDelivery ?? 0) }

  /// Seconds without a deferral after which several deliveries are taken for the end of the trouble.
  private static let calm: Int64 = 900

  /// Whether the trouble is over.
  ///
  /// One delivery is no end of it: a server that limits a rate takes a message now and then.
  ///
  /// - Parameter waiting: messages that still wait for the destination; nil if that is not known.
  package func hasRecovered(waiting: Int?, now: Int64) -> Bool {
    guard let lastDeferral, let lastDelivery, lastDelivery > lastDeferral else { return false }
    return waiting == 0 || deliveredSince > 1 && now - lastDeferral >= Self.calm
  }

  /// The cause of most deferrals, with its share in percent.
  package var mainCause: (cause: Cause, percent: Int)? {
    let sum = causes.values.reduce(0, +)
    let most = causes.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }
    return most.map { ($0.key, $0.value.percent(of: sum)) }
  }

  /// The side to blame for most deferrals.
  package var mainSide: Side {
    sides.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key ?? .unknown
  }

  /// A burst: in the ten minutes before the first deferral three times as much as usual.
  package var wasBurst: Bool { recentBefore >= 20 && recentBefore * 5 >= 3 * earlierBefore }

  mutating func deferred(
    _ cause: Cause, side: Side, hop: Hop, end: Endpoint?, at time: Int64
  ) {
    if lastDeferral.map({ time - $0 > 3600 }) ?? true {
      troubleSince = time
      (causes, sides) = ([:], [:])
      volumeBefore = volume(minutes: 10, endingAt: time)
      recentBefore = deliveries.total(minutes: 10, endingAt: time)
      earlierBefore = deliveries.total(minutes: 60, endingAt: time) - recentBefore
    }
    deferrals.add(time)
    causes[cause, default: 0] += 1
    sides[side, default: 0] += 1
    (lastHop, lastEnd) = (hop, end)
    lastDeferral = Swift.max(lastDeferral ?? time, time)
    if let end, end.socket == nil { lastHost = end.host }
    (deliveredSince, lastDelivered) = (0, nil)
  }

  mutating func delivered(_ queueID: String?, host: String?, at time: Int64) {
    deliveries.add(time)
    if queueID == nil || queueID != lastDelivered { deliveredSince += 1 }
    lastDelivered = queueID
    lastDelivery = Swift.max(lastDelivery ?? time, time)
    lastHost = host ?? lastHost
  }
}

/// What we refused one client.
package struct ClientTraffic: Hashable, Sendable {
  package private(set) var refusals = MinuteCounts()
  package private(set) var causes: [Cause: Int] = [:]
  package private(set) var lastSeen: Int64 = 0

  mutating func refused(_ cause: Cause, at time: Int64) {
    refusals.add(time)
    causes[cause, default: 0] += 1
    lastSeen = Swift.max(lastSeen, time)
  }
}
