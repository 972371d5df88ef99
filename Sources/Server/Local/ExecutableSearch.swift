// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Where executables are looked for: the user's PATH, then the folders of the system.
///
/// Debian keeps the tools of both MTAs in /usr/sbin, which is not in the PATH of a normal user.
struct ExecutableSearch: Sendable {
  static let systemFolders = [
    "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
  ]

  let folders: [String]

  /// - Parameter path: the value of PATH; what is not absolute there is left out.
  init(path: String) {
    let own = path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    folders = own + Self.systemFolders.filter { !own.contains($0) }
  }

  init(folders: [String]) { self.folders = folders }

  /// The first of `names` that is anywhere; a name with a slash is a path.
  func find(_ names: [String]) -> String? {
    for name in names {
      let candidates = name.hasPrefix("/") ? [name] : folders.map { "\($0)/\(name)" }
      guard name.hasPrefix("/") || !name.contains("/") else { continue }
      if let found = candidates.first(where: FileAccess.isExecutable) { return found }
    }
    return nil
  }
}
