// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
package import MailServer

/// The retry of several messages: one first, the others only if it left, one every few seconds.
///
/// A queue that is flushed at once is what makes a rate limit last.
package struct RetryRun: Hashable, Sendable {
  /// Seconds between two messages.
  static let pace: Int64 = 5
  /// Seconds for which a fate is waited for.
  static let patience: Int64 = 600

  package enum Phase: Hashable, Sendable {
    /// The first message is still to be chosen.
    case choosing
    /// The first message is on its way; the others wait for its fate.
    case canary(MessageReference, since: Int64)
    /// The others follow; the next one at this time.
    case paced(next: Int64)
    /// All were tried; the log has still to tell of some.
    case following(since: Int64)
    /// It ended, and why.
    case ended(String)
  }

  package let mta: MTA
  package let total: Int
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
  init(of targets: [MessageReference], mta: MTA, after events: [LogEvent], now: Int64) {
    self.mta = mta
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
        phase = .ended("None of \(Format.messages(total)) could be tried.")
        return nil
      }
      phase = .canary(first, since: now)
      return first
    case .canary(let message, let since):
      judge(message, since: since, now: now)
      if case .paced = phase { return advance(now: now) }
      return nil
    case .paced(let next):
      guard now >= next else { return nil }
      let message = waiting.popLast()
      phase = waiting.isEmpty ? .following(since: now) : .paced(next: now + Self.pace)
      return message
    case .following(let since):
      if followUp.count(.waiting) <= missed || now - since >= Self.patience {
        phase = .ended(followUp.words)
      }
      return nil
    case .ended: return nil
    }
  }

  private mutating func judge(_ message: MessageReference, since: Int64, now: Int64) {
    let fate: String
    switch followUp.fate(of: message.queueID.text) {
    case .delivered, .gone:
      phase = waiting.isEmpty ? .following(since: now) : .paced(next: now)
      return
    case .deferredAgain: fate = "was put off again with the same reply"
    case .deferredOtherwise: fate = "was put off with another reply"
    case .bounced: fate = "was returned to its sender"
    case .waiting, nil:
      guard now - since >= Self.patience else { return }
      fate = "was not heard of for \(Format.duration(Self.patience))"
    }
    phase = .ended("The first message \(fate). \(rest)")
  }

  private var rest: String { "The other \(Format.count(waiting.count)) were left alone." }

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
      phase = .ended("The first message could not be tried: \(why). \(rest)")
    }
  }

  /// A first message that the queue no longer holds has left, whatever the log tells.
  mutating func record(_ snapshot: QueueSnapshot, now: Int64) {
    guard case .canary(let message, let since) = phase, snapshot.taken > since,
      snapshot.row(of: message) == nil
    else { return }
    phase = waiting.isEmpty ? .following(since: now) : .paced(next: now)
  }

  mutating func stop() {
    phase = .ended("Stopped. \(followUp.words)")
  }

  /// How it stands, for the status line.
  func status(now: Int64) -> String {
    let left = followUp.count(.delivered) + followUp.count(.gone)
    let again = followUp.count(.deferredAgain) + followUp.count(.deferredOtherwise)
    let tried = "Retried \(total - waiting.count) of \(total): \(left) left, \(again) put off again"
    return switch phase {
    case .choosing: "Retrying \(Format.messages(total))"
    case .canary(let message, let since):
      "Retrying \(total): \(message.queueID.text) first, \(Format.duration(now - since)) ago; "
        + "the rest if it leaves · x stops"
    case .paced(let next): "\(tried) · next in \(max(0, next - now))s · x stops"
    case .following: "\(tried) · x ends the watch"
    case .ended(let why): why
    }
  }
}
