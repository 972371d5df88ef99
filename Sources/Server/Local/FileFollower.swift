// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Follows a log file on its own thread, which sleeps while nothing is written.
enum FileFollower {
  /// Chunks that may wait for a slow reader; the file itself holds what comes after them.
  private static let waiting = 16

  static func follow(_ path: String, from start: LogPosition?) -> AsyncStream<LogChunk> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: LogChunk.self, bufferingPolicy: .bufferingOldest(waiting))
    let wake: WakeDescriptor
    do {
      wake = try WakeDescriptor()
    } catch {
      continuation.yield(.unavailable(error))
      continuation.finish()
      return stream
    }
    continuation.onTermination = { _ in wake.signal() }
    // Before the thread runs: what is written from here on counts as new.
    let start = start ?? LogTail.end(of: path)
    let started = BlockingThread.start {
      run(path, from: start, wake: wake, continuation)
      continuation.finish()
    }
    if !started {
      continuation.yield(.unavailable(.failed("cannot start a thread to follow \(path)")))
      continuation.finish()
    }
    return stream
  }

  private static func run(
    _ path: String, from start: LogPosition, wake: WakeDescriptor,
    _ continuation: AsyncStream<LogChunk>.Continuation
  ) {
    var watch = FolderWatch(wake: wake)
    watch.watch(path)
    var tail = LogTail(path: path, from: start)
    while true {
      var (chunks, hasMore) = tail.step()
      if !hasMore && tail.check(into: &chunks) {
        watch.watch(path)
        hasMore = true
      }
      for chunk in chunks {
        while case .dropped = continuation.yield(chunk) {
          guard watch.pause(milliseconds: 20) else { return }
        }
      }
      guard watch.pause(milliseconds: 0), hasMore || watch.wait() else { return }
    }
  }
}
