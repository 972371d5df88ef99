// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import MailServer

/// The folder of saved copies.
///
/// One file a message, mode 0600: a line of JSON (the manifest), the envelope as the MTA's tool
/// printed it, the content byte for byte, and the MTA's own files of it where they could be read.
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

  /// What a file of a copy says by the end of its name.
  enum Stage: String, CaseIterable {
    /// It can be restored.
    case kept = ".copy"
    /// It is being put back into the spool; what is there says whether it is back.
    case returning = ".returning"
    /// It was submitted to the MTA as a new message; whether that took it is not known before the command's end.
    case submitted = ".submitted"
    /// It is back, and kept until it is too old: once more would double it.
    case back = ".back"
  }

  private static let longestManifest = 16 << 20

  /// The path of a copy's file.
  func path(_ name: String, _ stage: Stage = .kept) -> String {
    folder.file(name + stage.rawValue)
  }

  /// Keeps a message; `secure` sees to it that it is on the disk.
  ///
  /// - Returns: the copy with the name that it got.
  func save(_ message: MessageReader.Copy, _ copy: SavedCopy) throws(StateFailure) -> SavedCopy {
    try folder.make()
    var copy = copy
    // The same message may go, come back and go again within a second.
    while Stage.allCases.contains(where: { StateFile.size(path(copy.name, $0)) != nil }) {
      copy.saved += 1
    }
    try StateFile.create(
      path(copy.name),
      message.files.reduce(copy.json.line + message.envelope + message.content) { $0 + $1.bytes })
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

  /// What the folder holds.
  package struct Listing: Sendable {
    /// What can be restored, newest first.
    package var kept: [SavedCopy] = []
    /// Files that should be copies and cannot be read, by their names, with the reason.
    package var unreadable: [StateFailure] = []
    /// Copies that were restored, or may have been.
    var others: [(copy: SavedCopy, stage: Stage)] = []

    /// A later copy of the same message; only the last one counts.
    ///
    /// It was still in the queue after this copy was made: two admins acted at once, or it was bounced, then removed.
    func successor(of copy: SavedCopy) -> (copy: SavedCopy, stage: Stage)? {
      (kept.map { ($0, .kept) } + others)
        .filter { $0.0.isOfSameMessage(as: copy) && $0.0.saved > copy.saved }
        .max { $0.0.saved < $1.0.saved }
    }
  }

  /// Everything in the folder; one bad file hides no other.
  ///
  /// - Throws: where the folder itself cannot be trusted or read.
  package func listing() throws(StateFailure) -> Listing {
    try folder.check()
    var listing = Listing()
    for name in try folder.names() {
      guard let stage = Stage.allCases.first(where: { name.hasSuffix($0.rawValue) }) else {
        continue
      }
      let path = folder.file(name)
      do throws(StateFailure) {
        guard let copy = try manifest(path)?.copy, copy.name + stage.rawValue == name else {
          throw StateFailure(path: path, reason: "is not a complete copy")
        }
        if stage == .kept {
          listing.kept.append(copy)
        } else {
          listing.others.append((copy, stage))
        }
      } catch {
        listing.unreadable.append(error)
      }
    }
    listing.kept.sort { ($0.saved, $0.name) > ($1.saved, $1.name) }
    return listing
  }

  /// The copies that can be restored, newest first.
  package func list() throws(StateFailure) -> [SavedCopy] { try listing().kept }

  /// The copy of this name, or else the newest of the message with this queue ID.
  package func find(_ nameOrID: String) throws(StateFailure) -> SavedCopy? {
    try list().first { $0.name == nameOrID || $0.queueID == nameOrID }
  }

  /// Headers and body of a copy.
  package func content(of copy: SavedCopy) throws(StateFailure) -> [UInt8] {
    try part(of: copy, from: copy.envelopeSize, count: copy.contentSize)
  }

  /// The MTA's own files of a copy.
  func files(of copy: SavedCopy) throws(StateFailure) -> [SpoolFile] {
    var start = copy.envelopeSize + copy.contentSize
    var files: [SpoolFile] = []
    for file in copy.files {
      files.append(
        SpoolFile(
          path: file.path, bytes: try part(of: copy, from: start, count: file.size),
          modified: file.modified))
      start += file.size
    }
    return files
  }

  private func part(
    of copy: SavedCopy, from start: Int, count: Int
  ) throws(StateFailure) -> [UInt8] {
    let path = path(copy.name)
    guard let found = try manifest(path), found.copy == copy else {
      throw StateFailure(path: path, reason: "is no longer the saved copy it was")
    }
    return try StateFile.read(path, from: found.size + start, limit: count)
  }

  /// Moves a copy from one stage to another, on the disk when this returns.
  func move(_ copy: SavedCopy, from: Stage, to: Stage) throws(StateFailure) {
    // What is back is kept as long from now on: its first attempt is still to come.
    if to == .back { utimensat(AT_FDCWD, path(copy.name, from), nil, AT_SYMLINK_NOFOLLOW) }
    guard rename(path(copy.name, from), path(copy.name, to)) == 0 else {
      throw StateFailure(path: path(copy.name, from), errno: errno)
    }
    try folder.sync()
  }

  /// Forgets a copy, whose message was not removed.
  func discard(_ copy: SavedCopy) { unlink(path(copy.name)) }

  /// Deletes a file of the folder.
  func discard(file: String) { unlink(folder.file(file)) }

  /// The names of the copies that are older than the retention allows, and of the oldest of what is too much.
  ///
  /// Their age counts from the last check that is a day old, and what came after it is kept: so a clock that is
  /// set far forward deletes nothing for a day, and what was removed a moment ago can always be restored. The age of
  /// what is back counts from its return.
  func expired(now: Int64) throws(StateFailure) -> [(name: String, file: String)] {
    let copies = try folder.names().compactMap {
      file -> (name: String, file: String, saved: Int64)? in
      guard let stage = Stage.allCases.first(where: { file.hasSuffix($0.rawValue) }) else {
        return nil
      }
      let name = file.dropLast(stage.rawValue.count)
      guard let saved = name.split(separator: "-").last.flatMap({ Int64($0) }) else { return nil }
      let back = stage == .back ? StateFile.modified(folder.file(file)) : nil
      // Of a clock that was set back since: it does not count.
      return (String(name), file, max(saved, back.flatMap { $0 <= now ? $0 : nil } ?? saved))
    }
    guard !copies.isEmpty, let then = lastLook(now: now) else { return [] }
    var total = 0
    return copies.sorted { $0.saved > $1.saved }.filter { copy in
      total += StateFile.size(folder.file(copy.file)) ?? 0
      let age = then &- copy.saved
      return age > 0 && (age > Int64(retention.days) * Self.day || total > retention.bytes)
    }.map { ($0.name, $0.file) }
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

  /// The manifest of a file and its size in bytes with the newline; nil if the file is not whole.
  private func manifest(_ path: String) throws(StateFailure) -> (copy: SavedCopy, size: Int)? {
    var limit = 4 << 10
    while true {
      let head = try StateFile.read(path, limit: limit)
      if let end = head.firstIndex(of: ASCII.newline) {
        guard let copy = JSON(parsing: Array(head[..<end])).flatMap({ SavedCopy($0) }) else {
          return nil
        }
        let whole = end + 1 + copy.size
        return StateFile.size(path) == whole ? (copy, end + 1) : nil
      }
      guard head.count == limit, limit < Self.longestManifest else { return nil }
      limit *= 4
    }
  }
}
