// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

extension Check {
  package static let queueRunner = Check(
    "queueRunner", .server, "Queue runner, disk and memory",
    exim: ["pgrep -a exim"], postfix: ["postfix status"],
    both: ["df -h /var/spool", "df -i /var/spool", "free -m"])
}

/// The check whether the MTA works through its queue, and whether it has room to.
package struct QueueRunner: Hashable, Sendable {
  package var mta: MTA
  /// Whether its daemon runs (Postfix: `master` and `qmgr`); nil if it cannot be seen.
  package var isRunning: Bool?
  /// Seconds between queue runs, where known.
  package var interval: Int?
  /// Seconds since 1970 of the last queue run in the log.
  package var lastRun: Int64?
  /// Messages whose next attempt is long due.
  package var overdue: Int?
  /// Percent of the spool's disk in use.
  package var diskUse: Int?
  /// Percent of the spool's inodes in use.
  package var inodeUse: Int?
  /// Percent of the memory that is left.
  package var freeMemory: Int?

  package init(
    mta: MTA, isRunning: Bool? = nil, interval: Int? = nil, lastRun: Int64? = nil,
    overdue: Int? = nil,
    diskUse: Int? = nil, inodeUse: Int? = nil, freeMemory: Int? = nil
  ) {
    self.mta = mta
    self.isRunning = isRunning
    self.interval = interval
    self.lastRun = lastRun
    self.overdue = overdue
    self.diskUse = diskUse
    self.inodeUse = inodeUse
    self.freeMemory = freeMemory
  }

  /// Reads the interval from the daemon's arguments: `exim4 -bd -q30m`.
  package static func interval(ofEximArguments arguments: [String]) -> Int? {
    for (index, argument) in arguments.enumerated() where argument.hasPrefix("-q") {
      // -qff30m, -qqf1h: flags stand before the time.
      let rest = argument.dropFirst(2).drop { $0.isLetter }
      if let seconds = RetryPolicy.seconds(String(rest)), seconds > 0 { return seconds }
      // -q 30m, in two arguments.
      if rest.isEmpty, index + 1 < arguments.count,
        let seconds = RetryPolicy.seconds(arguments[index + 1]), seconds > 0
      {
        return seconds
      }
    }
    return nil
  }

  /// What it means at `now`, in seconds since 1970.
  package func verdict(now: Int64) -> CheckResult {
    var failed: [String] = []
    var warned: [String] = []
    if isRunning == false { failed.append("\(mta.name) is not running: nothing is delivered.") }
    if let interval, let lastRun, now - lastRun > Int64(interval) * 2 + 60 {
      failed.append(
        "The last queue run was \(DurationWords(seconds: Int(clamping: now - lastRun)).text) ago;"
          + " one is due every \(DurationWords(seconds: interval).text).")
    }
    if mta.advice.needsQueueRunner, isRunning == true, interval == nil,
      lastRun.map({ now - $0 > 3600 }) ?? true
    {
      failed.append("\(mta.name) runs without -q: nothing retries deferred mail.")
    }
    if let overdue, overdue > 0 {
      warned.append("\(Diagnosis.messages(overdue)) should have been retried by now.")
    }
    for (use, what) in [(diskUse, "disk is"), (inodeUse, "inodes are")] {
      guard let use else { continue }
      if use >= 98 { failed.append("The spool's \(what) full: \(use)%.") }
      if (90..<98).contains(use) {
        warned.append("The spool's \(what) nearly full: \(use)%.")
      }
    }
    if let freeMemory, freeMemory < 5 { warned.append("Only \(freeMemory)% of memory is free.") }
    let facts = [
      isRunning.map { $0 ? "\(mta.name) is running." : "\(mta.name) is not running." },
      lastRun.map {
        "The last queue run was \(DurationWords(seconds: Int(clamping: now - $0)).text) ago."
      },
      interval.map { "A queue run is due every \(DurationWords(seconds: $0).text)." },
      diskUse.map { "\($0)% of the spool's disk is used." },
      inodeUse.map { "\($0)% of its inodes are used." },
    ].compactMap(\.self)
    let verdict: CheckResult.Verdict =
      !failed.isEmpty
      ? .failed : !warned.isEmpty ? .warns : isRunning == true ? .passed : .unavailable
    let summary =
      (failed + warned).first
      ?? (isRunning == true
        ? "\(mta.name) is running\(overdue == 0 ? ", and no message is overdue" : "")."
        : "Whether \(mta.name) is running could not be determined.")
    return CheckResult(
      CheckRequest(.queueRunner), verdict, summary, (failed + warned).dropFirst() + facts, at: now)
  }
}
