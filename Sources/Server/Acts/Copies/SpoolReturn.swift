// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Glibc
import MailServer

/// Puts a message back into the spool that it was taken from, file by file as it was: with its envelope, its
/// age, the recipients that are done, on hold where it was.
///
/// Everything is written under the name of what it will be but the last file, which makes it a message: that
/// one waits under a name that no MTA reads, and is written first. So one rename brings the message back, and
/// whether it is back, or what of it lies about, is clear from the names alone, even after a crash.
///
/// It is done as the owner of the spool: what he could not write is not written. Everything here blocks.
struct SpoolReturn: Sendable {
  let copy: SavedCopy
  let spool: String
  /// The earliest time of the next attempt, where the MTA keeps it with the message (seconds since 1970).
  var notBefore: Int64 = 0
  /// Postfix' `hash_queue_depth`.
  var hashDepth = 1

  /// Nil if the copy has no files of the spool.
  init?(_ copy: SavedCopy, hashDepth: Int = 1) {
    guard let spool = copy.spool, let last = copy.files.last, last.path.utf8.contains(0x2F),
      copy.files.allSatisfy({ !$0.path.split(separator: "/").contains("..") })
    else { return nil }
    (self.copy, self.spool, self.hashDepth) = (copy, spool, hashDepth)
  }

  /// The queue that it goes to, or Exim's folder: relative to the spool.
  private var folder: String {
    let path = copy.files.last?.path ?? ""
    let parent = path.split(separator: "/").dropLast()
    guard copy.mta == .postfix else { return parent.joined(separator: "/") }
    // What was in progress or new when it went waits for its next attempt.
    return parent.first == "hold" ? "hold" : "deferred"
  }

  private func path(_ name: String) -> String { "\(spool)/\(name)" }

  /// Where the last file waits: no queue ID, and of no length that Exim reads.
  private var waiting: String { path("\(folder)/tempfail.\(copy.name)") }

  /// The files before the last one.
  private var others: [String] { copy.files.dropLast().map { path($0.path) } }

  /// Whether everything is written and the message is not back yet.
  var isPrepared: Bool { StateFile.size(waiting) != nil }

  /// Whether there is a spool of that kind to put it into.
  var isPossible: Bool {
    var information = stat()
    return stat(path(String(folder.prefix { $0 != "/" })), &information) == 0
      && information.st_mode & S_IFMT == S_IFDIR
  }

  /// Writes the files; a failure leaves nothing behind.
  func prepare(_ files: [SpoolFile]) async throws(StateFailure) {
    try await asOwner { () throws(StateFailure) in
      if isPrepared { remove() }
      // What is there before we come is not ours, and stays.
      for other in others where StateFile.size(other) != nil {
        throw StateFailure(path: other, errno: EEXIST)
      }
      do throws(StateFailure) {
        try makeFolder(path(folder))
        try write(files.last?.bytes ?? [], to: waiting)
        try StateFolder(path(folder)).sync()
        for file in files.dropLast() { try write(file.bytes, to: path(file.path)) }
        try StateFolder(path(folder)).sync()
      } catch {
        remove()
        throw error
      }
    }
  }

  /// Makes it a message again, on the disk when this returns.
  ///
  /// - Returns: its queue ID.
  func commit() async throws(StateFailure) -> String {
    try await asOwner { () throws(StateFailure) in
      let (id, target) = try name()
      var parts = target.split(separator: "/")
      parts.removeLast()
      let parent = "/" + parts.joined(separator: "/")
      try makeFolder(parent)
      guard StateFile.size(target) == nil else { throw StateFailure(path: target, errno: EEXIST) }
      if copy.mta == .postfix {
        // A deferred message is due when this time has come (qmgr_active.c).
        let due = max(copy.files.last?.modified ?? 0, notBefore)
        let times = [
          timespec(tv_sec: time_t(due), tv_nsec: 0), timespec(tv_sec: time_t(due), tv_nsec: 0),
        ]
        guard utimensat(AT_FDCWD, waiting, times, AT_SYMLINK_NOFOLLOW) == 0 else {
          throw StateFailure(path: waiting, errno: errno)
        }
      }
      guard rename(waiting, target) == 0 else { throw StateFailure(path: target, errno: errno) }
      try StateFolder(parent).sync()
      return id
    }
  }

  /// Takes away what was prepared.
  func withdraw() async throws(StateFailure) {
    try await asOwner { () throws(StateFailure) in remove() }
  }

  private func remove() {
    for other in others { unlink(other) }
    unlink(waiting)
  }

  /// The queue ID that it gets and the path of its last file.
  ///
  /// Exim's IDs and Postfix' long ones name a moment and are not used again: it has its own back. A short one
  /// names the file's inode, and any microseconds (mail_queue.h).
  private func name() throws(StateFailure) -> (id: String, path: String) {
    guard copy.mta == .postfix else { return (copy.queueID, path(copy.files.last?.path ?? "")) }
    var id = copy.queueID
    if QueueID(id, of: .postfix)?.arrival(of: .postfix) == nil {
      var (information, time) = (stat(), timespec())
      guard lstat(waiting, &information) == 0 else {
        throw StateFailure(path: waiting, errno: errno)
      }
      clock_gettime(CLOCK_REALTIME, &time)
      let digits = String(time.tv_nsec / 1000, radix: 16, uppercase: true)
      id =
        String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        + String(information.st_ino, radix: 16, uppercase: true)
    }
    let depth = folder == "hold" ? depthOfHold : depthOfDeferred
    guard let path = PostfixSpool.file(of: id, in: path(folder), hashDepth: depth) else {
      throw StateFailure(path: id, reason: "is not a Postfix queue ID")
    }
    return (id, path)
  }

  private var depthOfHold: Int {
    copy.files.last?.path.hasPrefix("hold/") == true ? depthOfPath : 0
  }

  /// By default it is hashed (postconf(5), `hash_queue_names`).
  private var depthOfDeferred: Int {
    copy.files.last?.path.hasPrefix("deferred/") == true ? depthOfPath : hashDepth
  }

  private var depthOfPath: Int { (copy.files.last?.path.split(separator: "/").count ?? 2) - 2 }

  private func makeFolder(_ path: String) throws(StateFailure) {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/" + part
      if made.count <= spool.count { continue }
      // Postfix' and Exim's modes of them.
      let mode: mode_t = copy.mta == .postfix ? 0o700 : 0o750
      guard mkdir(made, mode) == 0 || errno == EEXIST else {
        throw StateFailure(path: made, errno: errno)
      }
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws(StateFailure) {
    try StateFile.create(path, bytes)
    // Postfix marks with x what is whole (mail_queue.h); Exim has SPOOL_MODE 0640.
    guard chmod(path, copy.mta == .postfix ? 0o700 : 0o640) == 0 else {
      throw StateFailure(path: path, errno: errno)
    }
    try StateFile.sync(path)
  }

  /// Does it on a thread that touches files as the owner of the spool does.
  private func asOwner<Value: Sendable>(
    _ body: @escaping @Sendable () throws(StateFailure) -> Value
  ) async throws(StateFailure) -> Value {
    let queue = path(String(folder.prefix { $0 != "/" }))
    let result: Result<Value, StateFailure>? = await BlockingThread.value {
      var information = stat()
      guard lstat(queue, &information) == 0 else {
        return .failure(StateFailure(path: queue, errno: errno))
      }
      if information.st_uid != geteuid() {
        // The group of a queue's folder is root's on Postfix, that of its files is the owner's.
        let group = getpwuid(information.st_uid).map(\.pointee.pw_gid) ?? information.st_gid
        guard tf_touch_files_as(information.st_uid, group) else {
          return .failure(StateFailure(path: queue, errno: EPERM))
        }
      }
      return Result { () throws(StateFailure) in try body() }
    }
    guard let result else {
      throw StateFailure(path: queue, reason: "this system cannot start another thread")
    }
    return try result.get()
  }
}
