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
  let probes: ProbeBook
  private var entries = 0
  var underWay = UnderWay()

  nonisolated var reader: MessageReader { MessageReader(host: host, mta: mta, tools: tools) }

  /// - Parameter probes: the connections that checks make, which test messages are counted with.
  package init(
    host: any Host, runner: any ChangeRunner, tools: MailTools, permissions: Permissions,
    state: StateFolder, retention: SavedCopies.Retention = SavedCopies.Retention(), actor: Actor,
    probes: ProbeBook? = nil
  ) {
    mta = permissions.mta
    self.host = host
    self.runner = runner
    self.tools = tools.using(permissions)
    self.permissions = permissions
    trail = AuditTrail(in: state)
    copies = SavedCopies(in: state, retention: retention)
    self.actor = actor
    self.probes = probes ?? ProbeBook(host: host)
  }

  package func perform(_ request: ActRequest) async -> ActReport {
    if request.act == .retry { return await carryOut(request) }
    do throws(Refusal) {
      try begin()
    } catch {
      var work = ActWork(request)
      work.refuse(error)
      return work.report
    }
    defer { end() }
    return request.act.losesMessage ? await lose(request) : await carryOut(request)
  }

  private func carryOut(_ request: ActRequest) async -> ActReport {
    var work = ActWork(request)
    do throws(Refusal) {
      try allow(request)
      do throws(HostFailure) {
        work.meet(try await reader.sightings(of: work.pendingIDs))
      } catch {
        throw Refusal(error)
      }
      try await act(&work)
    } catch {
      work.refuse(error)
    }
    return work.report
  }

  /// Acts on messages that were seen a moment ago: written down before and after it.
  ///
  /// - Parameter messages: what is to be kept first, of an act that loses them.
  func act(
    _ work: inout ActWork, keeping messages: [QueueID: MessageReader.Copy] = [:]
  ) async throws(Refusal) {
    guard !work.pending.isEmpty else { return }
    if underWay.isEnding { throw .ending }
    let entry = try intend(&work)
    if work.request.act == .retry { underWay.retries[entry.name] = (entry, work.pendingIDs) }
    do throws(Refusal) {
      try await keep(messages, &work)
      let outcome = await run(&work, entry)
      await judge(&work, outcome)
    } catch {
      work.refuse(error)
      for copy in work.saved.values { copies.discard(copy) }
      work.saved = [:]
    }
    // What was left to itself at the end was written down then.
    if work.request.act != .retry || underWay.retries.removeValue(forKey: entry.name) != nil {
      conclude(entry, &work)
    }
  }

  /// Why nothing is done, in words for an admin.
  struct Refusal: Error {
    let words: String
    /// The same of one message among others that were acted on.
    let ofOne: String

    init(_ words: String, ofOne: String = "It was not tried.") {
      (self.words, self.ofOne) = (words, ofOne)
    }

    init(_ failure: HostFailure) { self.init(untouched: ": \(failure.words)") }

    init(_ failure: StateFailure, _ what: String) {
      self.init(untouched: ", because \(what): \(failure). Mend that, then try again.")
    }

    private init(untouched why: String) {
      self.init("Nothing was touched" + why, ofOne: "It was not touched" + why)
    }
  }

  /// Looks whether the act is allowed here.
  func allow(_ request: ActRequest) throws(Refusal) {
    guard request.mta == mta else {
      throw Refusal("This server runs \(mta.name), not \(request.mta.name).")
    }
    if let problem = permissions.problem(with: request.act) {
      throw Refusal("\(problem.what) \(problem.remedy)")
    }
  }

  /// The commands of an act as people write them.
  func words(of act: Act, _ ids: [QueueID]) throws(Refusal) -> String {
    do throws(HostFailure) {
      return try ActPlan(act, ids, mta: mta, tools: tools).words
    } catch {
      throw Refusal(error)
    }
  }

  /// Writes down what is about to be done.
  private func intend(_ work: inout ActWork) throws(Refusal) -> Entry {
    work.command = try words(of: work.request.act, work.pendingIDs)
    let messages = work.pending.map {
      AuditIntent.Message(
        id: $0.queueID.text, arrived: $0.arrival, sender: $0.sender,
        recipients: work.sightings[$0.queueID]?.recipients ?? [])
    }
    return try intend(work.request.act.rawValue, command: work.command, messages)
  }

  func intend(
    _ act: String, command: String, _ messages: [AuditIntent.Message]
  ) throws(Refusal) -> Entry {
    entries += 1
    let now = host.now()
    let name = "\(now)-\(actor.process.number)-\(entries)"
    do throws(StateFailure) {
      guard let lock = try ActLock.take(name, in: trail.folder) else {
        throw StateFailure(path: name, reason: "is locked")
      }
      do throws(StateFailure) {
        try trail.record(
          AuditIntent(
            entry: name, time: now, actor: actor, mta: mta, act: act, command: command,
            messages: messages))
      } catch {
        lock.remove()
        throw error
      }
      return Entry(name: name, lock: lock)
    } catch {
      throw Refusal(error, "it could not be written down first")
    }
  }

  /// An act that was written down, and is under way.
  struct Entry: Sendable {
    let name: String
    let lock: ActLock
  }

  /// Writes down what became of it.
  private func conclude(_ entry: Entry, _ work: inout ActWork) {
    let report = work.report
    let results = zip(report.request.targets, report.results).map { target, result in
      let (word, note) = result.record
      return AuditOutcome.Result(id: target.queueID.text, result: word, note: note)
    }
    conclude(entry, results, note: &work.note)
  }

  func conclude(_ entry: Entry, _ results: [AuditOutcome.Result], note: inout String?) {
    do throws(StateFailure) {
      try trail.record(AuditOutcome(entry: entry.name, time: host.now(), results: results))
      entry.lock.remove()
    } catch {
      note = "What became of it could not be written down: \(error)."
    }
  }

  /// Deletes the copies that need not be kept any longer, once that is written down.
  package func prune() {
    let now = host.now()
    guard let expired = try? copies.expired(now: now), !expired.isEmpty,
      (try? trail.record(AuditPruning(time: now, actor: actor, copies: expired))) != nil
    else { return }
    for name in expired { copies.discard(named: name) }
  }
}
