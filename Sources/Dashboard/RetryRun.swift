// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
package import MailServer

/// The retry of several messages: one first, the others only if it left, one every few seconds.
///
/// A queue that is flushed at once is what makes a rate limit last.
package struct RetryRun: Hashable, Sendable {
  /// Seconds between two messages, of which the admin chooses.
  static let paces: [Int64] = [1, 2, 5, 10, 15, 30, 60, 120, 300]
  static let standardPace: Int64 = 5
  /// Seconds for which a fate is waited for.
  static let patience: Int64 = 600

  package enum Phase: Hashable, Sendable {
    /// The first message is still to be chosen.
    case choosing
    /// The first message is on its way; the others wait for its fate.
    case canary(MessageReference, since: Int64)
    /// The others follow, the last of them at this time.
    case paced(last: Int64)
    /// All were tried; the log has still to tell of some.
    case following(since: Int64)
    /// It ended, and why.
    case ended(String)
  }

  package let mta: MTA
  package let total: Int
  /// Seconds between two messages; it may change on the way.
  var pace: Int64
  package private(set) var phase = Phase.choosing
  /// Not tried yet, the next one last.
  package private(set) var waiting: [MessageReference]
  /// The numbers of its requests.
  private(set) var requests: Set<Int> = []
  private var followUp: FollowUp
  /// Messages that could not be tried, of which the log will tell nothing.
  private var missed = 0

  /// - Parameters:
  ///   - events: what the log told so far, by which the same reply is known again.
  ///   - now: seconds since 1970.
  init(
    of targets: [MessageReference], mta: MTA, pace: Int64, after events: [LogEvent], now: Int64
  ) {
    self.mta = mta
    self.pace = pace
    total = targets.count
    waiting = targets.reversed()
    followUp = FollowUp(queueIDs: targets.map(\.queueID.text), since: now)
    followUp.record(events)
  }

  /// The message to be tried now, or nil.
  mutating func advance(now: Int64) -> MessageReference? {
    switch phase {
    case .choosing:
      guard let first = waiting.popLast() else {
        phase = .ended("None of \(Format.messages(total)) could be tried")
        return nil
      }
      phase = .canary(first, since: now)
      return first
    case .canary(let message, let since):
      judge(message, since: since, now: now)
      if case .paced = phase { return advance(now: now) }
      return nil
    case .paced(let last):
      guard now - last >= pace else { return nil }
      let message = waiting.popLast()
      phase = waiting.isEmpty ? .following(since: now) : .paced(last: now)
      return message
    case .following(let since):
      if followUp.count(.waiting) <= missed || now - since >= Self.patience {
        phase = .ended("Of \(Format.count(total)): \(counts)")
      }
      return nil
    case .ended: return nil
    }
  }

  private mutating func judge(_ message: MessageReference, since: Int64, now: Int64) {
    let fate: String
    switch followUp.fate(of: message.queueID.text) {
    case .delivered, .gone:
      letOthersFollow(now)
      return
    case .deferredAgain: fate = "was put off again (same reply)"
    case .deferredOtherwise: fate = "was put off again (another reply)"
    case .bounced: fate = "was returned to its sender"
    case .waiting, nil:
      guard now - since >= Self.patience else { return }
      fate = "was not heard of for \(Format.duration(Self.patience))"
    }
    phase = .ended("The first \(fate); \(rest)")
  }

  private var rest: String { "the other \(Format.count(waiting.count)) were left alone" }

  private mutating func letOthersFollow(_ now: Int64) {
    phase = waiting.isEmpty ? .following(since: now) : .paced(last: now - pace)
  }

  /// What became of all so far: `12 left, 25 put off again (same reply), 3 gone`.
  private var counts: String {
    let open = followUp.count(.waiting)
    return [
      (followUp.count(.delivered), "left"),
      (followUp.count(.deferredAgain), "put off again (same reply)"),
      (followUp.count(.deferredOtherwise), "put off again (another reply)"),
      (followUp.count(.bounced), "returned to the sender"), (followUp.count(.gone), "gone"),
      (waiting.count, "not tried"), (max(0, open - waiting.count), "not heard of"),
    ]
    .filter { $0.0 > 0 }.map { "\(Format.count($0.0)) \($0.1)" }.joined(separator: ", ")
  }

  mutating func note(request: Int) { requests.insert(request) }

  mutating func record(_ events: [LogEvent]) { followUp.record(events) }

  /// Takes in what became of one of its requests.
  mutating func record(_ result: ActResult) {
    guard result != .done else { return }
    missed += 1
    guard case .canary = phase else { return }
    switch result {
    case .gone, .changed, .locked, .done: phase = .choosing
    case .unchanged(let why), .notPermitted(let why), .failed(let why):
      phase = .ended("The first could not be tried: \(why); \(rest)")
    }
  }

  /// A first message that the queue no longer holds has left, whatever the log tells.
  mutating func record(_ snapshot: QueueSnapshot, now: Int64) {
    guard case .canary(let message, let since) = phase, snapshot.taken > since,
      snapshot.row(of: message) == nil
    else { return }
    letOthersFollow(now)
  }

  mutating func stop() { phase = .ended("Stopped. Of \(Format.count(total)): \(counts)") }

  /// How many were tried.
  var tried: Int { total - waiting.count }

  /// How it stands, for the status line.
  ///
  /// - Parameter keys: the key of a command, as people know it.
  func status(now: Int64, keys: (CommandID) -> String) -> String {
    let left = followUp.count(.delivered) + followUp.count(.gone)
    let again = followUp.count(.deferredAgain) + followUp.count(.deferredOtherwise)
    let soFar = "Retried \(tried) of \(total): \(left) left, \(again) put off again"
    // What a narrow screen must show comes first.
    return switch phase {
    case .choosing: "Retrying \(Format.messages(total))"
    case .canary(let message, let since):
      "Retry 1 of \(total), \(Format.duration(now - since)) · \(keys(.stopRetry)) stops · "
        + "the others if \(message.queueID.text) leaves"
    case .paced(let last):
      "\(soFar) · \(keys(.stopRetry)) stops · \(keys(.slowerRetry)) slower \(keys(.fasterRetry)) faster: "
        + "one every \(Format.duration(pace)), next in "
        + Format.duration(last + pace - now)
    case .following: "\(soFar) · \(keys(.stopRetry)) ends the watch"
    case .ended(let why): why
    }
  }
}
