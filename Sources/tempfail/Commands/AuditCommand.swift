// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Server

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "What Tempfail changed on this server, who did it, and the result for each message.",
    discussion: """
      Each action is followed by its messages: queue ID, result, sender and recipients, of the \
      first three or of all (--all). An action without an outcome was interrupted or is still running.

      With --json the trail is printed as written: an intent before each action, with every message, \
      and an outcome after it.

      Examples:
        tempfail audit
        tempfail audit --all
        tempfail audit 4dGXk2Tz9Bz1
        tempfail audit --json
      """)

  @Argument(help: "Only the actions that involved the message with this queue ID.")
  var queueID: String?

  @Flag(help: "List every message of each action, with all its recipients.")
  var all = false

  @Flag(help: "One JSON object on a line.")
  var json = false

  func validate() throws {
    if json, all || queueID != nil {
      throw ValidationError("--json prints the whole trail: omit --all and the queue ID.")
    }
  }

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
    let text = AuditText(records, message: queueID, namesAll: all)
    guard !text.lines.isEmpty else {
      output.line(
        queueID.map { "Nothing was done to \($0)." } ?? "Nothing has been changed yet.")
      return
    }
    for line in text.lines { output.line(line) }
  }
}
