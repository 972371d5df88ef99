// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas

/// Everything that a key can ask for.
package enum CommandID: String, CaseIterable, Hashable, Sendable {
  case up, down, pageUp, pageDown, top, bottom
  case nextPane, previousPane, queuePane, connectionsPane, logPane, fixPane, zoom, back
  case open, fix, findings, filter, dropFilter, sort, reverse, group, columns, chart, allCodes
  case pause, refresh, jump, timeline, groupLog, findNext, findPrevious
  case mark, markAll, clearMarks, markRange, markMatching
  case retry, hold, release, remove, bounce, requeue, undo, stopRetry, slowerRetry, fasterRetry
  case runStep, runAllSteps, cancelChecks, escalation, copy
  case palette, themes, notices, dump, copyToFile, save
  case help, redraw, suspend, quit, quitNow
  case replayPause, replayStep, replayFaster, replaySlower
  // Over the panes only.
  case accept, keepChoice, nameRecipients, chartHour, chartDay, chartSpan, maskAddresses
  case nextButton, previousButton, decline, listMessages
}

extension CommandID {
  /// Whether the beginning of its name is too little to run it: it changes something, or ends something.
  var needsWholeName: Bool {
    switch self {
    case .runStep, .runAllSteps, .stopRetry, .slowerRetry, .fasterRetry, .suspend, .quit,
      .quitNow:
      true
    default: CommandTable.commands.first { $0.id == self }.map { $0.danger != .none } ?? true
    }
  }
}

/// What a command can do to the server.
package enum Danger: Hashable, Sendable {
  /// It changes nothing there.
  case none
  /// It can be taken back.
  case reversible
  /// It cannot.
  case permanent
}

/// Whether a command can be used now.
package enum Availability: Hashable, Sendable {
  case enabled
  case disabled(because: String)

  package var isEnabled: Bool { self == .enabled }
}

/// The headings of the help overlay.
package enum CommandGroup: String, CaseIterable, Hashable, Sendable {
  case move = "MOVE"
  case look = "LOOK"
  case mark = "MARK"
  case change = "CHANGE"
  case show = "SHOW"
  case program = "PROGRAM"
  case over = "OVERLAYS"
}

/// One row of the command table: it feeds the keys, the footer, the help overlay and the docs.
package struct Command: Sendable {
  package let id: CommandID
  /// What it does: `Remove the message…`; the dots say that it asks first.
  package let title: String
  /// Its name in the footer; nil if it never is there.
  package let hint: String?
  package let group: CommandGroup
  package let keys: [Key]
  /// The panes in which it works; an overlay says itself what works in it.
  package let panes: Set<PaneID>
  package let danger: Danger
  /// Where it works, in words: `all`, `Queue, Log`, `the chart`.
  package var places: String {
    if panes.count == PaneID.allCases.count { return "all" }
    guard panes.isEmpty else {
      return PaneID.allCases.filter(panes.contains).map(\.title).joined(separator: ", ")
    }
    let overlays = Overlays.all.filter { $0.commands.contains(id) }.map { $0.name }
    return overlays.isEmpty ? "any overlay" : overlays.joined(separator: ", ")
  }

  /// Whether it works in this state, and why not.
  let availability: @Sendable (State) -> Availability
}
