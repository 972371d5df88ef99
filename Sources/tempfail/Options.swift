// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Configuration
import MailServer
import Server

/// Which MTA: detected or given.
enum MTAChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, exim, postfix

  /// Nil for `auto`.
  var mta: MTA? { MTA(rawValue: rawValue) }
}

/// Which server is read, and which configuration; what is nil is as configured.
struct ServerOptions: ParsableArguments {
  @Option(help: "The MTA to read: auto (configured or detected), exim or postfix.")
  var mta: MTAChoice?

  @Option(help: ArgumentHelp("A log file to read instead of the MTA's own.", valueName: "path"))
  var log: [String] = []

  @Option(help: ArgumentHelp("A file to read instead of your configuration.", valueName: "file"))
  var config: String?

  /// The options that were given, as settings.
  var settings: [Configuration.Option] {
    [
      mta.map { (.mta, .text($0.rawValue), "--mta") },
      log.isEmpty ? nil : (.log, .list(log), "--log"),
    ].compactMap(\.self)
  }
}

/// Options of a command that reads no log.
protocol OptionsWithoutLog {
  var mta: MTAChoice? { get }
  var config: String? { get }
}

extension OptionsWithoutLog {
  /// As the options that every command takes.
  var all: ServerOptions {
    var all = ServerOptions()
    (all.mta, all.log, all.config) = (mta, [], config)
    return all
  }
}

/// What the demo plays; it reads no log.
struct DemoOptions: ParsableArguments, OptionsWithoutLog {
  @Option(help: "The MTA to simulate: postfix (the default) or exim.")
  var mta: MTAChoice?

  /// One of the common options; the simulated server has its own log.
  @Option(help: .hidden)
  var log: [String] = []

  @Option(help: ArgumentHelp("A file to read instead of your configuration.", valueName: "file"))
  var config: String?
}

/// The same without the log, for what is in no log.
struct MTAOptions: ParsableArguments, OptionsWithoutLog {
  @Option(help: "The MTA whose limits apply: auto, exim or postfix.")
  var mta: MTAChoice?

  @Option(help: ArgumentHelp("A file to read instead of your configuration.", valueName: "file"))
  var config: String?
}

/// The dashboard as text instead of a screen.
struct TextOptions: ParsableArguments {
  @Flag(
    help: "Print the screen once, as text. Exits with 1 if something failed or a 421 is waiting.")
  var once = false

  @Flag(help: "Print a running line-by-line report for screen readers and simple terminals.")
  var plain = false

  func validate() throws {
    if once, plain { throw ValidationError("--once and --plain cannot be combined.") }
  }

  /// Runs as text where that was requested, and returns the exit status.
  func run(_ host: any Host, _ settings: EffectiveSettings, isDemo: Bool) throws -> Int32? {
    guard once || plain else { return nil }
    settings.configuration.complainOfFaults()
    let loop = TextLoop(host: host, settings: settings, isDemo: isDemo)
    if once { return try loop.once() }
    return try loop.report()
  }
}

/// How the dashboard looks and runs; what is nil is as configured.
struct ScreenOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The theme: \(ThemeFile.names.joined(separator: ", ")), one of your own, or the path of a file"
        + " (default: as configured, or \(ScreenOptions.standard(.theme))).",
      valueName: "name"))
  var theme: String?

  @Option(
    help: ArgumentHelp(
      "Seconds between queue refreshes, 0.5 to 3600"
        + " (default: as configured, or \(ScreenOptions.standard(.refresh))).",
      valueName: "seconds"))
  var refresh: Double?

  @Flag(help: "Leave out everything that can change the server (same as watch).")
  var readOnly = false

  @Flag(inversion: .prefixedNo, help: "Draw with ASCII characters only.")
  var ascii: Bool?

  @Flag(
    inversion: .prefixedNo,
    help: "Use colors if the terminal supports them (NO_COLOR in the environment turns them off).")
  var color: Bool?

  @Flag(inversion: .prefixedNo, help: "Let the mouse select, scroll and sort.")
  var mouse: Bool?

  func validate() throws {
    guard let refresh, !(0.5...3600).contains(refresh) else { return }
    throw ValidationError("--refresh must be 0.5 to 3600 seconds, not \(refresh).")
  }

  private static func standard(_ name: SettingName) -> String {
    SettingsTable.setting(name).map { "\($0.standard)" } ?? ""
  }

  /// The options that were given, as settings.
  var settings: [Configuration.Option] {
    func flag(_ name: SettingName, _ value: Bool?, _ option: String) -> Configuration.Option? {
      value.map { (name, .flag($0), $0 ? "--\(option)" : "--no-\(option)") }
    }
    return [
      theme.map { (.theme, .text($0), "--theme") },
      refresh.map { (.refresh, .number($0), "--refresh") },
      readOnly ? (.readOnly, .flag(true), "--read-only") : nil,
      flag(.ascii, ascii, "ascii"), flag(.color, color, "color"), flag(.mouse, mouse, "mouse"),
    ].compactMap(\.self)
  }
}
