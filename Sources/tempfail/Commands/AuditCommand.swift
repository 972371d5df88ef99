// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Server

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "What Tempfail changed on this server, by whom, and what became of each message.",
    discussion: """
      Each act is followed by the messages that it was for: ID, result, sender and recipients of \
      the first three, or of all. An act without an outcome was interrupted, or is under way.

      With --json the trail as it is written: an intent before each act, with every message, and an \
      outcome after it.

      Examples:
        tempfail audit
        tempfail audit --all
        tempfail audit 4dGXk2Tz9Bz1
        tempfail audit --json
      """)

  @Argument(help: "Only the acts that the message with this queue ID was part of.")
  var queueID: String?

  @Flag(help: "Name every message of each act, with all of its recipients.")
  var all = false

  @Flag(help: "One JSON object on a line.")
  var json = false

  func validate() throws {
    if json, all || queueID != nil {
      throw ValidationError("--json gives the whole trail: leave --all and the queue ID out.")
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
        queueID.map { "Nothing was done to \($0)." } ?? "Nothing was changed yet.")
      return
    }
    for line in text.lines { output.line(line) }
  }
}
