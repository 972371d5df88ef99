// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The time of a replay, which can stand still, go faster and be set forward.
package final class ReplayClock: Sendable {
  private struct State: Sendable {
    /// Milliseconds of the record at `since`.
    var position: Int64 = 0
    var since = ContinuousClock.now
    var speed: Double
    var isPaused = false
  }

  package static let speeds = [0.25, 0.5, 1, 2, 5, 10, 30, 60]

  private let state: Mutex<State>
  /// Milliseconds of the last entry; the clock stops there.
  package let length: Int64

  package init(speed: Double = 1, length: Int64) {
    state = Mutex(State(speed: speed))
    self.length = max(0, length)
  }

  /// Milliseconds since the record began.
  package var position: Int64 { state.withLock { position(of: $0) } }
  package var speed: Double { state.withLock { $0.speed } }
  package var isPaused: Bool { state.withLock { $0.isPaused } }

  package func togglePause() {
    change { $0.isPaused.toggle() }
  }

  /// The next speed of the table, up or down.
  package func change(faster: Bool) {
    change { state in
      let next =
        faster
        ? Self.speeds.first { $0 > state.speed } : Self.speeds.last { $0 < state.speed }
      state.speed = next ?? state.speed
    }
  }

  /// Sets the clock forward, never back.
  package func skip(to position: Int64) {
    change { $0.position = max($0.position, min(position, length)) }
  }

  private func change(_ body: (inout State) -> Void) {
    state.withLock { state in
      state.position = position(of: state)
      state.since = .now
      body(&state)
    }
  }

  private func position(of state: State) -> Int64 {
    guard !state.isPaused else { return state.position }
    let elapsed = state.since.duration(to: .now).components
    let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    return min(length, state.position + Int64(seconds * state.speed * 1000))
  }
}
