// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Replies

extension State {
  /// The deferral that the fix pane explains.
  var subject: DeferralSubject? {
    let subject =
      switch fix.origin {
      case .queue: queue.selectedMessage.map(subject(of:))
      case .log: log.selectedEvent.map(subject(of:))
      }
    guard let subject, let way = subject.way, let route = fix.routes[way] else { return subject }
    return subject.taking(route)
  }

  func subject(of message: QueuedMessage) -> DeferralSubject {
    let waiting = message.recipients.filter { !$0.isDelivered }
    let recipient = waiting.first { $0.reply != nil } ?? waiting.first
    var classification = RuleBook.standard.classify(
      recipient?.reply ?? "", remoteHost: recipient?.remoteHost, isDeferral: true,
      hop: recipient?.hop)
    if let cause = recipient?.cause { classification.cause = cause }
    if let side = recipient?.side { classification.side = side }
    let failure = recipient.flatMap { queue.snapshot?.failure(of: message, to: $0) }
    return DeferralSubject(
      mta: message.mta, direction: .outbound, queueID: message.idText, sender: message.sender,
      recipient: recipient?.address, remoteHost: recipient?.remoteHost,
      classification: classification,
      arrival: message.arrival, lastAttempt: message.lastAttempt, nextRetry: message.nextRetry,
      attempts: message.attempts, isHeld: message.state == .held,
      stage: recipient?.reply.flatMap { SMTPStage(in: $0) } ?? stage(in: message.idText)
        ?? failure.map { SMTPStage($0.scope) },
      firstFailure: failure?.since, endpoint: recipient?.endpoint)
  }

  /// Lines of the log that are looked through for where a message was deferred.
  private static let recentLines = 2000

  /// Where the last attempt of a message ended, as the log's line shows: Exim's listing has no words.
  private func stage(in queueID: String) -> SMTPStage? {
    log.events.suffix(Self.recentLines).last {
      $0.queueID == queueID && ($0.kind == .deferral || $0.kind == .attempt)
    }.flatMap { SMTPStage(in: $0.line) }
  }

  private func subject(of event: LogEvent) -> DeferralSubject {
    let message = event.queueID.flatMap { queue.snapshot?.message(withID: $0) }
    // The event's cause stands: the grammar knew the whole line.
    var classification = RuleBook.standard.classify(
      event.reply, remoteHost: event.remoteHost, isDeferral: true, code: event.code,
      hop: event.hop)
    (classification.cause, classification.side) = (event.cause, event.side)
    let end = event.endpoint ?? (event.hop == .relay ? queue.snapshot?.relay(of: event) : nil)
    return DeferralSubject(
      mta: event.mta, direction: event.direction, queueID: event.queueID,
      sender: message?.sender, recipient: event.recipient, remoteHost: event.remoteHost,
      classification: classification, arrival: message?.arrival, lastAttempt: event.time,
      nextRetry: message?.nextRetry, attempts: message?.attempts,
      isHeld: message?.state == .held, stage: SMTPStage(in: event.line), endpoint: end)
  }
}

extension State {
  /// When the MTA stops trying, and what it does then; nil if its settings do not say.
  func giveUp(of subject: DeferralSubject) -> GiveUp? {
    let lifetime = subject.recipient.flatMap { fix.lifetimes[$0] } ?? nil
    return GiveUp(of: subject, settings: settings, lifetime: lifetime)
  }

  /// Asks once when Exim gives up on the recipient whose fix is open.
  mutating func askForLifetime() -> [Effect] {
    guard focus == .fix, let subject = fix.subject, subject.mta.hasRetryRules, !subject.isHeld,
      subject.direction == .outbound, let recipient = subject.recipient,
      fix.lifetimes[recipient] == nil
    else { return [] }
    if fix.lifetimes.count > 200 { fix.lifetimes = [:] }
    fix.lifetimes[recipient] = .some(nil)
    return [.look(.retryLifetime(recipient))]
  }
}
