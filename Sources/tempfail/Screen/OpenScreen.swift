// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Configuration
import Dashboard
import Glibc
import Server
import Terminal

/// The screen while it is open: the state, the terminal, and what the terminal shows of the state.
struct OpenScreen: ~Copyable {
  private(set) var state: State
  /// What the program ends with.
  private(set) var status: Int32 = 0
  /// Whether the state received something since the last frame.
  private(set) var isStale = true

  private let host: any Host
  private let settings: EffectiveSettings
  private var terminal: Terminal
  private var theme: Theme
  /// What the state calls the theme that is in use.
  private var themeName: String
  /// The last frame; nil if the terminal may show something else.
  private var shown: Grid?
  /// What the state requested and nobody has begun yet, in the order in which it asked.
  private var asked: [Effect] = []

  init(
    _ terminal: consuming Terminal, host: any Host, settings: EffectiveSettings, isDemo: Bool,
    canOperate: Bool, isReplay: Bool
  ) {
    // Without colors only attributes show, which the mono theme is made of.
    theme =
      terminal.colors == .mono ? ThemeFile.embedded("mono") ?? settings.theme : settings.theme
    themeName = theme.name
    var setup = State.Setup(host, settings, isDemo: isDemo, canOperate: canOperate)
    setup.isReplay = isReplay
    setup.lines = terminal.lines
    setup.graphs = GraphSet(rawValue: settings.configuration.graphs) ?? terminal.graphs
    setup.theme = theme.name
    setup.themes = terminal.colors == .mono ? [] : settings.shelf.names
    state = State(setup: setup, size: terminal.size, now: host.now())
    self.host = host
    self.settings = settings
    self.terminal = terminal
  }

  /// Lets the state know what happened.
  ///
  /// What it asks for then waits for `takeAsked`, so that none of it is lost.
  mutating func tell(_ event: Event) {
    isStale = true
    asked += update(&state, with: event)
  }

  /// What the state requested since this was last called, in its order.
  mutating func takeAsked() -> [Effect] {
    defer { asked = [] }
    return asked
  }

  /// Waits for keys, signals, a descriptor or the next change of a clock, and passes them to the state.
  mutating func wait(alsoFor descriptor: Int32) {
    // Ages and countdowns go on by the second.
    let events = terminal.wait(alsoFor: descriptor, timeout: 1000)
    tell(.tick(now: host.now(), milliseconds: Self.milliseconds()))
    for event in events {
      switch event {
      case .key(let key): tell(.key(key))
      case .resize(let size): tell(.resize(size))
      case .resumed: shown = nil
      case .wake: break
      case .hangup: end(with: 128 + SIGHUP)
      case .terminate(let signal): end(with: 128 + signal)
      }
    }
  }

  private mutating func end(with status: Int32) {
    self.status = status
    state.isFinished = true
  }

  /// Shows the state as it is now.
  mutating func draw() {
    isStale = false
    if state.theme != themeName { changeTheme() }
    let frame = render(state)
    if frame != shown { terminal.present(frame, theme: theme) }
    shown = frame
    state.noteShown()
  }

  /// Takes the theme that was chosen; the one before stays where it cannot be read.
  private mutating func changeTheme() {
    do throws(Diagnostic) {
      theme = try settings.shelf.theme(state.theme)
    } catch {
      tell(.notice(error.description))
      isStale = false
    }
    themeName = state.theme
    shown = nil
  }

  private static func milliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// What the state asks of the terminal.
extension OpenScreen {
  func ring() { terminal.ring() }

  func setTitle(_ text: String) { terminal.setTitle(text) }

  mutating func copy(_ copied: CopiedText) {
    guard !terminal.copy(copied.text) else { return }
    let words =
      "Not copied: the text is too long, or this terminal has no clipboard. "
      + "\(state.setup.keymap.label(.copyToFile)) saves it to a file."
    tell(.told(words, isGood: false))
  }

  mutating func suspend() {
    terminal.suspend()
    shown = nil
    tell(.resize(terminal.size))
  }

  mutating func redraw() {
    terminal.redraw()
    shown = nil
    isStale = true
  }
}

/// Files that the user asks for.
extension OpenScreen {
  private var files: SavedFiles { SavedFiles(folder: settings.configuration.saveFolder) }

  /// Saves a copied text.
  mutating func save(_ copied: CopiedText) {
    tellOutcome(of: Result { () throws(Failure) in try files.save(copied, at: host.now()) })
  }

  /// Saves the screen without what lies over it.
  mutating func dump(isMasked: Bool) {
    var bare = state
    bare.toast = nil
    var frame = render(bare)
    if isMasked { frame.maskAddresses() }
    tellOutcome(
      of: Result { () throws(Failure) in try files.save(frame, theme: theme, at: host.now()) })
  }

  private mutating func tellOutcome(of saving: Result<String, Failure>) {
    switch saving {
    case .success(let words): tell(.told(words, isGood: true))
    case .failure(let failure):
      tell(.told("Nothing was saved: \(failure.message)", isGood: false))
    }
  }
}
