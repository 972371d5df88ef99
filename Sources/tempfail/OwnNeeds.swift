// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Configuration
import Glibc
import Guidance
import MailServer
import Server
import Terminal

/// What Tempfail needs of the machine for itself: a terminal, valid files, a place for its records.
enum OwnNeeds {
  static func reports(on host: LocalHost, _ configuration: Configuration) -> [NeedReport] {
    [
      terminal(), files(configuration), themes(chosen: configuration.theme),
      state(isRoot: host.user.isRoot),
    ]
  }

  private static func terminal() -> NeedReport {
    let probe = TerminalProbe()
    return .terminal(
      NeedReport.TerminalFacts(
        name: probe.name, isTerminal: probe.isTerminal, isKnown: probe.isKnown,
        movesCursor: probe.movesCursor, substitute: probe.substitute, colors: probe.colors,
        isUTF8: probe.isUTF8, columns: probe.size.columns,
        rows: probe.size.rows))
  }

  private static func files(_ configuration: Configuration) -> NeedReport {
    .files(
      .configuration, faults: configuration.faults.map(\.description),
      words: configuration.readOnlyReason.map { "Valid; read-only: \($0)." } ?? "Valid.")
  }

  private static func themes(chosen: String) -> NeedReport {
    let shelf = ThemeShelf()
    var faults: [String] = []
    for name in Set(shelf.names + [chosen]).sorted() {
      do throws(Diagnostic) { _ = try shelf.theme(name) } catch { faults.append(error.description) }
    }
    return .files(
      .themes, faults: faults,
      words: "Using \(chosen); available: \(shelf.names.joined(separator: ", ")).")
  }

  private static func state(isRoot: Bool) -> NeedReport {
    let folder = StateFolder.standard(isRoot: isRoot, environment: StateFolder.environment)
    return .state(folder?.path, reason: folder?.writingProblem)
  }
}
