// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer

/// The last lines: what the keys do here, and what just happened.
enum Footer {
  static func draw(_ state: State, in rect: Rect, on grid: inout Grid) {
    guard rect.height > 0 else { return }
    if let prompt = state.overlay as? FilterPrompt {
      FilterLine.draw(prompt, state, in: rect, on: &grid)
      return
    }
    let (hints, status) = rect.splitTop(rect.height - 1)
    if hints.height > 0 { drawKeys(state, in: hints, on: &grid) }
    drawStatus(state, in: status, showsKeys: hints.height == 0, on: &grid)
  }

  private static func drawKeys(_ state: State, in rect: Rect, on grid: inout Grid) {
    for (hint, place) in places(of: hints(state), state.setup.lines, in: rect) {
      guard place.maxX <= rect.maxX else {
        grid.put(grid.lines == .unicode ? "…" : "~", x: place.x, y: rect.y, role: .dim)
        return
      }
      let used = grid.put(hint.key, x: place.x, y: rect.y, role: hint.isOn ? .key : .disabled)
      grid.put(
        hint.label, x: place.x + used + 1, y: rect.y, role: hint.isOn ? .label : .disabled)
    }
  }

  /// Where hints stand: those up to the first that ends outside of `rect` are drawn.
  private static func places(
    of hints: [Hint], _ lines: LineSet, in rect: Rect
  ) -> [(hint: Hint, place: Rect)] {
    var x = rect.x + 1
    return hints.map { hint in
      let width = hint.key.count + 1 + lines.columns(of: hint.label)
      defer { x += width + 2 }
      return (hint, Rect(x: x, y: rect.y, width: width, height: 1))
    }
  }

  /// The command whose hint stands at a place of the footer, or nil.
  static func command(at point: Point, _ state: State, in rect: Rect) -> Command? {
    let (first, status) = rect.splitTop(rect.height - 1)
    let showsStatus = state.toast != nil || retry(state) != nil
    let row = first.height > 0 ? first : showsStatus ? Rect(Size(columns: 0, rows: 0)) : status
    return places(of: hints(state), state.setup.lines, in: row)
      .prefix { $0.place.maxX <= row.maxX }
      .first { $0.place.contains(point) }?.hint.command
  }

  private static func drawStatus(
    _ state: State, in rect: Rect, showsKeys: Bool, on grid: inout Grid
  ) {
    var right = Format.clock(state.now, zone: state.setup.zone)
    if let identity = state.identity, state.setup.mode == .operate, !state.setup.isDemo,
      rect.width >= 80
    {
      right = "as \(identity.user) · \(right)"
    }
    if let toast = state.toast {
      draw(toast, in: rect, on: &grid)
      return
    }
    if showsKeys, retry(state) == nil {
      drawKeys(state, in: rect, on: &grid)
      return
    }
    if let retry = retry(state) {
      // The whole of it, at the expense of the clock.
      let used = grid.put(retry, x: rect.x + 1, y: rect.y, width: rect.width - 2, role: .accent)
      if used + right.count + 4 > rect.width { return }
    } else {
      let (words, more) = quiet(state)
      let room = rect.width - right.count - 4
      grid.put(
        words.count + more.count <= room ? words + more : words, x: rect.x + 1, y: rect.y,
        width: rect.width - 1, role: state.tour == nil ? .dim : .accent)
      if words.count > room { return }
    }
    grid.putRight(right + " ", x: rect.x, y: rect.y, width: rect.width, role: .dim)
  }

  /// What just happened, in the last row of a screen too that a text takes whole.
  static func draw(_ toast: Toast, in rect: Rect, on grid: inout Grid) {
    let role: StyleRole =
      switch toast.tone {
      case .plain: .accent
      case .good: .good
      case .bad: .bad
      }
    let used = grid.put(
      toast.text, x: rect.x + 1, y: rect.y, width: rect.width - 2, role: role)
    for x in [rect.x, rect.x + 1 + used] { grid.put(" ", x: x, y: rect.y) }
  }

  /// The progress of the bulk retry, or the result of the last one.
  private static func retry(_ state: State) -> String? {
    state.retryRun?.status(now: state.now, keys: state.setup.keymap.label)
      ?? state.acts.retryOutcome
  }

  /// What the status line says when nothing happened, and what more where there is room.
  private static func quiet(_ state: State) -> (short: String, more: String) {
    if state.setup.mode == .watch { return ("Read-only: nothing here can change the server", "") }
    if let tour = state.tour {
      return tour.words(state.setup.keymap, state.identity?.mta ?? .postfix)
    }
    if state.setup.isDemo { return ("A simulated server: everything is safe to try", "") }
    return ("Nothing changes until you press a key for it", "")
  }

  private typealias Hint = (command: Command, key: String, label: String, isOn: Bool)

  private static func hints(_ state: State) -> [Hint] {
    CommandTable.commands
      .filter { $0.hint != nil && $0.panes.contains(state.focus) }
      .map { command in
        (command, command.availability(state).isEnabled)
      }
      .sorted { weight($0.0, state) < weight($1.0, state) }
      .compactMap { command, isOn in
        guard let hint = command.hint, let key = state.setup.keymap.keys(of: command.id).first
        else { return nil }
        return (command, key.label, hint, isOn)
      }
  }

  /// Most used first: what the pane is for, then what always works.
  ///
  /// What watch mode has not goes last.
  private static func weight(_ command: Command, _ state: State) -> Int {
    switch command.id {
    case .open, .jump, .runStep: 0
    case .fix: 1
    case .runAllSteps: 1
    case .filter: 2
    case .help: 3
    case .quit: 4
    case .nextPane: 5
    default: state.setup.mode == .watch && command.danger != .none ? 20 : 10
    }
  }
}
