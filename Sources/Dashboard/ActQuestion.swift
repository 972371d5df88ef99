// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Which messages an act would touch, and what to know of them first.
///
/// To look at each of them takes time that grows with their number: many are looked at on another thread.
package struct ActQuestion: Sendable {
  /// Messages that are looked at where the question is asked: it takes a few milliseconds.
  static let few = 1000

  enum Scope: Sendable {
    case nothing
    case message(QueuedMessage)
    case rows([Int32], of: QueueSnapshot)

    var count: Int {
      switch self {
      case .nothing: 0
      case .message: 1
      case .rows(let rows, _): rows.count
      }
    }
  }

  let act: Act
  /// Counts up: the answer to a question that was given up is not taken for that to a later one.
  package let number: Int
  let scope: Scope
  /// Messages that an act is under way for.
  let pending: [MessageReference: Act]
  /// The key that releases, as sentences name it.
  let releaseKey: String

  /// What is said while it is answered.
  var words: String { "Looking at \(Format.messages(scope.count))… Esc gives up" }

  /// What was found; messages that the act makes no sense for are left out.
  func answer() -> ActTargets { answer { true } ?? ActTargets(act: act, number: number) }

  /// The same for as long as it is wanted; nil where it no longer was.
  package func answer(while isWanted: () -> Bool) -> ActTargets? {
    var targets = ActTargets(act: act, number: number)
    switch scope {
    case .nothing: break
    case .message(let message): targets.take(message, unless: obstacle(for: message))
    case .rows(let rows, let snapshot):
      for (place, row) in rows.enumerated() {
        if place % 1000 == 0, !isWanted() { return nil }
        let message = snapshot.message(at: Int(row))
        targets.take(message, unless: obstacle(for: message))
      }
    }
    targets.finish()
    return targets
  }

  /// Why the act makes no sense for a message, or nil.
  func obstacle(for message: QueuedMessage) -> String? {
    guard let reference = message.reference else {
      return "this message could not be read, so nothing is done to it"
    }
    if pending[reference] != nil { return "an act on this message is under way" }
    let held = message.mta == .exim ? "frozen" : "on hold"
    switch (act, message.state) {
    case (.hold, .held): return "it is \(held) already"
    case (.release, .deferred), (.release, .active), (.release, .incoming):
      return "it is not \(held)"
    case (.retry, .active): return "it is being delivered right now"
    case (.retry, .held) where message.mta == .postfix:
      return "it is on hold: release it first (\(releaseKey))"
    default: return nil
    }
  }
}

/// The messages that an act would touch.
package struct ActTargets: Sendable {
  let act: Act
  /// That of the question.
  let number: Int
  private(set) var mta = MTA.postfix
  private(set) var references: [MessageReference] = []
  /// The first of them.
  private(set) var first: QueuedMessage?
  private(set) var digest = TargetDigest()
  /// Whether one of them is not on hold.
  private(set) var canHold = false
  /// Of those that were tried, the one that was tried last.
  private(set) var lastTried: QueuedMessage?
  /// Messages that were asked about.
  private(set) var asked = 0
  /// Why the first that was asked about is left out.
  private var obstacle: String?

  init(act: Act, number: Int) { (self.act, self.number) = (act, number) }

  fileprivate mutating func take(_ message: QueuedMessage, unless obstacle: String?) {
    if asked == 0 { self.obstacle = obstacle }
    asked += 1
    guard obstacle == nil, let reference = message.reference else { return }
    references.append(reference)
    digest.add(message)
    canHold = canHold || message.state != .held
    if first == nil { (first, mta) = (message, message.mta) }
    if let time = Self.lastAttempt(of: message),
      lastTried.flatMap(Self.lastAttempt) ?? .min < time
    {
      lastTried = message
    }
  }

  fileprivate mutating func finish() { digest.finish() }

  /// Before the log is read it is still known that a deferred message was tried after it came.
  static func lastAttempt(of message: QueuedMessage) -> Int64? {
    message.lastAttempt ?? (message.state == .deferred ? message.arrival : nil)
  }

  /// Why nothing is left.
  var reason: String {
    let reason = obstacle ?? "nothing is selected"
    return asked > 1 ? "of all \(Format.messages(asked)), \(reason)" : reason
  }
}
