// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// What lies over the panes and takes the keys: a file each, and a line in `Overlays.all`.
protocol Overlay: Equatable, Sendable {
  /// How sentences and `Docs/Keys.md` call it.
  static var name: String { get }
  /// What works in it beside the keys that scroll and close: rows of the command table.
  static var commands: Set<CommandID> { get }
  /// The command that opens it, whose key closes it too; nil if that would be typed.
  static var opener: CommandID? { get }
  /// Whether it is a text or a picture to read, which may be saved for a ticket.
  static var isReading: Bool { get }
  /// Rows that a notch of the mouse wheel scrolls; 0 if the mouse does nothing.
  static var notch: Int { get }

  func draw(_ state: State, on grid: inout Grid)
  /// What its keys do, on its lower edge; nil if it has none there.
  func hints(_ state: State) -> HintBar?
  /// Rows that a page key scrolls.
  func page(_ state: State) -> Int
  /// Goes some rows further down.
  func scroll(by rows: Int, _ state: inout State)
  /// Does one of its own commands.
  func run(_ command: CommandID, _ state: inout State) -> [Effect]
  /// Enter.
  func accept(_ state: inout State) -> [Effect]
  /// Esc, and what else closes it.
  func close(_ state: inout State) -> [Effect]
  /// A key: a command that works here, unless keys make a text or answer a question.
  func press(_ key: Key, _ state: inout State) -> [Effect]
}

extension Overlay {
  static var commands: Set<CommandID> { [] }
  static var opener: CommandID? { nil }
  static var isReading: Bool { false }
  static var notch: Int { 1 }

  func hints(_ state: State) -> HintBar? { nil }
  func page(_ state: State) -> Int { Pager.page(state) }
  func scroll(by rows: Int, _ state: inout State) {}
  func run(_ command: CommandID, _ state: inout State) -> [Effect] { [] }
  func accept(_ state: inout State) -> [Effect] { close(&state) }

  func close(_ state: inout State) -> [Effect] {
    state.overlay = nil
    return []
  }

  func press(_ key: Key, _ state: inout State) -> [Effect] {
    if let command = state.setup.keymap.command(for: key, over: Self.self) {
      return perform(command.id, &state)
    }
    if let label = key.shownLabel {
      let command = state.setup.keymap.command(for: key, in: state.focus)
      let closes = "\(state.key(.back)) closes this"
      state.say(
        command.map { "\($0.title.trimmedDots) works in the panes: \(closes)" }
          ?? "\(label) is not used here · \(closes)")
    }
    return []
  }
}

/// A text on the whole screen.
protocol Page: Overlay {
  /// The first line shown.
  var scroll: Int { get set }
  func pager(_ state: State) -> Pager
}

extension Page {
  static var notch: Int { 3 }

  func draw(_ state: State, on grid: inout Grid) { pager(state).draw(on: &grid) }
  func hints(_ state: State) -> HintBar? { pager(state).hints }

  func scroll(by rows: Int, _ state: inout State) {
    var copy = self
    copy.scroll = pager(state).clamped(scroll + rows)
    state.overlay = copy
  }
}

/// All of them.
enum Overlays {
  static let all: [any Overlay.Type] = [
    OpenedMessage.self, Timeline.self, Chart.self, FindingsList.self, Escalation.self,
    Columns.self, Themes.self, Notices.self, SavedView.self, SaveScreen.self, Help.self,
    CommandLine.self, FilterPrompt.self, Gathering.self, Confirmation.self, TestQuestion.self,
    QuitQuestion.self,
  ]

  /// Rows of the command table that mean the same in each of them.
  fileprivate static let shared: Set<CommandID> = [
    .up, .down, .pageUp, .pageDown, .top, .bottom, .mark, .back, .quit, .accept,
  ]
}

extension Overlay {
  /// Whether a row of the command table works in it.
  static func has(_ command: CommandID) -> Bool {
    commands.contains(command) || opener == command || isReading && command == .dump
      || Overlays.shared.contains(command)
  }

  /// Does what a command means here.
  func perform(_ command: CommandID, _ state: inout State) -> [Effect] {
    if Self.commands.contains(command) { return run(command, &state) }
    if let rows = command.rows(page: page(state)) {
      scroll(by: rows, &state)
      return []
    }
    switch command {
    case .accept: return accept(&state)
    case .back, .quit, Self.opener: return close(&state)
    case .dump where Self.isReading: return state.call(.dump)
    default: return []
    }
  }

  func equals(_ other: (any Overlay)?) -> Bool { other as? Self == self }
}

extension CommandID {
  /// How far a command scrolls, in rows; nil if it does not.
  ///
  /// What marks in a list goes on in a text.
  func rows(page: Int) -> Int? {
    switch self {
    case .up: -1
    case .down: 1
    case .pageUp: -page
    case .pageDown, .mark: page
    case .top: -1_000_000
    case .bottom: 1_000_000
    default: nil
    }
  }
}

extension State {
  /// The mouse over it: the wheel scrolls, a click on a hint does what its key does.
  ///
  /// Questions are answered by keys only, and what is typed is not changed by a click.
  mutating func use(_ mouse: Mouse, in overlay: some Overlay) -> [Effect] {
    let notch = type(of: overlay).notch
    guard notch > 0 else { return [] }
    switch mouse.action {
    case .press:
      let hints = overlay.hints(under(overlay))
      return hints?.key(at: mouse.place, setup.lines).map { press($0) } ?? []
    case .wheelUp, .wheelDown:
      overlay.scroll(by: mouse.action == .wheelUp ? -notch : notch, &self)
      return []
    }
  }

  /// The state as an overlay draws it: what was just said has the last row to itself, under a text that takes the
  /// whole screen too.
  func under(_ overlay: some Overlay) -> State {
    guard type(of: overlay).isReading, toast != nil, size.rows > 1 else { return self }
    var above = self
    above.size.rows -= 1
    return above
  }
}
