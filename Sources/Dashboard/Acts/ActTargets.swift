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
    /// What filters let through.
    case matching([Filter], of: QueueSnapshot)
    /// Of what a filter lets through, the messages of the sender that has most of them.
    case busiestSender(Filter, of: QueueSnapshot)

    /// How many messages are looked at; nil if that is not known before.
    var count: Int? {
      switch self {
      case .nothing: 0
      case .message: 1
      case .rows(let rows, _): rows.count
      case .matching, .busiestSender: nil
      }
    }
  }

  let act: Act
  /// Counts up: the answer to a question that was given up is not taken for that to a later one.
  package let number: Int
  let scope: Scope
  /// Messages that an act is in progress for.
  let pending: [MessageReference: Act]
  /// The key that releases, as sentences name it.
  let releaseKey: String
  /// The step of a fix that asks for it.
  var step: FixProgress.StepID?
  /// Whether nothing is done without an answer of the user, however few the messages are.
  var isAlwaysAsked = false
  /// What to know of the targets before anything is done, which must then be asked.
  var note: String?

  /// What is said while it is answered.
  var words: String {
    "Reading \(scope.count.map(Format.messages) ?? "the queue")… Esc cancels"
  }

  /// What was found; messages that the act makes no sense for are left out.
  func answer() -> ActTargets { answer { true } ?? ActTargets(act: act, number: number) }

  /// The same for as long as it is wanted; nil if it no longer was.
  package func answer(while isWanted: () -> Bool) -> ActTargets? {
    var targets = ActTargets(act: act, number: number)
    switch scope {
    case .nothing: break
    case .message(let message): targets.take(message, unless: obstacle(for: message))
    case .rows(let rows, let snapshot):
      guard take(rows, of: snapshot, in: &targets, while: isWanted) else { return nil }
    case .matching(let filters, let snapshot):
      let rows = Self.rows(of: snapshot, matching: filters)
      guard take(rows, of: snapshot, in: &targets, while: isWanted) else { return nil }
    case .busiestSender(let filter, let snapshot):
      let rows = snapshot.rowsOfBusiestSender(among: Self.rows(of: snapshot, matching: [filter]))
      guard take(rows, of: snapshot, in: &targets, while: isWanted) else { return nil }
    }
    targets.finish()
    return targets
  }

  private static func rows(of snapshot: QueueSnapshot, matching filters: [Filter]) -> [Int32] {
    var query = QueueQuery()
    query.filters = filters
    return snapshot.arranged(by: query).rows
  }

  private func take(
    _ rows: [Int32], of snapshot: QueueSnapshot, in targets: inout ActTargets,
    while isWanted: () -> Bool
  ) -> Bool {
    for (place, row) in rows.enumerated() {
      if place % 1000 == 0, !isWanted() { return false }
      let message = snapshot.message(at: Int(row))
      targets.take(message, unless: obstacle(for: message))
    }
    return true
  }

  /// Why the act makes no sense for a message, or nil.
  func obstacle(for message: QueuedMessage) -> String? {
    guard let reference = message.reference else {
      return "this message could not be read"
    }
    if pending[reference] != nil { return "another action on this message is in progress" }
    let held = message.mta.holdWords.state
    switch (act, message.state) {
    case (.hold, .held): return "already \(held)"
    case (.release, .deferred), (.release, .active), (.release, .incoming):
      return "not \(held)"
    case (.retry, .active): return "being delivered right now"
    case (.retry, .held) where !message.mta.retriesHeld:
      return "\(held): \(message.mta.holdWords.release) it first (\(releaseKey))"
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
  /// The domain that each of them waits for, the first where there are several; empty if there is none.
  private(set) var destinations: [String] = []
  /// The first of them.
  private(set) var first: QueuedMessage?
  private(set) var digest = TargetDigest()
  /// Whether one of them is not on hold.
  private(set) var canHold = false
  /// Of those that were tried, the one that was tried last.
  private(set) var lastTried: QueuedMessage?
  /// Messages that were asked about.
  private(set) var asked = 0
  /// Why the first of those that are left out is.
  private var obstacle: String?

  init(act: Act, number: Int) { (self.act, self.number) = (act, number) }

  fileprivate mutating func take(_ message: QueuedMessage, unless obstacle: String?) {
    if self.obstacle == nil { self.obstacle = obstacle }
    asked += 1
    guard obstacle == nil, let reference = message.reference else { return }
    references.append(reference)
    destinations.append(
      message.recipients.first { !$0.isDelivered }?.domain.lowercased() ?? "")
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

  /// Which of those that were asked about are left out, and why; nil if none is.
  var leftOut: String? {
    let count = asked - references.count
    guard count > 0, let obstacle else { return nil }
    return count == 1
      ? "1 of the \(Format.messages(asked)) is skipped: \(obstacle)."
      : "\(Format.count(count)) of the \(Format.messages(asked)) are skipped, the first because it is \(obstacle)."
  }

  /// Why nothing is left.
  var reason: String {
    let reason = obstacle ?? "nothing is selected"
    return asked > 1 ? "all \(Format.messages(asked)) are skipped, the first is \(reason)" : reason
  }
}
