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

  package init(
    queueInterval: Duration = .seconds(10), connectionInterval: Duration = .seconds(5),
    loadInterval: Duration = .seconds(5), diagnosisInterval: Duration = .seconds(2)
  ) {
    self.queueInterval = queueInterval
    self.connectionInterval = connectionInterval
    self.loadInterval = loadInterval
    self.diagnosisInterval = diagnosisInterval
  }
}

/// Everything that watches a server: queue, connections, logs and load, each at its own pace.
package struct Monitor: Sendable {
  private let queue: Repeater
  private let connections: Repeater
  private let opener: MessageOpener
  private let collector: QueueCollector
  private let diagnosis: DiagnosisCollector
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
    let queue = Repeater(every: options.queueInterval) { await collector.read() }
    let connections = Repeater(every: options.connectionInterval) {
      await Self.reportConnections(of: host, to: sink)
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
    opener = MessageOpener(host: host, system: system)
    task = Task {
      await withTaskGroup(of: Void.self) { group in
        for repeater in [queue, connections, load, diagnoses] {
          group.addTask { await repeater.run() }
        }
        for source in system.logs {
          let log = LogCollector(
            host: host, mta: system.mta, source: source, sink: sink,
            record: { events in
              diagnosis.note(events)
              await collector.record(events)
            })
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
    case .queue: await queue.wake()
    case .connections: await connections.wake()
    case .log: break
    }
  }

  /// Looks into a message's own log for the reason that the main log does not tell any more, and
  /// reports the queue joined with it.
  package func findReason(of reference: MessageReference) async {
    await collector.record(await opener.attempts(of: reference))
  }

  /// All that is known now and that a diagnosis is made from.
  package var evidence: Evidence { diagnosis.evidence }

  /// Ends everything, with the commands that run; returns when they are gone.
  package func stop() async {
    task.cancel()
    await task.value
  }

  private static func reportConnections(
    of host: any Host, to sink: @Sendable (ServerReport) -> Void
  ) async {
    do throws(HostFailure) {
      let (connections, note) = try await host.connections()
      sink(.connections(connections))
      sink(.health(.connections, .live(since: host.now(), note: note)))
    } catch {
      let problem = SourceFailure(error, doing: "Reading the sockets").problem
      sink(.health(.connections, .failed(problem, lastGood: nil)))
    }
  }
}
