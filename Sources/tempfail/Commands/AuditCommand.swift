// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Server

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "What Tempfail changed on this server, by whom, and what became of it.",
    discussion: """
      With --json the trail as it is written: an intent before each act, an outcome after it. \
      An intent without an outcome was interrupted, or is under way.

      Examples:
        tempfail audit
        tempfail audit --json
      """)

  @Flag(help: "One JSON object on a line.")
  var json = false

  func run() throws {
    let folder = try StateFolder.own()
    let records: [AuditTrail.Record]
    do throws(StateFailure) {
      records = try AuditTrail(in: folder).records()
    } catch {
      throw Failure(error)
    }
    let output = Output()
    defer { output.flush() }
    if json {
      for record in records { output.json(record.json) }
      return
    }
    guard !records.isEmpty else {
      output.line("Nothing was changed yet.")
      return
    }
    var outcomes: [String: AuditOutcome] = [:]
    for case .outcome(let outcome) in records { outcomes[outcome.entry] = outcome }
    var table = Table(["TIME", "BY", "ACT", "RESULT", "COMMAND"])
    for record in records {
      if case .pruned(let pruning) = record {
        let count = pruning.copies.count
        table.add([
          LocalTime.text(pruning.time), pruning.user, "prune",
          "\(count) saved \(count == 1 ? "copy" : "copies") deleted", "",
        ])
      }
      guard case .intent(let intent) = record else { continue }
      let user = intent.actor.sudoUser.map { "\($0) as \(intent.actor.user)" }
      table.add([
        LocalTime.text(intent.time), user ?? intent.actor.user, intent.act,
        outcomes[intent.entry]?.words ?? "no outcome of \(intent.messages.count)", intent.command,
      ])
    }
    table.write(to: output)
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
