// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Guidance
import MailServer

/// Reads one log: what it holds of the last hour, then what comes.
struct LogCollector: Sendable {
  let host: any Host
  let mta: MTA
  let source: LogSource
  /// Those that the settings name.
  var relays = Relays()
  let sink: @Sendable (ServerReport) -> Void
  /// What the queue is joined with; it gets older events too, since a message waits for hours between two attempts.
  let record: @Sendable ([LogEvent]) async -> Void
  /// Gets the time from which on the log is read.
  var noteStart: @Sendable (Int64) async -> Void = { _ in }
  /// Whether the day before is counted too.
  var countsDay = false

  /// Seconds of history that are reported.
  private static let shownHistory: Int64 = 3600
  /// Bytes of a file's end that are read at most for what is reported, and for the join.
  private static let historySize: Int64 = 64 << 20
  private static let blockSize: Int64 = 1 << 20
  /// Before the day is counted: the queue goes first.
  private static let pause = Duration.seconds(2)

  /// Runs until the task is canceled.
  func run() async {
    var joiner = LogLineJoiner()
    let (position, begin, form) = await history(&joiner)
    var told: Int64 = 0
    var watch = LogFormWatch(mta: mta, name: source.name, problem: form)
    let day = begin.flatMap(countDay)
    defer { day?.cancel() }
    for await chunk in host.follow(source, from: position) {
      let now = host.now()
      switch chunk {
      case .lines(let lines):
        let (events, tally) = events(in: lines, &joiner)
        if !events.isEmpty {
          sink(.log(events, dropped: 0))
          await record(events)
        }
        let isChanged = watch.see(tally)
        if let problem = watch.problem {
          if isChanged { sink(.health(.log, .failed(problem, lastGood: nil))) }
          continue
        }
        if now != told || isChanged { sink(.health(.log, .live(since: now, note: nil))) }
      case .restarted:
        if watch.problem == nil { sink(.health(.log, .live(since: now, note: nil))) }
      case .unavailable(let failure):
        sink(.health(.log, .failed(await problem(failure), lastGood: told == 0 ? nil : told)))
        continue
      }
      told = now
    }
  }

  /// Counts what the log holds before an offset, once the first screen is there.
  private func countDay(before offset: Int64) -> Task<Void, Never>? {
    guard countsDay, case .file(let path) = source else { return nil }
    let counts = DayCounts(host: host, mta: mta, path: path, relays: relays, sink: sink)
    return Task(priority: .background) {
      await Pause.wait(Self.pause)
      if !Task.isCancelled { await counts.run(before: offset) }
    }
  }

  /// Reports the last hour, and returns where it ended, where, in a file, it began, and why nothing in it is understood.
  private func history(
    _ joiner: inout LogLineJoiner
  ) async -> (LogPosition?, begin: Int64?, Problem?) {
    do throws(HostFailure) {
      let since = host.now() - Self.shownHistory
      let position: LogPosition?
      var begin: Int64?
      var tally = LogTally()
      switch source {
      case .file(let path):
        (position, begin) = try await history(ofFile: path, since: since)
        tally = try await sample(of: path)
      case .journal(let identifiers):
        let journalctl = try host.require("journalctl")
        if let report = await JournalAccess.problem(on: host) {
          sink(.health(.log, .failed(report.problem, lastGood: nil)))
          return (nil, nil, report.problem)
        }
        let output = try await host.look(
          .journal(journalctl, identifiers: identifiers, since: since)
        ).output
        await noteStart(since)
        let (events, _) = events(in: output, &joiner)
        report(history: events, dropped: DroppedEvents())
        await record(events)
        position = JournalFollower.cursor(of: output).map { .journal(cursor: $0) }
      }
      let report = NeedReport.logForm(source.name, tally, of: mta)
      if let report {
        sink(.health(.log, .failed(report.problem, lastGood: nil)))
      } else {
        sink(.health(.log, .live(since: host.now(), note: note(on: tally))))
      }
      return (position, begin, report?.problem)
    } catch {
      sink(.health(.log, .failed(await problem(error), lastGood: nil)))
      return (nil, nil, nil)
    }
  }

  /// Who wrote the last lines of a file: they show it even if the last hour was quiet.
  private func sample(of path: String) async throws(HostFailure) -> LogTally {
    guard let size = try await host.status(ofFile: path)?.size else { return LogTally() }
    let start = max(0, size - LogGrammar.sampleSize)
    let bytes = try await host.read(file: path, from: start, count: Int(size - start))
    let now = host.now()
    return LogGrammar(now: now, zone: host.zone).tally(ofEnd: bytes, isCut: start > 0)
  }

  /// What to note about a log that has no entries and may still be right.
  private func note(on tally: LogTally) -> String? {
    guard case .file(let path) = source else { return nil }
    if tally.lines == 0 { return "\(path) is empty." }
    return tally.isOthers
      ? "None of the last \(tally.lines) lines of \(path) is from \(mta.name)." : nil
  }

  private func report(history events: [LogEvent], dropped: DroppedEvents) {
    let surplus = max(0, events.count - ServerReport.eventLimit)
    var dropped = dropped
    dropped.add(DroppedEvents(events.prefix(surplus)))
    sink(.log(Array(events.dropFirst(surplus)), dropped: dropped))
  }

  /// The last hour is on the screen before the older part is read.
  private func history(
    ofFile path: String, since: Int64
  ) async throws(HostFailure) -> (LogPosition, begin: Int64) {
    guard let status = try await host.status(ofFile: path) else { throw .missing(path) }
    let now = host.now()
    let earliest = max(0, status.size - Self.historySize)
    if let begin = try await firstTime(of: path, status.size, from: earliest) {
      await noteStart(begin)
    }
    let start = try await LogSeek.offset(
      of: since, inLogOf: status.size, grammar: LogGrammar(now: now, zone: host.zone)
    ) { (offset: Int64, count: Int) async throws(HostFailure) -> [UInt8] in
      try await host.read(file: path, from: offset, count: count)
    }
    var recent: [LogEvent] = []
    // What is too old to be listed still counts.
    var dropped = DroppedEvents()
    let end = try await read(path, from: max(start, earliest), to: status.size) { events in
      recent += events
      guard recent.count > 2 * ServerReport.eventLimit else { return }
      let surplus = recent.count - ServerReport.eventLimit
      dropped.add(DroppedEvents(recent.prefix(surplus)))
      recent.removeFirst(surplus)
    }
    report(history: recent, dropped: dropped)
    _ = try await read(path, from: earliest, to: end) { await record($0) }
    return (.file(inode: status.inode, offset: end), max(start, earliest))
  }

  /// When a log begins at an offset; one that holds nothing begins now.
  private func firstTime(
    of path: String, _ size: Int64, from start: Int64
  ) async throws(HostFailure) -> Int64? {
    let now = host.now()
    guard size > 0 else { return now }
    let bytes = try await host.read(file: path, from: start, count: 64 << 10)
    return LogGrammar(now: now, zone: host.zone).firstTime(in: bytes, isCut: start > 0)
  }

  /// Hands on the events of the whole lines in a part of a file, and returns where the last of them ended.
  private func read(
    _ path: String, from start: Int64, to end: Int64, _ take: ([LogEvent]) async -> Void
  ) async throws(HostFailure) -> Int64 {
    var joiner = LogLineJoiner()
    var splitter = LineSplitter()
    var offset = start
    while offset < end {
      let count = Int(min(Self.blockSize, end - offset))
      let bytes = try await host.read(file: path, from: offset, count: count)
      if bytes.isEmpty { break }
      await take(events(in: splitter.feed(bytes), &joiner).events)
      offset += Int64(bytes.count)
    }
    // A line that is being written is left to those who follow.
    return offset - Int64(splitter.pending)
  }

  private func events(
    in lines: [UInt8], _ joiner: inout LogLineJoiner
  ) -> (events: [LogEvent], tally: LogTally) {
    let now = host.now()
    let grammar = LogGrammar(now: now, zone: host.zone, relays: relays)
    var events: [LogEvent] = []
    let tally = grammar.forEachRecord(
      in: lines.span, mta: mta, of: .everything, joiner: &joiner
    ) { line, record in events.append(grammar.event(of: record, in: line)) }
    return (events, tally)
  }

  private func problem(_ failure: HostFailure) async -> Problem {
    await NeedReport.log(failure, of: source, mta: mta, on: host).problem
  }
}
