// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import MailServer

extension Act {
  /// The act in progress: `Removing`.
  func progress(_ mta: MTA) -> String {
    switch self {
    case .retry: "Retrying"
    case .hold: mta.holdWords.holding.startingSentence
    case .release: mta.holdWords.releasing.startingSentence
    case .remove: "Removing"
    case .bounce: "Bouncing"
    case .requeue: "Requeueing"
    }
  }

  /// The act done: `Removed`.
  func done(_ mta: MTA) -> String {
    switch self {
    case .retry: "Retried"
    case .hold: mta.holdWords.held.startingSentence
    case .release: mta.holdWords.released.startingSentence
    case .remove: "Removed"
    case .bounce: "Bounced"
    case .requeue: "Requeued"
    }
  }

  /// The act as a button: `Remove`.
  func button(_ mta: MTA) -> String {
    switch self {
    case .retry: "Retry"
    case .hold: mta.holdWords.hold.startingSentence
    case .release: mta.holdWords.release.startingSentence
    case .remove: "Remove"
    case .bounce: "Bounce"
    case .requeue: "Requeue"
    }
  }
}

extension ActReport {
  /// Its result, for the status line, and whether all went as asked.
  var summary: (text: String, isGood: Bool) {
    if let refusal {
      return (refusal.hasPrefix("Nothing was ") ? refusal : "Nothing was done: \(refusal)", false)
    }
    var done = 0
    var rest: [String] = []
    for (target, result) in zip(request.targets, results) {
      switch result {
      case .done: done += 1
      case .unchanged(let why): rest.append("\(target.queueID): \(why)")
      case .gone: rest.append("\(target.queueID) had already left the queue")
      case .changed:
        rest.append("\(target.queueID) is now a different message, which was not touched")
      case .locked: rest.append("\(target.queueID) is being delivered: try again later")
      case .notPermitted(let why): rest.append("\(target.queueID): not permitted: \(why)")
      case .failed(let why): rest.append("\(target.queueID): \(why)")
      }
    }
    let verb = request.act.done(request.mta)
    let one = request.targets.count == 1 ? request.targets[0].queueID.text : nil
    // Such as that it could not be recorded, on a full disk.
    if let note { rest.insert(note, at: 0) }
    if rest.isEmpty { return ("\(verb) \(one ?? Format.messages(done))", true) }
    let head = done > 0 ? "\(verb) \(done) of \(request.targets.count) · " : ""
    let more = rest.count > 1 ? " (and \(rest.count - 1) more)" : ""
    return (head + rest[0] + more, false)
  }
}

extension RestoreResult {
  /// Whether there is nothing left to be restored.
  var isFinal: Bool {
    switch self {
    case .restored, .wasRestored, .stillQueued, .missing: true
    case .notPermitted, .failed: false
    }
  }

  /// Why the message is not back, or nil if it is.
  package var complaint: String? {
    switch self {
    case .restored(let back): back.note
    case .wasRestored: "it was already restored"
    case .stillQueued: "it is still in the queue"
    case .missing: "it has no saved copy"
    case .notPermitted(let why), .failed(let why): why
    }
  }
}

extension [Restoration] {
  /// Their results, for the status line, and whether all are back.
  var summary: (text: String, isGood: Bool) {
    let rest = compactMap { item in item.result.complaint.map { "\(item.copy): \($0)" } }
    let back = compactMap(\.result.back)
    let done = back.count
    guard let first = rest.first else {
      return ("Restored \(Format.messages(done))\(Self.manner(back))", true)
    }
    let head = done > 0 ? "Restored \(done) of \(count) · " : "Not restored: "
    return (head + first + (rest.count > 1 ? " (and \(rest.count - 1) more)" : ""), false)
  }

  /// What they are now, and when they are tried.
  private static func manner(_ back: [BroughtBack]) -> String {
    let held = back.count { $0.isHeld }
    if held == back.count { return ", held as before" }
    let also = held > 0 ? ", \(held) of them held as before" : ""
    return back.allSatisfy(\.isAsItWas)
      ? " unchanged\(also): each is retried when it is due"
      : "\(also): submitted as new messages"
  }
}
