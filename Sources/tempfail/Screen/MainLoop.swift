// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Configuration
import Dashboard
import Dispatch
import Glibc
import MailServer
import Server
import Terminal

/// The dashboard's one loop, on the main thread: it waits for keys, signals and news, and shows what changed.
struct MainLoop {
  let host: any Host
  let settings: EffectiveSettings
  let isDemo: Bool
  /// Nil in watch mode.
  let makeOperation: ServerLink.Operator?
  /// The host where it is a recorded one.
  var replay: ReplayHost?

  /// Runs until the user or a signal ends it, and returns the exit status.
  func run() throws(Failure) -> Int32 {
    let mailbox: Mailbox<ServerLink.Message>
    do throws(HostFailure) {
      mailbox = try Mailbox { $0.merge($1) }
    } catch {
      throw Failure("no descriptor is left to wake the screen with", status: 71)
    }
    var terminal = try openTerminal()
    // Without colours only attributes show, which the mono theme is made of.
    var theme =
      terminal.colors == .mono ? ThemeFile.embedded("mono") ?? settings.theme : settings.theme
    var setup = State.Setup(host, settings, isDemo: isDemo, canOperate: makeOperation != nil)
    setup.isReplay = replay != nil
    setup.lines = terminal.lines
    setup.graphs = GraphSet(rawValue: settings.configuration.graphs) ?? terminal.graphs
    setup.theme = theme.name
    setup.themes = terminal.colors == .mono ? [] : settings.shelf.names
    var state = State(setup: setup, size: terminal.size, now: host.now())
    if let notice = settings.notice { _ = update(&state, with: .notice(notice)) }
    var shown: Grid? = render(state)
    if let shown { terminal.present(shown, theme: theme) }

    let link = ServerLink(
      host: host, configuration: settings.configuration, makeOperation: makeOperation
    ) { mailbox.post($0) }
    let arranger = Arranger { mailbox.post(.event($0)) }
    let start = Task { await link.start() }
    var status: Int32 = 0
    while !state.isFinished {
      let events = terminal.wait(
        alsoFor: mailbox.descriptor, timeout: state.millisecondsToNextChange)
      var effects = update(
        &state, with: .tick(now: host.now(), milliseconds: Self.milliseconds()))
      for event in events {
        switch event {
        case .key(let key): effects += update(&state, with: .key(key))
        case .resize(let size): effects += update(&state, with: .resize(size))
        case .resumed: shown = nil
        case .wake: break
        case .hangup: status = end(128 + SIGHUP, &state)
        case .terminate(let signal): status = end(128 + signal, &state)
        }
      }
      for message in mailbox.drain() {
        effects += update(&state, with: Event(message))
      }
      for effect in effects {
        switch effect {
        case .look(let request): Task { await link.look(request) }
        case .mutate(let mutation): Task { await link.change(mutation) }
        case .arrange(let query):
          if let snapshot = state.queue.latest { arranger.arrange(snapshot, by: query) }
        case .match(let filter):
          if let snapshot = state.queue.snapshot { arranger.match(snapshot, by: filter) }
        case .replay(let request):
          if let words = replay?.obey(request) { _ = update(&state, with: .notice(words)) }
        case .keep(let progress): link.keep(progress)
        case .keepView(let choice):
          let kept = KeptSettings(configuration: settings.configuration, path: settings.userPath)
          _ = update(&state, with: kept.keep(choice))
        case .copy(let text):
          if !terminal.copy(text) {
            _ = update(&state, with: .told(noClipboard(state), isGood: false))
          }
        case .save(let text):
          let now = host.now()
          tell(&state) { () throws(Failure) in try files.save(copy: text, at: now) }
        case .dump(let isMasked):
          let (now, theme, frame) = (host.now(), theme, frame(of: state, isMasked: isMasked))
          tell(&state) { () throws(Failure) in try files.save(frame, theme: theme, at: now) }
        case .bell: terminal.ring()
        case .title(let text): terminal.setTitle(text)
        case .suspend:
          terminal.suspend()
          _ = update(&state, with: .resize(terminal.size))
          shown = nil
        case .redraw:
          terminal.redraw()
          shown = nil
        }
      }
      if state.theme != setup.theme {
        theme = change(from: theme, &state)
        setup.theme = state.theme
        shown = nil
      }
      let frame = render(state)
      if frame != shown {
        terminal.present(frame, theme: theme)
        shown = frame
      }
    }
    // The terminal is given back before anything is waited for.
    _ = consume terminal
    if makeOperation != nil { finish(link) }
    link.end(start)
    return status
  }

  /// Lets an act under way come to its end, so that its outcome is written down.
  ///
  /// Ctrl-C does not wait: the next start tells of what was left.
  private func finish(_ link: ServerLink) {
    signal(SIGHUP, SIG_IGN)
    signal(SIGTERM, SIG_IGN)
    let done = DispatchSemaphore(value: 0)
    Task {
      await link.finish()
      done.signal()
    }
    guard done.wait(timeout: .now() + .milliseconds(700)) == .timedOut else { return }
    complain("waiting for the mail server's command to end; Ctrl-C leaves it to itself")
    _ = done.wait(timeout: .now() + .seconds(120))
  }

  /// The theme that was chosen; the one before where it cannot be read.
  private func change(from theme: Theme, _ state: inout State) -> Theme {
    do throws(Diagnostic) {
      return try settings.shelf.theme(state.theme)
    } catch {
      _ = update(&state, with: .notice(error.description))
      return theme
    }
  }

  private var files: SavedFiles { SavedFiles(folder: settings.configuration.saveFolder) }

  /// The screen without what lies over it.
  private func frame(of state: State, isMasked: Bool) -> Grid {
    var state = state
    state.toast = nil
    var frame = render(state)
    if isMasked { frame.maskAddresses() }
    return frame
  }

  private func tell(_ state: inout State, _ work: () throws(Failure) -> String) {
    do throws(Failure) {
      _ = update(&state, with: .told(try work(), isGood: true))
    } catch {
      _ = update(&state, with: .told("Nothing was saved: \(error.message)", isGood: false))
    }
  }

  private func noClipboard(_ state: State) -> String {
    "Not copied: the text is too long, or this terminal has no clipboard. "
      + "\(state.setup.keymap.label(.copyToFile)) saves it in a file."
  }

  private func end(_ status: Int32, _ state: inout State) -> Int32 {
    state.isFinished = true
    return status
  }

  private func openTerminal() throws(Failure) -> Terminal {
    let configuration = settings.configuration
    do throws(Terminal.Failure) {
      return try Terminal(
        ascii: configuration.isASCII, color: configuration.usesColor,
        mouse: configuration.usesMouse, title: configuration.setsTitle)
    } catch {
      switch error {
      case .notATerminal:
        throw Failure(
          "The dashboard needs a terminal. For a pipe or a file: tempfail queue, tempfail log.",
          status: Failure.usage)
      case .unknownTerminal(let name):
        throw Failure(
          "The terminal type TERM=\(name) is not known on this machine. Try TERM=xterm tempfail.",
          status: Failure.usage)
      }
    }
  }

  private static func milliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
