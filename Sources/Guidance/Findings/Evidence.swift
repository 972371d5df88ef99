// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The queue in numbers.
package struct QueueFacts: Hashable, Sendable {
  package var totals: QueueTotals
  /// Largest first.
  package var destinations: [Tally]
  package var senders: [Tally]

  package init(
    totals: QueueTotals = QueueTotals(), destinations: [Tally] = [], senders: [Tally] = []
  ) {
    self.totals = totals
    self.destinations = destinations
    self.senders = senders
  }

  /// Counts a snapshot, in one pass for each list: not for the main thread.
  package init(_ snapshot: QueueSnapshot, limit: Int = 100) {
    self.init(
      totals: snapshot.totals, destinations: snapshot.topDestinations(limit),
      senders: snapshot.topSenders(limit))
  }
}

/// One of our limits beside what is used of it.
package struct LimitUse: Hashable, Sendable {
  /// The setting's name: `smtp_accept_max`.
  package var setting: String
  package var used: Int
  package var limit: Int
  /// The client or destination that uses most, and how much.
  package var biggest: Tally?

  package init(setting: String, used: Int, limit: Int, biggest: Tally? = nil) {
    self.setting = setting
    self.used = used
    self.limit = limit
    self.biggest = biggest
  }

  /// Percent of the limit in use; 0 where there is no limit.
  package var percent: Int {
    guard limit > 0, used > 0 else { return 0 }
    return Int(Swift.min(Double(used) * 100 / Double(limit), 100_000))
  }
}

/// The load average at one moment.
package struct LoadSample: Hashable, Sendable {
  /// Seconds since 1970.
  package var time: Int64
  /// The load average of one minute for each processor.
  package var perProcessor: Double

  package init(time: Int64, perProcessor: Double) {
    self.time = time
    self.perProcessor = perProcessor
  }
}

/// All that a diagnosis is made from.
package struct Evidence: Hashable, Sendable {
  /// Seconds since 1970.
  package var now: Int64
  package var mta: MTA
  /// Seconds east of UTC, for the times in sentences.
  package var utcOffset: Int
  package var queue: QueueFacts
  package var traffic: Traffic
  package var limits: [LimitUse]
  /// Oldest first.
  package var load: [LoadSample]
  /// Why the log tells nothing; nil where it does.
  package var logProblem: Problem?

  package init(
    now: Int64, mta: MTA, utcOffset: Int = 0, queue: QueueFacts = QueueFacts(),
    traffic: Traffic = Traffic(), limits: [LimitUse] = [], load: [LoadSample] = [],
    logProblem: Problem? = nil
  ) {
    self.now = now
    self.mta = mta
    self.utcOffset = utcOffset
    self.queue = queue
    self.traffic = traffic
    self.limits = limits
    self.load = load
    self.logProblem = logProblem
  }
}
