// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import MailServer

/// Reads one log: what it holds of the last hour, then what comes.
struct LogCollector: Sendable {
  let host: any Host
  let mta: MTA
  let source: LogSource
  let sink: @Sendable (ServerReport) -> Void
  /// What the queue is joined with; it gets older events too, since a message waits for hours between two attempts.
  let record: @Sendable ([LogEvent]) async -> Void

  /// Seconds of history that are reported.
  static let shownHistory: Int64 = 3600
  /// Bytes of a file's end that are read for the join.
  static let historySize: Int64 = 32 << 20

  /// Runs until the task is cancelled.
  func run() async {
    var joiner = LogLineJoiner()
    let position = await history(&joiner)
    var told: Int64 = 0
    for await chunk in host.follow(source, from: position) {
      let now = host.now()
      switch chunk {
      case .lines(let lines):
        let events = events(in: lines, &joiner)
        if !events.isEmpty {
          sink(.log(events, isHistory: false, dropped: 0))
          await record(events)
        }
        if now != told { sink(.health(.log, .live(since: now, note: nil))) }
      case .restarted:
        sink(.health(.log, .live(since: now, note: nil)))
      case .unavailable(let failure):
        sink(.health(.log, .failed(problem(failure), lastGood: told == 0 ? nil : told)))
        continue
      }
      told = now
    }
  }

  /// Reports the last hour and returns where it ended.
  private func history(_ joiner: inout LogLineJoiner) async -> LogPosition? {
    do throws(HostFailure) {
      let since = host.now() - Self.shownHistory
      let (lines, position) = try await recent(since: since)
      let events = events(in: lines, &joiner)
      let shown = events.filter { ($0.time ?? 0) >= since }
      sink(.log(shown, isHistory: true, dropped: 0))
      sink(.health(.log, .live(since: host.now(), note: nil)))
      await record(events)
      return position
    } catch {
      sink(.health(.log, .failed(problem(error), lastGood: nil)))
      return nil
    }
  }

  /// Whole lines from the end of the log, and the place after them.
  private func recent(
    since: Int64
  ) async throws(HostFailure) -> (lines: [UInt8], position: LogPosition?) {
    switch source {
    case .file(let path):
      guard let status = try await host.status(ofFile: path) else { throw .missing(path) }
      let start = max(0, status.size - Self.historySize)
      let bytes = try await host.read(
        file: path, from: start, count: Int(clamping: status.size - start))
      let span = bytes.span
      // The first line may be cut, and the last one is not written yet.
      let first = start == 0 ? 0 : (span.firstIndex(of: ASCII.newline) ?? span.count - 1) + 1
      let end = (span.lastIndex(of: ASCII.newline, before: span.count) ?? -1) + 1
      let lines = first < end ? Array(bytes[first..<end]) : []
      return (lines, .file(inode: status.inode, offset: start + Int64(end)))
    case .journal(let identifiers):
      guard let journalctl = host.executable(["journalctl"]) else { throw .missing("journalctl") }
      let result = try await host.look(
        .journal(journalctl, identifiers: identifiers, since: since))
      let cursor = JournalFollower.cursor(of: result.output)
      return (result.output, cursor.map { .journal(cursor: $0) })
    }
  }

  private func events(in lines: [UInt8], _ joiner: inout LogLineJoiner) -> [LogEvent] {
    let now = host.now()
    let grammar = LogGrammar(now: now, utcOffset: host.utcOffset(at: now))
    var events: [LogEvent] = []
    grammar.forEachRecord(in: lines.span, mta: mta, of: .everything, joiner: &joiner) {
      line, record in events.append(grammar.event(of: record, in: line))
    }
    return events
  }

  private func problem(_ failure: HostFailure) -> Problem {
    switch (failure, source) {
    case (.missing(let path), .file):
      Problem(
        what: "There is no log \(path) yet.",
        remedy: "Tempfail reads it as soon as it is there. If the log is elsewhere, use --log PATH."
      )
    case (.notPermitted(let path), _):
      Problem(
        what: "\(host.user.name) may not read \(path).",
        remedy:
          "Run Tempfail as root, or add \(host.user.name) to the group that may (Debian: adm).")
    default:
      SourceFailure(failure, doing: "Reading the log").problem
    }
  }
}
