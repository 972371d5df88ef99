// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

extension MessageReader {
  /// A larger message is read on its own.
  private static let largest: Int64 = 16 << 20

  /// Whole messages, without a process for each.
  ///
  /// Those that are missing from the answer must be read one by one: they may be gone, damaged,
  /// large, or of a form that only the MTA's tool knows.
  func copies(of ids: [QueueID]) async -> [QueueID: Copy] {
    var copies: [QueueID: Copy] = [:]
    switch mta {
    case .exim:
      for id in ids { copies[id] = await messageInSpool(id) }
    case .postfix:
      guard let postcat = tools.postcat else { break }
      var rest: ArraySlice<QueueID> = []
      for id in ids where await hasFile(id) != false { rest.append(id) }
      while rest.count > 1,
        let result = try? await look(.postfixMessages(postcat, of: Array(rest)))
      {
        let messages = PostcatRecords.messages(result.output) { host.utcOffset(at: $0) }
        for message in messages {
          guard let id = QueueID(message.envelope.idText, of: .postfix) else { continue }
          copies[id] = Copy(
            sighting: Sighting(message.envelope), envelope: message.envelopeText,
            content: message.content)
        }
        // It breaks off at a message that is gone; what it printed until then is good.
        rest = rest.drop { copies[$0] != nil }.dropFirst()
      }
    }
    return copies
  }

  /// Whether the MTA's files can be looked at without its tools.
  var seesFiles: Bool { tools.spool != nil && tools.sudo == nil && host.user.isRoot }

  /// Whether the queue has a file of this name, of whichever message; nil if files are out of sight.
  func hasFile(_ id: QueueID) async -> Bool? {
    guard seesFiles, let spool = tools.spool else { return nil }
    let paths =
      switch mta {
      case .exim: Self.eximFolders(of: id, in: spool).map { "\($0)/\(id)-H" }
      case .postfix: PostfixSpool.files(of: id.text, in: spool, hashDepth: tools.hashDepth)
      }
    do throws(HostFailure) {
      for path in paths {
        if try await host.status(ofFile: path) != nil { return true }
      }
      return false
    } catch {
      return nil
    }
  }

  /// Whether a message is not in the queue for certain, without the wait that `postcat` makes then.
  ///
  /// One that moves from queue to queue could be missed, but not twice in a row.
  func isGone(_ id: QueueID) async -> Bool {
    guard await hasFile(id) == false else { return false }
    return await hasFile(id) == false
  }

  /// Whether a message that is listed is there whole.
  ///
  /// `exim -Mrm` unlinks the content before the header (exim.c): ended between the two, it leaves a message that Exim still
  /// lists, and which nobody can read anymore.
  func isWhole(_ id: QueueID) async -> Bool {
    guard mta == .exim else { return true }
    guard seesFiles, let spool = tools.spool else {
      // Where it cannot be read now, it is not known to be whole.
      guard let reading = try? await copy(of: id) else { return false }
      return reading != .gone
    }
    for folder in Self.eximFolders(of: id, in: spool) {
      if (try? await host.status(ofFile: "\(folder)/\(id)-D")) ?? nil != nil { return true }
    }
    return false
  }

  /// `split_spool_directory`: the sixth character names the folder (spec.txt).
  static func eximFolders(of id: QueueID, in spool: String) -> [String] {
    ["\(spool)/input", "\(spool)/input/\(id.text.dropFirst(5).prefix(1))"]
  }

  private func messageInSpool(_ id: QueueID) async -> Copy? {
    guard let spool = tools.spool else { return nil }
    for folder in Self.eximFolders(of: id, in: spool) {
      guard let header = await file("\(folder)/\(id)-H"),
        let data = await file("\(folder)/\(id)-D"), let read = EximHeaderFile(header),
        read.envelope.idText == id.text, let message = read.message(dataFile: data)
      else { continue }
      // What a delivery that broke off has done is in its journal alone.
      let journal = await file("\(folder)/\(id)-J") ?? []
      return Copy(
        sighting: Sighting(read.envelope(without: journal)), envelope: header, content: message)
    }
    return nil
  }

  private func file(_ path: String) async -> [UInt8]? {
    guard let size = try? await host.status(ofFile: path)?.size, size <= Self.largest else {
      return nil
    }
    return try? await host.read(file: path, from: 0, count: Int(size))
  }
}
