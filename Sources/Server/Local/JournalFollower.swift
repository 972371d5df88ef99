// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Synchronization

/// Follows the systemd journal through `journalctl -f`, which lives as long as the stream is read.
enum JournalFollower {
  /// Chunks that may wait for a slow reader.
  private static let waiting = 256

  static func follow(
    _ journalctl: String, identifiers: [String], from start: LogPosition?, by child: ChildProcess
  ) -> AsyncStream<LogChunk> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: LogChunk.self, bufferingPolicy: .bufferingNewest(waiting))
    var after: String?
    if case .journal(let cursor) = start { after = cursor }
    let command = LookCommand.journalFollowing(journalctl, identifiers: identifiers, after: after)
    let task = Task {
      let splitter = Mutex(LineSplitter())
      do throws(HostFailure) {
        try await child.stream(command.invocation) { bytes in
          let lines = logLines(of: splitter.withLock { $0.feed(bytes) }).lines
          if !lines.isEmpty { continuation.yield(.lines(lines)) }
        }
        continuation.yield(.unavailable(.failed("\(command.words) ended")))
      } catch {
        continuation.yield(.unavailable(error))
      }
      continuation.finish()
    }
    continuation.onTermination = { _ in task.cancel() }
    return stream
  }

  /// Turns journal entries, one a line, into log lines; what is no entry is left out.
  ///
  /// `cursor` is that of the last one.
  static func logLines(of entries: [UInt8]) -> (lines: [UInt8], cursor: String?) {
    var lines: [UInt8] = []
    var cursor: String?
    let span = entries.span
    var start = 0
    while start < span.count {
      let end = span.firstIndex(of: ASCII.newline, from: start) ?? span.count
      if let entry = JournalEntry(span.extracting(start..<end)) {
        lines += entry.line ?? []
        cursor = entry.cursor ?? cursor
      }
      start = end + 1
    }
    return (lines, cursor)
  }
}
