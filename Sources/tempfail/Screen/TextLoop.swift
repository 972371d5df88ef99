// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Configuration
import Dashboard
import Glibc
import MailServer
import Server
import Synchronization
import Terminal

/// The dashboard without a screen: once as text, or as a report that goes on.
///
/// Nothing in it changes the server.
struct TextLoop {
  let host: any Host
  let settings: EffectiveSettings
  let isDemo: Bool

  /// Seconds for which an answer is waited for.
  private static let patience: Int64 = 10

  /// Prints the screen as soon as every source has said something; 1 if there are findings.
  func once() throws(Failure) -> Int32 {
    let output = Output()
    defer { output.flush() }
    // Replies of an Exim's messages come from its log, so the queue is read again after that.
    var first: Int?
    let state = try watch { state, link, listings, isAnswered in
      guard state.hasFirstData else { return false }
      if let first {
        return isAnswered && listings > first || state.health[.queue]?.isFailure == true
      }
      first = listings
      link.ask(.look(.refresh(.queue)))
      return false
    }
    for row in render(state).textRows { output.line(row) }
    return state.hasFindings ? 1 : 0
  }

  /// Prints what is new until a signal ends it, with the status that a shell has for that.
  func report() throws(Failure) -> Int32 {
    let output = Output()
    Interruption.note(isPatient: false)
    var report = PlainReport()
    var next: Int64 = 0
    _ = try watch { state, _, _, isAnswered in
      guard state.hasFirstData, isAnswered, state.now >= next else { return false }
      next = state.now + Int64(max(1, settings.configuration.refresh))
      for line in report.lines(state) { output.line(line) }
      output.flush()
      return false
    }
    return Interruption.came ? 128 + Interruption.signal : 0
  }

  /// Follows the server until `isDone` says so, or for half a minute until the first data is there.
  ///
  /// - Parameter isDone: gets the state, the server, how many listings of the queue came, and whether everything that
  ///   the state requested was answered, or was waited for long enough.
  private func watch(
    until isDone: (State, ServerLink, Int, Bool) -> Bool
  ) throws(Failure) -> State {
    let mailbox: Mailbox<Event>
    do throws(HostFailure) {
      mailbox = try Mailbox { $0.merge($1) }
    } catch {
      throw Failure("no file descriptor is left to wait with", status: 71)
    }
    var setup = State.Setup(host, settings, isDemo: isDemo, canOperate: false)
    setup.isReplay = host is ReplayHost
    let probe = TerminalProbe()
    setup.lines = probe.isUTF8 && !settings.configuration.isASCII ? .unicode : .ascii
    var state = State(setup: setup, size: Self.size(probe.size), now: host.now())
    let link = ServerLink(host: host, configuration: settings.configuration, makeOperation: nil) {
      mailbox.post($0)
    }
    let start = Task { await link.start() }
    defer { link.end(start) }
    let end = host.now() + 30
    var listings = 0
    // Questions in progress, and when the first of them was asked.
    let open = OpenQuestions()
    var askedAt: Int64?
    func isAnswered() -> Bool {
      askedAt.map { host.now() - $0 >= Self.patience } ?? true || open.count.withLock { $0 == 0 }
    }
    while !isDone(state, link, listings, isAnswered()), state.hasFirstData || host.now() < end,
      !Interruption.came
    {
      var descriptor = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&descriptor, 1, isAnswered() ? 1000 : 100)
      var effects = update(&state, with: .tick(now: host.now(), milliseconds: 0))
      for event in mailbox.drain() {
        effects += update(&state, with: event)
      }
      // What is answered here and now may ask for more.
      while !effects.isEmpty {
        switch effects.removeFirst() {
        case .arrange(let query):
          listings += 1
          if let arranged = state.queue.job(by: query)?.answer() {
            effects += update(&state, with: .arranged(arranged))
          }
        case .look(let request):
          if open.count.withLock({ $0 == 0 }) { askedAt = host.now() }
          open.count.withLock { $0 += 1 }
          Task {
            await link.look(request)
            open.count.withLock { $0 -= 1 }
          }
        // The rest is for a screen and for acts, and neither is here.
        case .match, .gather, .mutate, .copy, .keep, .keepView, .save, .dump, .bell, .title,
          .suspend,
          .replay, .redraw:
          break
        }
      }
    }
    return state
  }

  /// That of COLUMNS and LINES, of the terminal, or 100x30.
  private static func size(_ terminal: Size) -> Size {
    let environment = processEnvironment(["COLUMNS", "LINES"])
    func number(_ name: String, _ own: Int, _ usual: Int) -> Int {
      let asked = environment[name].flatMap { Int($0) }.flatMap {
        (1...1000).contains($0) ? $0 : nil
      }
      return asked ?? (own > 0 ? own : usual)
    }
    return Size(
      columns: number("COLUMNS", terminal.columns, 100), rows: number("LINES", terminal.rows, 30))
  }
}

/// How many questions are in progress.
private final class OpenQuestions: Sendable {
  let count = Mutex(0)
}

extension SourceHealth {
  fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
