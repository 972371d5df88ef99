// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// Changes the queue of an Exim or a Postfix, through the MTA's own tools.
///
/// Its files are the phases of an act, in their order: `+Check` reads the messages again and compares them with
/// what was meant; `+Record` records what is about to be done and keeps what will be lost; `+Execute` runs
/// the MTA's tool; `+Verify` finds the result for each message from its output and the queue. `+Batches`
/// does so part by part where messages are lost.
package actor MailControl: Control {
  /// It waits for disks: what it writes is synced before it goes on.
  private let executor = BlockingExecutor()
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  let mta: MTA
  let host: any Host
  let runner: any ChangeRunner
  let tools: MailTools
  let permissions: Permissions
  let trail: AuditTrail
  let copies: SavedCopies
  let actor: Actor
  let probes: ProbeBook
  var entries = 0
  var underWay = UnderWay()
  /// When the next of the messages that were put back may be tried, at the earliest.
  var nextTurn: Int64 = 0

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

  /// Acts on messages that were seen a moment ago: recorded before and after it.
  ///
  /// - Parameters:
  ///   - messages: what is to be kept first, of an act that loses them.
  ///   - turn: the lock of acts that lose messages; others get one of their own.
  func act(
    _ work: inout ActWork, keeping messages: [QueueID: MessageReader.Copy] = [:],
    turn: ActLock? = nil
  ) async throws(Refusal) {
    guard !work.pending.isEmpty else { return }
    if underWay.isEnding { throw .ending }
    let entry = try intend(&work, turn: turn)
    if work.request.act == .retry { underWay.retries[entry.name] = (entry, work.pendingIDs) }
    do throws(Refusal) {
      try await keep(messages, &work, entry)
      let outcome = await run(&work, entry)
      await judge(&work, outcome, entry)
    } catch {
      work.refuse(error)
      for copy in work.saved.values { copies.discard(copy) }
      work.saved = [:]
    }
    // What was left to itself at the end was recorded then.
    if work.request.act != .retry || underWay.retries.removeValue(forKey: entry.name) != nil {
      conclude(entry, &work)
    }
  }

  /// Why nothing is done, in words for an admin.
  struct Refusal: Error {
    let words: String
    /// The same of one message among others that were acted on.
    let ofOne: String

    init(_ words: String, ofOne: String = "Not attempted.") {
      (self.words, self.ofOne) = (words, ofOne)
    }

    init(_ failure: HostFailure) { self.init(untouched: ": \(failure.words)") }

    init(_ failure: StateFailure, _ what: String) {
      self.init(untouched: ", because \(what): \(failure). Fix that, then try again.")
    }

    init(untouched why: String) {
      self.init("Nothing was changed" + why, ofOne: "Not changed" + why)
    }
  }
}
