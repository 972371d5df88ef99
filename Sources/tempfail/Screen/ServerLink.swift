// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Dashboard
import Dispatch
import Guidance
import MailServer
import Server

/// The server behind the dashboard: finds it, watches it, and answers what is asked of it.
actor ServerLink {
  /// What an act needs; made only where acts are possible.
  struct Operation: Sendable {
    var control: any Control
    /// Acts that this user may not do here.
    var problems: [Act: Problem]
    /// Finds the acts that have no outcome: those that are over, each once, and those that still run.
    var interruptions: @Sendable () async -> [Server.Interruption] = { [] }
    /// What does not come back with a removed message; nil if it comes back as it was.
    var restoreLimit: RestoreLimit?
    /// Where it is kept what fixes found and did; nil if nothing is kept.
    var fixes: KeptFile?
  }

  /// Makes what acts need; nil in watch mode, so that nothing there can change the server.
  typealias Operator = @Sendable (any Host, MailSystem, ProbeBook) async -> Operation?

  private let host: any Host
  private let configuration: Configuration
  private let makeOperation: Operator?
  private let post: @Sendable (Event) -> Void

  private var monitor: Monitor?
  private var opener: MessageOpener?
  private var checks: CheckRunner?
  private var archive: HistoryReader?
  /// The search in the logs that is in progress.
  private var search: Task<Void, Never>?
  private var control: (any Control)?
  /// Watches acts that another run began.
  private var watcher: Task<Void, Never>?
  /// What is to be kept: the newest stands for those before it, and one is written after the other.
  private let (progress, newestProgress) = AsyncStream.makeStream(
    of: FixProgress.self, bufferingPolicy: .bufferingNewest(1))
  private var keeper: Task<Void, Never>?
  /// The newest of the changes that are made one after the other.
  private var newestChange: Task<Void, Never>?
  /// What was requested, begun in that order: an end must not overtake the beginning that it is for.
  private let (asked, asking) = AsyncStream.makeStream(of: Request.self)

  /// What the main loop asks for.
  enum Request: Sendable {
    case look(LookRequest)
    case change(Mutation)
  }

  init(
    host: any Host, configuration: Configuration, makeOperation: Operator?,
    post: @escaping @Sendable (Event) -> Void
  ) {
    self.host = host
    self.configuration = configuration
    self.makeOperation = makeOperation
    self.post = post
  }

  /// Asks for something, which is begun after all that was requested before; what comes of it is posted.
  nonisolated func ask(_ request: Request) { asking.yield(request) }

  /// Begins what is requested, until the end.
  private func serve() async {
    for await request in asked {
      switch request {
      case .look(let look): _ = await begin(look)
      case .change(let mutation): change(mutation)
      }
    }
  }

  /// Finds the mail server and begins to watch it.
  func start() async {
    Task { await serve() }
    let system: MailSystem
    do throws(SourceFailure) {
      system = try await Discovery.find(
        on: host, mta: configuration.chosenMTA, logs: configuration.log)
    } catch {
      for source in Source.allCases {
        post(.server(.health(source, .failed(error.problem, lastGood: nil))))
      }
      return
    }
    opener = MessageOpener(host: host, system: system)
    archive = HistoryReader(host: host, system: system)
    let post = post
    var options = MonitorOptions(queueInterval: .seconds(configuration.refresh))
    options.countsDay = true
    let monitor = Monitor(
      host: host, system: system,
      options: options
    ) { post(.server($0)) }
    let probes = ProbeBook(host: host)
    checks = CheckRunner(
      host: host, system: system, diagnosis: monitor.diagnosis,
      options: CheckOptions(
        blockLists: configuration.blockLists.compactMap { DomainName(validating: $0) },
        address: IPAddress(configuration.ownAddress)), probes: probes)
    self.monitor = monitor
    guard let makeOperation else { return }
    guard let operation = await makeOperation(host, system, probes) else {
      let problem = Problem(
        what: "There is no home directory for the audit trail.",
        remedy: "Set HOME or XDG_STATE_HOME: nothing is changed without an audit trail.")
      let problems = Dictionary(uniqueKeysWithValues: Act.allCases.map { ($0, problem) })
      post(.permissions(problems))
      return
    }
    control = operation.control
    if let fixes = operation.fixes {
      keeper = Task { [progress] in
        // Where that cannot be written it is only forgotten sooner: no mail depends on it.
        for await progress in progress { try? fixes.write(FixProgressFile.bytes(progress)) }
      }
      if fixes.exists {
        post(.progress(FixProgressFile.progress(fixes.read())))
      } else {
        post(.firstStart)
        keep(FixProgress())
      }
    }
    post(.permissions(operation.problems))
    post(.restoreLimit(operation.restoreLimit))
    watchInterruptions(operation)
  }

  /// Reports acts that an earlier run could not end; of those that still run, how they end too.
  private func watchInterruptions(_ operation: Operation) {
    watcher = Task { [post] in
      var told: Set<String> = []
      while !Task.isCancelled {
        let found = await operation.interruptions()
        for interruption in found
        where interruption.state != .running || told.insert(interruption.intent.entry).inserted {
          post(.notice(interruption.words))
        }
        guard found.contains(where: { $0.state == .running }) else { return }
        await Pause.wait(.seconds(5))
      }
    }
  }

  /// Begins no act anymore, and returns when what is in progress is recorded.
  func finish() async {
    asking.finish()
    await control?.finish()
    newestProgress.finish()
    await keeper?.value
  }

  private func stop() async {
    asking.finish()
    search?.cancel()
    watcher?.cancel()
    await checks?.cancel()
    await monitor?.stop()
    monitor = nil
  }

  /// Ends the collectors and their commands, but waits for no more than a moment.
  ///
  /// - Parameter start: the start, which may be in progress.
  nonisolated func end(_ start: Task<Void, Never>) {
    let done = DispatchSemaphore(value: 0)
    start.cancel()
    Task {
      await stop()
      done.signal()
    }
    _ = done.wait(timeout: .now() + .milliseconds(700))
  }

  /// Reads what was requested, and returns when the answer was posted.
  func look(_ request: LookRequest) async { await begin(request)?.value }

  /// Begins to read what was requested, and returns what ends when the answer was posted; nil if nothing is to come.
  private func begin(_ request: LookRequest) async -> Task<Void, Never>? {
    let post = post
    switch request {
    case .refresh(let source):
      await monitor?.refresh(source)
      return nil
    case .history(let id, let since):
      search?.cancel()
      guard let archive else { return nil }
      let search = Task(priority: .utility) {
        let history = await archive.history(of: id, since: since)
        if !Task.isCancelled { post(.history(history)) }
      }
      self.search = search
      return search
    case .cancelHistory:
      search?.cancel()
      return nil
    case .findReason(let reference):
      return monitor.map { monitor in Task { await monitor.findReason(of: reference) } }
    case .check(let check):
      guard let answer = await checks?.begin(check) else {
        post(.cancelled(check))
        return nil
      }
      return Task { post(await answer.value.map(Event.checked) ?? .cancelled(check)) }
    case .cancelChecks:
      await checks?.cancel()
      return nil
    case .retryLifetime(let address):
      return checks.map { checks in
        Task {
          post(.retryLifetime(await checks.retryLifetime(of: address), of: address))
        }
      }
    case .route(let way):
      return checks.map { checks in
        Task {
          post(.route(await checks.route(of: way.recipient, from: way.sender), of: way))
        }
      }
    case .testRoute(let domain):
      return checks.map { checks in
        Task {
          do throws(SourceFailure) {
            let route = try await checks.testRoute(to: domain)
            post(.routed(.found(route), to: domain))
          } catch {
            post(.routed(.none(error.problem), to: domain))
          }
        }
      }
    case .open(let reference):
      return opener.map { opener in
        Task {
          do throws(SourceFailure) {
            post(.opened(.success(try await opener.open(reference))))
          } catch {
            post(
              .opened(.failure(OpenFailure(reference: reference, problem: error.problem))))
          }
        }
      }
    }
  }

  /// Keeps what fixes found and did.
  nonisolated func keep(_ progress: FixProgress) { newestProgress.yield(progress) }

  /// Changes what was requested and posts its result.
  private func change(_ mutation: Mutation) {
    // Not awaited here: a delivery can take its time, and looking goes on in the meantime.
    let (control, post) = (control, post)
    switch mutation {
    case .act(let request):
      guard let control else {
        let report = ActReport(
          request: request, results: [], command: "", refusal: "the mail server is not known yet")
        post(.acted(report))
        return
      }
      let perform = { @Sendable in post(.acted(await control.perform(request))) }
      // A retry is a delivery, which may take long.
      if request.act == .retry { Task(operation: perform) } else { begin(inTurn: perform) }
    case .send(let message):
      guard let control else {
        let report = TestReport(
          message: message, verdict: .unavailable,
          summary: "Nothing was sent: it could not be recorded first.")
        return post(.tested(report))
      }
      Task { post(.tested(await control.send(message))) }
    case .restore(let copies):
      guard let control else { return }
      begin(inTurn: {
        var results: [Restoration] = []
        for copy in copies {
          results.append(Restoration(copy: copy, result: await control.restore(copy)))
        }
        post(.restored(results))
      })
    }
  }

  /// Begins a change when those before it have ended.
  ///
  /// So what keys requested reaches the queue in their order: a hold and a release of the same message too.
  private func begin(inTurn change: @escaping @Sendable () async -> Void) {
    newestChange = Task { [newestChange] in
      await newestChange?.value
      await change()
    }
  }
}
