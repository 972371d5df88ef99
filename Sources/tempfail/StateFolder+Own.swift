// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Server

extension StateFolder {
  /// The folder of the user who runs this.
  static func own() throws(Failure) -> StateFolder {
    guard let folder = standard(isRoot: geteuid() == 0, environment: Self.environment) else {
      throw Failure(
        "There is no home directory for the audit trail. Set HOME or XDG_STATE_HOME.",
        status: Failure.usage)
    }
    return folder
  }

  /// The variables that say who acts and where their files are.
  static var environment: [String: String] {
    processEnvironment(["HOME", "XDG_STATE_HOME", "SUDO_USER", "SSH_CONNECTION"])
  }
}

/// The variables of these names that are set.
func processEnvironment(_ names: [String]) -> [String: String] {
  let values = names.compactMap { name in
    getenv(name).map { (name, String(cString: $0)) }
  }
  return Dictionary(uniqueKeysWithValues: values)
}

extension Failure {
  init(_ failure: StateFailure) {
    self.init(failure.description, status: failure.code == EACCES ? Failure.notPermitted : 1)
  }
}
