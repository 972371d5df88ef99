// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A system that has what every Debian has, and what a test gives it: a folder of links and scripts that is all of PATH.
final class BareSystem: Sendable {
  let path: String

  /// Commands of Debian's essential packages, and git, which the README asks for.
  private static let base = [
    "awk", "bash", "cat", "cut", "dirname", "env", "getent", "git", "grep", "head", "id", "ls",
    "mktemp", "realpath", "rm", "sed", "sort", "tail", "touch", "tr",
  ]

  /// - Parameter scripts: by name; `$folder` is this system's.
  init(_ scripts: [String: String]) throws {
    var template = Array("/tmp/tempfail-bare-XXXXXX\0".utf8CString)
    guard let made = mkdtemp(&template) else { throw NeverHappened(what: "a folder", instead: "") }
    path = String(cString: made)
    for name in Self.base where scripts[name] == nil {
      guard let tool = ["/usr/bin", "/bin"].first(where: { access("\($0)/\(name)", X_OK) == 0 })
      else { throw NeverHappened(what: name, instead: "") }
      symlink("\(tool)/\(name)", "\(path)/\(name)")
    }
    for (name, lines) in scripts { write(lines, to: name) }
  }

  deinit {
    for name in Place.files(in: path) { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  private func write(_ lines: String, to name: String) {
    guard let file = fopen("\(path)/\(name)", "w") else { return }
    fputs("#!/bin/bash\nfolder='\(path)'\n\(lines)\n", file)
    fclose(file)
    chmod("\(path)/\(name)", 0o700)
  }

  /// What a script wrote to a file of the folder.
  func file(_ name: String) -> String { contents(of: "\(path)/\(name)") ?? "" }

  /// Runs a script of the repository here.
  func run(_ script: String, _ arguments: String...) async throws -> Outcome {
    try await outcome(
      of: Place.repository(script), arguments, environment: ["PATH": path, "SUDO_USER": nil])
  }
}
