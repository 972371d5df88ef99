// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A command that only reads.
///
/// The list is closed: only this file makes one, so nothing that looks can change.
package struct LookCommand: Hashable, Sendable {
  /// An absolute path.
  package let executable: String
  package let arguments: [String]
  /// Seconds, after which the command's process group is killed.
  package let timeLimit: Int

  private init(_ executable: String, _ arguments: [String], timeLimit: Int = 30) {
    self.executable = executable
    self.arguments = arguments
    self.timeLimit = timeLimit
  }

  /// `exim -bp`: the whole queue, or of the messages named.
  package static func eximListing(_ exim: String) -> LookCommand {
    LookCommand(exim, ["-bp"], timeLimit: 120)
  }

  /// `postqueue -j`.
  package static func postfixListing(_ postqueue: String) -> LookCommand {
    LookCommand(postqueue, ["-j"], timeLimit: 120)
  }
}
