// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
package import MailServer

/// Runs the checks of a guided fix: all of them only look.
///
/// A few at a time; each has a time limit and ends with its commands when it is canceled.
package actor CheckRunner {
  private static let slots = 4
  /// Seconds that one check may take.
  private static let timeLimit = 60

  private let context: CheckContext
  private var tasks: [CheckRequest: Task<CheckResult?, Never>] = [:]
  private var running = 0
  private var waiting: [CheckedContinuation<Bool, Never>] = []

  /// - Parameters:
  ///   - diagnosis: what was seen of the server so far.
  ///   - probes: the connections that were made so far.
  package init(
    host: any Host, system: MailSystem, diagnosis: DiagnosisCollector,
    options: CheckOptions = CheckOptions(), probes: ProbeBook? = nil
  ) {
    context = CheckContext(
      host: host, system: system, diagnosis: diagnosis, options: options,
      probes: probes ?? ProbeBook(host: host))
  }

  /// How a test message to a domain would go; nobody is connected to for it.
  package func testRoute(to domain: String) async throws(SourceFailure) -> TestRoute {
    try await context.testRoute(to: domain)
  }

  /// The answer to a check, or nil if it was canceled.
  ///
  /// A check that is already running is not started again.
  package func run(_ request: CheckRequest) async -> CheckResult? { await begin(request).value }

  /// Begins a check, which is known to `cancel` when this returns; what it returns has the answer, as `run` does.
  package func begin(_ request: CheckRequest) -> Task<CheckResult?, Never> {
    if let task = tasks[request] { return task }
    let task = Task {
      await context.probes.expect(request)
      let result = await perform(request)
      await context.probes.hasEnded(request)
      tasks[request] = nil
      return result
    }
    tasks[request] = task
    return task
  }

  /// Ends the checks that run or wait: their `run` returns nil.
  package func cancel() {
    for task in tasks.values { task.cancel() }
    for continuation in waiting { continuation.resume(returning: false) }
    waiting = []
  }

  /// Seconds after which Exim gives up on an address, by the last cutoff of its retry rule; nil
  /// where that is not known.
  package func retryLifetime(of address: String) async -> Int64? {
    await context.retryLifetime(of: address)
  }

  /// The way that the MTA's own settings send a recipient's mail; nil if they do not say, or name
  /// no relay at all.
  package func route(of recipient: String, from sender: String) async -> Route? {
    await context.route(of: recipient, from: sender)
  }

  private func perform(_ request: CheckRequest) async -> CheckResult? {
    guard await enter() else { return nil }
    defer { leave() }
    let (context, limit) = (context, Self.timeLimit)
    let result = await withTaskGroup(of: CheckResult?.self) { group in
      group.addTask { await context.answer(request) }
      group.addTask {
        await Pause.wait(.seconds(limit))
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      await group.waitForAll()
      return first
    }
    guard !Task.isCancelled else { return nil }
    return result
      ?? context.byHand(
        request, "No answer within \(limit) s, so it was stopped. To run it by hand:")
  }

  private func enter() async -> Bool {
    guard !Task.isCancelled else { return false }
    if running < Self.slots {
      running += 1
      return true
    }
    // Who leaves hands its place on, so `running` stays as it is.
    return await withCheckedContinuation { waiting.append($0) }
  }

  private func leave() {
    if waiting.isEmpty {
      running -= 1
    } else {
      waiting.removeFirst().resume(returning: true)
    }
  }
}
