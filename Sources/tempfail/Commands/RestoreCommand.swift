// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Configuration
import Dashboard
import MailServer
import Server

struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Restore removed or bounced messages from their saved copies.",
    discussion: """
      As root, the message is put back into its spool unchanged: its age, its envelope, its delivered \
      recipients, and on hold or frozen if it was. Otherwise it is submitted as a new message, with \
      its sender and the recipients still undelivered. A copy can be restored once. tempfail removed \
      lists the copies.

      The exit status is 1 if a message could not be restored, and 77 if that is not permitted.

      Examples:
        tempfail restore 4B1C22A7F1
        tempfail restore --json 4B1C22A7F1 1vNlbZ-000Abc-0f
      """)

  @Argument(help: "The name of the copy, or the message's old queue ID.")
  var copies: [String]

  @OptionGroup var server: ServerOptions

  @Flag(help: "One JSON object on a line.")
  var json = false

  func run() throws {
    let configuration = try Configuration.load(server)
    configuration.complainOfFaults()
    if let reason = configuration.readOnlyReason {
      throw Failure("Tempfail is read-only here: \(reason)", status: Failure.notPermitted)
    }
    _ = try StateFolder.own()
    let local = try LocalSystem(configuration)
    let copies = copies
    let results: [Restoration]? = waitFor {
      guard
        let operation = await ServerLink.Operation.local(
          local.host, local.system, configuration)
      else {
        return nil
      }
      var results: [Restoration] = []
      for copy in copies {
        results.append(Restoration(copy: copy, result: await operation.control.restore(copy)))
      }
      return results
    }
    let output = Output()
    defer { output.flush() }
    var status: Int32 = 0
    for item in results ?? [] {
      if json {
        output.json([
          "copy": .string(item.copy), "restored": .bool(item.result.back != nil),
          "problem": .string(orNull: item.result.complaint),
          "id": .string(orNull: item.result.back?.queueID),
          "asItWas": item.result.back.map { .bool($0.isAsItWas) } ?? .null,
          "held": item.result.back.map { .bool($0.isHeld) } ?? .null,
        ])
      } else if let back = item.result.back {
        output.line("\(item.copy) is back in the queue\(back.words)")
      } else {
        complain("\(item.copy) was not restored: \(item.result.complaint ?? "no reason given")")
      }
      switch item.result {
      case .restored: break
      case .notPermitted: status = Failure.notPermitted
      case .wasRestored, .stillQueued, .missing, .failed: status = max(status, 1)
      }
    }
    if status != 0 { throw ExitCode(status) }
  }
}

extension BroughtBack {
  /// How it is there, for the end of a sentence.
  fileprivate var words: String {
    let id = queueID.map { ", with the queue ID \($0)" } ?? ""
    let state = isHeld ? ", held as before" : isAsItWas ? ", unchanged" : ", as a new message"
    return state + id + "." + (note.map { " \($0)" } ?? "")
  }
}
