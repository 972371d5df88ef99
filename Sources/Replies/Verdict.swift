// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The part of a classification that needs no text: what a summary of a large log counts.
package struct Verdict: Hashable, Sendable {
  package let cause: Cause
  package let side: Side
  package let hop: Hop
  /// The basic code, or nil if none begins the reply.
  package let code: Int16?
  package let enhanced: EnhancedStatusCode?
  package let origin: ReplyOrigin
  /// The place of the deciding rule in the rule book.
  let rule: Int?
}

extension Verdict {
  /// The verdict of what needs no rule: the kind of line shows the cause.
  package init(
    _ cause: Cause, side: Side? = nil, at hop: Hop, code: Int16?, enhanced: EnhancedStatusCode?
  ) {
    self.init(
      cause: cause, side: side ?? cause.usualSide, hop: hop, code: code, enhanced: enhanced,
      origin: .ownMTA, rule: nil)
  }
}

extension Verdict {
  /// The verdict of a reply that this server gave: what is theirs in a reply to us is ours then.
  package var asOurs: Verdict {
    let side: Side =
      switch side {
      case .theirs, .unknown: .ours
      case .ours: .theirs
      case .recipient, .senderDomain: side
      }
    return Verdict(
      cause: cause, side: side, hop: .local, code: code, enhanced: enhanced, origin: origin,
      rule: rule)
  }
}
