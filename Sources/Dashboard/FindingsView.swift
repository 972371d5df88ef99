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

  package init() {}

  /// The finding that stands on the main screen.
  package var top: Finding? { all.first }

  mutating func show(_ findings: [Finding], _ queue: QueueFacts) {
    all = findings
    self.queue = queue
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
