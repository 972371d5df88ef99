// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import MailServer
import Synchronization

/// Finds everything about one message in the logs, rotated ones included.
package struct HistoryReader: Sendable {
  private let host: any Host
  private let system: MailSystem

  /// Bytes that are looked through at most, unpacked.
  private static let limit: Int64 = 4 << 30

  package init(host: any Host, system: MailSystem) {
    (self.host, self.system) = (host, system)
  }

  /// Looks through the logs from a time on, until the task is canceled.
  package func history(of id: QueueID, since: Int64) async -> MessageHistory {
    var history = MessageHistory(queueID: id.text, since: since)
    let now = host.now()
    let grammar = LogGrammar(now: now, zone: host.zone, relays: system.relays)
    let search = LineSearch(id.text, grammar: grammar, mta: system.mta, since: since)
    var rest = Self.limit
    for source in system.logs {
      switch source {
      case .file(let path):
        let archive = LogArchive(host: host, path: path)
        for file in [path] + (await archive.rotations(since: since)) where !Task.isCancelled {
          do throws(HostFailure) {
            try await look(in: file, archive, for: search, since, &rest)
          } catch {
            history.gaps.append(error.words(of: file))
          }
        }
      case .journal(let identifiers):
        do throws(HostFailure) {
          let journalctl = try host.require("journalctl")
          let lines = StreamedLines(limit: Int(clamping: rest)) { search.look(in: $0) }
          let result = try await host.stream(
            .journal(journalctl, identifiers: identifiers, since: since)
          ) { lines.feed($0) }
          lines.finish()
          if !lines.isCut, let failure = result.gap(in: "the journal") { throw failure }
          if lines.isCut { history.gaps.append("the end of the journal: there is too much of it") }
        } catch {
          history.gaps.append(error.words(of: "the journal"))
        }
      }
    }
    history.events = search.events
    return history
  }

  private func look(
    in file: String, _ archive: LogArchive, for search: LineSearch, _ since: Int64,
    _ rest: inout Int64
  ) async throws(HostFailure) {
    guard rest > 0 else { throw .failed("not read: there is too much of it") }
    if let tool = LogFiles.decompressor(of: file) {
      let before = search.bytes
      try await archive.unpack(file, with: tool, limit: Int(clamping: rest)) {
        search.look(in: $0)
      }
      rest -= Int64(search.bytes - before)
      return
    }
    guard let status = try await host.status(ofFile: file) else { throw .missing(file) }
    let start = try await archive.offset(of: since, in: file, size: status.size)
    let from = max(start, status.size - rest)
    try await archive.read(file, from..<status.size) { lines in
      search.look(in: lines)
      return true
    }
    rest -= status.size - from
    if from > start { throw .failed("only the newest part was read") }
  }
}

/// Picks the lines of one message out of many.
private final class LineSearch: Sendable {
  private struct State: Sendable {
    var bytes = 0
    var events: [LogEvent] = []
  }

  /// A message that was tried more often than that says nothing new.
  private static let mostEvents = 5000

  private let id: String
  private let needle: [UInt8]
  /// The byte of it that is looked for first: a capital is rare in a log.
  private let anchor: Int
  private let grammar: LogGrammar
  private let mta: MTA
  private let since: Int64
  private let state = Mutex(State())

  init(_ id: String, grammar: LogGrammar, mta: MTA, since: Int64) {
    self.id = id
    needle = Array(id.utf8)
    anchor =
      needle.firstIndex { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
      ?? needle.indices.last ?? 0
    (self.grammar, self.mta, self.since) = (grammar, mta, since)
  }

  var bytes: Int { state.withLock { $0.bytes } }

  /// In the order of time.
  var events: [LogEvent] {
    state.withLock { state in
      state.events.enumerated()
        .sorted { ($0.element.time ?? 0, $0.offset) < ($1.element.time ?? 0, $1.offset) }
        .map(\.element)
    }
  }

  func look(in lines: [UInt8]) {
    let found = places(in: lines).compactMap { line -> LogEvent? in
      guard let event = grammar.event(in: lines.span.extracting(line), mta: mta),
        event.queueID == id, event.time ?? since >= since
      else { return nil }
      return event
    }
    state.withLock { state in
      state.bytes += lines.count
      state.events += found.prefix(max(0, Self.mostEvents - state.events.count))
    }
  }

  /// The lines that hold the queue ID anywhere.
  private func places(in lines: [UInt8]) -> [Range<Int>] {
    var places: [Range<Int>] = []
    let span = lines.span
    var start = 0
    while let hit = hit(in: lines, from: start) {
      let first = span.lastIndex(of: ASCII.newline, before: hit).map { $0 + 1 } ?? 0
      let end = span.firstIndex(of: ASCII.newline, from: hit) ?? lines.count
      places.append(first..<end)
      start = end
    }
    return places
  }

  private func hit(in lines: [UInt8], from start: Int) -> Int? {
    let span = lines.span
    var place = start + anchor
    while let found = span.firstIndex(of: needle[anchor], from: place) {
      let begin = found - anchor
      if begin + needle.count <= lines.count,
        needle.indices.allSatisfy({ span[begin + $0] == needle[$0] })
      {
        return begin
      }
      place = found + 1
    }
    return nil
  }
}
