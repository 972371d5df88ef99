// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

@testable import Guidance

/// Deferrals to write guides for.
enum Subjects {
  static func classification(
    _ cause: Cause, code: Int? = 421, enhanced: String? = "4.7.0", text: String = "not now",
    provider: String? = nil, rule: String = "test",
    wait: WaitRange? = WaitRange(min: 900, max: 1800)
  ) -> Classification {
    Classification(
      reply: Reply(
        code: code, enhanced: enhanced.flatMap { EnhancedStatusCode($0) }, text: text),
      cause: cause, provider: provider, rule: rule, confidence: .wording, wait: wait,
      meaning: cause.meaning)
  }

  static func subject(
    _ classification: Classification, mta: MTA = .postfix, direction: Direction = .outbound,
    sender: String? = "news@shop.example", recipient: String? = "ann@example.net",
    remoteHost: String? = "mx1.example.net", isHeld: Bool = false, stage: SMTPStage? = nil
  ) -> DeferralSubject {
    DeferralSubject(
      mta: mta, direction: direction, queueID: nil, sender: sender, recipient: recipient,
      remoteHost: remoteHost, classification: classification, arrival: nil, lastAttempt: nil,
      nextRetry: nil, attempts: nil, isHeld: isHeld, stage: stage)
  }

  /// What was refused permanently, and what kind of refusal it is.
  static let refusals: [(reply: String, kind: Refusal)] = [
    ("550 5.1.1 <user@example.com>: Recipient address rejected: User unknown", .recipient),
    (
      "550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
        + "550 5.1.1 double-checking the recipient's email address for typos", .recipient
    ),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address", .recipient),
    ("554 delivery error: dd This account has been disabled or discontinued [#102].", .recipient),
    ("551 5.1.6 No", .recipient),
    ("552 5.2.2 <user@example.com>: mailbox over quota", .mailboxFull),
    ("552 5.2.2 Postfach voll", .mailboxFull),
    ("552 5.3.4 Message size exceeds fixed limit", .size),
    ("552 5.3.4 No", .size),
    ("552 5.2.3 No", .size),
    ("550 5.1.2 Host unknown", .domain),
    ("5.0.0 Unrouteable address", .domain),
    ("556 5.1.10 No", .domain),
    ("521 mail.example.com does not accept mail", .domain),
    ("554 5.4.6 Hop count exceeded - possible mail loop", .loop),
    ("554 5.4.6 No", .loop),
    (
      "554 5.7.1 Service unavailable; Client host [192.0.2.4] blocked using zen.spamhaus.org",
      .reputation
    ),
    ("550 5.7.1 Message rejected due to content", .reputation),
    ("550 5.7.606 Access denied, banned sending IP [192.0.2.61]", .reputation),
    (
      "550 5.7.26 This mail has been blocked because the sender is unauthenticated.",
      .authentication
    ),
    ("550 5.7.25 No", .authentication),
    ("530 5.7.0 Log in first", .login),
    ("535 5.7.8 No", .login),
    ("550 5.7.1 Relaying denied", .relaying),
    ("554 4.4.7 Message expired: unable to deliver in 840 minutes", .expired),
    (
      "SMTP error from remote mail server after end of data: 421 4.7.0 Later: retry timeout exceeded",
      .expired
    ),
    ("250 2.0.0 Ok: queued as 421A0B1C2D3", .accepted),
    ("554 Transaction failed", .other),
    ("550 No", .other),
    ("", .other),
  ]

  /// Each cause, MTA and direction, and a held message of each MTA.
  static let all: [DeferralSubject] = {
    var subjects: [DeferralSubject] = []
    for mta in MTA.allCases {
      for cause in Cause.allCases {
        for direction in [Direction.outbound, .inbound] {
          subjects.append(subject(classification(cause), mta: mta, direction: direction))
        }
      }
      subjects.append(subject(classification(.other), mta: mta, isHeld: true))
      subjects += refusals.map { subject(RuleBook.standard.classify($0.reply), mta: mta) }
    }
    return subjects
  }()
}

extension Guide {
  /// Everything that it says, in the order in which it is shown.
  var lines: [String] {
    [title] + meaning + [advice] + mistakes + [reassurance ?? "", escalation]
      + steps.flatMap { [$0.title, $0.why] + $0.commands + $0.configurationLines }
  }
}

extension Step {
  /// What is copied: it must not be wrapped.
  var configuration: [String] {
    guard case .configuration(let advice) = action else { return [] }
    return advice.lines + [advice.show]
  }

  var configurationLines: [String] {
    guard case .configuration(let advice) = action else { return [] }
    return [advice.file] + advice.lines + [advice.reload, advice.undo, advice.show]
  }
}
