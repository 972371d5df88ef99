// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
package import MailServer

/// The bulk retry: for each destination one first, its others only if that left, one every few seconds.
///
/// A queue that is flushed at once is what makes a rate limit last, and what one destination takes says nothing of
/// another.
package struct RetryRun: Hashable, Sendable {
  /// Seconds between two messages to a destination, of which the admin chooses.
  static let paces: [Int64] = [1, 2, 5, 10, 15, 30, 60, 120, 300]
  static let standardPace: Int64 = 5
  /// Messages that are tried within one second, to whatever destinations.
  private static let perSecond = 4

  package let mta: MTA
  package let total: Int
  /// Seconds between two messages to the same destination; it may change on the way.
  var pace: Int64
  /// By destination, that of most messages first.
  private(set) var lanes: [RetryLane]
  /// The numbers of its requests, with the places of their lanes.
  private var requests: [Int: Int] = [:]
  /// Lanes of which the end was reported.
  private var told: Set<String> = []
  /// The second in which the last messages were tried, and how many.
  private var burst = Burst()
  private var isStopped = false

  private struct Burst: Hashable, Sendable {
    var second = Int64.min
    var count = 0
  }

  /// - Parameters:
  ///   - destinations: the domain that each of the targets waits for.
  ///   - events: what the log said so far, by which the same reply is known again.
  ///   - now: seconds since 1970.
  init(
    of targets: [MessageReference], to destinations: [String], mta: MTA, pace: Int64,
    after events: [LogEvent], now: Int64
  ) {
    self.mta = mta
    self.pace = pace
    total = targets.count
    let groups = Dictionary(grouping: targets.indices) {
      destinations.indices.contains($0) ? destinations[$0] : ""
    }
    lanes = groups.map { name, places in
      RetryLane(to: name, places.map { targets[$0] }, after: events, now: now)
    }
    .sorted { ($1.total, $0.destination) < ($0.total, $1.destination) }
  }

  /// The messages to be tried now, with the places of their lanes.
  mutating func advance(now: Int64) -> [(target: MessageReference, lane: Int)] {
    if burst.second != now { burst = Burst(second: now) }
    // One first message a second: they leave this server side by side.
    var mayChoose = true
    var due: [(target: MessageReference, lane: Int)] = []
    for place in lanes.indices where burst.count < Self.perSecond {
      if lanes[place].isChoosing {
        guard mayChoose, burst.count == 0 || lanes.count == 1 else { continue }
        mayChoose = false
      }
      guard let message = lanes[place].advance(now: now, pace: pace) else { continue }
      burst.count += 1
      due.append((message, place))
    }
    return due
  }

  mutating func note(request: Int, of lane: Int) { requests[request] = lane }

  func hasRequest(_ number: Int) -> Bool { requests[number] != nil }

  mutating func record(_ events: [LogEvent]) {
    for place in lanes.indices { lanes[place].record(events) }
  }

  /// Takes in the result for one of its requests.
  mutating func record(_ result: ActResult, of request: Int) {
    if let place = requests[request] { lanes[place].record(result) }
  }

  mutating func record(_ snapshot: QueueSnapshot, now: Int64) {
    for place in lanes.indices { lanes[place].record(snapshot, now: now, pace: pace) }
  }

  mutating func stop() {
    isStopped = true
    for place in lanes.indices { lanes[place].stop() }
  }

  // MARK: In words

  /// How many were tried.
  var tried: Int { lanes.reduce(0) { $0 + $1.tried } }

  /// What came of the destinations that ended since this was last asked, and whether it is good.
  mutating func news() -> [(text: String, isGood: Bool)] {
    var news: [(text: String, isGood: Bool)] = []
    for lane in lanes {
      guard case .ended(let words) = lane.phase, told.insert(lane.destination).inserted else {
        continue
      }
      let name = lane.destination.isEmpty ? "no destination" : lane.destination
      news.append(
        (
          "Retry of \(Format.messages(lane.total)) to \(name): \(words)",
          lane.left == lane.total
        ))
    }
    return news
  }

  /// How it ended; nil while it goes on.
  var outcome: (text: String, isGood: Bool)? {
    guard lanes.allSatisfy(\.hasEnded) else { return nil }
    let left = lanes.reduce(0) { $0 + $1.left }
    if lanes.count == 1, let lane = lanes.first, case .ended(let words) = lane.phase {
      return ("Retry of \(Format.count(total)) to \(lane.destination): \(words)", left == total)
    }
    let taking = lanes.count { $0.left > 0 }
    let not = total - tried
    let parts = [
      "\(Format.count(left)) left", not > 0 ? "\(Format.count(not)) not retried" : nil,
      "\(taking) of \(lanes.count) destinations accepted mail",
    ].compactMap(\.self)
    return (
      "\(isStopped ? "Stopped: retry" : "Retry") of \(Format.count(total)): "
        + parts.joined(separator: ", "), left == total
    )
  }

  /// How it stands, for the status line.
  ///
  /// - Parameter keys: the key of a command, as people know it.
  func status(now: Int64, keys: (CommandID) -> String) -> String {
    let left = lanes.reduce(0) { $0 + $1.left }
    let again = lanes.reduce(0) { $0 + $1.deferredAgain }
    let stop = "\(keys(.stopRetry)) stops"
    // What a narrow screen must show comes first.
    if lanes.count == 1, let lane = lanes.first, case .canary(let message, let since) = lane.phase {
      return "Retry 1 of \(total), \(Format.duration(now - since)) · \(stop) · "
        + "the rest if \(message.queueID.text) leaves"
    }
    let soFar = "Retried \(tried) of \(total): \(left) left, \(again) deferred again"
    let next = lanes.compactMap { lane -> Int64? in
      if case .paced(let last) = lane.phase { max(0, last + pace - now) } else { nil }
    }.min()
    let firsts = lanes.count { if case .canary = $0.phase { true } else { false } }
    let waits =
      firsts > 0 ? " · waiting for the first at \(firsts) of \(lanes.count) destinations" : ""
    guard let next else {
      let isOver = lanes.allSatisfy { lane in
        switch lane.phase {
        case .following, .ended: true
        case .choosing, .canary, .paced: false
        }
      }
      return isOver ? "\(soFar) · \(keys(.stopRetry)) stops watching" : "\(soFar) · \(stop)\(waits)"
    }
    return "\(soFar) · \(stop) · \(keys(.slowerRetry)) slower \(keys(.fasterRetry)) faster: "
      + "one every \(Format.duration(pace)), next in \(Format.duration(next))\(waits)"
  }
}
