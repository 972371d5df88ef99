// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Replies

extension FixPane: Pane {
  static let title = "Fix"
  static let source = Source.queue
  // What it says is as old as what it is about, which its own pane says.
  static func hasData(_ state: State) -> Bool { false }

  static func rows(_ state: State) -> PaneRows {
    PaneRows(position: state.fix.step, top: 0, count: state.fix.guide?.steps.count ?? 0)
  }

  static func select(_ row: Int, _ state: inout State) {
    (state.fix.step, state.fix.scroll) = (row, 0)
  }

  /// By one the step, by more the text below the steps.
  static func move(by step: Int, _ state: inout State) {
    guard abs(step) == 1 else { return scroll(by: step, height: 1, &state) }
    select(min(max(0, state.fix.step + step), max(0, rows(state).count - 1)), &state)
  }

  static func scroll(by step: Int, height: Int, _ state: inout State) {
    state.fix.scroll = min(max(0, state.fix.scroll.moved(by: step)), lastScroll(state))
  }

  static func reveal(height: Int, _ state: inout State) {}

  static func rowsAbove(_ state: State, in room: PaneRoom) -> Int { 0 }

  static func row(at place: Point, _ state: State, in list: Rect) -> Int? {
    guard let body = body(state) else { return nil }
    return step(at: place, state, in: body)
  }

  static func stepBack(_ state: inout State) -> [Effect] {
    state.focus = state.fix.origin == .log ? .log : .queue
    return []
  }

  static func copied(_ state: State) -> String? { state.fix.subject?.classification.reply.text }
  static func actMessage(_ state: State) -> QueuedMessage? { state.messageOfFix }
  static let actsOnOne = true
  static func missingTarget(_ state: State) -> String { "its message is no longer queued" }

  static func choice(_ state: State) -> State.Choice {
    .step(fix: state.fix.name, step: state.fix.selectedStep?.id)
  }
}
