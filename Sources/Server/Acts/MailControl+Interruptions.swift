// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// An act whose outcome was not recorded: a crash, a kill or a power cut came between, or it still runs.
package struct Interruption: Hashable, Sendable {
  package var intent: AuditIntent
  package var state: State

  package enum State: Hashable, Sendable {
    /// It, or a command that it started, still works.
    case running
    /// By their queue IDs: the messages that are in the queue as before, and those that are not.
    case ended(stillQueued: [String], notQueued: [String])
    /// A restore: whether the message is back; nil if that is not known.
    case restore(isBack: Bool?)
    /// A test message: whether it was taken is not known.
    case test
  }

  /// In words for an admin.
  package var words: String {
    let total = "\(intent.messages.count) message\(intent.messages.count == 1 ? "" : "s")"
    let act = "\(intent.act) of \(total) by \(intent.actor.user)"
    switch state {
    case .running:
      return
        "\(act) is still running, or one of its commands is. The result is reported when it finishes."
    case .ended(let stillQueued, let notQueued):
      return "\(act) was interrupted: \(notQueued.count) left the queue, \(stillQueued.count) are "
        + "still in it. tempfail audit shows which."
    case .restore(true?): return "\(act) was interrupted after the message was back in the queue."
    case .restore(false?):
      return "\(act) was interrupted: nothing was restored, and the copy is kept."
    case .restore(nil):
      return "\(act) was interrupted: it is unknown whether the message is back. Search for its "
        + "recipients in the log; the copy is kept."
    case .test:
      return "A test message to \(intent.messages.first?.recipients.first ?? "someone") by "
        + "\(intent.actor.user) was interrupted: it is unknown whether it was accepted."
    }
  }
}

extension MailControl {
  /// Finds the acts that have no outcome.
  ///
  /// For those that are over, finds and records the result for their messages: each is reported once.
  package func interruptions() async -> [Interruption] {
    prune()
    // Another Tempfail that checks at the same time reports them.
    guard let own = try? await ActLock.takeSoon("recovery", in: trail.folder),
      let intents = try? trail.unfinished()
    else { return [] }
    defer { own.release() }
    var interruptions: [Interruption] = []
    for intent in intents where intent.mta == mta && !underWay.entries.contains(intent.entry) {
      if let interruption = await look(at: intent) { interruptions.append(interruption) }
    }
    return interruptions
  }

  private func look(at intent: AuditIntent) async -> Interruption? {
    let movesCopies =
      intent.act == Self.restoreAct || Act(rawValue: intent.act)?.losesMessage == true
    let name = movesCopies ? Self.turnName : intent.entry
    do throws(StateFailure) {
      switch try await ActLock.look(name, in: trail.folder) {
      case .held: return Interruption(intent: intent, state: .running)
      case .free(let lock):
        defer { lock.release() }
        guard let interruption = await settle(intent) else { return nil }
        if !movesCopies { lock.remove() }
        return interruption
      case .missing:
        // Of a version that took no locks; or its outcome came in the meantime.
        if intent.actor.process.isAlive { return nil }
        return await settle(intent)
      }
    } catch {
      return nil
    }
  }

  /// Reports the result of an act that is over.
  ///
  /// Nil if its outcome came in the meantime, or where the queue cannot be read now: it is reported the next time.
  private func settle(_ intent: AuditIntent) async -> Interruption? {
    guard let open = try? trail.unfinished(), open.contains(where: { $0.entry == intent.entry })
    else { return nil }
    if intent.act == Self.restoreAct { return await settleRestore(intent) }
    let targets = intent.messages.compactMap { message in
      QueueID(message.id, of: mta).map {
        MessageReference(queueID: $0, arrival: message.arrived, sender: message.sender)
      }
    }
    guard let found = try? await reader.sightings(of: targets.map(\.queueID)) else { return nil }
    let losesMessage = Act(rawValue: intent.act)?.losesMessage == true
    var ids: Set<String> = []
    for target in targets where found[target.queueID]?.isSame(as: target, mta: mta) == true {
      if losesMessage, await !reader.isWhole(target.queueID) { continue }
      ids.insert(target.queueID.text)
    }
    let isWritten = record(intent) {
      ids.contains($0.id) ? "still in the queue" : "not in the queue"
    }
    // Nothing works on them anymore, and they are in the queue: a copy would double them one day.
    if isWritten {
      for copy in (try? copies.list()) ?? []
      where copy.entry == intent.entry && ids.contains(copy.queueID) {
        copies.discard(copy)
      }
    }
    if intent.act == Self.testAct { return Interruption(intent: intent, state: .test) }
    return Interruption(
      intent: intent,
      state: .ended(
        stillQueued: intent.messages.map(\.id).filter(ids.contains),
        notQueued: intent.messages.map(\.id).filter { !ids.contains($0) }))
  }

  private func settleRestore(_ intent: AuditIntent) async -> Interruption? {
    await resolveClaims()
    guard let listing = try? copies.listing() else { return nil }
    let name = intent.messages.first?.copy
    let stage =
      listing.kept.contains { $0.name == name }
      ? SavedCopies.Stage.kept : listing.others.first { $0.copy.name == name }?.stage
    let isBack: Bool? =
      switch stage {
      case .kept: false
      case .back: true
      case .returning, .submitted, nil: nil
      }
    _ = record(intent) { _ in
      isBack.map { $0 ? "restored" : "not restored" } ?? "unknown whether it is back"
    }
    return Interruption(intent: intent, state: .restore(isBack: isBack))
  }

  private func record(_ intent: AuditIntent, _ note: (AuditIntent.Message) -> String) -> Bool {
    let results = intent.messages.map {
      AuditOutcome.Result(id: $0.id, result: "interrupted", note: note($0))
    }
    let outcome = AuditOutcome(entry: intent.entry, time: host.now(), results: results)
    return (try? trail.record(outcome)) != nil
  }
}
