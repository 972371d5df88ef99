// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Guidance
package import MailServer

/// The machine that Tempfail runs on.
package struct LocalHost: Host {
  package let name: String
  package let user: (name: String, isRoot: Bool)
  let child: ChildProcess
  private let search: ExecutableSearch
  private let sockets: SocketTable

  package init() {
    self.init(
      search: ExecutableSearch(path: Self.variable("PATH") ?? "", isTrusting: geteuid() != 0))
  }

  /// - Parameters:
  ///   - search: where executables are.
  ///   - environment: of the children, beside what each one gets.
  ///   - process: the root of proc(5).
  init(search: ExecutableSearch, environment: [String: String] = [:], process: String = "/proc") {
    self.search = search
    name = Self.hostName()
    user = Self.currentUser()
    sockets = SocketTable(root: process, seesAll: user.isRoot)
    // LC_ALL: messages are compared. MAIL_CONFIG chooses a Postfix instance (postconf(1)).
    var variables = [
      "PATH": ExecutableSearch.systemFolders.joined(separator: ":"), "LC_ALL": "C",
    ]
    for kept in ["TZ", "MAIL_CONFIG"] { variables[kept] = Self.variable(kept) }
    child = ChildProcess(environment: variables.merging(environment) { $1 })
  }

  package func now() -> Int64 { Int64(time(nil)) }

  package var zone: LocalZone { Self.systemZone }

  /// TZ and /etc/localtime are read once by every program.
  private static let systemZone = LocalZone(around: Int64(time(nil))) { time in
    var seconds = time_t(time)
    var local = tm()
    return localtime_r(&seconds, &local) == nil ? 0 : local.tm_gmtoff
  }

  package func executable(_ names: [String]) -> String? { search.find(names) }

  package func passedOver(_ names: [String]) -> [String] { search.passedOver(names) }

  package func look(_ command: LookCommand) async throws(HostFailure) -> CommandResult {
    try await child.run(command.invocation)
  }

  package func stream(
    _ command: LookCommand, _ take: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws(HostFailure) -> CommandResult {
    try await child.stream(command.invocation, take)
  }

  package func status(ofFile path: String) async throws(HostFailure) -> FileStatus? {
    try await Self.blocking { () throws(HostFailure) in try FileAccess.status(path) }
  }

  package func ownership(
    ofFile path: String
  ) async throws(HostFailure) -> FileOwnership? {
    try await Self.blocking { () throws(HostFailure) in try FileAccess.ownership(path) }
  }

  package func names(inFolder path: String) async -> [String] {
    await BlockingThread.value {
      FileAccess.names(inFolder: path).filter { $0 != "." && $0 != ".." }.sorted()
    } ?? []
  }

  package func read(
    file path: String, from offset: Int64, count: Int
  ) async throws(HostFailure) -> [UInt8] {
    try await Self.blocking { () throws(HostFailure) in
      try FileAccess.Handle(path).read(from: offset, count: count)
    }
  }

  package func follow(_ source: LogSource, from start: LogPosition?) -> AsyncStream<LogChunk> {
    switch source {
    case .file(let path):
      return FileFollower.follow(path, from: start)
    case .journal(let identifiers):
      // Where it is not there, that is said, and tried again.
      return JournalFollower.follow(
        executable(["journalctl"]) ?? "/usr/bin/journalctl", identifiers: identifiers, from: start,
        by: child)
    }
  }

  package func connections() async throws(HostFailure) -> (
    connections: [SMTPConnection], note: String?
  ) {
    try await sockets.look(at: now())
  }

  package func loadAverage() -> Double? {
    guard let text = try? FileAccess.contents(ofKernelFile: "/proc/loadavg") else { return nil }
    return Double(String(decoding: text.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self))
  }

  package var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  package func converse(
    with address: String, port: Int, saying script: SMTPScript, from source: IPAddress?,
    timeLimit: Duration
  ) async -> SMTPTranscript {
    let isCancelled = CancelFlag()
    let transcript = await withTaskCancellationHandler {
      await BlockingThread.value {
        SMTPClient.converse(
          with: address, port: port, saying: script, from: source, timeLimit: timeLimit
        ) { isCancelled.isSet }
      }
    } onCancel: {
      isCancelled.set()
    }
    return transcript
      ?? SMTPTranscript(
        exchanges: [], failure: .unreachable("this system cannot start another thread"))
  }

  /// The answer of a call that may wait for a disk, a dead file server or the kernel: on its own thread.
  private static func blocking<Value: Sendable>(
    _ call: @escaping @Sendable () throws(HostFailure) -> Value
  ) async throws(HostFailure) -> Value {
    let result = await BlockingThread.value { () -> Result<Value, HostFailure> in
      do throws(HostFailure) { return .success(try call()) } catch { return .failure(error) }
    }
    guard let result else { throw .failed("this system cannot start another thread") }
    return try result.get()
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static func hostName() -> String {
    var buffer: [CChar] = Array(repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func currentUser() -> (name: String, isRoot: Bool) {
    let id = geteuid()
    return (AccountName.ofUser(id), id == 0)
  }
}
