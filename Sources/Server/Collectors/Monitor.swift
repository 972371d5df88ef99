// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// How often the server is looked at.
package struct MonitorOptions: Hashable, Sendable {
  /// The shortest time between two readings of the queue; a slow one is read less often.
  package var queueInterval: Duration
  package var connectionInterval: Duration
  package var loadInterval: Duration
  /// The shortest time between two diagnoses.
  package var diagnosisInterval: Duration
  /// How often the MTA's settings are reread: somebody may change them.
  package var settingsInterval: Duration
  /// Whether the log of the day before the start is counted.
  package var countsDay = false

  package init(
    queueInterval: Duration = .seconds(10), connectionInterval: Duration = .seconds(5),
    loadInterval: Duration = .seconds(5), diagnosisInterval: Duration = .seconds(2),
    settingsInterval: Duration = .seconds(600)
  ) {
    self.queueInterval = queueInterval
    self.connectionInterval = connectionInterval
    self.loadInterval = loadInterval
    self.diagnosisInterval = diagnosisInterval
    self.settingsInterval = settingsInterval
  }
}

/// Everything that watches a server: queue, connections, logs and load, each at its own pace.
package struct Monitor: Sendable {
  private let queue: Repeater
  private let connections: Repeater
  private let opener: MessageOpener
  private let collector: QueueCollector
  private let settings: Repeater
  /// What was seen so far, as numbers.
  package let diagnosis: DiagnosisCollector
  private let task: Task<Void, Never>

  /// Starts to watch.
  ///
  /// - Parameter sink: gets the reports, from any thread; it must return at once.
  package init(
    host: any Host, system: MailSystem, options: MonitorOptions = MonitorOptions(),
    sink: @escaping @Sendable (ServerReport) -> Void
  ) {
    sink(.identity(system.identity(on: host)))
    let diagnosis = DiagnosisCollector(host: host, mta: system.mta, sink: sink)
    let collector = QueueCollector(host: host, system: system) { report in
      if case .queue(let snapshot) = report { diagnosis.note(snapshot) }
      sink(report)
    }
    let settings = Repeater(every: options.settingsInterval) {
      let found = await Settings.read(from: host, of: system)
      diagnosis.note(settings: found)
      sink(.settings(found))
    }
    let queue = Repeater(every: options.queueInterval) { await collector.read() }
    let connections = Repeater(every: options.connectionInterval) {
      await Self.reportConnections(of: host, to: sink, diagnosis)
    }
    let load = Repeater(every: options.loadInterval) {
      guard let load = host.loadAverage() else { return }
      diagnosis.note(load: load)
      sink(.load(load))
    }
    let diagnoses = Repeater(every: options.diagnosisInterval) { diagnosis.report() }
    self.queue = queue
    self.connections = connections
    self.collector = collector
    self.diagnosis = diagnosis
    self.settings = settings
    opener = MessageOpener(host: host, system: system)
    task = Task {
      await withTaskGroup(of: Void.self) { group in
        for repeater in [queue, connections, load, settings, diagnoses] {
          group.addTask { await repeater.run() }
        }
        for source in system.logs {
          let log = LogCollector(
            host: host, mta: system.mta, source: source, relays: system.relays,
            sink: { report in
              switch report {
              case .health(.log, .failed(let problem, _)): diagnosis.note(logProblem: problem)
              case .health(.log, .live): diagnosis.note(logProblem: nil)
              default: break
              }
              sink(report)
            },
            record: { events in
              diagnosis.note(events)
              await collector.record(events)
            }, noteStart: { await collector.noteLog(since: $0) }, countsDay: options.countsDay)
          group.addTask { await log.run() }
        }
        await group.waitForAll()
      }
      await collector.stop()
    }
  }

  /// Reads a source now; logs are followed anyway.
  package func refresh(_ source: Source) async {
    switch source {
    case .queue:
      await settings.wake()
      await collector.wantWhole()
      await queue.wake()
    case .connections: await connections.wake()
    case .log: break
    }
  }

  /// Looks into a message's own log for the reason that the main log no longer has, and
  /// reports the queue joined with it.
  package func findReason(of reference: MessageReference) async {
    await collector.record(await opener.attempts(of: reference))
  }

  /// Ends everything, with the commands that run; returns when they are gone.
  package func stop() async {
    task.cancel()
    await task.value
  }

  private static func reportConnections(
    of host: any Host, to sink: @Sendable (ServerReport) -> Void, _ diagnosis: DiagnosisCollector
  ) async {
    do throws(HostFailure) {
      let (connections, note) = try await host.connections()
      diagnosis.note(connections)
      sink(.connections(connections))
      sink(.health(.connections, .live(since: host.now(), note: note)))
    } catch {
      let problem = SourceFailure(error, doing: "Reading the sockets").problem
      sink(.health(.connections, .failed(problem, lastGood: nil)))
    }
  }
}
