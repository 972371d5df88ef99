// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

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
    let mailbox: Mailbox<Event>
    do throws(HostFailure) {
      mailbox = try Mailbox { $0.merge($1) }
    } catch {
      throw Failure("no file descriptor is left to wake the screen with", status: 71)
    }
    var screen = OpenScreen(
      try openTerminal(), host: host, settings: settings, isDemo: isDemo,
      canOperate: makeOperation != nil, isReplay: replay != nil)
    if let notice = settings.notice { screen.tell(.notice(notice)) }
    screen.draw()

    let link = ServerLink(
      host: host, configuration: settings.configuration, makeOperation: makeOperation
    ) { mailbox.post($0) }
    let arranger = Arranger { mailbox.post($0) }
    let start = Task { await link.start() }
    let lifeguard = makeOperation == nil ? nil : Self.lifeguard(of: link)
    defer { lifeguard?.cancel() }
    while !screen.state.isFinished {
      screen.wait(alsoFor: mailbox.descriptor)
      for event in mailbox.drain() {
        if event.replacesListing { arranger.hold(screen.state.queue) }
        screen.tell(event)
      }
      // The frame comes first: work that is begun takes a core, which may be the one that draws.
      screen.draw()
      // What is begun may tell the state something, which asks for more.
      var effects = screen.takeAsked()
      while !effects.isEmpty {
        for effect in effects { obey(effect, on: &screen, link, arranger) }
        effects = screen.takeAsked()
      }
      arranger.letGo()
      if screen.isStale { screen.draw() }
    }
    let status = screen.status
    // The terminal is given back before anything is waited for.
    _ = consume screen
    if makeOperation != nil { finish(link) }
    link.end(start)
    return status
  }

  private func obey(
    _ effect: Effect, on screen: inout OpenScreen, _ link: ServerLink, _ arranger: Arranger
  ) {
    switch effect {
    case .look(let request): link.ask(.look(request))
    case .mutate(let mutation): link.ask(.change(mutation))
    case .arrange(let query):
      if let job = screen.state.queue.job(by: query) { arranger.arrange(job) }
    case .match(let filter):
      if let snapshot = screen.state.queue.snapshot { arranger.match(snapshot, by: filter) }
    case .gather(let number):
      if let question = screen.state.gathering, question.number == number {
        arranger.gather(question)
      }
    case .replay(let request):
      if let words = replay?.obey(request) { screen.tell(.notice(words)) }
    case .keep(let progress): link.keep(progress)
    case .keepView(let choice):
      let kept = KeptSettings(configuration: settings.configuration, path: settings.userPath)
      screen.tell(kept.keep(choice))
    case .copy(let text): screen.copy(text)
    case .save(let text): screen.save(text)
    case .dump(let isMasked): screen.dump(isMasked: isMasked)
    case .bell: screen.ring()
    case .title(let text): screen.setTitle(text)
    case .suspend: screen.suspend()
    case .redraw: screen.redraw()
    }
  }

  /// Ends what is in progress where this thread cannot: it may hang in a write to a terminal that does not read.
  private static func lifeguard(of link: ServerLink) -> (any DispatchSourceRead)? {
    let descriptor = Terminal.stuckDescriptor
    guard descriptor >= 0 else { return nil }
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
    source.setEventHandler {
      source.cancel()
      Task {
        await link.finish()
        Terminal.endStuck()
      }
    }
    source.resume()
    return source
  }

  /// Lets an act in progress come to its end, so that its outcome is recorded.
  ///
  /// Ctrl-C does not wait: the next start reports what was left.
  private func finish(_ link: ServerLink) {
    signal(SIGHUP, SIG_IGN)
    signal(SIGTERM, SIG_IGN)
    let done = DispatchSemaphore(value: 0)
    Task {
      await link.finish()
      done.signal()
    }
    guard done.wait(timeout: .now() + .milliseconds(700)) == .timedOut else { return }
    complain("waiting for the mail server's command to finish; Ctrl-C stops waiting")
    _ = done.wait(timeout: .now() + .seconds(120))
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
          "The dashboard needs a terminal. For a pipe or a file, use tempfail queue or tempfail log.",
          status: Failure.usage)
      case .unknownTerminal(let name):
        throw Failure(
          name.isEmpty
            ? "TERM is not set, so the terminal type is unknown. Try TERM=xterm tempfail."
            : "This machine does not know the terminal type TERM=\(name). Try TERM=xterm tempfail.",
          status: Failure.usage)
      case .cannotMoveCursor(let name):
        throw Failure(
          "The terminal type TERM=\(name) cannot move the cursor. For line-by-line output: tempfail --plain."
            + " If your terminal can: TERM=xterm tempfail.", status: Failure.usage)
      }
    }
  }
}
