// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Server

/// The audit trail as people read it: each act, its command, and the messages that it was for.
struct AuditText {
  /// Messages of one act that are named where not all are wanted.
  private static let named = 3

  private(set) var lines: [String] = []

  /// - Parameters:
  ///   - message: a queue ID: only acts that it was part of, and of these only what concerns it.
  ///   - namesAll: whether every message of an act is named, with all of its recipients.
  init(_ records: [AuditTrail.Record], message: String? = nil, namesAll: Bool = false) {
    var outcomes: [String: AuditOutcome] = [:]
    for case .outcome(let outcome) in records { outcomes[outcome.entry] = outcome }
    for record in records {
      switch record {
      case .intent(let intent):
        let outcome = outcomes[intent.entry]
        guard message.map({ Self.concerns($0, intent, outcome) }) ?? true else { continue }
        add(intent, outcome, message, namesAll)
      case .pruned(let pruning):
        guard message == nil else { continue }
        let count = pruning.copies.count
        lines.append(
          "\(LocalTime.text(pruning.time))  \(pruning.user)  prune"
            + "  \(count) saved \(count == 1 ? "copy" : "copies") deleted")
      case .outcome: break
      }
    }
  }

  /// A message that was restored has another ID than before; the note of the outcome names it.
  private static func concerns(
    _ id: String, _ intent: AuditIntent, _ outcome: AuditOutcome?
  ) -> Bool {
    intent.messages.contains { $0.id == id }
      || outcome?.results.contains { $0.id == id || $0.note == id } ?? false
  }

  private mutating func add(
    _ intent: AuditIntent, _ outcome: AuditOutcome?, _ wanted: String?, _ namesAll: Bool
  ) {
    let user = intent.actor.sudoUser.map { "\($0) as \(intent.actor.user)" } ?? intent.actor.user
    let result = outcome?.words ?? "no outcome for \(intent.messages.count)"
    lines.append("\(LocalTime.text(intent.time))  \(user)  \(intent.act)  \(result)")
    let place = intent.instance.map { "   (queue in \($0))" } ?? ""
    lines.append("  \(intent.command)\(place)")
    let results = Dictionary(
      (outcome?.results ?? []).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let concerned = intent.messages.filter { wanted == nil || $0.id == wanted }
    let messages = concerned.isEmpty ? intent.messages : concerned
    let shown = namesAll ? messages.count : min(messages.count, Self.named)
    var rows: [[String]] = []
    for message in messages.prefix(shown) {
      let result = results[message.id]
      let note = result?.note.map { ": \($0)" } ?? ""
      rows.append([
        message.id, (result?.result ?? "no outcome") + note,
        message.sender.isEmpty ? "<>" : message.sender,
        Self.recipients(message.recipients, isWhole: namesAll || wanted != nil),
      ])
    }
    var table = Table()
    for row in rows { table.add(row) }
    lines += table.lines.map { "    \($0)" }
    if messages.count > shown {
      let rest = messages.count - shown
      lines.append(
        "    … and \(rest) more \(rest == 1 ? "message" : "messages"): tempfail audit --all")
    }
  }

  private static func recipients(_ recipients: [String], isWhole: Bool) -> String {
    guard let first = recipients.first else { return "→ -" }
    if isWhole { return "→ " + recipients.joined(separator: ", ") }
    return "→ \(first)" + (recipients.count > 1 ? " and \(recipients.count - 1) more" : "")
  }
}

extension AuditOutcome {
  /// `12 done, 1 gone`.
  fileprivate var words: String {
    let counts = Dictionary(grouping: results, by: \.result).mapValues(\.count)
    return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}
