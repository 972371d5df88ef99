// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// Changes the queue of an Exim or a Postfix, through the MTA's own tools.
///
/// The messages are read anew and compared with what was meant; what is about to be done is
/// audited; messages that are removed or bounced are copied; then the MTA's tool runs; its words and
/// the queue tell what became of each message, which is audited too.
package actor MailControl: Control {
  let mta: MTA
  let host: any Host
  let runner: any ChangeRunner
  let tools: MailTools
  let permissions: Permissions
  let trail: AuditTrail
  let copies: SavedCopies
  let actor: Actor
  private var entries = 0
  var underWay = UnderWay()

  nonisolated var reader: MessageReader { MessageReader(host: host, mta: mta, tools: tools) }

  package init(
    host: any Host, runner: any ChangeRunner, tools: MailTools, permissions: Permissions,
    state: StateFolder, retention: SavedCopies.Retention = SavedCopies.Retention(), actor: Actor
  ) {
    mta = permissions.mta
    self.host = host
    self.runner = runner
    self.tools = tools.using(permissions)
    self.permissions = permissions
    trail = AuditTrail(in: state)
    copies = SavedCopies(in: state, retention: retention)
    self.actor = actor
  }

  package func perform(_ request: ActRequest) async -> ActReport {
    if request.act == .retry { return await carryOut(request) }
    do throws(Refusal) {
      try begin()
    } catch {
      var work = ActWork(request)
      work.refuse(error.words)
      return work.report
    }
    defer { end() }
    return await carryOut(request)
  }

  private func carryOut(_ request: ActRequest) async -> ActReport {
    var work = ActWork(request)
    do throws(Refusal) {
      try await check(&work)
      guard !work.pending.isEmpty else { return work.report }
      if underWay.isEnding { throw .ending }
      let entry = try intend(&work)
      if request.act == .retry { underWay.retries[entry] = work.pendingIDs }
      do throws(Refusal) {
        try await copy(&work)
        let outcome = await run(&work)
        await judge(&work, outcome)
      } catch {
        work.refuse(error.words)
        for copy in work.saved.values { copies.discard(copy) }
        work.saved = [:]
      }
      // What was left to itself at the end was written down then.
      if request.act != .retry || underWay.retries.removeValue(forKey: entry) != nil {
        conclude(entry, &work)
      }
    } catch {
      work.refuse(error.words)
    }
    return work.report
  }

  /// Why nothing is done at all, in words for an admin.
  struct Refusal: Error {
    let words: String

    init(_ words: String) { self.words = words }

    init(_ failure: HostFailure) { self.init("Nothing was touched: \(failure.words)") }

    init(_ failure: StateFailure, _ what: String) {
      self.init("Nothing was touched, because \(what): \(failure). Mend that, then try again.")
    }
  }

  /// Looks whether the act is allowed and the messages are still the ones that were meant.
  private func check(_ work: inout ActWork) async throws(Refusal) {
    guard work.request.mta == mta else {
      throw Refusal("This server runs \(mta.name), not \(work.request.mta.name).")
    }
    if let problem = permissions.problem(with: work.request.act) {
      throw Refusal("\(problem.what) \(problem.remedy)")
    }
    do throws(HostFailure) {
      work.meet(try await reader.sightings(of: work.pendingIDs))
    } catch {
      throw Refusal(error)
    }
  }

  /// Writes down what is about to be done.
  private func intend(_ work: inout ActWork) throws(Refusal) -> String {
    do throws(HostFailure) {
      work.command = try ActPlan(work.request.act, work.pendingIDs, mta: mta, tools: tools).words
    } catch {
      throw Refusal(error)
    }
    let messages = work.pending.map {
      AuditIntent.Message(
        id: $0.queueID.text, arrived: $0.arrival, sender: $0.sender,
        recipients: work.sightings[$0.queueID]?.recipients ?? [])
    }
    return try intend(work.request.act.rawValue, command: work.command, messages)
  }

  func intend(
    _ act: String, command: String, _ messages: [AuditIntent.Message]
  ) throws(Refusal) -> String {
    entries += 1
    let now = host.now()
    let entry = "\(now)-\(actor.process.number)-\(entries)"
    do throws(StateFailure) {
      try trail.record(
        AuditIntent(
          entry: entry, time: now, actor: actor, mta: mta, act: act, command: command,
          messages: messages))
    } catch {
      throw Refusal(error, "it could not be written down first")
    }
    return entry
  }

  /// Messages that are read at once before they are copied.
  private static let together = 50

  /// Keeps the messages that are about to be lost, and compares each once more by the way.
  private func copy(_ work: inout ActWork) async throws(Refusal) {
    guard work.request.act.losesMessage else { return }
    let pending = work.pending
    for start in stride(from: 0, to: pending.count, by: Self.together) {
      let some = pending[start..<min(start + Self.together, pending.count)]
      if underWay.isEnding { throw .ending }
      let read = await reader.copies(of: some.map(\.queueID))
      var new: [SavedCopy] = []
      for target in some where work.saved[target.queueID] == nil {
        guard let message = await message(target.queueID, read, &work) else { continue }
        guard message.sighting.isSame(as: target, mta: mta) else {
          work.settle(target.queueID, .changed)
          continue
        }
        do throws(StateFailure) {
          let copy = try copies.save(
            message, of: target, for: work.request.act, mta: mta, by: actor.user, at: host.now())
          work.saved[target.queueID] = copy
          new.append(copy)
        } catch {
          throw Refusal(error, "no copy could be kept")
        }
      }
      do throws(StateFailure) {
        try copies.secure(new)
      } catch {
        throw Refusal(error, "no copy could be kept")
      }
    }
  }

  /// The whole message; nil where it cannot be had, which settles it.
  private func message(
    _ id: QueueID, _ read: [QueueID: MessageReader.Copy], _ work: inout ActWork
  ) async -> MessageReader.Copy? {
    if let message = read[id] { return message }
    do throws(HostFailure) {
      switch try await reader.copy(of: id) {
      case .copy(let message): return message
      case .gone: work.settle(id, .gone)
      case .locked: work.settle(id, .locked)
      }
    } catch {
      work.settle(id, .failed("It was not touched, for it could not be copied: \(error.words)"))
    }
    return nil
  }

  /// Writes down what became of it.
  private func conclude(_ entry: String, _ work: inout ActWork) {
    let report = work.report
    let results = zip(report.request.targets, report.results).map { target, result in
      let (word, note) = result.record
      return AuditOutcome.Result(id: target.queueID.text, result: word, note: note)
    }
    conclude(entry, results, note: &work.note)
    if work.request.act.losesMessage { prune() }
  }

  func conclude(_ entry: String, _ results: [AuditOutcome.Result], note: inout String?) {
    do throws(StateFailure) {
      try trail.record(AuditOutcome(entry: entry, time: host.now(), results: results))
    } catch {
      note = "What became of it could not be written down: \(error)."
    }
  }

  /// Deletes the copies that need not be kept any longer, once that is written down.
  package func prune() {
    let now = host.now()
    guard let expired = try? copies.expired(now: now), !expired.isEmpty,
      (try? trail.record(AuditPruning(time: now, actor: actor, copies: expired.map(\.name)))) != nil
    else { return }
    for copy in expired { copies.discard(copy) }
  }
}
