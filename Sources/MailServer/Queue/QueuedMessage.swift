// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

/// What a queued message is doing.
package enum MessageState: String, CaseIterable, Hashable, Sendable {
  case deferred
  case active
  /// Postfix: on hold. Exim: frozen. It is not tried again on its own.
  case held
  case incoming
}

/// A recipient of a queued message.
package struct QueuedRecipient: Hashable, Sendable {
  package var address: String
  /// Already delivered (Exim marks these with `D`).
  package var isDelivered: Bool
  /// The whole text of the last reply or error, as the MTA gives it; nil if there is none.
  package var reply: String?
  package var cause: Cause?
  /// Whose affair it is; nil if there is no reply.
  package var side: Side?
  /// Where it failed; nil if there is no reply.
  package var hop: Hop?
  /// The name or address of the host that gave the reply, where known.
  package var remoteHost: String?
  /// The end that the delivery was handed to, where known.
  package var endpoint: Endpoint?

  package init(
    address: String, isDelivered: Bool, reply: String?, cause: Cause?, side: Side? = nil,
    hop: Hop? = nil, remoteHost: String? = nil
  ) {
    self.address = address
    self.isDelivered = isDelivered
    self.reply = reply
    self.cause = cause
    self.side = side
    self.hop = hop
    self.remoteHost = remoteHost
  }
}

/// One message of a queue, with its strings made: for the visible rows and for output.
package struct QueuedMessage: Hashable, Sendable {
  /// Nil if the listing's ID has not the form of one: such a row is shown and never acted on.
  package var reference: MessageReference?
  /// The ID as it appears in the listing.
  package var idText: String
  package var mta: MTA
  /// Postfix.
  ///
  /// `deferred`, `active`, `hold`, `incoming`, `maildrop`, `corrupt`. Exim: the named queue, or
  /// empty.
  package var queue: String
  package var state: MessageState
  /// Seconds since 1970.
  package var arrival: Int64?
  /// Bytes.
  package var size: Int64?
  /// Empty for a bounce (the null sender).
  package var sender: String
  package var recipients: [QueuedRecipient]
  /// Attempts seen in the log, or nil if it does not say.
  package var attempts: Int?
  /// Seconds since 1970 of the last attempt, where the log mentions one.
  package var lastAttempt: Int64?
  /// Seconds since 1970 of the next attempt.
  package var nextRetry: Int64?
  /// Whether `nextRetry` is estimated from the last attempt, not given by the MTA.
  package var isRetryEstimated: Bool
  /// What could not be read, such as `spool format error`; nil if all could.
  package var problem: String?

  package init(
    reference: MessageReference?, idText: String, mta: MTA, queue: String, state: MessageState,
    arrival: Int64?, size: Int64?, sender: String, recipients: [QueuedRecipient],
    attempts: Int? = nil, lastAttempt: Int64? = nil, nextRetry: Int64? = nil,
    isRetryEstimated: Bool = false, problem: String? = nil
  ) {
    self.reference = reference
    self.idText = idText
    self.mta = mta
    self.queue = queue
    self.state = state
    self.arrival = arrival
    self.size = size
    self.sender = sender
    self.recipients = recipients
    self.attempts = attempts
    self.lastAttempt = lastAttempt
    self.nextRetry = nextRetry
    self.isRetryEstimated = isRetryEstimated
    self.problem = problem
  }

  /// Whether it left the queue: `exim -bp ID` prints a row even for an ID that is not there anymore.
  package var isGone: Bool { problem?.contains("No such file") == true }
}
