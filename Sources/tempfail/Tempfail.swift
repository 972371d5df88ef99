// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Canvas
import Glibc
import Guidance
import Server

/// The command line: the dashboard, and one subcommand for each thing that a script may ask.
@main
struct Tempfail: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tempfail",
    abstract:
      "See which mail is deferred, by whom, why and until when, and be guided through the fix.",
    discussion: """
      Without a command, opens the dashboard. Works with Exim and Postfix.

      Examples:
        tempfail                              the dashboard on this server
        tempfail watch                        the same, read-only
        tempfail demo                         a simulated server, safe to try
        tempfail explain 421 4.7.0 Try again  what a reply means
        tempfail queue --by cause             the queue, grouped
        tempfail log --since 1h --summary     what was deferred in the last hour
        tempfail doctor                       what works here, and what fixes the rest
      """,
    version: Version.text,
    subcommands: [
      DashboardCommand.self, WatchCommand.self, DemoCommand.self, ExplainCommand.self,
      QueueCommand.self, LogCommand.self, ConnectionsCommand.self, DoctorCommand.self,
      RemovedCommand.self, RestoreCommand.self, AuditCommand.self, ConfigCommand.self,
      RecordCommand.self, ReplayCommand.self,
    ],
    defaultSubcommand: DashboardCommand.self)

  /// Ends with the contract's statuses: 2 for wrong usage, where the argument parser would say 64.
  static func main() {
    // The one place for it: who reads no more must not end an act between its command and its record. `Output` ends us
    // quietly where its reader stops early (`| head`).
    signal(SIGPIPE, SIG_IGN)
    do {
      if let problem = MachineCheck.problem() { throw Failure(problem, status: Failure.system) }
      let arguments = try Arguments.all()
      try requireKnownCommand(arguments)
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let failure as Failure {
      complain(failure.message)
      Glibc.exit(failure.status)
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code.isSuccess {
        print(message)
        Glibc.exit(0)
      }
      if !message.isEmpty { complain(message) }
      Glibc.exit(code == .validationFailure ? 2 : code.rawValue)
    }
  }
}

extension Tempfail {
  /// Says what is wrong where the parser would take a word for the dashboard's.
  private static func requireKnownCommand(_ arguments: [String]) throws(Failure) {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard let first = arguments.first else { return }
    if first.hasPrefix("-") {
      // The word behind an option can be its value.
      let late = arguments.indices.first { index in
        names.contains(arguments[index]) && index >= 2 && !arguments[index - 1].hasPrefix("-")
      }
      guard let late else { return }
      let rest = arguments.enumerated().filter { $0.offset != late }
        .map { ShellWord.quoted($0.element) }
      throw Failure(
        "Options go after the command: tempfail \(arguments[late]) \(rest.joined(separator: " "))",
        status: Failure.usage)
    }
    guard !names.contains(first) else { return }
    let hint = nearestName(to: first, among: names).map { " Did you mean \($0)?" } ?? ""
    throw Failure(
      "Unknown command \(first).\(hint)\nCommands: \(names.joined(separator: ", "))."
        + "\nSee tempfail --help.", status: Failure.usage)
  }
}
