// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import Guidance
package import MailServer

/// A recorded server: it answers what it answered then, at the pace of a clock that can be stopped.
package struct ReplayHost: Host {
  private let header: RecordHeader
  /// In the order of time.
  private let answers: [RecordEntry.Question: [RecordEntry]]
  /// What was read of each file, in the order of its offsets.
  private let pieces: [String: [(offset: Int64, bytes: [UInt8])]]
  package let clock: ReplayClock
  /// When something new was said, in milliseconds, in order.
  private let moments: [Int64]
  /// Lines of the file that could not be understood; the rest counts.
  package let damagedLines: Int

  /// Reads a record.
  ///
  /// Fails where its first line is not one of a record that this version understands.
  package init?(_ bytes: [UInt8], speed: Double = 1) {
    let lines = bytes.split(separator: ASCII.newline)
    guard let first = lines.first, let head = JSON(parsing: Array(first)),
      let header = RecordHeader(head)
    else { return nil }
    var answers: [RecordEntry.Question: [RecordEntry]] = [:]
    var pieces: [String: [(offset: Int64, bytes: [UInt8])]] = [:]
    var moments: [Int64] = []
    var damaged = 0
    for line in lines.dropFirst() {
      guard let entry = RecordEntry(line: Array(line)) else {
        damaged += 1
        continue
      }
      answers[entry.question, default: []].append(entry)
      moments.append(entry.time)
      if case .read(let path, let offset) = entry.question, case .bytes(let bytes) = entry.answer {
        pieces[path, default: []].append((offset, bytes))
      }
    }
    self.header = header
    self.answers = answers.mapValues { $0.sorted { $0.time < $1.time } }
    // Of two with the same beginning, the longer one has more data.
    self.pieces = pieces.mapValues { all in
      all.sorted { ($0.offset, $1.bytes.count) < ($1.offset, $0.bytes.count) }
    }
    self.moments = moments.sorted()
    damagedLines = damaged
    clock = ReplayClock(speed: speed, length: moments.max() ?? 0)
  }

  package var name: String { header.host }
  package var user: (name: String, isRoot: Bool) { (header.user, header.isRoot) }
  package var processors: Int { header.processors }
  package func now() -> Int64 { header.started + clock.position / 1000 }
  package var zone: LocalZone { LocalZone(offset: header.utcOffset) }

  /// Sets the clock to the next moment at which the server said something new.
  package func step() {
    let position = clock.position
    guard let next = moments.first(where: { $0 > position }) else { return }
    clock.skip(to: next)
  }

  package func executable(_ names: [String]) -> String? {
    guard case .path(let path) = answer(to: .executable(names)) else { return nil }
    return path
  }

  package func look(_ command: LookCommand) async throws(HostFailure) -> CommandResult {
    let question = RecordEntry.Question.command(
      executable: command.executable, arguments: command.arguments)
    switch answer(to: question) {
    case .result(let result): return result
    case .failure(let failure): throw failure
    default: throw .failed("\(command.words) is not in this recording")
    }
  }

  package func status(ofFile path: String) async throws(HostFailure) -> FileStatus? {
    switch answer(to: .status(path)) {
    case .status(let status): return status
    case .failure(let failure): throw failure
    default: return nil
    }
  }

  package func ownership(ofFile path: String) async throws(HostFailure) -> FileOwnership? {
    guard case .ownership(let owner) = answer(to: .ownership(path)) else { return nil }
    return owner
  }

  package func names(inFolder path: String) async -> [String] {
    guard case .names(let names) = answer(to: .names(path)) else { return [] }
    return names
  }

  /// The bytes of whatever pieces were read then: another pace asks for other ones.
  package func read(
    file path: String, from offset: Int64, count: Int
  ) async throws(HostFailure) -> [UInt8] {
    if case .failure(let failure) = answer(to: .read(path, offset: offset)) { throw failure }
    guard let pieces = pieces[path] else { throw .missing(path) }
    var bytes: [UInt8] = []
    for piece in pieces where bytes.count < count {
      let position = offset + Int64(bytes.count)
      let skipped = position - piece.offset
      guard skipped >= 0, skipped < Int64(piece.bytes.count) else { continue }
      bytes += piece.bytes[Int(skipped)...].prefix(count - bytes.count)
    }
    return bytes
  }

  package func follow(_ source: LogSource, from start: LogPosition?) -> AsyncStream<LogChunk> {
    let entries = answers[.follow(source)] ?? []
    let clock = clock
    return AsyncStream { continuation in
      let task = Task {
        for entry in entries {
          while clock.position < entry.time {
            guard await Pause.wait(.milliseconds(50)) else { break }
          }
          guard !Task.isCancelled else { break }
          if case .chunk(let chunk) = entry.answer { continuation.yield(chunk) }
        }
        // A log has no end; who follows waits.
        while !Task.isCancelled { await Pause.wait(.seconds(3600)) }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  package func connections() async throws(HostFailure) -> (
    connections: [SMTPConnection], note: String?
  ) {
    switch answer(to: .connections) {
    case .connections(let recorded):
      let all = recorded["all"]?.elements ?? []
      return (all.compactMap(SMTPConnection.init(recorded:)), recorded["note"]?.text)
    case .failure(let failure): throw failure
    default: return ([], nil)
    }
  }

  package func loadAverage() -> Double? {
    guard case .load(let load) = answer(to: .load) else { return nil }
    return load
  }

  /// Nobody is connected to: a replay says nothing to the outside.
  package func converse(
    with address: String, port: Int, saying script: SMTPScript, from source: IPAddress?,
    timeLimit: Duration
  ) async -> SMTPTranscript {
    SMTPTranscript(exchanges: [], failure: .unreachable("a replay makes no connections"))
  }

  /// The last answer up to now, or the first one that came at all.
  private func answer(to question: RecordEntry.Question) -> RecordEntry.Answer? {
    guard let entries = answers[question] else { return nil }
    let position = clock.position
    return (entries.last { $0.time <= position } ?? entries.first)?.answer
  }
}

extension RecordEntry {
  /// Nil if the line is none.
  init?(line: [UInt8]) {
    guard let json = JSON(parsing: line), let time = json["at"]?.integer, (0...1 << 40) ~= time,
      let ask = json["ask"], let question = Question(ask), let said = json["answer"],
      let answer = Answer(said, to: question)
    else { return nil }
    if case .read(_, let offset) = question, !(0...1 << 60 ~= offset) { return nil }
    self.init(time: time, question: question, answer: answer)
  }
}
