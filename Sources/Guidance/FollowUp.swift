// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer
import Replies

/// The result of messages after a retry or a change: whether it helped.
package struct FollowUp: Hashable, Sendable {
  /// What the log has said about one message since then.
  package enum Fate: Hashable, Sendable {
    /// Nothing yet.
    case waiting
    /// It left the queue, delivered.
    case delivered
    /// It was deferred again, with the reply that it had before.
    case deferredAgain
    /// It was deferred with another reply.
    case deferredOtherwise
    /// It was returned to its sender.
    case bounced
    /// It left the queue without a delivery that we saw.
    case gone
  }

  /// The reply by which a message was deferred: what makes two of them the same.
  private struct Reason: Hashable {
    var code: Int?
    var enhanced: EnhancedStatusCode?
    var cause: Cause
  }

  private var fates: [String: Fate] = [:]
  private var reasons: [String: Reason] = [:]
  /// Messages of which some recipients were delivered.
  private var partly: Set<String> = []
  /// Seconds since 1970.
  private let since: Int64

  /// - Parameters:
  ///   - queueIDs: the messages touched.
  ///   - since: seconds since 1970 of the act; events before it tell what was before.
  package init(queueIDs: [String], since: Int64) {
    self.since = since
    for id in queueIDs { fates[id] = .waiting }
  }

  /// Takes in events in the order of the log.
  package mutating func record(_ events: [LogEvent]) {
    for event in events {
      guard let id = event.queueID, let fate = fates[id], let time = event.time else { continue }
      let reason = Reason(code: event.code, enhanced: event.enhanced, cause: event.cause)
      guard time >= since else {
        if event.kind == .deferral { reasons[id] = reason }
        continue
      }
      switch event.kind {
      case .deferral:
        fates[id] = reasons[id] == reason ? .deferredAgain : .deferredOtherwise
        reasons[id] = reason
      case .delivery: partly.insert(id)
      case .bounce: fates[id] = .bounced
      case .completed:
        if fate != .bounced { fates[id] = partly.contains(id) ? .delivered : .gone }
      case .attempt, .refusal: break
      }
    }
  }

  /// The result for one message, or nil if it is not followed.
  package func fate(of queueID: String) -> Fate? { fates[queueID] }

  package func count(_ fate: Fate) -> Int { fates.values.count(where: { $0 == fate }) }

  /// Whether nothing is left to wait for.
  package var isSettled: Bool { count(.waiting) == 0 }

  /// The counts in one sentence.
  ///
  /// `Of 12 messages: 9 delivered, 2 deferred again with the same reply, 1 not tried yet.`
  package var words: String {
    let parts = [
      (Fate.delivered, "delivered"), (.deferredAgain, "deferred again with the same reply"),
      (.deferredOtherwise, "deferred with another reply"), (.bounced, "bounced"),
      (.gone, "gone from the queue"), (.waiting, "not retried yet"),
    ]
    .map { (count($0.0), $0.1) }.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return "Of \(Diagnosis.messages(fates.count)): \(parts.joined(separator: ", "))."
  }
}
