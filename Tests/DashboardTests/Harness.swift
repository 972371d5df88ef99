// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Canvas
import Guidance
import MailServer
import Server

@testable import Dashboard

/// A dashboard without a terminal: keys in, effects and frames out, time stands still unless advanced.
struct Harness {
  /// 2026-11-24 12:00:00 UTC.
  static let now: Int64 = 1_795_521_600

  private(set) var state: State
  /// Effects that were requested and not done here.
  private(set) var effects: [Effect] = []
  /// The keys of commands where they are not those of the table, under which they are pressed.
  var ownKeys: [CommandID: Character] = [:]
  /// Whether the answers of other threads are kept until `answer()`, as where they take their time.
  var isSlow = false
  private var answers: [Event] = []

  init(
    _ mode: State.Mode = .operate, columns: Int = 100, rows: Int = 30,
    lines: LineSet = .unicode
  ) {
    var setup = State.Setup()
    setup.mode = mode
    setup.lines = lines
    self.init(setup: setup, columns: columns, rows: rows)
  }

  init(setup: State.Setup, columns: Int = 100, rows: Int = 30) {
    state = State(setup: setup, size: Size(columns: columns, rows: rows), now: Self.now)
    send(.tick(now: Self.now, milliseconds: 1_000_000))
  }

  /// A dashboard on the simulated server, with everything read once.
  static func live(
    _ mode: State.Mode = .operate, mta: MTA = .postfix, columns: Int = 100, rows: Int = 30,
    lines: LineSet = .unicode
  ) async throws -> Harness {
    var setup = State.Setup()
    setup.mode = mode
    setup.lines = lines
    return try await live(setup: setup, mta: mta, columns: columns, rows: rows)
  }

  static func live(
    setup: State.Setup, mta: MTA = .postfix, columns: Int = 100, rows: Int = 30
  ) async throws -> Harness {
    var harness = Harness(setup: setup, columns: columns, rows: rows)
    let server = try await DemoServer.read(mta)
    harness.send(.identity(server.identity))
    for source in Source.allCases {
      harness.send(.health(source, .live(since: Self.now, note: nil)))
    }
    harness.send(.log(server.events, dropped: 0))
    harness.send(.queue(server.snapshot))
    harness.send(.connections(server.connections))
    harness.send(.load(0.7))
    harness.send(server.diagnosis)
    return harness
  }

  mutating func send(_ event: Event) { obey(update(&state, with: event)) }

  /// Lets several things happen before what is requested is done, as where they are read at once.
  mutating func send(together events: [Event]) {
    var effects: [Effect] = []
    for event in events { effects += update(&state, with: event) }
    obey(effects)
  }

  /// Draws a frame, as somebody sees it.
  mutating func show() { state.noteShown() }

  private mutating func obey(_ effects: [Effect]) {
    for effect in effects {
      switch (effect, state.queue.latest) {
      case (.arrange(let query), _?):
        if let arranged = state.queue.job(by: query)?.answer() { receive(.arranged(arranged)) }
      case (.match(let filter), let snapshot?):
        var query = QueueQuery()
        query.filters = [filter]
        receive(.matched(snapshot.arranged(by: query).rows, of: snapshot))
      case (.gather(let number), _):
        if let question = state.gathering, question.number == number {
          receive(.gathered(question.answer()))
        }
      default: self.effects.append(effect)
      }
    }
  }

  private mutating func receive(_ answer: Event) {
    if isSlow { answers.append(answer) } else { send(answer) }
  }

  /// Lets the answers come that were waited for.
  mutating func answer() {
    let waiting = answers
    answers = []
    for answer in waiting { send(answer) }
  }

  /// Presses keys, a second apart so that none is taken for typed ahead.
  mutating func press(_ keys: Key...) {
    for key in keys {
      send(.tick(now: state.now, milliseconds: state.milliseconds + 1000))
      state.noteShown()
      send(.key(translated(key)))
    }
  }

  private func translated(_ key: Key) -> Key {
    guard !ownKeys.isEmpty, state.overlay == nil,
      let command = CommandTable.commands.first(where: {
        $0.panes.contains(state.focus) && $0.keys.contains(key)
      }), let own = ownKeys[command.id]
    else { return key }
    return .character(own)
  }

  mutating func type(_ text: String) { for character in text { press(.character(character)) } }

  mutating func wait(seconds: Int64) {
    send(
      .tick(
        now: state.now + seconds, milliseconds: state.milliseconds + seconds * 1000))
  }

  mutating func forgetEffects() { effects = [] }

  var screen: Grid { render(state) }
  var text: String { screen.textRows.joined(separator: "\n") }

  /// The messages that are marked.
  var marked: Set<MessageReference> {
    Set(state.queue.snapshot?.references(in: state.queue.marks.rows) ?? [])
  }

  var mutations: [ActRequest] {
    effects.compactMap { if case .mutate(.act(let request)) = $0 { request } else { nil } }
  }

  var changes: [Mutation] {
    effects.compactMap { if case .mutate(let mutation) = $0 { mutation } else { nil } }
  }
}

/// What the simulated server says at the harness's time.
struct DemoServer {
  var identity: ServerIdentity
  var snapshot: QueueSnapshot
  var events: [LogEvent]
  var connections: [SMTPConnection]

  /// What the numbers say, as the collectors work it out.
  var diagnosis: Event {
    var traffic = Traffic()
    traffic.record(events)
    let facts = QueueFacts(snapshot)
    let evidence = Evidence(
      now: Harness.now, mta: identity.mta, queue: facts, traffic: traffic)
    return .diagnosis(Finding.all(from: evidence), facts)
  }

  /// Read once for all tests: the story is the same each time.
  private static let postfix = Task { try await ask(.postfix) }
  private static let exim = Task { try await ask(.exim) }

  static func read(_ mta: MTA) async throws -> DemoServer {
    try await (mta == .exim ? exim : postfix).value
  }

  private static func ask(_ mta: MTA) async throws -> DemoServer {
    let host = DemoHost(mta: mta) { Harness.now }
    let system = try await Discovery.find(on: host, mta: mta)
    let (listing, taken) = try await QueueReader(host: host, system: system).listing()
    let path = system.logFiles[0]
    let log = try await host.read(file: path, from: 0, count: 1 << 24)
    let grammar = LogGrammar(now: Harness.now, zone: .utc)
    let events = log.split(separator: ASCII.newline).compactMap {
      grammar.event(in: Array($0).span, mta: mta)
    }
    var history = DeliveryHistory()
    history.record(events)
    return DemoServer(
      identity: system.identity(on: host),
      snapshot: QueueSnapshot(
        listing, history: history, backoff: system.backoff, taken: taken), events: events,
      connections: try await host.connections().connections)
  }
}

/// A report about the server, in short.
extension Event {
  static func identity(_ identity: ServerIdentity) -> Event { .server(.identity(identity)) }
  static func queue(_ snapshot: QueueSnapshot) -> Event { .server(.queue(snapshot)) }
  static func connections(_ all: [SMTPConnection]) -> Event { .server(.connections(all)) }
  static func log(_ events: [LogEvent], dropped: DroppedEvents) -> Event {
    .server(.log(events, dropped: dropped))
  }
  static func counts(_ counts: LogCounts) -> Event { .server(.counts(counts)) }
  static func health(_ source: Source, _ health: SourceHealth) -> Event {
    .server(.health(source, health))
  }
  static func load(_ load: Double) -> Event { .server(.load(load)) }
  static func diagnosis(_ findings: [Finding], _ queue: QueueFacts) -> Event {
    .server(.diagnosis(findings, queue))
  }
  static func limits(_ limits: [LimitUse]) -> Event { .server(.limits(limits)) }
  static func settings(_ settings: [String: String]) -> Event { .server(.settings(settings)) }
}
