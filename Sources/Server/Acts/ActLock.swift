// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A file of the state folder that is locked as long as an act, or a command that it started, is running.
///
/// The lock is that of flock(2): it belongs to the open file, which the commands get as their standard input,
/// with what they are to read. So it outlives this process where they do, it ends where the last of them
/// ends, and others see it in whichever PID namespace they are.
package final class ActLock: Sendable {
  let path: String
  /// -1 if it was let go.
  private let file: Mutex<Int32>

  private init(_ path: String, _ file: Int32) {
    self.path = path
    self.file = Mutex(file)
  }

  deinit { release() }

  private static func folder(_ state: StateFolder) -> StateFolder { state.folder("locks") }

  /// Takes the lock of this name; nil if something else holds it, if only for this moment: see `again`.
  package static func take(
    _ name: String, in state: StateFolder
  ) throws(StateFailure) -> ActLock? {
    let folder = folder(state)
    try folder.make()
    while true {
      let descriptor = try open(folder.file(name), O_RDONLY | O_CREAT)
      guard let lock = try lock(folder.file(name), descriptor) else { return nil }
      // Nil if whoever had it took the file away in the meantime: then there is a new one.
      if lock.isNamed { return lock }
    }
  }

  /// The same, for those who do not try again on their own.
  static func takeSoon(_ name: String, in state: StateFolder) async throws(StateFailure) -> ActLock?
  {
    try await again { () throws(StateFailure) in try take(name, in: state) }
  }

  /// Looks at a lock again, for half a second, as long as something holds it.
  ///
  /// A child that another thread starts at this moment has every open file of ours until it runs its program, and so
  /// holds a lock that was let go.
  private static func again<Found: Sendable>(
    _ look: @Sendable () throws(StateFailure) -> Found?
  ) async throws(StateFailure) -> Found? {
    for _ in 0..<50 {
      if let found = try look() { return found }
      await Pause.wait(.milliseconds(10))
    }
    return nil
  }

  /// What is known of a lock without making one.
  enum Sight {
    /// Nobody has it; we do, until the value goes.
    case free(ActLock)
    case held
    /// Nobody took it, or its act came to its end.
    case missing
  }

  static func look(_ name: String, in state: StateFolder) async throws(StateFailure) -> Sight {
    let path = folder(state).file(name)
    do throws(StateFailure) {
      let found = try await again { () throws(StateFailure) in
        try lock(path, try open(path, O_RDONLY))
      }
      guard let lock = found else { return .held }
      return lock.isNamed ? .free(lock) : .missing
    } catch {
      if error.code == ENOENT { return .missing }
      throw error
    }
  }

  /// The names of the locks that were taken and whose file is there still.
  static func names(in state: StateFolder) throws(StateFailure) -> [String] {
    try folder(state).names()
  }

  /// Takes its file away, at the end of an act whose lock is its own.
  func remove() { unlink(path) }

  /// Lets it go: what a command still holds stays locked.
  func release() {
    file.withLock {
      if $0 >= 0 { close($0) }
      $0 = -1
    }
  }

  /// Whether no command that was given the lock works anymore; if so it is ours still, else it is let go.
  func isOursAlone() async -> Bool {
    release()
    let path = path
    let found = try? await Self.again { () throws(StateFailure) in
      try Self.lock(path, try Self.open(path, O_RDONLY))
    }
    return found.map(takeOver) ?? false
  }

  private func takeOver(_ again: ActLock) -> Bool {
    guard again.isNamed else { return false }
    let number = again.file.withLock {
      let number = $0
      $0 = -1
      return number
    }
    file.withLock { $0 = number }
    return true
  }

  /// What a command reads and holds: the open file at its start, with these bytes.
  ///
  /// It is the same file for each of them: no command that reads begins before the one before it has ended.
  func input(_ bytes: [UInt8]) throws(StateFailure) -> Int32 {
    if !bytes.isEmpty || StateFile.size(path) != 0 { try StateFile.replace(path, bytes) }
    let number = number
    guard number >= 0, lseek(number, 0, SEEK_SET) == 0 else {
      throw StateFailure(path: path, errno: number < 0 ? EBADF : errno)
    }
    return number
  }

  /// Forgets what the last command read, once it has ended.
  func clear() { try? StateFile.replace(path, []) }

  private var number: Int32 { file.withLock { $0 } }

  private static func open(_ path: String, _ flags: Int32) throws(StateFailure) -> OpenDescriptor {
    let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    let code = errno
    do throws(HostFailure) {
      return try OpenDescriptor(descriptor, of: path)
    } catch {
      throw StateFailure(path: path, errno: code)
    }
  }

  private static func lock(
    _ path: String, _ descriptor: consuming OpenDescriptor
  ) throws(StateFailure) -> ActLock? {
    while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return nil }
      guard errno == EINTR else { throw StateFailure(path: path, errno: errno) }
    }
    return ActLock(path, descriptor.take())
  }

  /// Whether its file still has its name.
  private var isNamed: Bool {
    var (own, named) = (stat(), stat())
    return fstat(number, &own) == 0 && lstat(path, &named) == 0
      && (own.st_dev, own.st_ino) == (named.st_dev, named.st_ino)
  }
}
