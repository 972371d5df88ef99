// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Does something again and again, at a pace that the server can bear.
actor Repeater {
  private let interval: Duration
  private let work: @Sendable () async -> Void
  private var pause: Task<Void, Never>?
  private var isWanted = false

  /// The pause after a run is at least so many times as long as the run: at most 10 % of the time is spent.
  private static let restFactor = 10

  /// - Parameter interval: the shortest pause between the end of a run and the start of the next.
  init(every interval: Duration, _ work: @escaping @Sendable () async -> Void) {
    self.interval = interval
    self.work = work
  }

  /// Runs until the task is canceled.
  func run() async {
    let clock = ContinuousClock()
    while !Task.isCancelled {
      isWanted = false
      let duration = await clock.measure { await work() }
      if !isWanted { await rest(Self.pause(after: duration, atLeast: interval)) }
    }
  }

  /// How long to wait after a run.
  static func pause(after duration: Duration, atLeast interval: Duration) -> Duration {
    max(interval, duration * restFactor)
  }

  /// Ends the pause: the work is done now, or once more if it is being done.
  func wake() {
    isWanted = true
    pause?.cancel()
  }

  private func rest(_ duration: Duration) async {
    let pause = Task { _ = await Pause.wait(duration) }
    self.pause = pause
    await withTaskCancellationHandler {
      await pause.value
    } onCancel: {
      pause.cancel()
    }
  }
}
