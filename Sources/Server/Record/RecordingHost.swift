// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import Guidance
package import MailServer

/// Another host, with everything that it says recorded.
package struct RecordingHost<Inner: Host>: Host {
  private let inner: Inner
  private let writer: RecordWriter

  package init(_ inner: Inner, writer: RecordWriter) {
    self.inner = inner
    self.writer = writer
  }

  package var name: String { inner.name }
  package var user: (name: String, isRoot: Bool) { inner.user }
  package var processors: Int { inner.processors }
  package func now() -> Int64 { inner.now() }
  package var zone: LocalZone { inner.zone }

  package func passedOver(_ names: [String]) -> [String] { inner.passedOver(names) }

  package func executable(_ names: [String]) -> String? {
    let path = inner.executable(names)
    writer.write(.executable(names), .path(path))
    return path
  }

  package func look(_ command: LookCommand) async throws(HostFailure) -> CommandResult {
    let question = RecordEntry.Question.command(
      executable: command.executable, arguments: command.arguments)
    return try await keep(question, { .result($0) }) { () async throws(HostFailure) in
      try await inner.look(command)
    }
  }

  package func status(ofFile path: String) async throws(HostFailure) -> FileStatus? {
    try await keep(.status(path), { .status($0) }) { () async throws(HostFailure) in
      try await inner.status(ofFile: path)
    }
  }

  package func ownership(ofFile path: String) async throws(HostFailure) -> FileOwnership? {
    try await keep(.ownership(path), { .ownership($0) }) { () async throws(HostFailure) in
      try await inner.ownership(ofFile: path)
    }
  }

  package func names(inFolder path: String) async -> [String] {
    let names = await inner.names(inFolder: path)
    writer.write(.names(path), .names(names))
    return names
  }

  package func read(
    file path: String, from offset: Int64, count: Int
  ) async throws(HostFailure) -> [UInt8] {
    try await keep(.read(path, offset: offset), { .bytes($0) }) { () async throws(HostFailure) in
      try await inner.read(file: path, from: offset, count: count)
    }
  }

  package func follow(_ source: LogSource, from start: LogPosition?) -> AsyncStream<LogChunk> {
    let chunks = inner.follow(source, from: start)
    let writer = writer
    // No more than one waits here: the follower inside holds its source back for a slow reader.
    return AsyncStream(bufferingPolicy: .bufferingOldest(1)) { continuation in
      let task = Task {
        for await chunk in chunks {
          writer.write(.follow(source), .chunk(chunk))
          await continuation.yieldAll(chunk)
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  package func connections() async throws(HostFailure) -> (
    connections: [SMTPConnection], note: String?
  ) {
    do throws(HostFailure) {
      let (connections, note) = try await inner.connections()
      let all = JSON.array(connections.map(\.recorded))
      writer.write(.connections, .connections(["all": all, "note": .string(orNull: note)]))
      return (connections, note)
    } catch {
      writer.write(.connections, .failure(error))
      throw error
    }
  }

  package func loadAverage() -> Double? {
    let load = inner.loadAverage()
    writer.write(.load, .load(load))
    return load
  }

  /// Not recorded: a record runs no checks.
  package func converse(
    with address: String, port: Int, saying script: SMTPScript, from source: IPAddress?,
    timeLimit: Duration
  ) async -> SMTPTranscript {
    await inner.converse(
      with: address, port: port, saying: script, from: source, timeLimit: timeLimit)
  }

  private func keep<Value: Sendable>(
    _ question: RecordEntry.Question, _ answer: (Value) -> RecordEntry.Answer,
    _ ask: () async throws(HostFailure) -> Value
  ) async throws(HostFailure) -> Value {
    do throws(HostFailure) {
      let value = try await ask()
      writer.write(question, answer(value))
      return value
    } catch {
      writer.write(question, .failure(error))
      throw error
    }
  }
}

extension SMTPConnection {
  var recorded: JSON {
    [
      "direction": .string(direction.rawValue), "peer": .string(peer),
      "peerPort": .integer(Int64(peerPort)), "local": .string(localAddress),
      "localPort": .integer(Int64(localPort)), "state": .string(state),
      "pid": .integer(orNull: pid), "process": .string(orNull: process),
      "seconds": .integer(orNull: seconds),
    ]
  }

  /// Nil if it is none.
  init?(recorded json: JSON) {
    guard let direction = json["direction"]?.text.flatMap(Direction.init(rawValue:)),
      let peer = json["peer"]?.text, let local = json["local"]?.text,
      let state = json["state"]?.text
    else { return nil }
    func port(_ name: String) -> Int { json[name]?.count(to: 65_535) ?? 0 }
    self.init(
      direction: direction, peer: peer, peerPort: port("peerPort"), localAddress: local,
      localPort: port("localPort"), state: state, pid: json["pid"]?.count(to: 1 << 31),
      process: json["process"]?.text, seconds: json["seconds"]?.count(to: 1 << 40))
  }
}
