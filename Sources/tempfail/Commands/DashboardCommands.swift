// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Configuration
import Glibc
import MailServer
import Server

struct DashboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dashboard",
    abstract: "The dashboard for this server, with every action you are permitted.",
    discussion: """
      Examples:
        tempfail
        tempfail --mta postfix --log /var/log/mail.log
        tempfail dashboard --theme light --refresh 10
      """)

  @OptionGroup var server: ServerOptions
  @OptionGroup var screen: ScreenOptions
  @OptionGroup var text: TextOptions

  func run() throws {
    let host = LocalHost()
    let settings = try EffectiveSettings(server, screen)
    let configuration = settings.configuration
    // Decided before anything else: nothing later can change it.
    var operate: ServerLink.Operator?
    if configuration.readOnlyReason == nil {
      operate = { _, system, probes in
        await ServerLink.Operation.local(host, system, configuration, probes: probes)
      }
    }
    if let status = try text.run(host, settings, isDemo: false) { Glibc.exit(status) }
    let status = try MainLoop(
      host: host, settings: settings, isDemo: false, makeOperation: operate
    ).run()
    Glibc.exit(status)
  }
}

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "The dashboard, read-only: no key and no dialog can change anything on the server.",
    discussion: """
      Examples:
        tempfail watch
        tempfail watch --ascii --no-color
      """)

  @OptionGroup var server: ServerOptions
  @OptionGroup var screen: ScreenOptions
  @OptionGroup var text: TextOptions

  func run() throws {
    let settings = try EffectiveSettings(server, screen)
    let host = LocalHost()
    if let status = try text.run(host, settings, isDemo: false) { Glibc.exit(status) }
    let loop = MainLoop(host: host, settings: settings, isDemo: false, makeOperation: nil)
    Glibc.exit(try loop.run())
  }
}

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "The dashboard on a simulated server: everything is safe to try.",
    discussion: """
      Simulates Postfix, or Exim with --mta exim.

      Examples:
        tempfail demo
        tempfail demo --mta exim --theme high-contrast
      """)

  @OptionGroup var server: DemoOptions
  @OptionGroup var screen: ScreenOptions
  @OptionGroup var text: TextOptions

  func run() throws {
    let settings = try EffectiveSettings(server.all, screen)
    let local = LocalHost()
    let host = DemoHost(
      mta: settings.configuration.chosenMTA ?? .postfix,
      utcOffset: local.utcOffset(at: local.now()),
      clock: { local.now() })
    if let status = try text.run(host, settings, isDemo: true) { Glibc.exit(status) }
    let operate: ServerLink.Operator = { _, _, probes in
      let problem = Problem(
        what: "The simulated server cannot requeue.", remedy: "A real Postfix server can.")
      return ServerLink.Operation(
        control: host.control(probes: probes), problems: [.requeue: problem])
    }
    let status = try MainLoop(
      host: host, settings: settings, isDemo: true,
      makeOperation: screen.readOnly ? nil : operate
    ).run()
    Glibc.exit(status)
  }
}
