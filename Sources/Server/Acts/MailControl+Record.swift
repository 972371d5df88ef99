// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// What is recorded before and after an act.
extension MailControl {
  /// An act that was recorded, and is in progress.
  struct Entry: Sendable {
    let name: String
    /// Held until its result is recorded.
    let lock: ActLock
    /// Whether the lock is its own, whose file goes with it.
    let ownsLock: Bool
  }

  /// Records what is about to be done.
  func intend(_ work: inout ActWork, turn: ActLock?) throws(Refusal) -> Entry {
    work.command = try words(of: work.request.act, work.pendingIDs)
    let messages = work.pending.map {
      AuditIntent.Message(
        id: $0.queueID.text, arrived: $0.arrival, sender: $0.sender,
        recipients: work.sightings[$0.queueID]?.recipients ?? [])
    }
    return try intend(work.request.act.rawValue, command: work.command, messages, turn: turn)
  }

  /// - Parameter spool: the queue that is changed, where it is another instance's.
  func intend(
    _ act: String, command: String, _ messages: [AuditIntent.Message], turn: ActLock? = nil,
    spool: String? = nil
  ) throws(Refusal) -> Entry {
    entries += 1
    let now = host.now()
    let name = "\(now)-\(actor.process.number)-\(entries)"
    do throws(StateFailure) {
      var own = turn
      if own == nil { own = try ActLock.take(name, in: trail.folder) }
      guard let lock = own else { throw StateFailure(path: name, reason: "is locked") }
      let entry = Entry(name: name, lock: lock, ownsLock: turn == nil)
      do throws(StateFailure) {
        try trail.record(
          AuditIntent(
            entry: name, time: now, actor: actor, mta: mta, instance: spool ?? tools.spool,
            act: act, command: command, messages: messages))
      } catch {
        if entry.ownsLock { lock.remove() }
        throw error
      }
      underWay.entries.insert(name)
      return entry
    } catch {
      throw Refusal(error, "it could not be recorded first")
    }
  }

  /// Keeps the messages that are about to be lost; they are on the disk when this returns.
  func keep(
    _ messages: [QueueID: MessageReader.Copy], _ work: inout ActWork, _ entry: Entry
  ) async throws(Refusal) {
    guard work.request.act.losesMessage else { return }
    do throws(StateFailure) {
      for target in work.pending where work.saved[target.queueID] == nil {
        guard let message = messages[target.queueID] else {
          work.settle(target.queueID, .failed("Not changed, because it was not read."))
          continue
        }
        guard !message.files.isEmpty || message.sighting.fitsACommand else {
          let why =
            "it has more recipients than a command line can hold, so it could not be restored"
          work.settle(target.queueID, .failed("Not changed, because \(why)."))
          continue
        }
        work.saved[target.queueID] = try copies.save(
          message,
          SavedCopy(
            message, of: target, for: work.request.act, by: actor.user, at: host.now(),
            entry: entry.name, mta: mta, tools: tools))
      }
      try await copies.secure(Array(work.saved.values))
    } catch {
      throw Refusal(error, "no copy could be saved")
    }
  }

  /// Records its result.
  func conclude(_ entry: Entry, _ work: inout ActWork) {
    // If a command is still running, the next check of interrupted acts reports how it ended.
    guard !work.isOpen else {
      underWay.entries.remove(entry.name)
      return
    }
    let report = work.report
    let results = zip(report.request.targets, report.results).map { target, result in
      let (word, note) = result.record
      return AuditOutcome.Result(id: target.queueID.text, result: word, note: note)
    }
    conclude(entry, results, note: &work.note)
  }

  func conclude(_ entry: Entry, _ results: [AuditOutcome.Result], note: inout String?) {
    underWay.entries.remove(entry.name)
    do throws(StateFailure) {
      try trail.record(AuditOutcome(entry: entry.name, time: host.now(), results: results))
      if entry.ownsLock { entry.lock.remove() }
    } catch {
      note = "The result could not be recorded: \(error)."
    }
  }

  /// Deletes the copies that need not be kept any longer, once that is recorded.
  package func prune() {
    let now = host.now()
    guard let expired = try? copies.expired(now: now), !expired.isEmpty,
      (try? trail.record(AuditPruning(time: now, actor: actor, copies: expired.map(\.name)))) != nil
    else { return }
    for copy in expired { copies.discard(file: copy.file) }
  }
}
