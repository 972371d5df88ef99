// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Why something could not be kept on this machine.
package struct StateFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: String
  /// What the system says: `No space left on device`.
  package let reason: String
  /// The system's number for it (errno(3)), where the reason is the system's.
  package let code: Int32?

  init(path: String, reason: String) {
    self.path = path
    self.reason = reason
    code = nil
  }

  init(path: String, errno code: Int32) {
    self.path = path
    reason = String(cString: strerror(code))
    self.code = code
  }

  package var description: String { "\(path): \(reason)" }
}

/// The folder that holds the audit trail and the saved copies: ours alone, mode 0700.
package struct StateFolder: Hashable, Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// `/var/lib/tempfail` for root, else `$XDG_STATE_HOME/tempfail` (by default `~/.local/state`); nil if there is no
  /// home.
  package static func standard(isRoot: Bool, environment: [String: String]) -> StateFolder? {
    if isRoot { return StateFolder("/var/lib/tempfail") }
    // The XDG specification ignores relative paths.
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
      return StateFolder(state + "/tempfail")
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return StateFolder(home + "/.local/state/tempfail")
  }

  /// The folder within this one.
  func folder(_ name: String) -> StateFolder { StateFolder(path + "/" + name) }

  /// The path of a file in it.
  func file(_ name: String) -> String { path + "/" + name }

  /// Makes the folder and those above it where they are missing.
  ///
  /// Fails where it belongs to someone else or others may write to it: what is kept there could be
  /// replaced.
  package func make() throws(StateFailure) {
    var path = ""
    for part in self.path.split(separator: "/") {
      path += "/" + part
      guard mkdir(path, 0o700) != 0, errno != EEXIST, errno != EISDIR else { continue }
      let code = errno
      var information = stat()
      // A read-only or foreign parent says EROFS or EACCES even where the folder is there.
      guard stat(path, &information) == 0 else { throw StateFailure(path: path, errno: code) }
    }
    try check()
  }

  /// Fails where there is a folder that is not ours alone to write to, or something else in its place.
  func check() throws(StateFailure) {
    var information = stat()
    guard lstat(path, &information) == 0 else {
      if errno == ENOENT { return }
      throw StateFailure(path: path, errno: errno)
    }
    guard information.st_mode & S_IFMT == S_IFDIR else {
      throw StateFailure(path: path, reason: "is not a directory")
    }
    guard information.st_uid == geteuid(), information.st_mode & 0o022 == 0 else {
      throw StateFailure(path: path, reason: "is owned or writable by someone else")
    }
  }

  /// Why nothing could be kept there, or nil; found without making anything.
  package var writingProblem: String? {
    var information = stat()
    if lstat(path, &information) == 0 {
      guard information.st_mode & S_IFMT == S_IFDIR else { return "is not a directory" }
      guard information.st_uid == geteuid(), information.st_mode & 0o022 == 0 else {
        return "is owned or writable by someone else"
      }
      return access(path, W_OK | X_OK) == 0 ? nil : String(cString: strerror(errno))
    }
    // It is made when it is needed, in the nearest folder that is there.
    var parent = path[...]
    while let slash = parent.lastIndex(of: "/") {
      parent = parent[..<slash]
      let folder = parent.isEmpty ? "/" : String(parent)
      if access(folder, W_OK | X_OK) == 0 { return nil }
      if errno != ENOENT { return "\(folder): \(String(cString: strerror(errno)))" }
    }
    return "No such directory"
  }

  /// The names in the folder, sorted; none where it does not exist.
  func names() throws(StateFailure) -> [String] {
    guard let names = FileAccess.readableNames(inFolder: path) else {
      if errno == ENOENT { return [] }
      throw StateFailure(path: path, errno: errno)
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Makes a file that did not exist, with the folder where it is missing: mode 0600, on the disk when
  /// this returns.
  ///
  /// - Returns: its path, or nil if there is a file of that name.
  package func create(_ name: String, _ bytes: [UInt8]) throws(StateFailure) -> String? {
    try make()
    do throws(StateFailure) {
      try StateFile.create(file(name), bytes)
    } catch  where error.code == EEXIST {
      return nil
    }
    return file(name)
  }

  /// Waits until the folder's entries are on the disk.
  func sync() throws(StateFailure) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StateFailure(path: path, errno: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw StateFailure(path: path, errno: errno) }
  }
}
