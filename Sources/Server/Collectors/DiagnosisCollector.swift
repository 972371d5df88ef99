// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer
import Synchronization

/// Keeps what the other collectors learn as numbers, and reports what they say.
///
/// Notes are taken on the collectors' own threads, so that the screen never counts anything.
package final class DiagnosisCollector: Sendable {
  private struct Memory: Sendable {
    var traffic = Traffic()
    /// Nil until the queue was read for the first time.
    var queue: QueueFacts?
    var load: [LoadSample] = []
    var snapshot: QueueSnapshot?
    /// Nil until the sockets were read for the first time.
    var connections: [SMTPConnection]?
    var settings: [String: String] = [:]
    /// Why the log says nothing.
    var logProblem: Problem?
    var toldLimits: [LimitUse] = []
    var isChanged = false
  }

  /// One a minute for an hour.
  private static let loadSamples = 60
  private static let secondsBetweenLoads: Int64 = 60

  private let host: any Host
  private let mta: MTA
  private let sink: @Sendable (ServerReport) -> Void
  private let memory = Mutex(Memory())

  package init(host: any Host, mta: MTA, sink: @escaping @Sendable (ServerReport) -> Void) {
    self.host = host
    self.mta = mta
    self.sink = sink
  }

  func note(_ events: [LogEvent]) {
    memory.withLock { memory in
      memory.traffic.record(events)
      memory.isChanged = true
    }
  }

  func note(_ snapshot: QueueSnapshot) {
    let facts = QueueFacts(snapshot)
    memory.withLock { memory in
      memory.isChanged = memory.isChanged || memory.queue != facts
      memory.queue = facts
      memory.snapshot = snapshot
    }
  }

  func note(load: Double) {
    let now = host.now()
    memory.withLock { memory in
      guard memory.load.last.map({ now - $0.time >= Self.secondsBetweenLoads }) ?? true else {
        return
      }
      memory.load.append(
        LoadSample(time: now, perProcessor: load / Double(max(1, host.processors))))
      memory.load.removeFirst(max(0, memory.load.count - Self.loadSamples))
      // Counts of the last minutes go down on their own: once a minute is often enough for that.
      memory.isChanged = true
    }
  }

  func note(_ connections: [SMTPConnection]) {
    memory.withLock { memory in
      memory.isChanged = memory.isChanged || memory.connections != connections
      memory.connections = connections
    }
  }

  func note(settings: [String: String]) {
    memory.withLock { memory in
      memory.isChanged = memory.isChanged || memory.settings != settings
      memory.settings = settings
    }
  }

  /// Notes why the log says nothing, or that it does.
  func note(logProblem problem: Problem?) {
    memory.withLock { memory in
      memory.isChanged = memory.isChanged || memory.logProblem != problem
      memory.logProblem = problem
    }
  }

  /// All that is known now and that a diagnosis is made from.
  package var evidence: Evidence { memory.withLock { evidence(of: $0) } }

  /// The newest reading of the queue, of the sockets and of the MTA's settings.
  var present: (snapshot: QueueSnapshot?, connections: [SMTPConnection], settings: [String: String])
  {
    memory.withLock { ($0.snapshot, $0.connections ?? [], $0.settings) }
  }

  /// Reports what the notes say, where there are new ones.
  ///
  /// Nothing is said before the queue was read: "no message waits" would be a guess.
  func report() {
    let evidence = memory.withLock { memory -> Evidence? in
      guard memory.isChanged, memory.queue != nil else { return nil }
      memory.isChanged = false
      return self.evidence(of: memory)
    }
    guard let evidence else { return }
    let hasNewLimits = memory.withLock { memory in
      defer { memory.toldLimits = evidence.limits }
      return memory.toldLimits != evidence.limits
    }
    sink(.diagnosis(Finding.all(from: evidence), evidence.queue))
    if hasNewLimits { sink(.limits(evidence.limits)) }
  }

  private func evidence(of memory: Memory) -> Evidence {
    let now = host.now()
    // What was not read is not "nothing in use".
    let limits = memory.connections.flatMap { connections in
      memory.settings.isEmpty
        ? nil
        : LimitUse.all(
          of: mta, settings: memory.settings, connections: connections,
          active: memory.queue?.totals.active ?? 0)
    }
    return Evidence(
      now: now, mta: mta, zone: host.zone, queue: memory.queue ?? QueueFacts(),
      traffic: memory.traffic, limits: limits ?? [], load: memory.load,
      logProblem: memory.logProblem)
  }
}
