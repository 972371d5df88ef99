// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// What Tempfail knows about one cause in one direction, as data.
///
/// The screen and the pages in Docs/Fixes are both made from it. Texts hold the places that
/// `Names` fills: `{party}` (who answered, or did not), `{destination}`, `{host}`, `{sender}`, `{senderDomain}`, `{client}`, `{mta}`.
struct Playbook: Sendable {
  /// The headline of its page.
  var heading: String
  var title: String
  var meaning: [String]
  /// Why to wait, and what the MTA does in the meantime.
  var advice: String
  var steps: [PlaybookStep]
  var mistakes: [String]
  /// Nil if none would be true.
  var reassurance: String?
  var escalation: String
}

/// A step of a playbook, before names are filled in.
struct PlaybookStep: Sendable {
  enum Action: Sendable {
    case read
    /// A check of what it is about, or of another name where one is given.
    case check(Check, of: Check.Subject? = nil)
    case act(Act, on: Scope = .message)
    case testMessage
    case configuration(Lever)
  }

  /// Which messages an act is for, before it is known whose deferral it is: see `ActScope`.
  enum Scope: Sendable {
    case message, sender, busiestSender
  }

  var id: String
  var kind: Step.Kind
  var title: String
  var why: String
  var action: Action
  /// For people to copy, by MTA; the same for both where one list is given.
  var commands: [MTA: [String]]

  init(
    _ id: String, _ kind: Step.Kind, _ title: String, _ why: String, _ action: Action = .read,
    commands: [String] = []
  ) {
    self.init(id, kind, title, why, action, exim: commands, postfix: commands)
  }

  init(
    _ id: String, _ kind: Step.Kind, _ title: String, _ why: String, _ action: Action = .read,
    exim: [String], postfix: [String]
  ) {
    self.id = id
    self.kind = kind
    self.title = title
    self.why = why
    self.action = action
    commands = [.exim: exim, .postfix: postfix]
  }
}

extension Playbook {
  /// The playbook for mail that was deferred, by cause, side and hop.
  static func outbound(_ classification: Classification) -> Playbook {
    switch (classification.cause, classification.side, classification.hop) {
    case (.dns, .senderDomain, _): senderDomain
    case (.notTemporary, _, _): Refusal(of: classification).playbook
    // What a service of this server does is no affair of the destination.
    case (.timeout, _, .filter), (.timeout, _, .local), (.dns, .ours, .filter),
      (.dns, .ours, .local), (.downstream, .ours, _), (.tls, .ours, .filter), (.tls, .ours, .local):
      configuration
    default: outbound(classification.cause)
    }
  }

  /// The playbook for mail that others defer.
  static func outbound(_ cause: Cause) -> Playbook {
    switch cause {
    case .greylisting: greylisting
    case .connectionLimit: connectionLimit
    case .rateLimit: rateLimit
    case .resource: resource
    case .timeout: timeout
    case .policy: policy
    case .tls: tls
    case .dns: dns
    case .mailbox: mailbox
    case .downstream: downstream
    case .configuration: configuration
    case .other: general
    case .notTemporary: notTemporary
    }
  }

  /// The playbook for clients that we defer.
  static func inbound(_ cause: Cause) -> Playbook {
    switch cause {
    case .greylisting: inboundGreylisting
    case .connectionLimit: inboundConnectionLimit
    case .rateLimit: inboundRateLimit
    case .resource: inboundResource
    case .timeout: inboundTimeout
    case .policy: inboundPolicy
    case .tls: inboundTLS
    case .dns: inboundDNS
    case .mailbox: inboundMailbox
    case .downstream: inboundDownstream
    case .configuration: inboundConfiguration
    case .other: inboundGeneral
    case .notTemporary: inboundNotTemporary
    }
  }
}
