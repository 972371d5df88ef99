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
  /// Delete from the queue; the sender is not notified.
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

  /// Whether the message leaves the queue permanently, so that a copy is kept.
  package var losesMessage: Bool { self == .remove || self == .bounce }

  /// The act that takes this one back, or nil.
  package var opposite: Act? {
    switch self {
    case .hold: .release
    case .release: .hold
    case .retry, .remove, .bounce, .requeue: nil
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

/// The result for one message of a request.
package enum ActResult: Hashable, Sendable {
  case done
  /// It already was as asked: nothing was done.
  case unchanged(String)
  /// It left the queue before the act.
  case gone
  /// The ID now names another message, which was not touched.
  case changed
  /// A delivery in progress has it.
  case locked
  case notPermitted(String)
  case failed(String)
}

/// The outcome of a request, message by message.
package struct ActReport: Hashable, Sendable {
  package var request: ActRequest
  /// In the order of the request's targets.
  package var results: [ActResult]
  /// The command that ran, for people to read; empty if none did.
  package var command: String
  /// Set where nothing was tried at all, with the reason and the remedy.
  package var refusal: String?
  /// The names of the saved copies, by which removed and bounced messages can be restored.
  package var saved: [String]
  /// What else the admin must know, such as an outcome that could not be audited.
  package var note: String?

  package init(
    request: ActRequest, results: [ActResult], command: String, refusal: String? = nil,
    saved: [String] = [], note: String? = nil
  ) {
    self.request = request
    self.results = results
    self.command = command
    self.refusal = refusal
    self.saved = saved
    self.note = note
  }

  /// The request that takes it back: the opposite act on the messages that were really changed.
  ///
  /// Nil if there is none: what was removed or bounced comes back from its saved copy.
  package func undo(number: Int) -> ActRequest? {
    guard let opposite = request.act.opposite else { return nil }
    let changed = zip(request.targets, results).filter { $0.1 == .done }.map(\.0)
    guard !changed.isEmpty else { return nil }
    return ActRequest(number: number, act: opposite, mta: request.mta, targets: changed)
  }
}

/// What does not come back with a removed message.
package enum RestoreLimit: Hashable, Sendable {
  /// It comes back as a new one: what is lost, as a sentence of one or many.
  case asNew(String)
  /// This user cannot restore it; why, as a sentence.
  case impossible(String)
}

/// How a message came back.
package struct BroughtBack: Hashable, Sendable {
  /// Its queue ID now, the same or a new one; nil if that is not known.
  package var queueID: String?
  /// Whether all of it is as it was: envelope, age, options, next attempt.
  ///
  /// Otherwise it was submitted to the MTA as a new message, which may try it at once.
  package var isAsItWas: Bool
  /// Whether it is on hold, or frozen.
  package var isHeld: Bool
  /// What else the admin must know.
  package var note: String?

  package init(queueID: String?, isAsItWas: Bool, isHeld: Bool, note: String? = nil) {
    self.queueID = queueID
    self.isAsItWas = isAsItWas
    self.isHeld = isHeld
    self.note = note
  }
}

/// The result of restoring a saved copy.
package enum RestoreResult: Hashable, Sendable {
  /// It is in the queue again.
  case restored(BroughtBack)
  /// That was done before: nothing was done.
  case wasRestored
  /// The message itself is still in the queue: nothing was done.
  case stillQueued
  /// There is no such copy.
  case missing
  case notPermitted(String)
  case failed(String)
}

extension RestoreResult {
  /// How it came back; nil if it did not.
  package var back: BroughtBack? {
    if case .restored(let back) = self { back } else { nil }
  }
}
