// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The bulk retry.
extension State {
  /// - Parameter destinations: the domain that each of them waits for.
  mutating func startRetry(
    of targets: [MessageReference], to destinations: [String], mta: MTA
  ) -> [Effect] {
    retryRun = RetryRun(
      of: targets, to: destinations, mta: mta, pace: acts.pace, after: log.events, now: now)
    acts.retryOutcome = nil
    toast = nil
    return advanceRetry()
  }

  /// Sends the messages that are due, and reports the end.
  mutating func advanceRetry() -> [Effect] {
    guard let mta = retryRun?.mta, let due = retryRun?.advance(now: now) else { return [] }
    for (text, isGood) in retryRun?.news() ?? [] { note(text, isGood ? .good : .bad) }
    if let (text, isGood) = retryRun?.outcome {
      retryRun = nil
      let time = Format.clock(now, zone: setup.zone).prefix(5)
      acts.retryOutcome = "\(time) \(text) · \(key(.notices)) shows it again"
      say(text, isGood ? .good : .bad, seconds: 30)
      return []
    }
    return due.map { target, lane in
      retryRun?.note(request: acts.nextNumber, of: lane)
      return send(.retry, to: [target], mta: mta)
    }
  }

  /// Takes the report of one of the run's own requests in; false where it is another's.
  mutating func receiveRetry(_ report: ActReport) -> Bool {
    let number = report.request.number
    guard retryRun?.hasRequest(number) == true else { return false }
    if let refusal = report.refusal {
      retryRun?.record(.failed(refusal), of: number)
    } else if let result = report.results.first {
      retryRun?.record(result, of: number)
    }
    return true
  }

  /// Takes the next slower (1) or faster (-1) of the paces.
  mutating func changePace(by step: Int) {
    let paces = RetryRun.paces
    let index = (paces.firstIndex(of: acts.pace) ?? 0) + step
    acts.pace = paces[min(max(0, index), paces.count - 1)]
    retryRun?.pace = acts.pace
    if retryRun == nil { say("Bulk retry: one message every \(Format.duration(acts.pace))") }
  }

  mutating func stopRetry() {
    retryRun?.stop()
    _ = advanceRetry()
  }
}
