// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Waiting, without a descriptor: Swift's own `Task.sleep` has libdispatch open some for its clocks, and where the system has
/// none left that ends the process.
package enum Pause {
  /// Returns when the time is over, or at once where the task is canceled; whether it was the time.
  @discardableResult
  package static func wait(_ duration: Duration) async -> Bool { await Alarm.shared.wait(duration) }
}

/// One thread that wakes all who wait.
private final class Alarm: Sendable {
  static let shared = Alarm()

  private struct Sleeper: Sendable {
    var end: ContinuousClock.Instant
    var continuation: CheckedContinuation<Bool, Never>
  }

  private struct State: Sendable {
    var sleepers: [UInt64: Sleeper] = [:]
    /// Canceled before they slept.
    var cancelled: Set<UInt64> = []
    var last: UInt64 = 0
    var hasThread = false
  }

  private let state = Mutex(State())
  private let news = DispatchSemaphore(value: 0)

  func wait(_ duration: Duration) async -> Bool {
    let end = ContinuousClock.now + duration
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    let isOver = await withTaskCancellationHandler {
      await withCheckedContinuation { add(Sleeper(end: end, continuation: $0), number) }
    } onCancel: {
      cancel(number)
    }
    state.withLock { _ = $0.cancelled.remove(number) }
    return isOver
  }

  private func add(_ sleeper: Sleeper, _ number: UInt64) {
    let isCancelled = state.withLock { state in
      if state.cancelled.contains(number) { return true }
      state.sleepers[number] = sleeper
      if !state.hasThread { state.hasThread = BlockingThread.start { self.run() } }
      return false
    }
    if isCancelled { sleeper.continuation.resume(returning: false) }
    news.signal()
  }

  private func cancel(_ number: UInt64) {
    let sleeper = state.withLock { state in
      let sleeper = state.sleepers.removeValue(forKey: number)
      if sleeper == nil { state.cancelled.insert(number) }
      return sleeper
    }
    sleeper?.continuation.resume(returning: false)
  }

  private func run() {
    while true {
      let now = ContinuousClock.now
      let (due, next) = state.withLock { state in
        let due = state.sleepers.filter { $0.value.end <= now }
        for number in due.keys { state.sleepers[number] = nil }
        return (due.values.map(\.continuation), state.sleepers.values.map(\.end).min())
      }
      for continuation in due { continuation.resume(returning: true) }
      if let next {
        let (seconds, attoseconds) = (next - now).components
        let nanoseconds = min(seconds, 3600) * 1_000_000_000 + attoseconds / 1_000_000_000
        _ = news.wait(timeout: .now() + .nanoseconds(Int(nanoseconds)))
      } else {
        news.wait()
      }
    }
  }
}
