// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

extension MailControl {
  /// Puts the message of a saved copy into the queue again, through the MTA's sendmail interface.
  package func restore(_ name: String) async -> RestoreResult {
    if let problem = permissions.restoreProblem {
      return .notPermitted("\(problem.what) \(problem.remedy)")
    }
    do throws(Refusal) {
      try begin()
      defer { end() }
      let found: (copy: SavedCopy, content: [UInt8])?
      do throws(StateFailure) {
        found = try copies.find(name).map { copy throws(StateFailure) in
          (copy, try copies.content(of: copy))
        }
      } catch {
        throw Refusal("The copy could not be read: \(error).")
      }
      guard let (copy, content) = found else { return .missing }
      return try await restore(copy, content)
    } catch {
      return .failed(error.words)
    }
  }

  private func restore(
    _ copy: SavedCopy, _ content: [UInt8]
  ) async throws(Refusal) -> RestoreResult {
    guard copy.mta == mta else {
      throw Refusal("This copy is from \(copy.mta.name); this server runs \(mta.name).")
    }
    if try await isQueued(copy) { return .stillQueued }
    let command = try injection(copy, content)
    let entry = try intend(
      "restore", command: command.words,
      [
        AuditIntent.Message(
          id: copy.queueID, arrived: copy.arrived, sender: copy.sender, recipients: copy.recipients)
      ])
    let result: RestoreResult
    do throws(HostFailure) {
      let answer = try await runner.run(command, holding: entry.lock)
      result =
        answer.status == 0
        ? .restored
        : .failed(answer.firstWords.isEmpty ? "status \(answer.status)" : answer.firstWords)
    } catch {
      if case .notPermitted(let words) = error {
        result = .notPermitted(words)
      } else {
        result = .failed(error.words)
      }
    }
    // A copy that was brought back once must not be brought back again.
    if result == .restored { copies.discard(copy) }
    var note: String?
    conclude(entry, [result.record(of: copy)], note: &note)
    return result
  }

  /// Whether the message never left, so that a second one would be delivered twice.
  private func isQueued(_ copy: SavedCopy) async throws(Refusal) -> Bool {
    guard let id = QueueID(copy.queueID, of: mta) else { return false }
    let reference = MessageReference(queueID: id, arrival: copy.arrived, sender: copy.sender)
    do throws(HostFailure) {
      return try await reader.sightings(of: [id])[id]?.isSame(as: reference, mta: mta) == true
    } catch {
      throw Refusal(error)
    }
  }

  private func injection(
    _ copy: SavedCopy, _ content: [UInt8]
  ) throws(Refusal) -> ChangeCommand {
    guard let sendmail = mta == .exim ? tools.exim : tools.sendmail else {
      throw Refusal("The \(mta.name) sendmail program was not found.")
    }
    let sender = EnvelopeAddress(copy.sender)
    let recipients = copy.recipients.compactMap { EnvelopeAddress($0) }
    guard sender != nil || copy.sender.isEmpty, recipients.count == copy.recipients.count else {
      throw Refusal("An address of this message cannot be given to sendmail. Its copy is kept.")
    }
    guard !recipients.isEmpty else { throw Refusal("All its recipients had the message already.") }
    let command = ChangeCommand.injection(
      sendmail, sender: sender, recipients: recipients, content: content)
    // Postfix takes a sender from anyone.
    guard mta == .exim, let sudo = tools.sudo else { return command }
    return command.through(sudo: sudo)
  }
}

extension RestoreResult {
  fileprivate func record(of copy: SavedCopy) -> AuditOutcome.Result {
    let (word, note): (String, String?) =
      switch self {
      case .restored: ("done", nil)
      case .stillQueued: ("unchanged", "it is still in the queue")
      case .missing: ("gone", nil)
      case .notPermitted(let why): ("notPermitted", why)
      case .failed(let why): ("failed", why)
      }
    return AuditOutcome.Result(id: copy.queueID, result: word, note: note)
  }
}
