// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Replies

/// Something that this server's own numbers say, most urgent first.
package struct Finding: Hashable, Sendable, Identifiable {
  package enum Severity: Int, Comparable, Hashable, Sendable {
    /// Good to know; nothing to do.
    case note
    case warning
    /// All mail is affected.
    case critical

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// Stable while the finding lasts: `destination:gmail.com`.
  package var id: String
  package var severity: Severity
  /// One line.
  package var title: String
  /// The numbers that say so, a sentence each.
  package var evidence: [String]
  /// The domains it is about, the one with most mail first; empty if it is not about domains.
  package var destinations: [String]
  package var sender: String?
  package var client: String?
  package var cause: Cause?
  /// How many messages or refusals it concerns: the second rank after the severity.
  package var weight: Int

  package init(
    id: String, severity: Severity, title: String, evidence: [String],
    destinations: [String] = [], sender: String? = nil, client: String? = nil,
    cause: Cause? = nil, weight: Int
  ) {
    self.id = id
    self.severity = severity
    self.title = title
    self.evidence = evidence
    self.destinations = destinations
    self.sender = sender
    self.client = client
    self.cause = cause
    self.weight = weight
  }

  /// What the evidence says, most urgent first.
  package static func all(from evidence: Evidence) -> [Finding] {
    let diagnosis = Diagnosis(evidence)
    let everywhere = diagnosis.everywhere
    // Where nothing gets out, the single destinations only distract.
    let outbound =
      everywhere.isEmpty
      ? diagnosis.ownWay + diagnosis.providers + diagnosis.destinations : everywhere
    let findings =
      outbound + diagnosis.senders + diagnosis.held + diagnosis.inbound + diagnosis.limits
      + diagnosis.load + diagnosis.log
    return findings.sorted {
      ($0.severity.rawValue, $0.weight, $1.id) > ($1.severity.rawValue, $1.weight, $0.id)
    }
  }
}
