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

  /// Seconds for which a copy is kept whatever room it takes: what was removed a moment ago can be
  /// brought back.
  private static let spared: Int64 = 86_400

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

  /// Waits until these files and their names are on the disk: together, which is faster than one by
  /// one.
  func secure(_ copies: [SavedCopy]) throws(StateFailure) {
    guard !copies.isEmpty else { return }
    for copy in copies { try StateFile.sync(path(copy.name)) }
    try folder.sync()
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
  func discard(_ copy: SavedCopy) { unlink(path(copy.name)) }

  /// What is older than the retention allows, and the oldest of what is too much; nothing of the last day.
  func expired(now: Int64) throws(StateFailure) -> [SavedCopy] {
    var total = 0
    return try list().filter { copy in
      total += copy.contentSize + copy.envelopeSize
      let age = now &- copy.saved
      return age > Self.spared
        && (age > Int64(retention.days) * 86_400 || total > retention.bytes)
    }
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
