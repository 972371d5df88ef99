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
          let lines = splitter.withLock { $0.feed(bytes) }
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

  /// The cursor of the last entry of `journalctl -o json`, which is its first field.
  static func cursor(of entries: [UInt8]) -> String? {
    let span = entries.span
    let key: StaticString = "\"__CURSOR\":\""
    guard let newline = span.lastIndex(of: ASCII.newline, before: span.count) else { return nil }
    let start = (span.lastIndex(of: ASCII.newline, before: newline) ?? -1) + 1
    let line = span.extracting(start..<newline)
    guard let found = line.firstIndex(of: key) else { return nil }
    let value = found + key.utf8CodeUnitCount
    guard let end = line.firstIndex(of: UInt8(ascii: "\""), from: value) else { return nil }
    return line.string(value..<end)
  }
}
