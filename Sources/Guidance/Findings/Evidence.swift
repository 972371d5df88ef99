// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The queue in numbers.
package struct QueueFacts: Hashable, Sendable {
  /// Destinations and senders that are kept, at most.
  private static let most = 1000

  package var totals: QueueTotals
  /// Messages that wait for each, largest first; those on hold too.
  package var destinations: [Tally]
  /// Messages of each in the queue, largest first.
  package var senders: [Tally]

  package init(
    totals: QueueTotals = QueueTotals(), destinations: [Tally] = [], senders: [Tally] = []
  ) {
    self.totals = totals
    self.destinations = destinations
    self.senders = senders
  }

  /// Counts a snapshot, in one pass for each list: not for the main thread.
  package init(_ snapshot: QueueSnapshot) {
    self.init(
      totals: snapshot.totals, destinations: snapshot.topDestinations(Self.most),
      senders: snapshot.topSenders(Self.most))
  }

  /// Messages that wait for a destination; nil if there are so many destinations that it is not known.
  package func waiting(for domain: String) -> Int? {
    let domain = domain.lowercased()
    if let tally = destinations.first(where: { $0.key.lowercased() == domain }) {
      return tally.count
    }
    return destinations.count < Self.most ? 0 : nil
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

  /// Percent of the limit in use; 0 if there is no limit.
  package var percent: Int { used.percent(of: limit) }
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
  /// The server's, for the times in sentences.
  package var zone: LocalZone
  package var queue: QueueFacts
  package var traffic: Traffic
  package var limits: [LimitUse]
  /// Oldest first.
  package var load: [LoadSample]
  /// Why the log says nothing; nil if it does.
  package var logProblem: Problem?

  package init(
    now: Int64, mta: MTA, zone: LocalZone = .utc, queue: QueueFacts = QueueFacts(),
    traffic: Traffic = Traffic(), limits: [LimitUse] = [], load: [LoadSample] = [],
    logProblem: Problem? = nil
  ) {
    self.now = now
    self.mta = mta
    self.zone = zone
    self.queue = queue
    self.traffic = traffic
    self.limits = limits
    self.load = load
    self.logProblem = logProblem
  }
}
