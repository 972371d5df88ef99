// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Dashboard
import MailServer
import Server

struct RemovedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "removed",
    abstract: "Removed and bounced messages that have a saved copy, newest first.",
    discussion: """
      tempfail restore NAME restores one. SIZE is the size the queue showed. The exit status is 1 if a copy cannot be read.

      Examples:
        tempfail removed
        tempfail removed --json
      """)

  @Flag(help: "One JSON object on a line.")
  var json = false

  func run() throws {
    let listing: SavedCopies.Listing
    let folder = try StateFolder.own()
    do throws(StateFailure) {
      listing = try SavedCopies(in: folder).listing()
    } catch {
      throw Failure(error)
    }
    write(listing)
    for failure in listing.unreadable { complain("a copy cannot be read: \(failure)") }
    if !listing.unreadable.isEmpty { throw ExitCode(1) }
  }

  private func write(_ listing: SavedCopies.Listing) {
    let copies = listing.kept
    let output = Output()
    defer { output.flush() }
    if json {
      for copy in copies { output.json(copy.json) }
      return
    }
    guard !copies.isEmpty else {
      output.line(listing.unreadable.isEmpty ? "No saved copies." : "No copy can be read.")
      return
    }
    var table = Table(["SAVED", "NAME", "SIZE", "ACT", "BY", "FROM", "TO"], numbers: [2])
    for copy in copies {
      let more = copy.recipients.count > 1 ? " and \(copy.recipients.count - 1) more" : ""
      table.add([
        LocalTime.text(copy.saved), copy.name,
        Format.size(copy.listedSize ?? Int64(copy.contentSize)), copy.act.rawValue, copy.user,
        copy.sender.isEmpty ? "<>" : copy.sender, (copy.recipients.first ?? "-") + more,
      ])
    }
    table.write(to: output)
  }
}
