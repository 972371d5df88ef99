// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// What the log says about messages that were retried one by one: whether it helped.
package struct FollowUps: Hashable, Sendable {
  private struct Watch: Hashable, Sendable {
    var followUp: FollowUp
    var since: Int64
  }

  /// Seconds for which a message is watched.
  private static let patience: Int64 = 600
  private static let capacity = 50

  private var watches: [String: Watch] = [:]

  package init() {}

  /// Begins to watch a message.
  ///
  /// - Parameter events: what the log said so far, by which the same reply is known again.
  mutating func start(_ queueID: String, after events: [LogEvent], now: Int64) {
    var followUp = FollowUp(queueIDs: [queueID], since: now)
    followUp.record(events)
    watches[queueID] = Watch(followUp: followUp, since: now)
    while watches.count > Self.capacity,
      let oldest = watches.min(by: { $0.value.since < $1.value.since })
    {
      watches[oldest.key] = nil
    }
  }

  /// Takes log events in, and returns the results that they contain, and whether those are good.
  mutating func record(_ events: [LogEvent]) -> [(words: String, isGood: Bool)] {
    guard !watches.isEmpty else { return [] }
    var told: [(words: String, isGood: Bool)] = []
    for id in Set(events.compactMap(\.queueID)).sorted() {
      guard let before = watches[id]?.followUp else { continue }
      watches[id]?.followUp.record(events)
      if !before.isSettled, watches[id]?.followUp.isSettled == true {
        told.append(("\(id) \(words(for: id) ?? "")", helped(id) == true))
      }
    }
    return told
  }

  /// The result of a message since it was retried, or nil if it was not.
  func words(for queueID: String) -> String? {
    watches[queueID]?.followUp.fate(of: queueID).map { fate in
      switch fate {
      case .waiting: "was retried; the log has no result yet"
      case .delivered: "was delivered"
      case .deferredAgain: "was deferred again with the same reply"
      case .deferredOtherwise: "was deferred with another reply"
      case .bounced: "was bounced to its sender"
      case .gone: "has left the queue"
      }
    }
  }

  /// Whether a retry of the message helped; nil if that is not known.
  func helped(_ queueID: String) -> Bool? {
    switch watches[queueID]?.followUp.fate(of: queueID) {
    case .delivered, .gone: true
    case .deferredAgain, .deferredOtherwise, .bounced: false
    case .waiting, nil: nil
    }
  }

  /// Forgets what is too old to be reported anymore.
  mutating func expire(now: Int64) {
    guard !watches.isEmpty else { return }
    watches = watches.filter { now - $0.value.since < Self.patience }
  }
}

extension State {
  /// Begins to watch what a retry moved; a bulk retry watches its own.
  mutating func noteRetries(of report: ActReport) {
    guard report.request.act == .retry else { return }
    for (target, result) in zip(report.request.targets, report.results) where result == .done {
      followUps.start(target.queueID.text, after: log.events, now: now)
    }
  }
}
