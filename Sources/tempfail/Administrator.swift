// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Glibc
import MailServer
import Server

/// What this machine's administrator allows.
enum Administrator {
  /// The settings; where there is no file, nothing is forbidden.
  ///
  /// - Throws: where there is a file that cannot be read or understood, so that a fault in it loosens nothing.
  static func settings() throws(Failure) -> AdministratorSettings {
    let path = AdministratorSettings.path
    guard access(path, F_OK) == 0 || errno != ENOENT && errno != ENOTDIR else {
      return AdministratorSettings()
    }
    let bytes = try Input.bytes(of: path)
    do throws(Diagnostic) {
      return try AdministratorSettings(bytes)
    } catch {
      throw Failure(error.description, status: Failure.usage)
    }
  }

  /// Ends a command that changes something where the administrator forbids that.
  static func requireChangesAllowed() throws(Failure) {
    guard try settings().isReadOnly else { return }
    throw Failure(
      "Tempfail is read-only on this machine: read_only = true in \(AdministratorSettings.path).",
      status: Failure.notPermitted)
  }
}

extension StateFolder {
  /// The folder of the user who runs this.
  static func own() throws(Failure) -> StateFolder {
    guard let folder = standard(isRoot: geteuid() == 0, environment: Self.environment) else {
      throw Failure(
        "There is no home folder for the audit trail. Set HOME or XDG_STATE_HOME.",
        status: Failure.usage)
    }
    return folder
  }

  /// The variables that say who acts and where their files are.
  static var environment: [String: String] {
    let names = ["HOME", "XDG_STATE_HOME", "SUDO_USER", "SSH_CONNECTION"]
    let values = names.compactMap { name in
      getenv(name).map { (name, String(cString: $0)) }
    }
    return Dictionary(uniqueKeysWithValues: values)
  }
}

extension Failure {
  init(_ failure: StateFailure) {
    let isForbidden = failure.reason == String(cString: strerror(EACCES))
    self.init(failure.description, status: isForbidden ? Failure.notPermitted : 1)
  }
}
