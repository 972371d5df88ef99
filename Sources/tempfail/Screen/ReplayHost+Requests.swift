// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Dashboard
import Server

extension ReplayHost {
  /// Does what a key asks of the replay, and says how it goes on.
  func obey(_ request: ReplayRequest) -> String {
    switch request {
    case .pause: clock.togglePause()
    case .step: step()
    case .faster: clock.change(faster: true)
    case .slower: clock.change(faster: false)
    }
    let seconds = clock.position / 1000
    let place = "\(seconds) s of \(clock.length / 1000) s"
    if clock.position >= clock.length { return "End of the recording: \(place)." }
    return clock.isPaused
      ? "Replay paused at \(place)." : "Replay at \(clock.speed)x, \(place)."
  }
}
