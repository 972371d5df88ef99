// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// All commands, each once.
package enum CommandTable {
  package static let commands: [Command] =
    moving + looking + marking + changing + showing + program
    + over

  private static let anywhere = Set(PaneID.allCases)
  private static let lists: Set<PaneID> = [.queue, .connections, .log]
  private static let messages: Set<PaneID> = [.queue, .log, .fix]

  private static let moving = [
    row(.up, "Line up", .move, [.character("k"), .up]),
    row(.down, "Line down", .move, [.character("j"), .down]),
    row(.pageUp, "Page up", .move, [.pageUp, .control("b"), .control("u")]),
    row(.pageDown, "Page down", .move, [.pageDown, .control("f"), .control("d")]),
    row(.top, "First line", .move, [.home, .character("<")]),
    row(.bottom, "Last line", .move, [.character("G"), .end, .character(">")]),
    row(.nextPane, "Next pane", .move, [.tab], hint: "Pane"),
    row(.previousPane, "Previous pane", .move, [.backTab]),
    row(.queuePane, "Queue pane", .move, [.character("1")]),
    row(.connectionsPane, "Connections pane", .move, [.character("2")]),
    row(.logPane, "Log pane", .move, [.character("3")]),
    row(.fixPane, "Fix pane", .move, [.character("4")]),
    row(.back, "Back", .move, [.escape]),
  ]

  private static let looking = [
    row(.open, "Open the message", .look, [.enter], hint: "Open", in: [.queue]) { state in
      if state.queue.showsGroups { return .enabled }
      return needMessage(state)
    },
    row(.fix, "Guided fix", .look, [.character("f")], hint: "Fix", in: lists) { state in
      state.fix.guide == nil ? .disabled(because: "nothing is selected") : .enabled
    },
    row(.findings, "Findings: problems on this server", .look, [.character("i")]) { state in
      state.findings.all.isEmpty ? .disabled(because: "there are no findings") : .enabled
    },
    row(.runStep, "Run this step", .look, [.enter], hint: "Run step", in: [.fix]) { state in
      state.fix.selectedStep == nil ? .disabled(because: "nothing is selected") : .enabled
    },
    row(
      .runAllSteps, "Run all checks", .look, [.character("a")], hint: "Run all checks",
      in: [.fix]
    ) { state in
      state.fix.guide == nil ? .disabled(because: "nothing is selected") : .enabled
    },
    row(.cancelChecks, "Cancel the running checks", .look, [.character("c")], in: [.fix]) { state in
      state.fix.running.isEmpty ? .disabled(because: "no check is running") : .enabled
    },
    row(
      .escalation, "Draft a message to their postmaster", .look, [.character("e")],
      in: [.queue, .log, .fix]
    ) { state in
      state.hasEscalation
        ? .enabled : .disabled(because: "no deferral by another server is selected")
    },
    row(.filter, "Filter this list", .look, [.character("/")], hint: "Filter", in: lists),
    row(.dropFilter, "Remove the last filter, or leave the group", .look, [.backspace], in: lists) {
      state in
      state.filters(of: state.focus)?.isEmpty ?? true && !state.isInGroup
        ? .disabled(because: "there is no filter") : .enabled
    },
    row(.jump, "Go to the message", .look, [.enter], hint: "Go to", in: [.log]) { state in
      if state.log.showsGroups {
        return state.log.selectedGroup == nil
          ? .disabled(because: "nothing is selected") : .enabled
      }
      return state.jumpTarget == nil
        ? .disabled(because: "its message is no longer queued") : .enabled
    },
    row(
      .timeline, "Timeline of the message", .look, [.character("L")],
      in: [.queue, .log]
    ) { state in
      state.timelineID == nil ? .disabled(because: "no message is selected") : .enabled
    },
    row(.findNext, "Find, next match", .look, [.character("n")], hint: "Find", in: [.log]),
    row(.findPrevious, "Previous match", .look, [.character("N")], in: [.log]),
    row(.copy, "Copy", .look, [.character("y")], hint: "Copy"),
    row(.copyToFile, "Copy to a file", .look, [.character("Y")]) { writing($0) },
  ]

  private static let marking = [
    row(
      .mark, "Mark and move down", .mark, [.character(" ")], hint: "Mark", in: [.queue]
    ) { needRows($0) },
    row(
      .markRange, "Mark a range: move, then mark", .mark, [.character("V")], in: [.queue]
    ) { state in
      state.queue.showsGroups
        ? .disabled(because: "\(state.key(.mark)) marks a whole group") : needRows(state)
    },
    row(.markMatching, "Mark matching messages…", .mark, [.character("=")], in: [.queue]) { state in
      state.queue.snapshot?.count ?? 0 == 0 ? .disabled(because: "the queue is empty") : .enabled
    },
    row(.markAll, "Mark all shown", .mark, [.character("*")], in: [.queue]) { needRows($0) },
    row(.clearMarks, "Clear all marks", .mark, [.character("-")], in: [.queue]) { state in
      state.queue.marks.isEmpty ? .disabled(because: "nothing is marked") : .enabled
    },
  ]

  private static let changing = [
    act(.retry, .retry, "Retry now", [.character("r")], hint: "Retry"),
    act(.hold, .hold, "Hold (freeze)", [.character("H")], hint: "Hold"),
    act(.release, .release, "Release (thaw)", [.character("R")], hint: "Release"),
    act(.remove, .remove, "Remove…", [.character("d"), .delete], hint: "Remove…"),
    act(.bounce, .bounce, "Bounce to the sender…", [.character("b")], hint: "Bounce…"),
    act(.requeue, .requeue, "Requeue (Postfix)…", [.character("Q")]),
    Command(
      id: .undo, title: "Undo the last change", hint: "Undo", group: .change,
      keys: [.character("u")], panes: anywhere, danger: .reversible
    ) { $0.undoAvailability },
    row(.stopRetry, "Stop the bulk retry", .change, [.character("x")]) { state in
      state.retryRun == nil ? .disabled(because: "no bulk retry is running") : .enabled
    },
    row(.slowerRetry, "Bulk retry: slower", .change, [.character("[")]) { needActs($0) },
    row(.fasterRetry, "Bulk retry: faster", .change, [.character("]")]) { needActs($0) },
  ]

  private static let showing = [
    row(.sort, "Sort by the next column", .show, [.character("s")], hint: "Sort", in: [.queue]),
    row(.reverse, "Reverse the sort order", .show, [.character("S")], in: [.queue]),
    row(.group, "Next view of the queue", .show, [.character("g")], hint: "Group", in: [.queue]),
    row(.columns, "Choose columns", .show, [.character("C")], in: [.queue]),
    row(.groupLog, "Group identical replies", .show, [.character("g")], hint: "Group", in: [.log]),
    row(
      .allCodes, "All deferrals, or 421 only", .show, [.character("a")], hint: "421/all", in: [.log]
    ),
    row(.chart, "Chart of the last hour or day", .show, [.character("t")]),
    row(.zoom, "Zoom this pane", .show, [.character("z")], hint: "Zoom"),
    row(.pause, "Pause the screen", .show, [.character("Z")], hint: "Pause"),
    row(.refresh, "Refresh everything now", .show, [.function(5), .control("r")]),
  ]

  private static let program = [
    row(.help, "Help: all keys", .program, [.character("?"), .function(1)], hint: "Help"),
    row(.palette, "Command by name", .program, [.character(":")], hint: "Command"),
    row(.themes, "Theme", .program, [.character("T")]) { state in
      state.setup.themes.isEmpty
        ? .disabled(because: "this terminal shows no colors") : .enabled
    },
    row(.save, "Save columns, sort order, view and theme", .program, []) { writing($0) },
    row(.dump, "Save the screen for a ticket…", .program, [.character("P")]) { writing($0) },
    row(.notices, "Notices", .program, [.character("!")]),
    replay(.replayPause, "Pause or resume the replay", ","),
    replay(.replayStep, "Step the replay", "."),
    replay(.replayFaster, "Replay faster", "}"), replay(.replaySlower, "Replay slower", "{"),
    row(.redraw, "Redraw the screen", .program, [.control("l")]),
    row(.suspend, "Suspend to the shell", .program, [.control("z")]),
    row(.quit, "Quit", .program, [.character("q"), .function(10)], hint: "Quit"),
    row(.quitNow, "Quit immediately", .program, [.control("c")]),
  ]

  private static let over = [
    row(.accept, "Close, or use the selected item", .over, [.enter], in: []),
    row(.keepChoice, "Save the choice", .over, [.character("w")], in: []),
    row(.nameRecipients, "Show or hide the recipients", .over, [.character("a")], in: []),
    row(.chartHour, "The last hour", .over, [.character("h")], in: []),
    row(.chartDay, "The last day", .over, [.character("d")], in: []),
    row(.chartSpan, "Switch between hour and day", .over, [.tab, .left, .right], in: []),
    row(.maskAddresses, "Mask the addresses", .over, [.character("m")], in: []),
    row(.nextButton, "Next button", .over, [.tab, .right, .character("l")], in: []),
    row(.previousButton, "Previous button", .over, [.backTab, .left, .character("h")], in: []),
    row(.decline, "Answer no", .over, [.character("n")], in: []),
    row(.listMessages, "List the messages", .over, [.character("v")], in: []),
  ]

  private static func row(
    _ id: CommandID, _ title: String, _ group: CommandGroup, _ keys: [Key], hint: String? = nil,
    in panes: Set<PaneID> = Set(PaneID.allCases),
    _ availability: @escaping @Sendable (State) -> Availability = { _ in .enabled }
  ) -> Command {
    Command(
      id: id, title: title, hint: hint, group: group, keys: keys, panes: panes, danger: .none,
      availability: availability)
  }

  private static func replay(_ id: CommandID, _ title: String, _ key: Character) -> Command {
    row(id, title, .program, [.character(key)]) { state in
      state.setup.isReplay ? .enabled : .disabled(because: "this is not a replay")
    }
  }

  private static func act(
    _ id: CommandID, _ act: Act, _ title: String, _ keys: [Key], hint: String? = nil
  ) -> Command {
    Command(
      id: id, title: title, hint: hint, group: .change, keys: keys, panes: messages,
      danger: act.isPermanent ? .permanent : .reversible
    ) { state in
      state.availability(of: act)
    }
  }

  private static func needActs(_ state: State) -> Availability {
    state.setup.mode == .watch ? .disabled(because: "watch mode is read-only") : .enabled
  }

  /// Watch mode opens no file for writing.
  private static func writing(_ state: State) -> Availability {
    state.setup.mode == .watch
      ? .disabled(because: "watch mode writes no files: start tempfail without watch") : .enabled
  }

  private static func needRows(_ state: State) -> Availability {
    state.queue.rowCount == 0 ? .disabled(because: "no message is shown") : .enabled
  }

  private static func needMessage(_ state: State) -> Availability {
    guard let message = state.queue.selectedMessage else {
      return .disabled(because: "no message is selected")
    }
    return message.reference == nil
      ? .disabled(because: "this message could not be read") : .enabled
  }
}
