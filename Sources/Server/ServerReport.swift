// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// What the collectors tell the dashboard.
package enum ServerReport: Sendable {
  case identity(ServerIdentity)
  case queue(QueueSnapshot)
  case connections([SMTPConnection])
  /// Events in the order of the log. `isHistory` for what was there before the start; what was `dropped` came
  /// faster than it could be taken in.
  case log([LogEvent], isHistory: Bool, dropped: DroppedEvents)
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
