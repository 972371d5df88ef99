// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MailServer

/// Which MTA: found by itself, or as told.
enum MTAChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, exim, postfix

  /// Nil for `auto`.
  var mta: MTA? { MTA(rawValue: rawValue) }
}

/// Which server is read.
struct ServerOptions: ParsableArguments {
  @Option(help: "The MTA to read: auto, exim or postfix.")
  var mta = MTAChoice.auto

  @Option(help: ArgumentHelp("A log file to read in place of the MTA's own.", valueName: "path"))
  var log: [String] = []
}

/// How the dashboard looks and runs.
struct ScreenOptions: ParsableArguments {
  @Option(help: "The theme: dark or mono, or the path of a theme file.")
  var theme = "dark"

  @Option(help: ArgumentHelp("Seconds between two looks at the queue.", valueName: "seconds"))
  var refresh = 5.0

  @Flag(help: "Nothing that changes the server exists in the process.")
  var readOnly = false

  @Flag(help: "Draw with ASCII characters only.")
  var ascii = false

  @Flag(help: "Use no colours (also: the environment variable NO_COLOR).")
  var noColor = false

  func validate() throws {
    guard refresh >= 0.5, refresh <= 3600 else {
      throw ValidationError("--refresh takes 0.5 to 3600 seconds, not \(refresh).")
    }
  }
}
