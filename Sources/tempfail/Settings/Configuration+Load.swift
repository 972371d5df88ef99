// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Glibc
import MailServer

extension Configuration {
  /// The settings in effect: both files, the environment, and what the command line says.
  ///
  /// What is wrong in files and variables is among its faults.
  ///
  /// - Throws: where `--config` names a file that is not there.
  static func load(
    _ server: ServerOptions, _ screen: ScreenOptions? = nil
  ) throws(Failure) -> Configuration {
    let variables = SettingsTable.settings.map(\.variable) + ["NO_COLOR"]
    let user = userPath(server).flatMap(TrustedFile.read)
    if let named = server.config, user == nil {
      throw Failure("--config \(named): no such file", status: Failure.usage)
    }
    return Configuration(
      administrator: TrustedFile.read(administratorPath), user: user,
      environment: processEnvironment(variables),
      options: server.settings + (screen?.settings ?? []))
  }

  /// The user's file, whether it is there or not; nil if there is no home.
  static func userPath(_ server: ServerOptions) -> String? {
    server.config ?? userFolder.map { $0 + "/config.toml" }
  }

  /// Where the user's files are: `config.toml`, and themes in `themes/`; nil if there is no home.
  static var userFolder: String? {
    let environment = processEnvironment(["HOME", "XDG_CONFIG_HOME"])
    // The XDG specification ignores relative paths.
    if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
      return folder + "/tempfail"
    }
    guard let home = environment["HOME"] ?? accountHome, home.hasPrefix("/") else { return nil }
    // Accounts of services have /dev/null or a folder that is not there.
    var information = stat()
    guard stat(home, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else { return nil }
    return home + "/.config/tempfail"
  }

  /// The home that the system has for this user: a variable that is missing must not lose a restriction.
  private static var accountHome: String? {
    guard let entry = getpwuid(geteuid()), let home = entry.pointee.pw_dir else { return nil }
    return String(cString: home)
  }

  /// The MTA that was chosen, or nil if it is to be found.
  var chosenMTA: MTA? { MTA(rawValue: mta) }

  /// Prints what is wrong, for commands that print.
  func complainOfFaults() {
    for fault in faults { complain(fault.description) }
  }
}
