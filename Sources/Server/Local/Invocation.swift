// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// One run of a command: an executable and an argument array, and what it may cost.
struct Invocation: Hashable, Sendable {
  /// An absolute path.
  var executable: String
  var arguments: [String]
  /// What it reads on standard input; nil for nothing.
  var input: [UInt8]?
  /// Seconds, after which the command's process group is killed.
  var timeLimit = 30
  /// Bytes of output, after which the command is killed and counts as failed.
  var outputLimit = 16 << 20
  /// Whether it may load the server and so runs at a lower priority.
  var isHeavy = false

  /// The command as people write it, without the folder.
  var words: String {
    let name = executable.split(separator: "/").last.map(String.init) ?? executable
    return ([name] + arguments).joined(separator: " ")
  }
}
