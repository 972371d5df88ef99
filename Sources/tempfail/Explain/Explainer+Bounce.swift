// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Replies

extension Explainer {
  /// What a bounce says of one recipient: the report decides whether the message is still kept, its words decide why.
  func explain(_ recipient: Bounce.Recipient) -> Explanation {
    let classification =
      switch recipient.outcome {
      case .delayed: delayed(recipient)
      case .failed: failed(recipient)
      case .complained: complained(recipient)
      }
    let subject = DeferralSubject(
      mta: mta ?? .postfix, direction: .outbound, queueID: nil, sender: nil,
      recipient: recipient.address, remoteHost: recipient.remoteHost,
      classification: classification, arrival: nil, lastAttempt: nil, nextRetry: nil, attempts: nil,
      isHeld: false)
    return Explanation(
      subject, source: .report, knowsMTA: mta != nil, isKept: recipient.outcome == .delayed)
  }

  private func delayed(_ recipient: Bounce.Recipient) -> Classification {
    var classification = RuleBook.standard.classify(
      Array(recipient.reason.utf8).span, remoteHost: recipient.remoteHost, isDeferral: true,
      code: recipient.code)
    classification.reply.enhanced = classification.reply.enhanced ?? recipient.status
    return classification
  }

  private func complained(_ recipient: Bounce.Recipient) -> Classification {
    Classification(
      reply: Reply(code: nil, enhanced: nil, text: recipient.reason), cause: .notTemporary,
      provider: nil, rule: "abuse-report", confidence: .wording, wait: nil,
      meaning:
        "The message was delivered, and its recipient reported it as spam. Remove the address from"
        + " the list, or find out who sends this mail.")
  }

  private func failed(_ recipient: Bounce.Recipient) -> Classification {
    let hasCode = recipient.code != nil
    // Words without a code are the reason for a permanent failure, unless the status says otherwise.
    let status = recipient.status?.description ?? "5.0.0"
    let reason =
      hasCode || recipient.reason.hasPrefix(status)
      ? recipient.reason : "\(status) \(recipient.reason)"
    var classification = RuleBook.standard.classify(
      Array(reason.utf8).span, remoteHost: recipient.remoteHost, code: recipient.code)
    classification.wait = nil
    if !hasCode, recipient.status == nil { classification.reply.enhanced = nil }
    classification.reply.enhanced = classification.reply.enhanced ?? recipient.status
    if !hasCode, classification.confidence == .status, !classification.isTemporary {
      classification.meaning =
        "The server gave up and sent this report. Its text says why; waiting does not help."
    }
    return classification
  }
}
