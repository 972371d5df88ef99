// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
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
  /// Nil to recognize the format line by line.
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

  /// Counts what all `logs` together say; what of them could not be read is among the summary's gaps.
  ///
  /// - Throws: where there is one log only, of which nothing could be read.
  package func summary(of logs: [LogInput]) async throws(HostFailure) -> LogSummary {
    var total = LogSummary()
    for log in logs {
      do throws(HostFailure) {
        total.merge(try await summary(of: log))
      } catch {
        guard logs.count > 1 else { throw error }
        total.gaps.append(error)
        total.tallies.append(LogTally())
      }
    }
    return total
  }

  private func summary(of log: LogInput) async throws(HostFailure) -> LogSummary {
    let sink = SummarySink(causes: CauseCache(grammar: grammar))
    var tally = LogTally()
    let passes: [Pass<SummarySink>]
    switch try Source(log) {
    case .plain(let file):
      let start = try await start(in: file)
      let parts = try file.parts(from: start, length: partLength)
      let shared = PartQueue(parts)
      let threads = Array(repeating: shared, count: min(Self.threads, parts.count))
      passes = await run(threads, of: file, into: sink)
      if start > 0, passes.allSatisfy({ $0.sink.tally.lines == 0 }) {
        tally = try file.sample(by: grammar)
      }
    case .stream(let stream): passes = [try await read(stream, into: sink) { _ in }]
    }
    var total = LogSummary()
    for pass in passes {
      total.merge(pass.sink.summary)
      tally.merge(pass.sink.tally)
      if let failure = pass.failure { total.gaps.append(failure) }
    }
    total.tallies = [tally]
    return total
  }

  /// The same for the lines that a filter lets through.
  ///
  /// - Parameter now: seconds since 1970, for tests of age.
  package func summary(
    of logs: [LogInput], matching filter: Filter, now: Int64
  ) async throws(HostFailure) -> LogSummary {
    let total = MatchCounter()
    var gaps: [HostFailure] = []
    var tallies: [LogTally] = []
    for log in logs {
      do throws(HostFailure) {
        tallies.append(
          try await events(of: log) { total.count($0.matching(filter, now: now)) })
      } catch {
        gaps.append(error)
        tallies.append(LogTally())
      }
    }
    var summary = total.summary
    summary.tallies = tallies
    if logs.count == 1, summary.isEmpty, let failure = gaps.first { throw failure }
    summary.gaps = gaps
    return summary
  }

  /// Hands on the events of `logs` in batches, in their order, and reports which MTA wrote the lines of each.
  ///
  /// - Throws: the first failure, after the events of all that could be read.
  @discardableResult
  package func events(
    of logs: [LogInput], _ take: @escaping @Sendable ([LogEvent]) -> Void
  ) async throws(HostFailure) -> [LogTally] {
    var failure: HostFailure?
    var tallies: [LogTally] = []
    for log in logs {
      do throws(HostFailure) {
        tallies.append(try await events(of: log, take))
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return tallies
  }

  private func events(
    of log: LogInput, _ take: @escaping @Sendable ([LogEvent]) -> Void
  ) async throws(HostFailure) -> LogTally {
    let sink = EventSink(grammar: grammar, causes: CauseCache(grammar: grammar))
    switch try Source(log) {
    case .plain(let file):
      var tally = LogTally()
      let start = try await start(in: file)
      var rest = try file.parts(from: start, length: partLength)[...]
      while !rest.isEmpty {
        let threads = rest.prefix(Self.threads).map { PartQueue([$0]) }
        for pass in await run(threads, of: file, into: sink) {
          take(pass.sink.events)
          tally.merge(pass.sink.tally)
          if let failure = pass.failure { throw failure }
        }
        rest = rest.dropFirst(Self.threads)
      }
      return tally.lines == 0 && start > 0 ? try file.sample(by: grammar) : tally
    case .stream(let stream):
      let pass = try await read(stream, into: sink) { sink in
        take(sink.events)
        sink.events.removeAll(keepingCapacity: true)
      }
      if let failure = pass.failure { throw failure }
      return pass.sink.tally
    }
  }

  /// Whether a record is one of those requested.
  func wants(_ record: LogRecord) -> Bool {
    switch record.kind {
    case .deferral, .attempt, .refusal: break
    case .delivery, .bounce, .completed: return false
    }
    if let since, let time = record.time, time < since { return false }
    // Whatever code was quoted: what is deferred is kept, and what we say to a client is a 4xx here.
    return includesAll || record.code == 421
  }

  private static let threads = 2

  /// How a log is read.
  private enum Source {
    /// A plain file, in parts.
    case plain(OpenLog)
    case stream(Stream)

    init(_ log: LogInput) throws(HostFailure) {
      switch log {
      case .standardInput: self = .stream(.standardInput)
      case .journal(let identifiers): self = .stream(.journal(identifiers))
      case .file(let path):
        // A file that is not there or not ours is reported here, in our own text.
        let file = try FileAccess.Handle(path)
        if let tool = LogFiles.decompressor(of: path) {
          self = .stream(.packed(path, tool: tool))
        } else if file.isRegular {
          self = .plain(try OpenLog(file))
        } else {
          // A pipe by its name: `<(zcat mail.log.1.gz)`, /dev/stdin, a FIFO.
          self = .stream(.pipe(OpenPipe(file)))
        }
      }
    }
  }

  private enum Stream {
    case standardInput
    case pipe(OpenPipe)
    case packed(String, tool: String)
    case journal([String])
  }

  /// What was made of a log or of a part of it, and why that is not the whole.
  private struct Pass<Sink: LogSink>: Sendable {
    var sink: Sink
    var failure: HostFailure?
  }

  private func start(in file: OpenLog) async throws(HostFailure) -> Int64 {
    guard let since else { return 0 }
    return try await file.start(at: since, grammar: grammar)
  }

  /// Makes passes by a thread for each queue, over all parts that it gets from it, in the order of the threads.
  private func run<Sink: LogSink>(
    _ threads: [PartQueue], of log: OpenLog, into sink: Sink
  ) async -> [Pass<Sink>] {
    await withTaskGroup(of: (Int, Pass<Sink>).self) { group in
      for (number, queue) in threads.enumerated() {
        group.addTask {
          let pass = await BlockingThread.value { () -> Pass<Sink> in
            var pass = LogPass(self, into: sink)
            do throws(HostFailure) {
              while let part = queue.next() { try pass.read(part, of: log.file) }
              return Pass(sink: pass.sink)
            } catch {
              return Pass(sink: pass.sink, failure: error)
            }
          }
          return (number, pass ?? Pass(sink: sink, failure: Self.noThread))
        }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private static let noThread = HostFailure.failed("a thread could not be started")

  /// Makes a pass over a stream, `after` each block.
  ///
  /// - Throws: where nothing of it can be read.
  private func read<Sink: LogSink>(
    _ stream: Stream, into sink: Sink, after: @escaping @Sendable (inout Sink) -> Void
  ) async throws(HostFailure) -> Pass<Sink> {
    switch stream {
    case .standardInput:
      return await read(STDIN_FILENO, "standard input", into: sink, after: after)
    case .pipe(let pipe):
      return await read(pipe.file.descriptor, pipe.file.path, into: sink, after: after)
    case .packed(let path, let tool):
      let host = LocalHost()
      let executable = try host.require(tool)
      return try await read(
        .unpacked(executable, file: path), path, by: host, into: sink, after: after)
    case .journal(let identifiers):
      let host = LocalHost()
      let journalctl = try host.require("journalctl")
      return try await read(
        .journal(journalctl, identifiers: identifiers, since: since ?? 0), "the journal", by: host,
        into: sink, after: after)
    }
  }

  private func read<Sink: LogSink>(
    _ command: LookCommand, _ name: String, by host: LocalHost, into sink: Sink,
    after: @escaping @Sendable (inout Sink) -> Void
  ) async throws(HostFailure) -> Pass<Sink> {
    let pass = Mutex(LogPass(self, into: sink))
    let result = try await host.stream(command) { bytes in
      pass.withLock {
        $0.feed(bytes)
        after(&$0.sink)
      }
      return true
    }
    return pass.withLock {
      $0.finish()
      after(&$0.sink)
      return Pass(sink: $0.sink, failure: result.gap(in: name))
    }
  }

  private func read<Sink: LogSink>(
    _ descriptor: Int32, _ name: String, into sink: Sink,
    after: @escaping @Sendable (inout Sink) -> Void
  ) async -> Pass<Sink> {
    let pass = await BlockingThread.value { () -> Pass<Sink> in
      var pass = LogPass(self, into: sink)
      do throws(HostFailure) {
        while try pass.readOnce(from: descriptor, name) { after(&pass.sink) }
        after(&pass.sink)
        return Pass(sink: pass.sink)
      } catch {
        return Pass(sink: pass.sink, failure: error)
      }
    }
    return pass ?? Pass(sink: sink, failure: Self.noThread)
  }
}

/// A pipe, a terminal or another log that can be read only once and in its order.
private final class OpenPipe: Sendable {
  let file: FileAccess.Handle

  init(_ file: consuming FileAccess.Handle) {
    file.block()
    self.file = file
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
