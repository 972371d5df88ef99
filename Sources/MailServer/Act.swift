// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A change to queued messages.
package enum Act: String, CaseIterable, Hashable, Sendable {
  /// Try to deliver now.
  case retry
  /// Keep from being tried (Postfix: hold, Exim: freeze).
  case hold
  /// Undo that (Postfix: release, Exim: thaw).
  case release
  /// Delete from the queue; the sender is not told.
  case remove
  /// Give up: return to the sender.
  case bounce
  /// Postfix: through cleanup again, with a new queue ID; back-off and lifetime start again.
  case requeue

  /// Whether the act cannot be taken back by another act.
  package var isPermanent: Bool {
    switch self {
    case .remove, .bounce, .requeue: true
    case .retry, .hold, .release: false
    }
  }
}

/// An act on exactly these messages, by identity.
package struct ActRequest: Hashable, Sendable {
  /// Counts up within one run of the program.
  package var number: Int
  package var act: Act
  package var mta: MTA
  package var targets: [MessageReference]

  package init(number: Int, act: Act, mta: MTA, targets: [MessageReference]) {
    self.number = number
    self.act = act
    self.mta = mta
    self.targets = targets
  }
}

/// What became of one message of a request.
package enum ActResult: Hashable, Sendable {
  case done
  /// It already was as asked: nothing was done.
  case unchanged(String)
  /// It left the queue before the act.
  case gone
  /// The ID now names another message, which was not touched.
  case changed
  /// A delivery under way has it.
  case locked
  case notPermitted(String)
  case failed(String)
}

/// The outcome of a request, message by message.
package struct ActReport: Hashable, Sendable {
  package var request: ActRequest
  /// In the order of the request's targets.
  package var results: [ActResult]
  /// The command that ran, for people to read; empty where none did.
  package var command: String
  /// Set where nothing was tried at all, with the reason and the remedy.
  package var refusal: String?

  package init(
    request: ActRequest, results: [ActResult], command: String, refusal: String? = nil
  ) {
    self.request = request
    self.results = results
    self.command = command
    self.refusal = refusal
  }
}
