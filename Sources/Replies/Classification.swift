// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A time to wait before the next attempt makes sense, in seconds.
package struct WaitRange: Hashable, Sendable {
  package let min: Int
  package let max: Int

  package init(min: Int, max: Int) {
    self.min = min
    self.max = max
  }
}

/// How sure a classification is: which part of the reply decided.
package enum Confidence: Int, Comparable, Hashable, Sendable {
  /// Nothing matched.
  case none
  /// Only the basic or enhanced code.
  case status
  /// The wording.
  case wording
  /// A code of the provider's own, such as `[TSS04]`.
  case provider

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Whose words a text is.
package enum ReplyOrigin: Hashable, Sendable {
  /// The remote host replied with a code.
  case remote
  /// Our own MTA shows why an attempt failed.
  case ownMTA
  /// Our own MTA repeats an older reply: the delivery is suspended and was not tried now.
  case repeated
  /// Our own MTA did not try: the retry time of the host is not reached.
  case retryNotDue
  /// No words about a delivery.
  case unrecognised
}

/// What the rule book says of a reply.
package struct Classification: Hashable, Sendable {
  package var reply: Reply
  package var origin: ReplyOrigin
  package var cause: Cause
  /// Whose affair it is.
  package var side: Side
  /// Where it failed.
  package var hop: Hop
  /// The provider whose own code or wording was recognized (`gmail`, `yahoo`, …), or nil.
  package var provider: String?
  /// The stable name of the rule that decided.
  package var rule: String
  package var confidence: Confidence
  /// The recommended wait in seconds, or the one that the reply itself names; nil if waiting is no answer.
  package var wait: WaitRange?
  /// What this reply means, in one or two short sentences.
  package var meaning: String

  /// Whether the message is kept: it stays in the queue and is tried again.
  ///
  /// Nothing that is kept has the cause `notTemporary`, whatever reply was quoted.
  package var isTemporary: Bool { cause != .notTemporary }

  package init(
    reply: Reply, origin: ReplyOrigin = .remote, cause: Cause, side: Side = .unknown,
    hop: Hop = .final, provider: String?, rule: String, confidence: Confidence, wait: WaitRange?,
    meaning: String
  ) {
    self.reply = reply
    self.origin = origin
    self.cause = cause
    self.side = side
    self.hop = hop
    self.provider = provider
    self.rule = rule
    self.confidence = confidence
    self.wait = wait
    self.meaning = meaning
  }
}
