// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
package import Guidance
package import MailServer
import Synchronization

/// A mail server that does not exist.
///
/// It answers the same commands in the same formats, so that everything is safe to try and all
/// reading of formats is real.
package final class DemoHost: Host {
  private let dialect: any DemoDialect.Type
  private let clock: @Sendable () -> Int64
  private let offset: Int
  private let world: Mutex<World>

  /// The simulation and the log that it has written.
  private struct World: Sendable {
    var simulation: DemoSimulation
    var log: [UInt8] = []
    /// What was removed, so that it can be restored.
    var removed: [DemoMessage] = []
  }

  /// Seconds of history that are there at the start.
  private static let history: Int64 = 5400

  /// - Parameters:
  ///   - mta: which MTA it plays.
  ///   - seed: the same seed and times tell the same story.
  ///   - utcOffset: seconds east of UTC of its local time.
  ///   - clock: the time in seconds since 1970.
  package init(
    mta: MTA, seed: UInt64 = 421, utcOffset: Int = 0, clock: @escaping @Sendable () -> Int64
  ) {
    let dialect: any DemoDialect.Type = mta == .exim ? DemoExim.self : DemoPostfix.self
    self.dialect = dialect
    self.clock = clock
    offset = utcOffset
    world = Mutex(
      World(
        simulation: DemoSimulation(start: clock() - Self.history, seed: seed) {
          dialect.makeID(arrival: $0, random: &$1)
        }))
  }

  package let name = DemoWorld.hostName
  package let user = (name: "demo", isRoot: true)
  package func now() -> Int64 { clock() }
  package var zone: LocalZone { LocalZone(offset: offset) }
  package func loadAverage() -> Double? {
    // Goes up and down with the deliveries in progress.
    observe { 0.2 + Double($0.simulation.deliveries.count) / 10 }
  }

  package let processors = 2

  package func executable(_ names: [String]) -> String? {
    names.first { dialect.executables.contains($0) || DemoTools.executables.contains($0) }
      .map { "/usr/sbin/\($0)" }
  }

  package func look(_ command: LookCommand) async throws(HostFailure) -> CommandResult {
    let name = String(command.executable.split(separator: "/").last ?? "")
    if let answer = DemoTools.answer(name, command.arguments, as: dialect.mta) { return answer }
    let answer = observe { dialect.answer(name, command.arguments, $0.simulation) }
    guard let answer else { throw .missing(command.executable) }
    return answer
  }

  package func status(ofFile path: String) async throws(HostFailure) -> FileStatus? {
    guard path == dialect.logPath else { return nil }
    let now = clock()
    return observe { FileStatus(inode: 1, size: Int64($0.log.count), modified: now) }
  }

  package func read(
    file path: String, from offset: Int64, count: Int
  ) async throws(HostFailure) -> [UInt8] {
    guard path == dialect.logPath else { throw .missing(path) }
    return observe { world in
      let start = min(max(0, Int(offset)), world.log.count)
      return Array(world.log[start..<min(world.log.count, start + max(0, count))])
    }
  }

  package func follow(
    _ source: LogSource, from start: LogPosition?
  ) -> AsyncStream<LogChunk> {
    let start =
      if case .file(_, let offset)? = start { Int(offset) } else { observe { $0.log.count } }
    return AsyncStream { continuation in
      let task = Task {
        var offset = start
        while !Task.isCancelled {
          await Pause.wait(.seconds(1))
          let new = observe { Array($0.log[min(offset, $0.log.count)...]) }
          offset += new.count
          if !new.isEmpty { continuation.yield(.lines(new)) }
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  package func connections() async throws(HostFailure) -> (
    connections: [SMTPConnection], note: String?
  ) {
    let now = clock()
    return observe { world in
      let outbound = world.simulation.deliveries.enumerated().map { index, delivery in
        let place = DemoWorld.destinations[delivery.destination]
        return SMTPConnection(
          direction: .outbound, peer: place.address, peerPort: 25, localAddress: "198.51.100.10",
          localPort: 40_000 + Int(delivery.message.arrival % 9000) + index,
          state: delivery.isWaiting ? "SYN-SENT" : "ESTAB", pid: 2000 + delivery.destination,
          process: dialect.mta == .exim ? "exim4" : "smtp",
          seconds: Int(now % 20))
      }
      let inbound = DemoWorld.clients.prefix(1 + Int(now / 30 % 3)).enumerated().map {
        SMTPConnection(
          direction: .inbound, peer: $1, peerPort: 50_100 + $0, localAddress: "198.51.100.10",
          localPort: 25, state: "ESTAB", pid: 1204 + $0,
          process: dialect.mta == .exim ? "exim4" : "smtpd", seconds: Int(now % 45))
      }
      return (outbound + inbound, nil)
    }
  }

  package func converse(
    with address: String, port: Int, saying script: SMTPScript, from source: IPAddress?,
    timeLimit: Duration
  ) async -> SMTPTranscript {
    guard let place = DemoWorld.destinations.first(where: { $0.address == address }) else {
      return SMTPTranscript(exchanges: [], failure: .timedOut)
    }
    return place.answers(to: script)
  }

  /// Lets the world come to the present, and looks at it.
  private func observe<Value: Sendable>(_ body: (World) -> Value) -> Value {
    change { world, _ in body(world) }
  }

  private func change<Value: Sendable>(
    _ body: (inout World, (DemoEvent) -> [String]) -> Value
  ) -> Value {
    let now = clock()
    let (dialect, offset) = (dialect, offset)
    return world.withLock { world in
      for (time, event) in world.simulation.advance(to: now) {
        for line in dialect.lines(for: event, at: time, utcOffset: offset) {
          world.log += Array(line.utf8) + [ASCII.newline]
        }
      }
      return body(&world) { dialect.lines(for: $0, at: now, utcOffset: offset) }
    }
  }
}

// MARK: - Acts

extension DemoHost {
  /// The control of the simulated queue.
  package func control(probes: ProbeBook) -> some Control {
    DemoControl(host: self, probes: probes)
  }

  fileprivate func perform(_ act: Act, on target: MessageReference) -> ActResult {
    change { world, lines in
      guard let index = world.simulation.index(of: target.queueID.text) else { return .gone }
      let message = world.simulation.messages[index]
      if case .active = message.phase, act != .hold {
        return act == .retry ? .unchanged("it is being delivered right now") : .locked
      }
      let isExim = dialect.mta == .exim
      let note: String
      switch act {
      case .retry:
        world.simulation.retry(at: index)
        return .done
      case .hold:
        world.simulation.hold(at: index)
        note = isExim ? "frozen by demo" : "placed on hold"
      case .release:
        world.simulation.release(at: index)
        note = isExim ? "unfrozen by demo" : "released from hold"
      case .remove, .bounce:
        world.removed.append(world.simulation.remove(at: index))
        note = isExim ? "removed by demo" : "removed"
      case .requeue:
        return .failed("the demo cannot requeue")
      }
      for line in lines(.note(message, note)) { world.log += Array(line.utf8) + [ASCII.newline] }
      return .done
    }
  }
}

extension DemoHost {
  fileprivate func restore(_ id: String) -> RestoreResult {
    change { world, _ in
      guard world.simulation.index(of: id) == nil else { return .stillQueued }
      guard let index = world.removed.firstIndex(where: { $0.id == id }) else { return .missing }
      let message = world.removed.remove(at: index)
      world.simulation.insert(message)
      return .restored(
        BroughtBack(queueID: id, isAsItWas: true, isHeld: message.isHeld))
    }
  }
}

private struct DemoControl: Control {
  let host: DemoHost
  let probes: ProbeBook

  func finish() async {}

  func perform(_ request: ActRequest) async -> ActReport {
    let results = request.targets.map { host.perform(request.act, on: $0) }
    let done = zip(request.targets, results).filter { $0.1 == .done }.map(\.0.queueID.text)
    return ActReport(
      request: request, results: results, command: "",
      saved: request.act.losesMessage ? done : [])
  }

  func restore(_ copy: String) async -> RestoreResult { host.restore(copy) }

  func send(_ message: TestMessage) async -> TestReport {
    if let seconds = await probes.reserve(message.route.address.text) {
      return TestReport(
        message: message, verdict: .unavailable,
        summary: "Nothing was sent: one connection per minute. Wait \(seconds) s.")
    }
    let answer = DemoPeer.answer(message.arguments)
    return TestReport(message, SMTPTranscript(swaksOutput: answer.output))
  }
}
