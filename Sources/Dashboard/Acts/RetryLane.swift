// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// The part of a bulk retry that goes to one destination: one message first, the others only if it left.
struct RetryLane: Hashable, Sendable {
  /// Seconds for which a fate is waited for.
  static let patience: Int64 = 600

  enum Phase: Hashable, Sendable {
    /// The first message is still to be chosen.
    case choosing
    /// The first message is on its way; the others wait for its fate.
    case canary(MessageReference, since: Int64)
    /// The others follow, the last of them at this time.
    case paced(last: Int64)
    /// All were tried; the log has no result for some yet.
    case following(since: Int64)
    /// It ended, and why.
    case ended(String)
  }

  /// A domain; empty if nobody waits.
  let destination: String
  private(set) var phase = Phase.choosing
  /// Not tried yet, the next one last.
  private(set) var waiting: [MessageReference]
  let total: Int
  /// What the log says about its messages.
  private var followUp: FollowUp
  /// Messages that could not be tried, of which the log will say nothing.
  private var missed = 0

  /// - Parameters:
  ///   - events: what the log said so far, by which the same reply is known again.
  ///   - now: seconds since 1970.
  init(to destination: String, _ targets: [MessageReference], after events: [LogEvent], now: Int64)
  {
    self.destination = destination
    total = targets.count
    waiting = targets.reversed()
    followUp = FollowUp(queueIDs: targets.map(\.queueID.text), since: now)
    followUp.record(events)
  }

  var hasEnded: Bool { if case .ended = phase { true } else { false } }
  /// Whether its first message still has to be sent.
  var isChoosing: Bool { phase == .choosing }

  /// The message to be tried now, or nil.
  mutating func advance(now: Int64, pace: Int64) -> MessageReference? {
    switch phase {
    case .choosing:
      guard let first = waiting.popLast() else {
        phase = .ended("none of \(Format.messages(total)) could be retried")
        return nil
      }
      phase = .canary(first, since: now)
      return first
    case .canary(let message, let since):
      judge(message, since: since, now: now, pace: pace)
      if case .paced = phase { return advance(now: now, pace: pace) }
      return nil
    case .paced(let last):
      guard now - last >= pace else { return nil }
      let message = waiting.popLast()
      phase = waiting.isEmpty ? .following(since: now) : .paced(last: now)
      return message
    case .following(let since):
      if followUp.count(.waiting) <= missed || now - since >= Self.patience {
        phase = .ended(counts)
      }
      return nil
    case .ended: return nil
    }
  }

  private mutating func judge(
    _ message: MessageReference, since: Int64, now: Int64, pace: Int64
  ) {
    let fate: String
    switch followUp.fate(of: message.queueID.text) {
    case .delivered, .gone:
      letOthersFollow(now: now, pace: pace)
      return
    case .deferredAgain: fate = "was deferred again (same reply)"
    case .deferredOtherwise: fate = "was deferred again (another reply)"
    case .bounced: fate = "was bounced to its sender"
    case .waiting, nil:
      guard now - since >= Self.patience else { return }
      fate = "had no result for \(Format.duration(Self.patience))"
    }
    phase = .ended("the first \(fate)\(rest)")
  }

  private var rest: String {
    waiting.isEmpty
      ? "" : "; \(Format.count(waiting.count)) other\(waiting.count == 1 ? "" : "s") not retried"
  }

  private mutating func letOthersFollow(now: Int64, pace: Int64) {
    phase = waiting.isEmpty ? .following(since: now) : .paced(last: now - pace)
  }

  /// Takes in the result of the request for one of its messages.
  mutating func record(_ result: ActResult) {
    guard result != .done else { return }
    missed += 1
    guard case .canary = phase else { return }
    switch result {
    case .gone, .changed, .locked, .done: phase = .choosing
    case .unchanged(let why), .notPermitted(let why), .failed(let why):
      phase = .ended("the first could not be retried: \(why)\(rest)")
    }
  }

  /// A first message that the queue no longer holds has left, whatever the log says.
  mutating func record(_ snapshot: QueueSnapshot, now: Int64, pace: Int64) {
    guard case .canary(let message, let since) = phase, snapshot.taken > since,
      snapshot.row(of: message) == nil
    else { return }
    letOthersFollow(now: now, pace: pace)
  }

  mutating func record(_ events: [LogEvent]) { followUp.record(events) }

  mutating func stop() {
    if !hasEnded { phase = .ended("stopped: \(counts)") }
  }

  // MARK: In numbers

  var tried: Int { total - waiting.count }
  /// How many left the queue.
  var left: Int { followUp.count(.delivered) + followUp.count(.gone) }
  var deferredAgain: Int { followUp.count(.deferredAgain) + followUp.count(.deferredOtherwise) }

  /// The result for all so far: `12 left, 25 deferred again (same reply), 3 gone`.
  private var counts: String {
    let open = followUp.count(.waiting)
    return [
      (followUp.count(.delivered), "left"),
      (followUp.count(.deferredAgain), "deferred again (same reply)"),
      (followUp.count(.deferredOtherwise), "deferred again (another reply)"),
      (followUp.count(.bounced), "bounced"), (followUp.count(.gone), "gone"),
      (waiting.count, "not retried"), (max(0, open - waiting.count), "without a result"),
    ]
    .filter { $0.0 > 0 }.map { "\(Format.count($0.0)) \($0.1)" }.joined(separator: ", ")
  }
}
