// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

extension MailControl {
  /// What the commands of an act said.
  struct Outcome {
    var replies: [QueueID: ActReplies.Reply] = [:]
    /// What went wrong with the command that a message was given to.
    var troubles: [QueueID: ActResult] = [:]
    /// The messages whose files were seen right before an act that takes them away.
    var files: Set<QueueID> = []
  }

  /// Runs the commands of an act, one after the other; after one that is not permitted no other is tried.
  func run(_ work: inout ActWork, _ entry: Entry) async -> Outcome {
    var outcome = Outcome()
    let plan: ActPlan
    do throws(HostFailure) {
      plan = try ActPlan(work.request.act, work.pendingIDs, mta: mta, tools: tools)
    } catch {
      for id in work.pendingIDs { outcome.troubles[id] = error.result }
      return outcome
    }
    if work.request.act.losesMessage {
      for id in work.pendingIDs where await reader.hasFile(id) == true { outcome.files.insert(id) }
    }
    var refusal: ActResult?
    for step in plan.steps {
      if underWay.isEnding { refusal = refusal ?? .failed("It was stopped before this message.") }
      guard refusal == nil else {
        for id in step.ids { outcome.troubles[id] = refusal }
        continue
      }
      let (replies, trouble) = await run(step.command, work.request.act, entry)
      outcome.replies.merge(replies.byID) { $1 }
      for id in step.ids { outcome.troubles[id] = trouble }
      if case .notPermitted = trouble { refusal = trouble }
    }
    return outcome
  }

  private func run(
    _ command: ChangeCommand, _ act: Act, _ entry: Entry
  ) async -> (ActReplies, ActResult?) {
    do throws(HostFailure) {
      let result = try await runner.run(command, holding: entry.lock)
      let said =
        mta == .exim
        ? ActReplies(exim: String(decoding: result.output, as: UTF8.self) + "\n" + result.complaint)
        : ActReplies(postsuper: result.complaint)
      if let refusal = said.refusal ?? result.sudoRefusal { return (said, .notPermitted(refusal)) }
      if let failure = said.failure { return (said, .failed(failure)) }
      // Exim's status says only that one of the messages was not as it should be.
      let isSilent = said.byID.isEmpty && result.status != 0
      return (said, isSilent || result.status > 128 ? .failed(result.ending(of: command)) : nil)
    } catch {
      // A delivery that takes long goes on by itself.
      if case .timedOut = error, command.patience != nil { return (ActReplies(exim: ""), nil) }
      return (ActReplies(exim: ""), error.result)
    }
  }

  /// Says of each message what became of it.
  func judge(_ work: inout ActWork, _ outcome: Outcome) async {
    let act = work.request.act
    let pending = work.pending
    let after = await look(after: work, outcome)
    for target in pending {
      let id = target.queueID
      let now = after.map { $0[id].flatMap { $0.isSame(as: target, mta: mta) ? $0 : nil } }
      let result = Self.result(
        act, mta, said: outcome.replies[id], trouble: outcome.troubles[id], now: now)
      work.settle(id, result)
      // A copy whose message may be lost is kept, in doubt too.
      let isThere = (now ?? nil) != nil && result != .done
      let leftByItself = result == .gone && outcome.troubles[id] == nil
      if isThere || leftByItself, let copy = work.saved.removeValue(forKey: id) {
        copies.discard(copy)
      }
    }
  }

  /// What is in the queue of these messages after the act; nil where it cannot be read.
  private func look(
    after work: ActWork, _ outcome: Outcome
  ) async -> [QueueID: MessageReader.Sighting]? {
    // A retry's effect shows later, in the log and the queue.
    if work.request.act == .retry { return [:] }
    var doubtful: [QueueID] = []
    for id in work.pendingIDs {
      // The tool said that it is gone, and so is the file that was seen before.
      if outcome.replies[id] == .done, outcome.files.contains(id),
        await reader.hasFile(id) == false
      {
        continue
      }
      doubtful.append(id)
    }
    return try? await reader.sightings(of: doubtful)
  }

  /// - Parameters:
  ///   - said: the tool's words on the message.
  ///   - trouble: what went wrong with the command.
  ///   - now: the message after the act; `.some(nil)` where it is not in the queue, nil where the
  ///     queue could not be read.
  private static func result(
    _ act: Act, _ mta: MTA, said: ActReplies.Reply?, trouble: ActResult?,
    now: MessageReader.Sighting??
  ) -> ActResult {
    switch said {
    case .locked: return .locked
    case .gone: return .gone
    case .unchanged(let words): return .unchanged("It \(words).")
    case .failed(let words) where now != .some(nil): return .failed(words)
    case .done: return contradiction(act, mta, now) ?? .done
    case .failed, nil: break
    }
    if act == .retry { return trouble ?? .done }
    switch now {
    case nil: return trouble ?? .failed("What became of it is not known: the queue cannot be read.")
    case .some(nil):
      if trouble != nil, act.losesMessage {
        return .failed("The command broke off. The message is not in the queue; a copy is kept.")
      }
      // `exim -Mg` prints nothing.
      return act == .bounce ? .done : .gone
    case .some(let message?):
      if act == .hold, message.isHeld { return .done }
      if act == .release, !message.isHeld { return .done }
      // `exim -Mg` passes over a message that is locked, in silence.
      if mta == .exim, act == .bounce { return trouble ?? .locked }
      return trouble ?? .failed("It is in the queue as before. A delivery under way may have it.")
    }
  }

  /// What the queue says against a tool that reported success; nil where it agrees.
  private static func contradiction(
    _ act: Act, _ mta: MTA, _ now: MessageReader.Sighting??
  ) -> ActResult? {
    guard case .some(let message?) = now else { return nil }
    let holds =
      switch act {
      case .hold: message.isHeld
      case .release: !message.isHeld
      case .remove: false
      // Postfix returns an expired message at its next attempt; a requeued one may keep its long ID.
      case .bounce, .requeue, .retry: true
      }
    return holds ? nil : .failed("\(mta.name) reported success, but it is in the queue as before.")
  }
}

extension HostFailure {
  /// In words for an admin.
  var words: String {
    switch self {
    case .missing(let name): "\(name) was not found."
    case .notPermitted(let words): "not permitted: \(words)"
    case .timedOut(let command, let seconds): "\(command) did not end within \(seconds) seconds."
    case .failed(let words): words
    }
  }

  fileprivate var result: ActResult {
    if case .notPermitted(let words) = self { .notPermitted(words) } else { .failed(words) }
  }
}

extension CommandResult {
  /// What `sudo -n` says where the administrator did not allow the command.
  fileprivate var sudoRefusal: String? {
    status != 0 && complaint.hasPrefix("sudo: ") ? firstWords : nil
  }

  fileprivate func ending(of command: ChangeCommand) -> String {
    let words = firstWords
    if !words.isEmpty { return words }
    return status > 128
      ? "\(command.executable) was ended by signal \(status - 128)."
      : "\(command.executable) ended with status \(status)."
  }
}
