// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Synchronization

@testable import Server

/// A host of which a test says what is there.
final class FakeHost: Host {
  struct Contents: Sendable {
    /// Absolute paths by name.
    var executables: [String: String] = [:]
    /// Those that root does not run.
    var passedOver: [String: String] = [:]
    /// By the command's words.
    var answers: [String: Result<CommandResult, HostFailure>] = [:]
    var files: [String: (text: String, modified: Int64)] = [:]
    var forbidden: Set<String> = []
    /// The names in folders.
    var folders: [String: [String]] = [:]
    var owners: [String: FileOwnership] = [:]
    var connections: Result<[SMTPConnection], HostFailure> = .success([])
    /// By address.
    var peers: [String: SMTPTranscript] = [:]
    /// What was asked, in order.
    var asked: [String] = []
    var clock: Int64 = 1_795_480_900

    mutating func answer(
      _ words: String, _ output: String, complaint: String = "", status: Int32 = 0
    ) {
      answers[words] = .success(
        CommandResult(status: status, output: Array(output.utf8), complaint: complaint))
    }
  }

  let name = "mx1.example.net"
  let user: (name: String, isRoot: Bool)
  private let contents: Mutex<Contents>
  private let log = AsyncStream<LogChunk>.makeStream()

  init(isRoot: Bool = true, _ fill: (inout Contents) -> Void = { _ in }) {
    user = isRoot ? ("root", true) : ("ann", false)
    var contents = Contents()
    fill(&contents)
    self.contents = Mutex(contents)
  }

  func change(_ change: (inout Contents) -> Void) { contents.withLock { change(&$0) } }
  var asked: [String] { contents.withLock { $0.asked } }

  let processors = 2
  func now() -> Int64 { contents.withLock { $0.clock } }
  var zone: LocalZone { .utc }

  func executable(_ names: [String]) -> String? {
    contents.withLock { contents in names.compactMap { contents.executables[$0] }.first }
  }

  func passedOver(_ names: [String]) -> [String] {
    contents.withLock { contents in names.compactMap { contents.passedOver[$0] } }
  }

  func look(_ command: LookCommand) async throws(HostFailure) -> CommandResult {
    let answer = contents.withLock { contents in
      contents.asked.append(command.words)
      return contents.answers[command.words]
    }
    guard let answer else { throw .failed("not expected: \(command.words)") }
    return try answer.get()
  }

  func status(ofFile path: String) async throws(HostFailure) -> FileStatus? {
    let (file, isForbidden) = contents.withLock { ($0.files[path], $0.forbidden.contains(path)) }
    if isForbidden { throw .notPermitted(path) }
    return file.map {
      FileStatus(inode: 7, size: Int64($0.text.utf8.count), modified: $0.modified)
    }
  }

  func names(inFolder path: String) async -> [String] {
    contents.withLock { $0.folders[path] ?? [] }
  }

  func ownership(ofFile path: String) async throws(HostFailure) -> FileOwnership? {
    contents.withLock { $0.owners[path] }
  }

  func read(
    file path: String, from offset: Int64, count: Int
  ) async throws(HostFailure) -> [UInt8] {
    let (file, isForbidden) = contents.withLock { ($0.files[path], $0.forbidden.contains(path)) }
    if isForbidden { throw .notPermitted(path) }
    guard let file else { throw .missing(path) }
    return Array(Array(file.text.utf8).dropFirst(Int(offset)).prefix(count))
  }

  func follow(_ source: LogSource, from start: LogPosition?) -> AsyncStream<LogChunk> {
    if let start { contents.withLock { $0.asked.append("follow from \(start)") } }
    return log.stream
  }

  /// Adds to the followed log.
  func logs(_ chunk: LogChunk) { log.continuation.yield(chunk) }

  func connections() async throws(HostFailure) -> (
    connections: [SMTPConnection], note: String?
  ) {
    (try contents.withLock { $0.connections }.get(), nil)
  }

  func loadAverage() -> Double? { 0.5 }

  func converse(
    with address: String, port: Int, saying script: SMTPScript, from source: IPAddress?,
    timeLimit: Duration
  ) async -> SMTPTranscript {
    contents.withLock { contents in
      let from = source.map { " from \($0.text)" } ?? ""
      let lines = script.commands.map { ", \($0.line)" }.joined()
      contents.asked.append("connect to \(address) \(port)\(from)\(lines)")
      return contents.peers[address] ?? SMTPTranscript(exchanges: [], failure: .timedOut)
    }
  }
}
