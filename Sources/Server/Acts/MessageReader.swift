// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Reads messages again, right before and right after an act.
struct MessageReader: Sendable {
  let host: any Host
  let mta: MTA
  let tools: MailTools

  /// A message as it appears in the queue now.
  struct Sighting: Hashable, Sendable {
    var arrival: Int64?
    /// Nil if a damaged spool file does not say it.
    var sender: String?
    var recipients: [String]
    var isHeld: Bool

    /// Whether a command line can name all of its recipients: Linux takes 2 MiB of arguments and environment
    /// (execve(2)), each with a pointer.
    var fitsACommand: Bool { recipients.reduce(0) { $0 + $1.utf8.count + 9 } < 1_900_000 }

    /// Whether it is the message that was meant.
    ///
    /// An Exim ID is never used again (spec.txt, "Message identification"), and its time may be a
    /// tick later than that in the file; so the ID is enough there, for a damaged file too.
    func isSame(as reference: MessageReference, mta: MTA) -> Bool {
      guard let sender else { return mta == .exim }
      if mta == .postfix, let arrival, let expected = reference.arrival, arrival != expected {
        return false
      }
      return Self.plain(sender) == Self.plain(reference.sender)
    }

    /// `postqueue` quotes local parts and writes `?` for control characters; `postcat` does neither.
    fileprivate static func plain(_ address: String) -> String {
      EnvelopeAddress.unquoted(
        String(
          String.UnicodeScalarView(
            address.unicodeScalars.map {
              $0.value < 0x20 || $0.value == 0x7F ? "?" : $0
            })))
    }
  }

  /// A whole message.
  struct Copy: Hashable, Sendable {
    var sighting: Sighting
    /// As the MTA's tool printed it.
    var envelope: [UInt8]
    /// Headers and body.
    var content: [UInt8]
    /// The MTA's own files of it, the last of which makes it a message; none where they are out of sight.
    var files: [SpoolFile] = []
  }

  /// From this many messages on, one listing of the whole queue is asked instead of each message.
  private static let many = 10
  private static let idsPerCommand = 500

  /// The messages that are in the queue under these IDs now; those that are missing left it.
  func sightings(of ids: [QueueID]) async throws(HostFailure) -> [QueueID: Sighting] {
    var found: [QueueID: Sighting] = [:]
    guard !ids.isEmpty else { return found }
    if ids.count < Self.many, canReadMessages {
      for id in ids { found[id] = try await envelope(of: id)?.sighting }
      return found
    }
    switch mta {
    case .exim:
      let exim = try tool(tools.exim, "exim")
      for start in stride(from: 0, to: ids.count, by: Self.idsPerCommand) {
        let some = Array(ids[start..<min(start + Self.idsPerCommand, ids.count)])
        try await list(.eximListing(exim, of: some), into: &found, wanted: Set(some))
      }
    case .postfix:
      let postqueue = try tool(tools.postqueue, "postqueue")
      try await list(.postfixListing(postqueue), into: &found, wanted: Set(ids))
    }
    return found
  }

  /// What came of reading a whole message.
  enum Reading: Hashable, Sendable {
    case copy(Copy)
    /// It is not in the queue anymore.
    case gone
    /// A delivery in progress has it: Exim does not show it then.
    case locked
  }

  /// Reads the whole message.
  func copy(of id: QueueID) async throws(HostFailure) -> Reading {
    guard let (sighting, envelope) = try await envelope(of: id) else { return .gone }
    guard sighting.sender != nil else {
      throw .failed("its envelope is damaged or in an unknown format.")
    }
    let command: LookCommand =
      switch mta {
      case .exim: .eximMessage(try tool(tools.exim, "exim"), of: id)
      case .postfix: .postfixMessage(try tool(tools.postcat, "postcat"), .message, of: id)
      }
    let result = try await look(command)
    switch result.failure {
    case nil: break
    case .busy: return .locked
    case .gone:
      if mta == .exim, try await self.envelope(of: id) != nil {
        throw .failed(
          "only its header is left in the queue. To remove it: exim -Mrm \(id)")
      }
      return .gone
    case .denied, .other: throw Self.failure(command.words, result)
    }
    var copy = Copy(sighting: sighting, envelope: envelope, content: result.output)
    if mta == .exim { copy.sighting.recipients = try await undelivered(copy.sighting, id) }
    return .copy(copy)
  }

  /// A message's envelope, or nil if it is not in the queue anymore.
  private func envelope(
    of id: QueueID
  ) async throws(HostFailure) -> (sighting: Sighting, bytes: [UInt8])? {
    let envelope: MessageEnvelope?
    let bytes: [UInt8]
    switch mta {
    case .exim:
      let exim = try tool(tools.exim, "exim")
      guard let output = try await read(.eximHeaders(exim, of: id)) else { return nil }
      (bytes, envelope) = (output, EximHeaderFile(output)?.envelope)
    case .postfix:
      let postcat = try tool(tools.postcat, "postcat")
      if await isGone(id) { return nil }
      guard let output = try await read(.postfixMessage(postcat, .envelope, of: id)) else {
        return nil
      }
      bytes = output
      envelope = MessageEnvelope(postcatEnvelope: output) { host.utcOffset(at: $0) }
    }
    guard let envelope, envelope.idText == id.text else {
      return (Sighting(arrival: nil, sender: nil, recipients: [], isHeld: false), bytes)
    }
    return (Sighting(envelope), bytes)
  }

  /// Its recipients without those found only in the journal of an interrupted delivery: `exim -bp`
  /// heeds it, `-Mvh` does not (spec.txt, "Format of spool files").
  private func undelivered(
    _ sighting: Sighting, _ id: QueueID
  ) async throws(HostFailure) -> [String] {
    var listed: [QueueID: Sighting] = [:]
    let exim = try tool(tools.exim, "exim")
    try await list(.eximListing(exim, of: [id]), into: &listed, wanted: [id])
    guard let waiting = listed[id]?.recipients else { return sighting.recipients }
    let names = Set(waiting.map(Sighting.plain))
    return sighting.recipients.filter { names.contains(Sighting.plain($0)) }
  }

  /// What a command prints of a message, or nil if the message does not exist.
  private func read(_ command: LookCommand) async throws(HostFailure) -> [UInt8]? {
    let result = try await look(command)
    if result.failure == .gone { return nil }
    guard result.status == 0 else { throw Self.failure(command.words, result) }
    return result.output
  }

  /// Anyone may list a Postfix queue, but not read its messages.
  private var canReadMessages: Bool {
    mta == .exim || (tools.postcat != nil && (host.user.isRoot || tools.sudo != nil))
  }

  private func tool(_ path: String?, _ name: String) throws(HostFailure) -> String {
    guard let path else { throw tools.missing(name) }
    return path
  }

  func look(_ command: LookCommand) async throws(HostFailure) -> CommandResult {
    // `postqueue` reads the queue for everyone.
    guard let sudo = tools.sudo, command.executable != tools.postqueue else {
      return try await host.look(command)
    }
    return try await host.look(command.through(sudo: sudo))
  }

  /// The ID of a message of the whole queue that is as described; the newest one where there are several.
  func search(
    _ isWanted: @Sendable (QueuedMessage) -> Bool
  ) async throws(HostFailure) -> QueueID? {
    let command: LookCommand =
      switch mta {
      case .exim: .eximListing(try tool(tools.exim, "exim"))
      case .postfix: .postfixListing(try tool(tools.postqueue, "postqueue"))
      }
    let listing = try await listing(command)
    let found = (0..<listing.count).map { listing.message(at: $0) }.filter(isWanted)
    return found.max { $0.arrival ?? 0 < $1.arrival ?? 0 }.flatMap { QueueID($0.idText, of: mta) }
  }

  private func listing(_ command: LookCommand) async throws(HostFailure) -> QueueListing {
    let result = try await look(command)
    guard result.status == 0 else { throw Self.failure(command.words, result) }
    return QueueListing(result.output, mta: mta, now: host.now(), zone: host.zone)
  }

  private func list(
    _ command: LookCommand, into found: inout [QueueID: Sighting], wanted: Set<QueueID>
  ) async throws(HostFailure) {
    let listing = try await listing(command)
    for row in 0..<listing.count {
      let message = listing.message(at: row)
      guard let id = QueueID(message.idText, of: mta), wanted.contains(id) else { continue }
      if message.isGone { continue }
      found[id] = Sighting(message)
    }
  }

  private static func failure(_ what: String, _ result: CommandResult) -> HostFailure {
    let words = result.firstLine
    if result.failure == .denied { return .notPermitted(words) }
    return .failed("\(what): \(words.isEmpty ? "status \(result.status)" : words)")
  }
}

extension MessageReader.Sighting {
  init(_ envelope: MessageEnvelope) {
    self.init(
      arrival: envelope.arrival, sender: envelope.sender, recipients: envelope.recipients,
      isHeld: envelope.isHeld)
  }

  init(_ message: QueuedMessage) {
    self.init(
      arrival: message.arrival, sender: message.problem == nil ? message.sender : nil,
      recipients: message.recipients.filter { !$0.isDelivered }.map(\.address),
      isHeld: message.state == .held)
  }
}
