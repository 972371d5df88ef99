// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer
import Synchronization

/// A log that is scanned.
package enum LogInput: Hashable, Sendable {
  /// A file, read through its decompressor where its name says so.
  case file(String)
  case standardInput
  /// What these identifiers wrote to the systemd journal.
  case journal(identifiers: [String])
}

/// Finds deferrals, attempts and refusals in whole logs, however large.
///
/// Memory is constant: a plain file is read in blocks, by two threads at once where it is large; events keep the order of
/// the log.
package struct LogScan: Sendable {
  package let grammar: LogGrammar
  /// Nil to recognise the format line by line.
  package let mta: MTA?
  /// Every deferral, whatever its reply quotes, not only those with the basic code 421.
  package let includesAll: Bool
  /// Seconds since 1970: what happened before is left out, and in plain files not even read.
  package let since: Int64?
  /// Bytes of a part: less is not worth a thread, and the events of more would fill the memory while they wait for those
  /// of the part before.
  var partLength: Int64 = 4 << 20

  package init(grammar: LogGrammar, mta: MTA?, includesAll: Bool, since: Int64? = nil) {
    self.grammar = grammar
    self.mta = mta
    self.includesAll = includesAll
    self.since = since
  }

  /// Counts what all `logs` together say.
  package func summary(of logs: [LogInput]) async throws(HostFailure) -> LogSummary {
    var total = LogSummary()
    for log in logs {
      var tally = LogTally()
      let sink = SummarySink(causes: CauseCache(rules: grammar.rules))
      if let (file, start) = try await plainFile(log) {
        let parts = try file.parts(from: start, length: partLength)
        let shared = PartQueue(parts)
        let threads = Array(repeating: shared, count: min(Self.threads, parts.count))
        for sink in try await run(threads, of: file, into: sink) {
          total.merge(sink.summary)
          tally.merge(sink.tally)
        }
        if tally.lines == 0, start > 0 { tally = try file.sample(by: grammar) }
      } else {
        let sink = try await stream(log, into: sink) { _ in }
        total.merge(sink.summary)
        tally = sink.tally
      }
      total.tallies.append(tally)
    }
    return total
  }

  /// The same for the lines that a filter lets through.
  ///
  /// - Parameter now: seconds since 1970, for tests of age.
  package func summary(
    of logs: [LogInput], matching filter: Filter, now: Int64
  ) async throws(HostFailure) -> LogSummary {
    let total = MatchCounter()
    let tallies = try await events(of: logs) { total.count($0.matching(filter, now: now)) }
    var summary = total.summary
    summary.tallies = tallies
    return summary
  }

  /// Hands on the events of `logs` in batches, in their order, and tells whose the lines of each are.
  @discardableResult
  package func events(
    of logs: [LogInput], _ take: @escaping @Sendable ([LogEvent]) -> Void
  ) async throws(HostFailure) -> [LogTally] {
    var tallies: [LogTally] = []
    for log in logs {
      var tally = LogTally()
      let sink = EventSink(grammar: grammar, causes: CauseCache(rules: grammar.rules))
      if let (file, start) = try await plainFile(log) {
        var rest = try file.parts(from: start, length: partLength)[...]
        while !rest.isEmpty {
          let threads = rest.prefix(Self.threads).map { PartQueue([$0]) }
          for sink in try await run(threads, of: file, into: sink) {
            take(sink.events)
            tally.merge(sink.tally)
          }
          rest = rest.dropFirst(Self.threads)
        }
        if tally.lines == 0, start > 0 { tally = try file.sample(by: grammar) }
      } else {
        tally = try await stream(log, into: sink) { sink in
          take(sink.events)
          sink.events.removeAll(keepingCapacity: true)
        }.tally
      }
      tallies.append(tally)
    }
    return tallies
  }

  /// Whether a record is one of those asked for.
  func wants(_ record: LogRecord) -> Bool {
    switch record.kind {
    case .deferral, .attempt, .refusal: break
    case .delivery, .bounce, .completed: return false
    }
    if let since, let time = record.time, time < since { return false }
    // Whatever code was quoted: what is put off is kept, and what we say to a client is a 4xx here.
    return includesAll || record.code == 421
  }

  private static let threads = 2

  /// The file and where to begin in it; nil for what is a stream.
  private func plainFile(_ log: LogInput) async throws(HostFailure) -> (OpenLog, start: Int64)? {
    guard case .file(let path) = log, LogFiles.decompressor(of: path) == nil else { return nil }
    let file = try OpenLog(path)
    guard let since else { return (file, 0) }
    return (file, try await file.start(at: since, grammar: grammar))
  }

  /// Makes passes by a thread for each queue, over all parts that it gets from it; the sinks in the order of the threads.
  private func run<Sink: LogSink>(
    _ threads: [PartQueue], of log: OpenLog, into sink: Sink
  ) async throws(HostFailure) -> [Sink] {
    let results = await withTaskGroup(of: (Int, Result<Sink, HostFailure>).self) { group in
      for (number, queue) in threads.enumerated() {
        group.addTask {
          let result = await BlockingThread.value { () -> Result<Sink, HostFailure> in
            var pass = LogPass(self, into: sink)
            do throws(HostFailure) {
              while let part = queue.next() { try pass.read(part, of: log.file) }
              return .success(pass.sink)
            } catch {
              return .failure(error)
            }
          }
          return (number, result ?? .failure(.failed("no thread could be started")))
        }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }
    }
    var sinks: [Sink] = []
    for (_, result) in results { sinks.append(try result.get()) }
    return sinks
  }

  /// Makes a pass over standard input or what a decompressor or the journal prints, `after` each block.
  private func stream<Sink: LogSink>(
    _ log: LogInput, into sink: Sink, after: @escaping @Sendable (inout Sink) -> Void
  ) async throws(HostFailure) -> Sink {
    let host = LocalHost()
    guard let command = try command(for: log, on: host) else {
      let result = await BlockingThread.value { () -> Result<Sink, HostFailure> in
        var pass = LogPass(self, into: sink)
        do throws(HostFailure) {
          while try pass.readOnce(from: 0) { after(&pass.sink) }
          after(&pass.sink)
          return .success(pass.sink)
        } catch {
          return .failure(error)
        }
      }
      return try (result ?? .failure(.failed("no thread could be started"))).get()
    }
    let pass = Mutex(LogPass(self, into: sink))
    try await host.child.stream(command) { bytes in
      pass.withLock {
        $0.feed(bytes)
        after(&$0.sink)
      }
    }
    return pass.withLock {
      $0.finish()
      after(&$0.sink)
      return $0.sink
    }
  }

  /// What prints a log; nil for standard input.
  private func command(for log: LogInput, on host: LocalHost) throws(HostFailure) -> Invocation? {
    switch log {
    case .standardInput: return nil
    case .journal(let identifiers):
      guard let journalctl = host.executable(["journalctl"]) else { throw .missing("journalctl") }
      return LookCommand.journal(journalctl, identifiers: identifiers, since: since ?? 0).invocation
    case .file(let path):
      guard let tool = LogFiles.decompressor(of: path) else { return nil }
      guard let executable = host.executable([tool]) else { throw .missing(tool) }
      // The tool itself says nothing that we hear: a file that is not there or not ours is told here.
      _ = try FileAccess.Handle(path)
      return Invocation(executable: executable, arguments: ["-dc", "--", path])
    }
  }
}

/// Parts of a log, which threads take in turn: where one is held up, the other takes more of them.
private final class PartQueue: Sendable {
  private let parts: [Range<Int64>]
  private let taken = Atomic(0)

  init(_ parts: [Range<Int64>]) { self.parts = parts }

  func next() -> Range<Int64>? {
    let index = taken.add(1, ordering: .relaxed).oldValue
    return index < parts.count ? parts[index] : nil
  }
}

/// Counts batches of events that come from another thread.
private final class MatchCounter: Sendable {
  private let counted = Mutex(LogSummary())

  func count(_ events: [LogEvent]) {
    counted.withLock { summary in
      for event in events { summary.count(event) }
    }
  }

  var summary: LogSummary { counted.withLock { $0 } }
}
