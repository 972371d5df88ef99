// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// An act that a crash, a kill or a power cut ended before its outcome was written down.
package struct Interruption: Hashable, Sendable {
  package var intent: AuditIntent
  /// The queue IDs of the messages that are in the queue as before.
  package var stillQueued: [String]
  /// The queue IDs of those that are not.
  package var notQueued: [String]

  /// In words for an admin.
  package var words: String {
    if intent.act == MailControl.testAct {
      return "A test message to \(intent.messages.first?.recipients.first ?? "someone") by "
        + "\(intent.actor.user) was interrupted: whether it was taken is not known."
    }
    let total = "\(intent.messages.count) message\(intent.messages.count == 1 ? "" : "s")"
    return "\(intent.act) of \(total) by \(intent.actor.user) was interrupted: "
      + "\(notQueued.count) left the queue, \(stillQueued.count) are still in it. "
      + "tempfail audit shows which."
  }
}

extension MailControl {
  /// Finds the acts that were interrupted, looks what became of their messages, and writes that down, so that each is told
  /// once.
  package func interruptions() async -> [Interruption] {
    prune()
    guard let intents = try? trail.unfinished() else { return [] }
    var interruptions: [Interruption] = []
    for intent in intents where intent.mta == mta {
      if let interruption = await settle(intent) { interruptions.append(interruption) }
    }
    return interruptions
  }

  /// Nil where the queue cannot be read now: it is told the next time.
  private func settle(_ intent: AuditIntent) async -> Interruption? {
    let targets = intent.messages.compactMap { message in
      QueueID(message.id, of: mta).map {
        MessageReference(queueID: $0, arrival: message.arrived, sender: message.sender)
      }
    }
    guard let found = try? await reader.sightings(of: targets.map(\.queueID)) else { return nil }
    let queued = targets.filter { found[$0.queueID]?.isSame(as: $0, mta: mta) == true }
    let ids = Set(queued.map(\.queueID.text))
    // A copy of a message that never left would double it one day.
    for copy in (try? copies.list()) ?? []
    where ids.contains(copy.queueID) && copy.saved >= intent.time {
      copies.discard(copy)
    }
    let results = intent.messages.map {
      AuditOutcome.Result(
        id: $0.id, result: "interrupted",
        note: ids.contains($0.id) ? "still in the queue" : "not in the queue")
    }
    try? trail.record(AuditOutcome(entry: intent.entry, time: host.now(), results: results))
    return Interruption(
      intent: intent, stillQueued: intent.messages.map(\.id).filter(ids.contains),
      notQueued: intent.messages.map(\.id).filter { !ids.contains($0) })
  }
}
