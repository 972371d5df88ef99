// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Replies

extension State {
  /// The deferral that the fix pane explains.
  var subject: DeferralSubject? {
    switch fix.origin {
    case .queue: queue.selectedMessage.map(subject(of:))
    case .log: log.selectedEvent.map(subject(of:))
    }
  }

  func subject(of message: QueuedMessage) -> DeferralSubject {
    let waiting = message.recipients.filter { !$0.isDelivered }
    let recipient = waiting.first { $0.reply != nil } ?? waiting.first
    var classification = RuleBook.standard.classify(
      recipient?.reply ?? "", remoteHost: recipient?.remoteHost, isDeferral: true)
    if let cause = recipient?.cause { classification.cause = cause }
    return DeferralSubject(
      mta: message.mta, direction: .outbound, queueID: message.idText, sender: message.sender,
      recipient: recipient?.address, remoteHost: recipient?.remoteHost,
      classification: classification,
      arrival: message.arrival, lastAttempt: message.lastAttempt, nextRetry: message.nextRetry,
      attempts: message.attempts, isHeld: message.state == .held,
      stage: recipient?.reply.flatMap { SMTPStage(in: $0) })
  }

  private func subject(of event: LogEvent) -> DeferralSubject {
    let message = event.queueID.flatMap { queue.snapshot?.message(withID: $0) }
    // The event's cause stands: the grammar knew the whole line.
    var classification = RuleBook.standard.classify(
      event.reply, remoteHost: event.remoteHost, isDeferral: true)
    classification.cause = event.cause
    return DeferralSubject(
      mta: event.mta, direction: event.direction, queueID: event.queueID,
      sender: message?.sender, recipient: event.recipient, remoteHost: event.remoteHost,
      classification: classification, arrival: message?.arrival, lastAttempt: event.time,
      nextRetry: message?.nextRetry, attempts: message?.attempts,
      isHeld: message?.state == .held, stage: SMTPStage(in: event.line))
  }
}

extension State {
  /// When the MTA stops trying, in seconds since 1970; nil where its settings do not tell.
  ///
  /// Postfix: `maximal_queue_lifetime`, or `bounce_queue_lifetime` for a bounce (postconf(5)).
  /// Exim's limit stands in its retry rules, of which each destination has its own.
  func giveUpTime(of subject: DeferralSubject) -> Int64? {
    guard subject.mta == .postfix, let arrival = subject.arrival, !subject.isHeld else {
      return nil
    }
    let name = subject.sender == "" ? "bounce_queue_lifetime" : "maximal_queue_lifetime"
    guard let lifetime = settings[name].flatMap(RetryPolicy.seconds) else { return nil }
    return arrival &+ Int64(lifetime)
  }
}
