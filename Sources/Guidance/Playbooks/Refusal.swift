// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies

/// What was refused in a reply that is not a deferral: each kind has its own playbook, since the advice for one
/// is wrong for the next.
enum Refusal: CaseIterable, Hashable, Sendable {
  case recipient, mailboxFull, size, domain, loop, reputation, authentication, login, relaying
  /// It was deferred until its time was over.
  case expired
  /// The recipient called it spam.
  case complaint
  /// Nothing failed.
  case accepted
  /// A refusal that names no reason, or no reply at all.
  case other

  /// The words decide where a rule knows them, then the enhanced code, then the basic one.
  init(of classification: Classification) {
    let reply = classification.reply
    self =
      Self.rules[classification.rule] ?? reply.enhanced.flatMap {
        Self(enhanced: $0, code: reply.code)
      }
      ?? reply.code.flatMap(Self.init(code:)) ?? .other
  }

  /// By the rules of `Rule.finals`; "final" itself knows no reason.
  private static let rules: [String: Refusal] = [
    "accepted": .accepted, "abuse-report": .complaint, "final-authentication": .authentication,
    "final-domain": .domain, "final-expired": .expired, "final-login": .login, "final-loop": .loop,
    "final-mailbox-full": .mailboxFull, "final-recipient": .recipient, "final-relay": .relaying,
    "final-reputation": .reputation, "final-size": .size,
  ]

  /// RFC 3463, sections 3.2 to 3.8, and the registry of RFC 5248 for what came later.
  private init?(enhanced: EnhancedStatusCode, code: Int?) {
    switch (enhanced.category, enhanced.subject, enhanced.detail) {
    case (2, _, _): self = .accepted
    // The queue gave up on a message whose last reply was a deferral.
    case (4, _, _): self = .expired
    // Exchange says 5.1.10 of a recipient that it does not find, RFC 7505 of a domain with a null MX.
    case (_, 1, 10): self = code == 556 ? .domain : .recipient
    case (_, 1, 1), (_, 1, 3), (_, 1, 4), (_, 1, 6), (_, 2, 1): self = .recipient
    case (_, 1, 2), (_, 4, 4): self = .domain
    case (_, 2, 2): self = .mailboxFull
    case (_, 2, 3), (_, 3, 4): self = .size
    case (_, 4, 6): self = .loop
    case (_, 4, 7): self = .expired
    case (_, 7, 8), (_, 7, 9), (_, 7, 11): self = .login
    // Of these the basic code says more: RFC 4954 has 5.7.0 beside 530.
    case (_, 7, _) where code.map(Self.logins.contains) ?? false: self = .login
    case (_, 7, 20...27), (_, 7, 29), (_, 7, 30): self = .authentication
    case (_, 7, _): self = .reputation
    default: return nil
    }
  }

  /// RFC 4954, section 6.
  private static let logins: Set = [530, 534, 535, 538]

  /// RFC 5321, section 4.2.3, RFC 4954 and RFC 7504; 550, 552 and 554 have several meanings each.
  private init?(code: Int) {
    switch code {
    case 200...399: self = .accepted
    case 400...499: self = .expired
    case 521, 556: self = .domain
    case _ where Self.logins.contains(code): self = .login
    case 551, 553: self = .recipient
    default: return nil
    }
  }

  var playbook: Playbook {
    switch self {
    case .recipient: .refusedRecipient
    case .mailboxFull: .refusedMailbox
    case .size: .refusedSize
    case .domain: .refusedDomain
    case .loop: .refusedLoop
    case .reputation: .refusedReputation
    case .authentication: .refusedAuthentication
    case .login: .refusedLogin
    case .relaying: .refusedRelaying
    case .expired: .expired
    case .complaint: .complaint
    case .accepted: .accepted
    case .other: .notTemporary
    }
  }
}
