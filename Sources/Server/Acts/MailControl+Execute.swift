// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The commands of an act.
extension MailControl {
  /// What the commands of an act said.
  struct Outcome {
    var replies: [QueueID: ActReplies.Reply] = [:]
    /// What went wrong with the command that a message was given to.
    var troubles: [QueueID: ActResult] = [:]
    /// Whether the message's file was there right before an act that takes it away, where files can be seen.
    var files: [QueueID: Bool] = [:]

    func wasThere(_ id: QueueID) -> Bool? { files[id] }
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
      for id in work.pendingIDs {
        let isThere = await reader.hasFile(id)
        // One that moves from queue to queue could be missed, but not twice in a row.
        outcome.files[id] = isThere == false ? await reader.hasFile(id) : isThere
      }
    }
    var refusal: ActResult?
    for step in plan.steps {
      if underWay.isEnding { refusal = refusal ?? .failed("Stopped before this message.") }
      guard refusal == nil else {
        for id in step.ids { outcome.troubles[id] = refusal }
        continue
      }
      let (replies, trouble) = await run(step.command, work.request.act, entry)
      outcome.replies.merge(replies.byID) { $1 }
      for id in step.ids { outcome.troubles[id] = trouble }
      if case .notPermitted = trouble { refusal = trouble }
      // What could not be ended may still read what the next one would be given.
      if trouble != nil, step.command.patience == nil, work.request.act != .retry {
        refusal = refusal ?? .failed("Not attempted: the previous command failed.")
      }
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
      // A delivery that takes long continues on its own.
      if case .timedOut = error, command.patience != nil { return (ActReplies(exim: ""), nil) }
      return (ActReplies(exim: ""), error.result)
    }
  }
}

extension HostFailure {
  /// In words for an admin.
  var words: String {
    switch self {
    case .missing(let name): "\(name) was not found."
    case .notPermitted(let words): "not permitted: \(words)"
    case .timedOut(let command, let seconds): "\(command) did not finish within \(seconds) seconds."
    case .failed(let words): words
    }
  }

  var result: ActResult {
    if case .notPermitted(let words) = self { .notPermitted(words) } else { .failed(words) }
  }
}

extension CommandResult {
  /// What `sudo -n` says where the administrator did not allow the command.
  fileprivate var sudoRefusal: String? {
    status != 0 && complaint.hasPrefix("sudo: ") ? firstLine : nil
  }

  fileprivate func ending(of command: ChangeCommand) -> String {
    let words = firstLine
    if !words.isEmpty { return words }
    return status > 128
      ? "\(command.executable) was killed by signal \(status - 128)."
      : "\(command.executable) exited with status \(status)."
  }
}
