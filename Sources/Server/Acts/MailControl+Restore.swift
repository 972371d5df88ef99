// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The way back of what was removed or bounced.
///
/// Root puts the MTA's own files back: the message is as it was, and where it was. Where that cannot be, it is
/// submitted to the MTA as a new message. A copy is claimed by its name before either, and never restored twice.
extension MailControl {
  /// The audit trail's word for it.
  static let restoreAct = "restore"
  /// Seconds between the first attempts of messages of Postfix that are due when they come back.
  private static let pace: Int64 = 5
  /// Seconds before the first of them.
  private static let grace: Int64 = 60

  /// Puts the message of a saved copy into the queue again.
  package func restore(_ name: String) async -> RestoreResult {
    do throws(Refusal) {
      try begin()
      defer { end() }
      let turn = try await takeTurn()
      defer { turn.release() }
      await resolveClaims()
      return try await restore(name, turn)
    } catch {
      return .failed(error.words)
    }
  }

  private func restore(_ name: String, _ turn: ActLock) async throws(Refusal) -> RestoreResult {
    let listing: SavedCopies.Listing
    do throws(StateFailure) {
      listing = try copies.listing()
    } catch {
      throw Refusal("The copies could not be read: \(error).")
    }
    guard let copy = listing.kept.first(where: { $0.name == name || $0.queueID == name }) else {
      return missing(name, listing)
    }
    guard copy.mta == mta else {
      throw Refusal("This copy is from \(copy.mta.name); this server runs \(mta.name).")
    }
    if let (later, stage) = listing.successor(of: copy) {
      return switch stage {
      case .kept:
        .failed("there is a later copy of the same message: \(later.name). Restore that one.")
      case .returning, .back: .wasRestored
      case .submitted: missing(later.name, listing)
      }
    }
    if try await isQueued(copy) { return .stillQueued }
    if permissions.isRoot, host.user.isRoot,
      let way = SpoolReturn(copy, hashDepth: tools.hashDepth),
      way.isPossible
    {
      return try await putBack(copy, way, turn)
    }
    if let problem = permissions.restoreProblem {
      let folder =
        StateFolder.standard(isRoot: true, environment: [:])?.folder("removed").path ?? ""
      return .notPermitted(
        "\(problem.what) Root can restore it: move \(copies.path(copy.name)) to \(folder), then "
          + "tempfail restore \(copy.name).")
    }
    return try await submit(copy, turn)
  }

  private func missing(_ name: String, _ listing: SavedCopies.Listing) -> RestoreResult {
    for (copy, stage) in listing.others.sorted(by: { $0.copy.saved > $1.copy.saved })
    where copy.name == name || copy.queueID == name {
      guard stage == .submitted else { return .wasRestored }
      return .failed(
        "an interrupted restore already submitted it to \(mta.name), and it may be queued or delivered: "
          + "search for its recipients in the log. The copy is \(copies.path(copy.name, stage))")
    }
    let bad = listing.unreadable.first { failure in
      let file = failure.path.split(separator: "/").last ?? ""
      return file == name + SavedCopies.Stage.kept.rawValue || file.hasPrefix(name + "-")
    }
    return bad.map { .failed("its copy cannot be read: \($0)") } ?? .missing
  }

  /// Whether the message never left, so that a second one would be delivered twice.
  private func isQueued(_ copy: SavedCopy) async throws(Refusal) -> Bool {
    guard let id = QueueID(copy.queueID, of: mta) else { return false }
    var tools = tools
    if let spool = copy.spool, spool != tools.spool, reader.seesFiles {
      // Of another instance: by the file's name alone.
      tools.spool = spool
      return await MessageReader(host: host, mta: mta, tools: tools).hasFile(id) == true
    }
    let reference = MessageReference(queueID: id, arrival: copy.arrived, sender: copy.sender)
    let isThere: Bool
    do throws(HostFailure) {
      isThere = try await reader.sightings(of: [id])[id]?.isSame(as: reference, mta: mta) == true
    } catch {
      throw Refusal(error)
    }
    if isThere, await !reader.isWhole(id) {
      throw Refusal(
        "Only the message's header is left in the queue: remove it with exim -Mrm \(id), then restore it."
      )
    }
    return isThere
  }

  private func intendRestore(
    _ copy: SavedCopy, _ words: String, _ turn: ActLock
  ) throws(Refusal) -> Entry {
    var message = AuditIntent.Message(
      id: copy.queueID, arrived: copy.arrived, sender: copy.sender, recipients: copy.recipients)
    message.copy = copy.name
    return try intend(Self.restoreAct, command: words, [message], turn: turn, spool: copy.spool)
  }

  private func concludeRestore(
    _ entry: Entry, _ copy: SavedCopy, _ result: RestoreResult
  ) -> RestoreResult {
    var note: String?
    conclude(entry, [result.record(of: copy)], note: &note)
    guard let note, case .restored(var back) = result else { return result }
    back.note = [back.note, note].compactMap(\.self).joined(separator: " ")
    return .restored(back)
  }

  // MARK: As it was

  private func putBack(
    _ copy: SavedCopy, _ way: SpoolReturn, _ turn: ActLock
  ) async throws(Refusal) -> RestoreResult {
    var way = way
    let now = host.now()
    nextTurn = max(nextTurn, now + Self.grace)
    way.notBefore = nextTurn
    let entry = try intendRestore(copy, "put back into \(way.spool)", turn)
    do throws(StateFailure) {
      try await way.prepare(try copies.files(of: copy))
      do throws(StateFailure) {
        try copies.move(copy, from: .kept, to: .returning)
      } catch {
        try? await way.withdraw()
        throw error
      }
      let id: String
      do throws(StateFailure) {
        id = try await way.commit()
      } catch {
        try? await way.withdraw()
        try? copies.move(copy, from: .returning, to: .kept)
        throw error
      }
      if copy.mta == .postfix, copy.isHeld != true { nextTurn += Self.pace }
      // If that fails the next check does it: the message is there.
      try? copies.move(copy, from: .returning, to: .back)
      return concludeRestore(
        entry, copy,
        .restored(BroughtBack(queueID: id, isAsItWas: true, isHeld: copy.isHeld == true)))
    } catch {
      return concludeRestore(
        entry, copy, .failed("It could not be put back: \(error). Its copy is kept."))
    }
  }

  /// Reports the results of interrupted restores; only with the turn.
  func resolveClaims() async {
    guard let listing = try? copies.listing() else { return }
    for (copy, stage) in listing.others where stage == .returning && copy.mta == mta {
      guard let way = SpoolReturn(copy, hashDepth: tools.hashDepth) else { continue }
      if way.isPrepared {
        guard (try? await way.withdraw()) != nil, !way.isPrepared else { continue }
        try? copies.move(copy, from: .returning, to: .kept)
      } else {
        try? copies.move(copy, from: .returning, to: .back)
      }
    }
    for copy in listing.kept where copy.mta == mta {
      if let way = SpoolReturn(copy, hashDepth: tools.hashDepth), way.isPrepared {
        try? await way.withdraw()
      }
    }
  }

  // MARK: As a new message

  private func submit(
    _ copy: SavedCopy, _ turn: ActLock
  ) async throws(Refusal) -> RestoreResult {
    let content: [UInt8]
    do throws(StateFailure) {
      content = try copies.content(of: copy)
    } catch {
      throw Refusal("The copy could not be read: \(error).")
    }
    let command = try injection(copy, content)
    let entry = try intendRestore(copy, command.words, turn)
    do throws(StateFailure) {
      try copies.move(copy, from: .kept, to: .submitted)
    } catch {
      return concludeRestore(entry, copy, .failed("It was not restored: \(error)."))
    }
    let result: RestoreResult
    do throws(HostFailure) {
      let answer = try await runner.run(command, holding: turn)
      turn.clear()
      if answer.status == 0 {
        result = .restored(await settle(copy, turn))
      } else {
        let words = answer.firstLine.isEmpty ? "status \(answer.status)" : answer.firstLine
        result = .failed(words)
      }
    } catch {
      switch error {
      case .notPermitted(let words): result = .notPermitted(words)
      // Whether it took the message before it was ended is not known: the copy stays claimed.
      case .timedOut:
        return concludeRestore(
          entry, copy, .failed("\(error.words) It is unknown whether it accepted the message."))
      case .missing, .failed: result = .failed(error.words)
      }
    }
    if case .restored = result {
      try? copies.move(copy, from: .submitted, to: .back)
    } else {
      try? copies.move(copy, from: .submitted, to: .kept)
    }
    return concludeRestore(entry, copy, result)
  }

  /// Finds a message that was just submitted to the MTA, and holds it if it was held before.
  private func settle(_ copy: SavedCopy, _ turn: ActLock) async -> BroughtBack {
    var back = BroughtBack(queueID: nil, isAsItWas: false, isHeld: false)
    guard copy.isHeld == true else { return back }
    let found = await newest(like: copy)
    back.queueID = found?.text
    if let found, let plan = try? ActPlan(.hold, [found], mta: mta, tools: tools),
      let command = plan.steps.first?.command,
      let answer = try? await runner.run(command, holding: turn), answer.status == 0
    {
      back.isHeld = true
    } else {
      back.note = "It was \(mta.holdWords.state) before, and is not now."
    }
    return back
  }

  /// The message in the queue that has this copy's sender and recipients, the newest of them.
  private func newest(like copy: SavedCopy) async -> QueueID? {
    // Postfix takes a moment until it is in the queue.
    let earliest = host.now() - 5
    for _ in 0..<20 {
      let found = try? await reader.search { message in
        message.arrival.map { $0 >= earliest } ?? true
          && EnvelopeAddress.unquoted(message.sender) == EnvelopeAddress.unquoted(copy.sender)
          && Set(message.recipients.map { EnvelopeAddress.unquoted($0.address) })
            == Set(copy.recipients.map { EnvelopeAddress.unquoted($0) })
      }
      if let found { return found }
      await Pause.wait(.milliseconds(100))
    }
    return nil
  }

  private func injection(
    _ copy: SavedCopy, _ content: [UInt8]
  ) throws(Refusal) -> ChangeCommand {
    guard let sendmail = mta == .exim ? tools.exim : tools.sendmail else {
      throw Refusal("Not attempted: \(tools.missing(mta == .exim ? "exim" : "sendmail").words)")
    }
    let sender = EnvelopeAddress(copy.sender)
    let recipients = copy.recipients.compactMap { EnvelopeAddress($0) }
    guard sender != nil || copy.sender.isEmpty, recipients.count == copy.recipients.count else {
      throw Refusal("An address of this message cannot be passed to sendmail. Its copy is kept.")
    }
    guard !recipients.isEmpty else { throw Refusal("All its recipients already have the message.") }
    // It marks what sendmail gives it as SMTPUTF8 then, which most servers do not take (smtputf8_autodetect_classes).
    if mta == .postfix, Self.hasEightBitHeader(content) {
      throw Refusal(
        "Its headers have 8-bit characters: Postfix would bounce it. Root can put it back "
          + "unchanged. Its copy is kept.")
    }
    let command = ChangeCommand.injection(
      sendmail, mta,
      configuration: copy.configuration == tools.configuration ? nil : copy.configuration,
      sender: sender, recipients: recipients, content: content)
    // Postfix takes a sender from anyone.
    guard mta == .exim, let sudo = tools.sudo else { return command }
    return command.through(sudo: sudo)
  }

  private static func hasEightBitHeader(_ content: [UInt8]) -> Bool {
    var last: UInt8 = 0x0A
    for byte in content {
      if byte >= 0x80 { return true }
      if byte == 0x0A, last == 0x0A { return false }
      if byte != 0x0D { last = byte }
    }
    return false
  }
}

extension RestoreResult {
  fileprivate func record(of copy: SavedCopy) -> AuditOutcome.Result {
    let (word, note): (String, String?) =
      switch self {
      case .restored(let back):
        (
          "done",
          [back.queueID.map { "its queue ID is \($0)" }, back.note].compactMap(\.self)
            .joined(separator: "; ")
        )
      case .wasRestored: ("unchanged", "it was already restored")
      case .stillQueued: ("unchanged", "it is still in the queue")
      case .missing: ("gone", nil)
      case .notPermitted(let why): ("notPermitted", why)
      case .failed(let why): ("failed", why)
      }
    return AuditOutcome.Result(
      id: copy.queueID, result: word, note: note?.isEmpty == true ? nil : note)
  }
}
