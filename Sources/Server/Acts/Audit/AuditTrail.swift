// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Bytes

/// What Tempfail changed on this server, by whom, and its result: JSON Lines that only grow.
///
/// The intent is on the disk before the act and the outcome after it: no audit, no act.
package struct AuditTrail: Sendable {
  package let folder: StateFolder
  /// The file, mode 0600.
  package var path: String { folder.file("audit.jsonl") }

  package init(in folder: StateFolder) { self.folder = folder }

  /// One line of the trail.
  package enum Record: Hashable, Sendable {
    case intent(AuditIntent)
    case outcome(AuditOutcome)
    case pruned(AuditPruning)

    /// The line as it is written.
    package var json: JSON {
      switch self {
      case .intent(let intent): intent.json
      case .outcome(let outcome): outcome.json
      case .pruned(let pruning): pruning.json
      }
    }
  }

  /// Writes what is about to be done; it is on the disk when this returns.
  package func record(_ intent: AuditIntent) throws(StateFailure) { try append(intent.json) }

  /// Writes its result.
  package func record(_ outcome: AuditOutcome) throws(StateFailure) { try append(outcome.json) }

  /// Writes which copies are about to be deleted.
  func record(_ pruning: AuditPruning) throws(StateFailure) { try append(pruning.json) }

  private func append(_ json: JSON) throws(StateFailure) {
    try folder.make()
    let isNew = StateFile.size(path) == nil
    try StateFile.append(json.line, to: path)
    if isNew { try folder.sync() }
  }

  /// The records in their order, of the last 64 MiB; lines that are none (half a line from a power cut) are left out.
  package func records() throws(StateFailure) -> [Record] {
    let tail = 64 << 20
    let size = StateFile.size(path) ?? 0
    let bytes = try StateFile.read(path, from: max(size - tail, 0))
    return bytes.split(separator: ASCII.newline).compactMap { line in
      guard let json = JSON(parsing: Array(line)) else { return nil }
      return AuditIntent(json).map(Record.intent) ?? AuditOutcome(json).map(Record.outcome)
        ?? AuditPruning(json).map(Record.pruned)
    }
  }

  /// The intents that have no outcome: they are in progress, or were interrupted.
  package func unfinished() throws(StateFailure) -> [AuditIntent] {
    var open: [AuditIntent] = []
    for record in try records() {
      switch record {
      case .intent(let intent): open.append(intent)
      case .outcome(let outcome): open.removeAll { $0.entry == outcome.entry }
      case .pruned: break
      }
    }
    return open
  }
}
