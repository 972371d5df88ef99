// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Replies

extension State {
  mutating func press(_ key: Key) -> [Effect] {
    if key == .control("c") {
      isFinished = true
      return []
    }
    if case .mouse(let mouse) = key { return use(mouse) }
    if let overlay { return overlay.press(key, &self) }
    guard let command = setup.keymap.command(for: key, in: focus) else {
      if let label = key.shownLabel {
        say("\(label) is not used here · \(self.key(.help)) shows all keys")
      }
      return []
    }
    return call(command)
  }

  /// Runs a command where it is possible, as its key does.
  mutating func call(_ command: Command) -> [Effect] {
    if queue.rangeStart != nil, !keepsRange(command.id) {
      queue.endRange(keeping: true)
      if command.id == .mark || command.id == .markRange { return [] }
    }
    if case .disabled(let reason) = command.availability(self) {
      say("\(command.title.trimmedDots): \(reason)", .plain)
      return []
    }
    return run(command.id)
  }

  /// The same for the command of that name.
  mutating func call(_ id: CommandID) -> [Effect] {
    CommandTable.commands.first { $0.id == id }.map { call($0) } ?? []
  }

  /// Whether the range that is being marked goes on: whatever does not move in the list ends it.
  private func keepsRange(_ command: CommandID) -> Bool {
    switch command {
    case .up, .down, .pageUp, .pageDown, .top, .bottom, .back, .redraw: true
    default: false
    }
  }

  mutating func run(_ id: CommandID) -> [Effect] {
    switch id {
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .pageUp: move(by: -pageHeight)
    case .pageDown: move(by: pageHeight)
    case .top: move(by: -.max)
    case .bottom:
      move(by: .max)
      if focus == .log, !log.showsGroups { log.followTail() }
    case .nextPane: focus = focus.next(1)
    case .previousPane: focus = focus.next(-1)
    case .queuePane: focus = .queue
    case .connectionsPane: focus = .connections
    case .logPane: focus = .log
    case .fixPane: focus = .fix
    case .zoom: isZoomed.toggle()
    case .back: return stepBack()
    case .open: return open()
    case .fix:
      focus = .fix
      // On a wide screen it is read in full beside the list.
      if Layout(self).form != .wide { isZoomed = true }
    case .findings: overlay = FindingsList()
    case .filter: startFilter()
    case .dropFilter:
      guard filters(of: focus)?.isEmpty ?? true else {
        return changeFilters(of: focus) { $0.removeLast() }
      }
      if focus == .log { _ = log.closeGroup() } else { queue.close() }
    case .jump: return jumpToMessage()
    case .timeline: return openTimeline()
    case .findNext: find(1)
    case .findPrevious: find(-1)
    case .columns: overlay = Columns()
    case .chart: overlay = Chart()
    case .groupLog: log.toggleGroups()
    case .sort: return sortByNextColumn()
    case .reverse:
      queue.query.descending.toggle()
      return [.arrange(queue.query)]
    case .group: return showNextView()
    case .allCodes:
      log.toggleAllCodes(now: now)
      say(log.showsAllCodes ? "Showing all deferrals" : "Showing code 421 only")
    case .pause:
      if pause != nil { return resume() }
      pause = Pause(since: now, trends: trends)
    case .refresh: return Source.allCases.map { .look(.refresh($0)) }
    case .mark:
      queue.toggleMark()
      move(by: 1)
    case .markRange: queue.rangeStart = queue.list
    case .markMatching: startMarking()
    case .markAll: queue.markAllShown()
    case .clearMarks: queue.clearMarks()
    case .retry: return ask(.retry)
    case .hold: return ask(.hold)
    case .release: return ask(.release)
    case .remove: return ask(.remove)
    case .bounce: return ask(.bounce)
    case .requeue: return ask(.requeue)
    case .undo: return undo()
    case .stopRetry: stopRetry()
    case .slowerRetry: changePace(by: 1)
    case .fasterRetry: changePace(by: -1)
    case .runStep: return runSelectedStep()
    case .runAllSteps: return runAllLooks()
    case .cancelChecks:
      say("Canceling \(fix.running.count == 1 ? "the check" : "\(fix.running.count) checks")…")
      return [.look(.cancelChecks)]
    case .escalation: overlay = Escalation()
    case .copy: return copySelected()
    case .help: overlay = Help()
    case .palette: startPalette()
    case .themes: startThemes()
    case .notices: overlay = Notices()
    case .dump: overlay = SaveScreen(under: overlay)
    case .save: return [.keepView(viewChoice)]
    case .copyToFile: return copySelected(toFile: true)
    case .redraw: return [.redraw]
    case .replayPause: return [.replay(.pause)]
    case .replayStep: return [.replay(.step)]
    case .replayFaster: return [.replay(.faster)]
    case .replaySlower: return [.replay(.slower)]
    case .suspend: return [.suspend]
    case .quit: quit()
    case .quitNow: isFinished = true
    case .accept, .keepChoice, .nameRecipients, .chartHour, .chartDay, .chartSpan, .maskAddresses,
      .nextButton, .previousButton, .decline, .listMessages:
      break
    }
    return []
  }

  private var pageHeight: Int { max(1, Layout(self).listHeight(focus) - 1) }

  private mutating func move(by step: Int) {
    noteMove()
    focus.pane.move(by: step, &self)
  }

  /// Esc undoes one thing at a time: a range, a bulk retry, the zoom, the opened group, the
  /// last filter, the grouping.
  private mutating func stepBack() -> [Effect] {
    toast = nil
    if queue.rangeStart != nil {
      queue.endRange(keeping: false)
      return []
    }
    acts.retryOutcome = nil
    if retryRun != nil {
      stopRetry()
      return []
    }
    if isZoomed {
      isZoomed = false
      if focus == .fix { focus = fix.origin == .log ? .log : .queue }
      return []
    }
    return focus.pane.stepBack(&self)
  }

  private mutating func open() -> [Effect] {
    if queue.showsGroups {
      queue.open()
      return []
    }
    guard let message = queue.selectedMessage, let reference = message.reference else { return [] }
    overlay = OpenedMessage(message: message)
    return [.look(.open(reference))]
  }

  private mutating func copySelected(toFile: Bool = false) -> [Effect] {
    guard let text = focus.pane.copied(self), !text.isEmpty else {
      say("Nothing to copy")
      return []
    }
    let copied = CopiedText(line: text)
    return toFile ? [.save(copied)] : copy(copied)
  }

  /// Hands a text to the terminal's clipboard.
  mutating func copy(_ copied: CopiedText) -> [Effect] {
    say("Sent \(Format.count(copied.text.utf8.count)) bytes to the terminal clipboard (OSC 52)")
    return [.copy(copied)]
  }
}

extension String {
  /// The title without the dots that say that it asks first.
  package var trimmedDots: String { hasSuffix("…") ? String(dropLast()) : self }
}
