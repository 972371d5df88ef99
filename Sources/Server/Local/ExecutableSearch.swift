// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where executables are looked for: the user's PATH, then the folders of the system.
///
/// Debian keeps the tools of both MTAs in /usr/sbin, which is not in the PATH of a normal user.
struct ExecutableSearch: Sendable {
  static let systemFolders = [
    "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
  ]

  let folders: [String]
  /// Whether a program is run whoever could have put it there: not by root.
  private let isTrusting: Bool

  /// - Parameters:
  ///   - path: the value of PATH; what is not absolute there is left out.
  ///   - isTrusting: false to pass over what others than root could have written.
  init(path: String, isTrusting: Bool = true) {
    self.isTrusting = isTrusting
    let own = path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    folders = own + Self.systemFolders.filter { !own.contains($0) }
  }

  init(folders: [String], isTrusting: Bool = true) {
    (self.folders, self.isTrusting) = (folders, isTrusting)
  }

  /// The first of `names` that is anywhere; a name with a slash is a path.
  func find(_ names: [String]) -> String? {
    for name in names {
      if let found = candidates(name).first(where: isTrusted) { return found }
    }
    return nil
  }

  /// What is there under these names and is not run, whatever else is found.
  func passedOver(_ names: [String]) -> [String] {
    names.flatMap(candidates).filter { !isTrusted($0) }
  }

  private func candidates(_ name: String) -> [String] {
    guard name.hasPrefix("/") || !name.contains("/") else { return [] }
    let paths = name.hasPrefix("/") ? [name] : folders.map { "\($0)/\(name)" }
    return paths.filter(FileAccess.isExecutable)
  }

  private func isTrusted(_ path: String) -> Bool { isTrusting || Self.isOurs(path) }

  /// Whether root alone could have written a program and everything on the way to it, links followed.
  ///
  /// A folder that everybody may write to, such as /tmp, is none of these unless only owners may rename in it; Debian's group
  /// `staff` may write below /usr/local.
  private static func isOurs(_ path: String) -> Bool {
    guard let resolved = realpath(path, nil) else { return false }
    defer { free(resolved) }
    var information = stat()
    guard stat("/", &information) == 0 else { return false }
    // In a user namespace without its own root the system's is somebody else.
    let owners: Set<uid_t> = [0, information.st_uid]
    var part = ""
    for name in String(cString: resolved).split(separator: "/") {
      part += "/" + name
      guard stat(part, &information) == 0, owners.contains(information.st_uid) else { return false }
      let isFolder = information.st_mode & S_IFMT == S_IFDIR
      let isSticky = isFolder && information.st_mode & S_ISVTX != 0
      if information.st_mode & S_IWOTH != 0, !isSticky { return false }
      let hasOwnGroup = information.st_gid == 0 || part.hasPrefix("/usr/local")
      if information.st_mode & S_IWGRP != 0, !hasOwnGroup, !isSticky { return false }
    }
    return true
  }
}
