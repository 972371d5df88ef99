// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import MailServer
import Server

extension ServerLink.Operation {
  /// The one place in which the door to changes of a real server is made.
  static func local(
    _ host: LocalHost, _ system: MailSystem, _ configuration: Configuration,
    probes: ProbeBook? = nil
  ) async -> Self? {
    let environment = StateFolder.environment
    guard
      let state = StateFolder.standard(isRoot: host.user.isRoot, environment: environment)
    else { return nil }
    var tools = MailTools.find(
      on: host, for: system.mta, spool: system.spool, hashDepth: system.hashDepth, usesSudo: true)
    tools.configuration = processEnvironment(["MAIL_CONFIG"])["MAIL_CONFIG"]
    let permissions = await Permissions.probe(
      on: host, mta: system.mta, version: system.version, tools: tools)
    var problems: [Act: Problem] = [:]
    for act in Act.allCases { problems[act] = permissions.problem(with: act) }
    let control = MailControl(
      host: host, runner: LocalChanges(on: host), tools: tools, permissions: permissions,
      state: state,
      retention: SavedCopies.Retention(
        days: configuration.keepDays, bytes: configuration.keepMegabytes << 20),
      actor: Actor(user: host.user.name, host: host.name, environment: environment),
      probes: probes)
    return Self(
      control: control, problems: problems,
      interruptions: { await control.interruptions() },
      restoreLimit: permissions.restoreLimit,
      fixes: KeptFile(FixProgressFile.name, in: state))
  }
}
