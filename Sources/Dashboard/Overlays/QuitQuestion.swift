// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The question before the end, asked where something is in progress.
struct QuitQuestion: Overlay {
  static let name = "the question before quitting"
  static let commands: Set<CommandID> = [.nextButton, .previousButton, .decline]
  static let notch = 0

  enum Button: CaseIterable, Hashable, Sendable {
    case stay, quit
  }

  let openedAt: Int64
  var focus = Button.stay

  init(at openedAt: Int64) { self.openedAt = openedAt }

  func draw(_ state: State, on grid: inout Grid) {
    let screen = Rect(state.size)
    let width = min(screen.width, 60)
    var text = StyledText(width: max(1, width - 4))
    text.add(state.underWay ?? "It has finished in the meantime.", .dialog)
    let isTight = screen.height < text.lines.count + 4
    let rect = screen.centered(width: width, height: text.lines.count + (isTight ? 3 : 4))
    grid.fill(rect, role: .dialog)
    grid.box(rect, title: "Quit?", role: .dialogBorder)
    for (offset, line) in text.lines.prefix(max(0, rect.height - 3)).enumerated() {
      grid.put(line.text, x: rect.x + 2, y: rect.y + 1 + offset, width: width - 4, role: line.role)
    }
    DialogButtons.draw(
      Button.allCases.map {
        DialogButtons.Button(
          label: $0 == .stay ? "Stay" : "Quit", isFocused: $0 == focus, isOn: true)
      }, in: rect, on: &grid)
  }

  func press(_ key: Key, _ state: inout State) -> [Effect] {
    guard state.milliseconds - openedAt >= Confirmation.typeAhead else { return [] }
    switch state.setup.keymap.command(for: key, over: Self.self)?.id {
    case .back, .decline: state.overlay = nil
    case .nextButton, .previousButton:
      var question = self
      question.focus = focus == .stay ? .quit : .stay
      state.overlay = question
    case .accept:
      state.overlay = nil
      state.isFinished = focus == .quit
    default: break
    }
    return []
  }
}

extension State {
  /// What the end would break off, in words; nil if nothing is in progress.
  var underWay: String? {
    if let run = retryRun {
      let rest = run.total - run.tried
      return "A bulk retry of \(Format.messages(run.total)) is running: \(run.tried) tried. "
        + "Quitting stops it; the other \(Format.count(rest)) stay queued and are retried on "
        + "schedule."
    }
    if fix.testing != nil {
      return
        "A test message is being sent. Quitting waits for it to finish, so that the audit trail "
        + "has the result."
    }
    guard let act = acts.pending.first?.value, act != .retry, let mta = identity?.mta else {
      return nil
    }
    return
      "\(act.progress(mta)) \(Format.messages(acts.pending.count)) is in progress. Quitting waits "
      + "for the running command; messages not reached yet are left alone and listed in the audit "
      + "trail."
  }

  /// Ends the program, or asks first.
  mutating func quit() {
    if underWay == nil {
      isFinished = true
    } else {
      overlay = QuitQuestion(at: milliseconds)
    }
  }
}
