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
    if let modal { return press(key, in: modal) }
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
      say("\(command.title.trimmedDots) is off: \(reason)", .plain)
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

  private mutating func press(_ key: Key, in modal: Modal) -> [Effect] {
    guard !modal.takesText else { return answer(key, in: modal) }
    let said = toast
    let effects = answer(modal.meaning(of: key, in: setup.keymap), in: modal)
    if effects.isEmpty, self.modal == modal, toast == said, let label = key.shownLabel,
      key.scrollStep(page: 1) == nil
    {
      let command = setup.keymap.command(for: key, in: focus)
      say(
        command.map { "\($0.title.trimmedDots) works in the panes: \(self.key(.back)) closes this" }
          ?? "\(label) is not used here · \(self.key(.back)) closes this")
    }
    return effects
  }

  private mutating func answer(_ key: Key, in modal: Modal) -> [Effect] {
    if modal.isReading, key == .character("P") {
      return call(.dump)
    }
    switch modal {
    case .quit(let question): return press(key, in: question)
    case .filter(let prompt): return press(key, in: prompt)
    case .gathering: pressWhileGathering(key)
    case .confirm(let confirmation): return press(key, in: confirmation)
    case .test(let question): return press(key, in: question)
    case .message(let reader): return press(key, in: reader)
    case .findings(let selected): return press(key, inFindings: selected)
    case .escalation(let namesRecipients, let scroll):
      return press(key, inEscalation: namesRecipients, scroll)
    case .help(let help): return press(key, in: help)
    case .palette(let palette): return press(key, in: palette)
    case .themes(let picker): return press(key, in: picker)
    case .dump(let under): return press(key, inDumpOver: under)
    case .notices(let scroll): return pressInNotices(key, scroll: scroll)
    case .keep(let kept): return press(key, in: kept)
    case .columns(let position): return press(key, inColumns: position)
    case .chart(let chart): press(key, in: chart)
    case .timeline(let timeline): return press(key, in: timeline)
    }
    return []
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
    case .findings: modal = .findings(selected: 0)
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
    case .columns: modal = .columns(position: 0)
    case .chart: modal = .chart(Chart())
    case .groupLog: log.toggleGroups()
    case .sort: return sortByNextColumn()
    case .reverse:
      queue.query.descending.toggle()
      return [.arrange(queue.query)]
    case .group: return showNextView()
    case .allCodes:
      log.toggleAllCodes(now: now)
      say(log.showsAllCodes ? "All temporary failures are shown" : "Only code 421 is shown")
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
      say("Ending \(fix.running.count == 1 ? "the check" : "\(fix.running.count) checks")…")
      return [.look(.cancelChecks)]
    case .escalation: modal = .escalation(namesRecipients: false, scroll: 0)
    case .copy: return copySelected()
    case .help: modal = .help(HelpView())
    case .palette: startPalette()
    case .themes: startThemes()
    case .notices: modal = .notices(scroll: 0)
    case .dump: modal = .dump(over: modal)
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
    }
    return []
  }

  private var pageHeight: Int { max(1, Layout(self).listHeight(focus) - 1) }

  private mutating func move(by step: Int) {
    noteMove()
    func target(_ position: Int) -> Int {
      let (sum, overflow) = position.addingReportingOverflow(step)
      return overflow ? (step > 0 ? .max : 0) : sum
    }
    switch focus {
    case .queue: queue.select(target(queue.position))
    case .connections: connections.select(target(connections.list.position))
    case .log: log.select(target(log.position))
    case .fix:
      let last = max(0, (fix.guide?.steps.count ?? 0) - 1)
      if abs(step) == 1 {
        fix.step = min(max(0, fix.step + step), last)
        fix.scroll = 0
      } else {
        fix.scroll = min(max(0, target(fix.scroll)), FixPane.lastScroll(self))
      }
    }
  }

  /// Esc undoes one thing at a time: a range, a retry of several, the zoom, the opened group, the
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
    switch focus {
    case .fix: focus = fix.origin == .log ? .log : .queue
    case .queue:
      if jump != nil { return jumpBack() }
      if queue.openGroup != nil {
        queue.close()
      } else if !queue.filters.isEmpty {
        return changeFilters(of: .queue) { $0.removeLast() }
      } else if queue.query.grouping != nil {
        queue.query.grouping = nil
        queue.isHeatMap = false
        return [.arrange(queue.query)]
      }
    case .log:
      if log.closeGroup() { return [] }
      if log.search != nil {
        log.look(for: nil)
        return []
      }
      return changeFilters(of: .log) { $0.removeLast() }
    case .connections: return changeFilters(of: .connections) { $0.removeLast() }
    }
    return []
  }

  private mutating func open() -> [Effect] {
    if queue.showsGroups {
      queue.open()
      return []
    }
    guard let message = queue.selectedMessage, let reference = message.reference else { return [] }
    modal = .message(MessageReader(message: message))
    return [.look(.open(reference))]
  }

  private mutating func copySelected(toFile: Bool = false) -> [Effect] {
    let text: String? =
      switch focus {
      case .queue: shownID
      case .connections: connections.rowCount == 0 ? nil : connections.list.selection?.peer
      case .log: log.selectedEvent?.line
      case .fix: fix.subject?.classification.reply.text
      }
    guard let text, !text.isEmpty else {
      say("Nothing is selected to copy")
      return []
    }
    let copied = CopiedText(line: text)
    return toFile ? [.save(copied)] : copy(copied)
  }

  /// Hands a text to the terminal's clipboard.
  mutating func copy(_ copied: CopiedText) -> [Effect] {
    say("Sent \(Format.count(copied.text.utf8.count)) bytes to the terminal's clipboard (OSC 52)")
    return [.copy(copied)]
  }
}

extension Key {
  /// How far a key scrolls a text, or nil where it is no scrolling key.
  func scrollStep(page: Int) -> Int? {
    switch self {
    case .up, .character("k"): -1
    case .down, .character("j"): 1
    case .pageUp, .control("b"), .control("u"): -page
    case .pageDown, .control("f"), .control("d"), .character(" "): page
    case .home, .character("<"): -1_000_000
    case .end, .character("G"), .character(">"): 1_000_000
    default: nil
    }
  }
}

extension String {
  /// The title without the dots that say that it asks first.
  package var trimmedDots: String { hasSuffix("…") ? String(dropLast()) : self }
}
