// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// A machine with a mail server, as far as it can be looked at.
///
/// Everything that Tempfail learns goes through here.
///
/// A `Host` cannot change anything: it runs `LookCommand`s only, and those are a closed list.
package protocol Host: Sendable {
  /// The host's name, for people.
  var name: String { get }

  /// The time there, in seconds since 1970.
  func now() -> Int64

  /// The clock there, for times without a zone.
  var zone: LocalZone { get }

  /// The name of the user that we are there, and whether it is root.
  var user: (name: String, isRoot: Bool) { get }

  /// The absolute path of the first of these executables that exists, looked for in PATH and in the sbin folders.
  func executable(_ names: [String]) -> String?

  /// The paths of these executables that root does not run, because others than root could have put them there.
  func passedOver(_ names: [String]) -> [String]

  /// Runs a read-only command to its end, or to its time limit, at which its process group is killed.
  func look(_ command: LookCommand) async throws(HostFailure) -> CommandResult

  /// Hands on what a read-only command prints as it comes, to its end or until the task is canceled.
  ///
  /// - Parameter take: false where that is enough: then the command's process group is ended.
  /// - Returns: its status and complaint; what it printed was handed on.
  func stream(
    _ command: LookCommand, _ take: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws(HostFailure) -> CommandResult

  /// What is known of a file, or nil if there is none.
  func status(ofFile path: String) async throws(HostFailure) -> FileStatus?

  /// Who owns a file or folder and who may read it, or nil if there is none.
  func ownership(ofFile path: String) async throws(HostFailure) -> FileOwnership?

  /// The names in a folder; empty if it cannot be read.
  func names(inFolder path: String) async -> [String]

  /// Up to `count` bytes from `offset`; fewer at the end of the file.
  func read(file path: String, from offset: Int64, count: Int) async throws(HostFailure) -> [UInt8]

  /// The lines that appear in a log after `start`, or from now on where it is nil.
  func follow(_ source: LogSource, from start: LogPosition?) -> AsyncStream<LogChunk>

  /// The TCP sockets with port 25 at one end, and what could not be seen, if anything.
  func connections() async throws(HostFailure) -> (connections: [SMTPConnection], note: String?)

  /// The load average of the last minute, or nil.
  func loadAverage() -> Double?

  /// How many processors work there, at least 1: what a load average is measured against.
  var processors: Int { get }

  /// Connects to an address of a mail server, reads its greeting, says the script as long as it agrees, then QUIT.
  ///
  /// - Parameter source: our end of the connection; nil lets the system choose.
  func converse(
    with address: String, port: Int, saying script: SMTPScript, from source: IPAddress?,
    timeLimit: Duration
  ) async -> SMTPTranscript
}

extension Host {
  /// Seconds east of UTC of the local time there, at a time.
  package func utcOffset(at time: Int64) -> Int { Int(zone.offset(at: time)) }

  package func stream(
    _ command: LookCommand, _ take: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws(HostFailure) -> CommandResult {
    let result = try await look(command)
    _ = take(result.output)
    return CommandResult(status: result.status, output: [], complaint: result.complaint)
  }

  package func ownership(ofFile path: String) async throws(HostFailure) -> FileOwnership? { nil }
  package func names(inFolder path: String) async -> [String] { [] }

  package func passedOver(_ names: [String]) -> [String] { [] }
}

/// Why the outside could not be asked.
package enum HostFailure: Error, Hashable, Sendable {
  /// There is no such executable or file.
  case missing(String)
  case notPermitted(String)
  /// The command was ended after this many seconds.
  case timedOut(command: String, seconds: Int)
  /// Anything else, in words.
  case failed(String)
}

package struct FileStatus: Hashable, Sendable {
  package var inode: UInt64
  package var size: Int64
  /// Seconds since 1970.
  package var modified: Int64

  package init(inode: UInt64, size: Int64, modified: Int64) {
    self.inode = inode
    self.size = size
    self.modified = modified
  }
}

/// Who owns a file, by name or by number where it has none, and its permissions.
package struct FileOwnership: Hashable, Sendable {
  package var user: String
  package var group: String
  /// The last nine bits of the mode: `rwxrwxrwx`.
  package var permissions: UInt16

  package init(user: String, group: String, permissions: UInt16) {
    self.user = user
    self.group = group
    self.permissions = permissions
  }
}

/// Where an MTA's log lines come from.
package enum LogSource: Hashable, Sendable {
  case file(String)
  /// The systemd journal, these syslog identifiers only.
  case journal(identifiers: [String])
}

/// How far a log has been read.
package enum LogPosition: Hashable, Sendable {
  /// The bytes before `offset` of the file with this inode; of another file, nothing yet.
  case file(inode: UInt64, offset: Int64)
  /// The journal up to this entry.
  case journal(cursor: String)
}

/// A piece of a followed log.
package enum LogChunk: Hashable, Sendable {
  /// Whole lines, each ended by a newline; longer ones than 64 KiB are cut.
  case lines([UInt8])
  /// The log was rotated, truncated or came back; reading goes on from its start.
  case restarted
  /// It cannot be read now; it is tried again.
  case unavailable(HostFailure)
}
