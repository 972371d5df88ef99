// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// What the watchers of a mail server report.
package enum ServerReport: Sendable {
  case identity(ServerIdentity)
  case queue(QueueSnapshot)
  case connections([SMTPConnection])
  /// Events in the order of the log; what was `dropped` came faster than it could be taken in.
  case log([LogEvent], dropped: DroppedEvents)
  /// Older lines of the log, which are only counted.
  case counts(LogCounts)
  case health(Source, SourceHealth)
  /// The load average of the last minute.
  case load(Double)
  /// What the numbers of this server say, most urgent first, and the queue in numbers.
  case diagnosis([Finding], QueueFacts)
  /// Our limits beside what is used of them now.
  case limits([LimitUse])
  /// Settings of the MTA with the values found, by name.
  case settings([String: String])
}

extension ServerReport {
  /// Log events that wait at most; of more, the oldest are dropped and counted.
  package static let eventLimit = 5000

  /// Takes a newer report in: the newest of each source counts, log batches are joined.
  ///
  /// Returns false where both must be kept.
  package mutating func merge(_ newer: ServerReport) -> Bool {
    switch (self, newer) {
    case (.identity, .identity), (.queue, .queue), (.connections, .connections), (.load, .load),
      (.diagnosis, .diagnosis), (.limits, .limits), (.settings, .settings):
      self = newer
    case (.health(let source, _), .health(let newerSource, _)) where source == newerSource:
      self = newer
    case (.log(let events, let dropped), .log(let more, let moreDropped)):
      let all = events + more
      let surplus = max(0, all.count - Self.eventLimit)
      var lost = dropped
      lost.add(moreDropped)
      if surplus > 0 { lost.add(DroppedEvents(all.prefix(surplus))) }
      self = .log(Array(all.dropFirst(surplus)), dropped: lost)
    default:
      return false
    }
    return true
  }
}
