// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
import MailServer
import Replies

/// What this server's numbers say, as the dashboard shows it.
package struct FindingsView: Hashable, Sendable {
  /// Most urgent first.
  package private(set) var all: [Finding] = []
  /// Nil until the queue was read.
  package private(set) var queue: QueueFacts?
  /// When each critical finding was last there, in seconds since 1970, by its id.
  private var alarms: [String: Int64] = [:]
  /// For so many seconds a critical finding that went away is known, and no news when it is back.
  private static let memory: Int64 = 900

  package init() {}

  /// The finding that stands on the main screen.
  package var top: Finding? { all.first }

  /// Takes a diagnosis in; true where something critical is new.
  mutating func show(_ findings: [Finding], _ queue: QueueFacts, now: Int64) -> Bool {
    all = findings
    self.queue = queue
    alarms = alarms.filter { now - $0.value < Self.memory }
    let critical = findings.filter { $0.severity == .critical }.map(\.id)
    let isNews = critical.contains { alarms[$0] == nil }
    for id in critical { alarms[id] = now }
    return isNews
  }

  /// The findings that concern a deferral: of its destination, its sender, its client, or of all mail.
  func concerning(_ subject: DeferralSubject) -> [Finding] {
    let destination = subject.destination
    return all.filter { finding in
      switch subject.direction {
      case .inbound:
        return finding.id == "inbound" || finding.client.map { $0 == subject.remoteHost } ?? false
      case .outbound:
        if subject.isHeld { return finding.id == "held" }
        return finding.id == "everywhere"
          || destination.map(finding.destinations.contains) ?? false
          || finding.sender.map { $0 == subject.sender } ?? false
      }
    }
  }
}
