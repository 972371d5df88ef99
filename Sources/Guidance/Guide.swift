// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer
package import Replies

/// The deferral that a guide is for.
package struct DeferralSubject: Hashable, Sendable {
  package var mta: MTA
  package var direction: Direction
  package var queueID: String?
  package var sender: String?
  package var recipient: String?
  package var remoteHost: String?
  /// The end that the delivery was handed to, where known.
  package var endpoint: Endpoint?
  package var classification: Classification
  /// Seconds since 1970.
  package var arrival: Int64?
  package var lastAttempt: Int64?
  /// Since when the host or the address fails, where the MTA remembers that.
  package var firstFailure: Int64?
  package var nextRetry: Int64?
  package var attempts: Int?
  package var isHeld: Bool
  /// Where in the conversation it was said, where known: `SMTPStage(in:)` reads it from the log's words.
  package var stage: SMTPStage?

  package init(
    mta: MTA, direction: Direction, queueID: String?, sender: String?, recipient: String?,
    remoteHost: String?, classification: Classification, arrival: Int64?, lastAttempt: Int64?,
    nextRetry: Int64?, attempts: Int?, isHeld: Bool, stage: SMTPStage? = nil,
    firstFailure: Int64? = nil, endpoint: Endpoint? = nil
  ) {
    self.endpoint = endpoint
    self.mta = mta
    self.direction = direction
    self.queueID = queueID
    self.sender = sender
    self.recipient = recipient
    self.remoteHost = remoteHost
    self.classification = classification
    self.arrival = arrival
    self.lastAttempt = lastAttempt
    self.nextRetry = nextRetry
    self.attempts = attempts
    self.isHeld = isHeld
    self.stage = stage
    self.firstFailure = firstFailure
  }

  /// Whose affair it is and where it failed, in one short line; nil if there is nothing to say of that.
  ///
  /// `Theirs · final server mx.example.com[192.0.2.1]:25`.
  package var place: String? {
    hasPlace ? "\(classification.side.words) · \(hopAndEnd)" : nil
  }

  /// The same in sentences.
  ///
  /// `Theirs. Hop: final server mx.example.com[192.0.2.1]:25.`
  package var placeSentences: String? {
    guard direction == .outbound else {
      return hasReply ? "\(classification.side.words)." : nil
    }
    return hasPlace ? "\(classification.side.words). Hop: \(hopAndEnd)." : nil
  }

  /// The title of its fix with whose affair it is before it: what is seen at every size.
  ///
  /// A message that is held is held by this server, whatever was said before.
  package func titled(_ title: String) -> String {
    let side = classification.side.words
    // `The recipient's mailbox …` says it already.
    return hasPlace && !isHeld && !title.hasPrefix(side) ? "\(side) · \(title)" : title
  }

  private var hasReply: Bool {
    !classification.reply.text.isEmpty || classification.reply.code != nil
  }

  private var hasPlace: Bool { direction == .outbound && hasReply }

  private var hopAndEnd: String {
    // Local delivery has an end only where it is a service.
    let end = endpoint.map { " \($0.words)" } ?? remoteHost.map { " \($0)" } ?? ""
    return classification.hop.words + end
  }

  /// The recipient's domain, in lower case.
  package var destination: String? { LogEvent.domain(of: recipient) }
}

/// What an admin should know and do about one deferral.
package struct Guide: Hashable, Sendable {
  /// `gmail.com limits the rate of our mail`: one line.
  package var title: String
  /// What it means, a short sentence each.
  package var meaning: [String]
  /// How long to wait and why, in words.
  package var advice: String
  package var steps: [Step]
  /// What people often do and should not.
  package var mistakes: [String]
  /// Set where it is true for this deferral.
  package var reassurance: String?
  /// When to stop waiting and whom to write to.
  package var escalation: String

  package init(
    title: String, meaning: [String], advice: String, steps: [Step], mistakes: [String],
    reassurance: String?, escalation: String
  ) {
    self.title = title
    self.meaning = meaning
    self.advice = advice
    self.steps = steps
    self.mistakes = mistakes
    self.reassurance = reassurance
    self.escalation = escalation
  }

  /// The guide for a deferral, from the playbook of its cause.
  ///
  /// - Parameter present: settings of the MTA with the values found, for exact advice; those that
  ///   are missing count as the MTA's defaults.
  package init(for subject: DeferralSubject, present: [String: String] = [:]) {
    self = GuideWriter(subject: subject, present: present).guide
  }
}
