// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CBuild

/// What this build is, for `--version` and for whoever reads a report of a fault.
enum Version {
  /// The packages take it from this line.
  static let number = "0.1.0"

  /// What the end-to-end tests and the recorded fixtures are of.
  static let testedServers = "Exim 4.96 and 4.98, Postfix 3.7 and 3.10"

  static var text: String {
    let commit = String(cString: tempfail_commit())
    return """
      tempfail \(number) (\(commit.isEmpty ? "unknown commit" : "commit \(commit)"))
      Mail servers: Exim and Postfix, tested with \(testedServers)
      """
  }
}
