// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import MailServer

/// The folder of saved copies.
///
/// One file a message, mode 0600: a line of JSON (the manifest), the envelope as the MTA's tool
/// printed it, and the content byte for byte.
package struct SavedCopies: Sendable {
  package let folder: StateFolder
  package let retention: Retention

  private static let day: Int64 = 86_400

  /// How long copies are kept; the oldest go first.
  package struct Retention: Hashable, Sendable {
    package var days: Int
    /// Bytes of all copies together.
    package var bytes: Int

    package init(days: Int = 30, bytes: Int = 1 << 30) {
      self.days = days
      self.bytes = bytes
    }
  }

  package init(in folder: StateFolder, retention: Retention = Retention()) {
    self.folder = folder.folder("removed")
    self.retention = retention
  }

  private static let suffix = ".copy"
  private static let longestManifest = 16 << 20

  private func path(_ name: String) -> String { folder.file(name + Self.suffix) }

  /// Keeps a message; `secure` sees to it that it is on the disk.
  func save(
    _ message: MessageReader.Copy, of target: MessageReference, for act: Act, mta: MTA,
    by user: String, at time: Int64
  ) throws(StateFailure) -> SavedCopy {
    let copy = SavedCopy(
      saved: time, mta: mta, act: act, user: user, queueID: target.queueID.text,
      arrived: message.sighting.arrival, sender: message.sighting.sender ?? target.sender,
      recipients: message.sighting.recipients, envelopeSize: message.envelope.count,
      contentSize: message.content.count)
    try folder.make()
    try StateFile.create(path(copy.name), copy.json.line + message.envelope + message.content)
    return copy
  }

  /// Waits until these files and their names are on the disk.
  ///
  /// Eight wait at once: the disk then writes for all of them together, which takes a fourth of the time on ext4.
  func secure(_ copies: [SavedCopy]) async throws(StateFailure) {
    guard !copies.isEmpty else { return }
    let paths = copies.map { path($0.name) }
    let lanes = min(8, paths.count)
    let failure = await withTaskGroup(of: StateFailure?.self) { group in
      for lane in 0..<lanes {
        group.addTask {
          let wait = { @Sendable in Self.sync(paths, from: lane, by: lanes) }
          if let ended = await BlockingThread.value(wait) { return ended }
          return wait()
        }
      }
      return await group.reduce(nil) { $0 ?? $1 }
    }
    if let failure { throw failure }
    try folder.sync()
  }

  private static func sync(_ paths: [String], from first: Int, by step: Int) -> StateFailure? {
    do throws(StateFailure) {
      for index in stride(from: first, to: paths.count, by: step) {
        try StateFile.sync(paths[index])
      }
      return nil
    } catch {
      return error
    }
  }

  /// The copies, newest first; files that were not written whole are left out.
  package func list() throws(StateFailure) -> [SavedCopy] {
    var copies: [SavedCopy] = []
    for name in try folder.names() where name.hasSuffix(Self.suffix) {
      guard let copy = try manifest(folder.file(name))?.copy, copy.name + Self.suffix == name else {
        continue
      }
      copies.append(copy)
    }
    return copies.sorted { ($0.saved, $0.name) > ($1.saved, $1.name) }
  }

  /// The copy of this name, or else the newest of the message with this queue ID.
  package func find(_ nameOrID: String) throws(StateFailure) -> SavedCopy? {
    try list().first { $0.name == nameOrID || $0.queueID == nameOrID }
  }

  /// Headers and body of a copy.
  package func content(of copy: SavedCopy) throws(StateFailure) -> [UInt8] {
    let path = path(copy.name)
    guard let found = try manifest(path), found.copy == copy else {
      throw StateFailure(path: path, reason: "is not the saved copy that it was")
    }
    return try StateFile.read(path, from: found.size + copy.envelopeSize, limit: copy.contentSize)
  }

  /// Forgets a copy, whose message was not removed or is back.
  func discard(_ copy: SavedCopy) { discard(named: copy.name) }

  func discard(named name: String) { unlink(path(name)) }

  /// The names of the copies that are older than the retention allows, and of the oldest of what is too much.
  ///
  /// They are as old as they were at the last look that is a day old, and what came after it is kept: so a clock that is
  /// set far forward deletes nothing for a day, and what was removed a moment ago can always be brought back.
  func expired(now: Int64) throws(StateFailure) -> [String] {
    let copies = try folder.names().compactMap { file -> (name: String, saved: Int64)? in
      guard file.hasSuffix(Self.suffix) else { return nil }
      let name = file.dropLast(Self.suffix.count)
      return name.split(separator: "-").last.flatMap { Int64($0) }.map { (String(name), $0) }
    }
    guard !copies.isEmpty, let then = lastLook(now: now) else { return [] }
    var total = 0
    return copies.sorted { $0.saved > $1.saved }.filter { copy in
      total += StateFile.size(path(copy.name)) ?? 0
      let age = then &- copy.saved
      return age > 0 && (age > Int64(retention.days) * Self.day || total > retention.bytes)
    }.map(\.name)
  }

  /// When the copies were looked at last, a day ago or earlier; this look is noted for the next ones.
  private func lastLook(now: Int64) -> Int64? {
    let file = KeptFile("looks", in: folder)
    // A clock that was set back: what it said before does not count.
    let looks = String(decoding: file.read(), as: UTF8.self).split(separator: "\n")
      .compactMap { Int64($0) }.filter { $0 <= now }
    let isDue = looks.last.map { now &- $0 >= Self.day } ?? true
    if isDue {
      // Where it cannot be noted, nothing is deleted the next time either.
      let noted = (looks.suffix(1) + [now]).map { "\($0)\n" }.joined()
      try? file.write(Array(noted.utf8))
    }
    return looks.last { now &- $0 >= Self.day }
  }

  /// The manifest of a file and its size in bytes with the newline; nil where the file is not whole.
  private func manifest(_ path: String) throws(StateFailure) -> (copy: SavedCopy, size: Int)? {
    var limit = 4 << 10
    while true {
      let head = try StateFile.read(path, limit: limit)
      if let end = head.firstIndex(of: ASCII.newline) {
        guard let copy = JSON(parsing: Array(head[..<end])).flatMap({ SavedCopy($0) }) else {
          return nil
        }
        let whole = end + 1 + copy.envelopeSize + copy.contentSize
        return StateFile.size(path) == whole ? (copy, end + 1) : nil
      }
      guard head.count == limit, limit < Self.longestManifest else { return nil }
      limit *= 4
    }
  }
}
