// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Synchronization

/// Follows the systemd journal through `journalctl -f` for as long as the stream is read.
///
/// Nothing is lost on the way: journalctl waits for a slow reader, as a file does. Where it ends (journald was started
/// again, the journal was vacuumed, somebody ended it), it is begun again after the last entry.
enum JournalFollower {
  /// Chunks that may wait for a slow reader; journalctl itself waits with what comes after them.
  private static let waiting = 16
  /// Before it is begun again; twice as long each time, up to the second.
  private static let pauses = (first: Duration.seconds(1), longest: Duration.seconds(60))
  /// A journalctl that runs for so long has not failed.
  private static let trial = Duration.seconds(2)

  /// - Parameter pause: before the first new beginning.
  static func follow(
    _ journalctl: String, identifiers: [String], from start: LogPosition?, by child: ChildProcess,
    pause: Duration = pauses.first
  ) -> AsyncStream<LogChunk> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: LogChunk.self, bufferingPolicy: .bufferingOldest(waiting))
    let isOver = CancelFlag()
    let task = Task {
      var after: String?
      if case .journal(let cursor) = start { after = cursor }
      var wait = pause
      while !Task.isCancelled {
        let command = LookCommand.journalFollowing(
          journalctl, identifiers: identifiers, after: after)
        let began = ContinuousClock.now
        let failure: HostFailure
        (failure, after) = await read(command, by: child, after: after, isOver, continuation)
        guard !Task.isCancelled else { break }
        await continuation.yieldAll(.unavailable(failure))
        wait = ContinuousClock.now - began > pauses.longest ? pause : min(wait * 2, pauses.longest)
        await Pause.wait(wait)
      }
      continuation.finish()
    }
    continuation.onTermination = { _ in
      isOver.set()
      task.cancel()
    }
    return stream
  }

  /// Hands on what one journalctl prints, and returns why it ended and the cursor of its last entry.
  private static func read(
    _ command: LookCommand, by child: ChildProcess, after: String?, _ isOver: CancelFlag,
    _ continuation: AsyncStream<LogChunk>.Continuation
  ) async -> (HostFailure, after: String?) {
    let splitter = Mutex(LineSplitter())
    let last = Mutex(after)
    // Says that it reads again, though no entry may come for long.
    let news = Task {
      if await Pause.wait(trial) { await continuation.yieldAll(.restarted) }
    }
    defer { news.cancel() }
    do throws(HostFailure) {
      _ = try await child.stream(command.invocation) { bytes in
        let lines = splitter.withLock { $0.feed(bytes) }
        guard !lines.isEmpty else { return true }
        if let cursor = cursor(of: lines) { last.withLock { $0 = cursor } }
        while case .dropped = continuation.yield(.lines(lines)) {
          // The thread is the command's own: it may wait.
          usleep(20_000)
          if isOver.isSet { return false }
        }
        return true
      }
      return (.failed("\(command.words) ended"), last.withLock { $0 })
    } catch {
      return (error, last.withLock { $0 })
    }
  }

  /// The cursor of the last entry of `journalctl -o json`.
  static func cursor(of entries: [UInt8]) -> String? {
    let span = entries.span
    guard let newline = span.lastIndex(of: ASCII.newline, before: span.count) else { return nil }
    let start = (span.lastIndex(of: ASCII.newline, before: newline) ?? -1) + 1
    let line = span.extracting(start..<newline)
    var scanner = JSONScanner()
    guard scanner.take(UInt8(ascii: "{"), line) else { return nil }
    while let name = try? scanner.name(line) {
      if line.string(name) == "__CURSOR" {
        return (try? scanner.string(line)).map { line.string($0) }
      }
      guard (try? scanner.skipValue(line)) != nil, scanner.take(UInt8(ascii: ","), line) else {
        break
      }
    }
    return nil
  }
}

extension AsyncStream<LogChunk>.Continuation {
  /// Leaves a chunk once there is room for it, so that nothing is lost and no more than that waits.
  func yieldAll(_ chunk: LogChunk) async {
    while case .dropped = yield(chunk) {
      guard await Pause.wait(.milliseconds(20)) else { return }
    }
  }
}
