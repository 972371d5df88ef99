// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Guidance
import MailServer
import Synchronization

/// Counts what a log said on the day before the start, so that the chart of a day is not empty.
///
/// From now backwards, hour by hour, over rotated files too; it stops where it has read enough. Of the
/// last hour the destinations are counted too: so far their sparklines reach back.
struct DayCounts: Sendable {
  let host: any Host
  let mta: MTA
  let path: String
  /// Those that the settings name.
  var relays = Relays()
  let sink: @Sendable (ServerReport) -> Void

  private static let hour: Int64 = 3600
  private static let day = 24 * hour
  /// Bytes that are read at most: of a log that has more in a day, the newest part.
  private static let limit: Int64 = 512 << 20

  /// Reports what is before `end` in the log.
  func run(before end: Int64) async {
    let now = host.now()
    let archive = LogArchive(host: host, path: path)
    var rest = Self.limit
    do throws(HostFailure) {
      let start = try await hours(of: path, endingAt: end, now, archive, &rest)
      // What was rotated away is requested only where this file does not reach back so far.
      guard start == 0 else { return }
    } catch {
      return report(error, path)
    }
    for file in await archive.rotations(since: now - Self.day) {
      guard rest > 0, !Task.isCancelled else { return }
      do throws(HostFailure) {
        if let tool = LogFiles.decompressor(of: file) {
          try await whole(file, tool, now, archive, &rest)
        } else if let status = try await host.status(ofFile: file) {
          _ = try await hours(of: file, endingAt: status.size, now, archive, &rest)
        }
      } catch {
        report(error, file)
      }
    }
  }

  /// What could not be read is reported beside the chart: its numbers are too low there.
  private func report(_ failure: HostFailure, _ file: String) {
    guard !Task.isCancelled else { return }
    var counts = LogCounts()
    counts.gaps = [failure.words(of: file)]
    sink(.counts(counts))
  }

  /// Reports a plain file up to an offset, the newest hour first, and returns where the day begins in it.
  private func hours(
    of file: String, endingAt end: Int64, _ now: Int64, _ archive: LogArchive, _ rest: inout Int64
  ) async throws(HostFailure) -> Int64 {
    var end = end
    for hour in 1...24 where end > 0 {
      let start = try await archive.offset(of: now - Int64(hour) * Self.hour, in: file, size: end)
      guard start < end else { continue }
      guard rest > 0, !Task.isCancelled else { return end }
      let tally = tally(now)
      try await archive.read(file, max(start, end - rest)..<end) { lines in
        tally.count(lines)
        return true
      }
      report(tally)
      rest -= end - start
      end = start
    }
    return end
  }

  private func whole(
    _ file: String, _ tool: String, _ now: Int64, _ archive: LogArchive, _ rest: inout Int64
  ) async throws(HostFailure) {
    let tally = tally(now)
    defer {
      rest -= Int64(tally.bytes)
      report(tally)
    }
    try await archive.unpack(file, with: tool, limit: Int(clamping: rest)) { tally.count($0) }
  }

  private func report(_ tally: Tally) {
    let counts = tally.counts
    if !counts.isEmpty { sink(.counts(counts)) }
  }

  private func tally(_ now: Int64) -> Tally {
    Tally(
      grammar: LogGrammar(now: now, zone: host.zone, relays: relays), mta: mta,
      since: now - Self.day, destinationsSince: now - Self.hour)
  }
}

/// Counts the records of lines that come one block after the other.
private final class Tally: Sendable {
  private struct State: Sendable {
    var joiner = LogLineJoiner()
    var causes: CauseCache
    var counts = LogCounts()
    var bytes = 0
  }

  private let grammar: LogGrammar
  private let mta: MTA
  private let since: Int64
  private let destinationsSince: Int64
  private let state: Mutex<State>

  init(grammar: LogGrammar, mta: MTA, since: Int64, destinationsSince: Int64) {
    (self.grammar, self.mta) = (grammar, mta)
    (self.since, self.destinationsSince) = (since, destinationsSince)
    state = Mutex(State(causes: CauseCache(grammar: grammar)))
  }

  var counts: LogCounts { state.withLock { $0.counts } }
  var bytes: Int { state.withLock { $0.bytes } }

  func count(_ lines: [UInt8]) {
    state.withLock { state in
      state.bytes += lines.count
      var joiner = state.joiner
      grammar.forEachRecord(in: lines.span, mta: mta, of: .everything, joiner: &joiner) {
        line, record in
        guard let time = record.time, time >= since else { return }
        let hasDestination = record.kind == .deferral && time >= destinationsSince
        state.counts.count(
          record.kind, code: record.code, cause: state.causes.cause(of: record, in: line),
          destination: hasDestination ? LogEvent.domain(of: line.string(record.recipient)) : nil,
          at: time)
      }
      state.joiner = joiner
    }
  }
}
