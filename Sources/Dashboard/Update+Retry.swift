// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The retry of several messages.
extension State {
  mutating func startRetry(of targets: [MessageReference], mta: MTA) -> [Effect] {
    retryRun = RetryRun(
      of: targets, mta: mta, pace: acts.pace, after: log.events, now: now)
    acts.retryOutcome = nil
    toast = nil
    return advanceRetry()
  }

  /// Sends the next message where it is time for it, and tells the end.
  mutating func advanceRetry() -> [Effect] {
    guard let target = retryRun?.advance(now: now), let mta = retryRun?.mta else {
      if case .ended(let why)? = retryRun?.phase {
        retryRun = nil
        let time = Format.clock(now, utcOffset: setup.utcOffset).prefix(5)
        acts.retryOutcome = "Retry, \(time): \(why)"
        say(why, seconds: 30)
      }
      return []
    }
    retryRun?.note(request: acts.nextNumber)
    return [send(.retry, to: [target], mta: mta)]
  }

  /// Takes the report of one of the run's own requests in; false where it is another's.
  mutating func receiveRetry(_ report: ActReport) -> Bool {
    guard let run = retryRun, run.requests.contains(report.request.number) else { return false }
    if let refusal = report.refusal {
      retryRun?.record(.failed(refusal))
    } else if let result = report.results.first {
      retryRun?.record(result)
    }
    return true
  }

  /// Takes the next slower (1) or faster (-1) of the paces.
  mutating func changePace(by step: Int) {
    let paces = RetryRun.paces
    let index = (paces.firstIndex(of: acts.pace) ?? 0) + step
    acts.pace = paces[min(max(0, index), paces.count - 1)]
    retryRun?.pace = acts.pace
    if retryRun == nil { say("A retry of several sends one every \(Format.duration(acts.pace))") }
  }

  mutating func stopRetry() {
    retryRun?.stop()
    _ = advanceRetry()
  }
}
