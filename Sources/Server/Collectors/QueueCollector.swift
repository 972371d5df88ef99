// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// Reads the queue, joins it with what the log says, and reports both together.
actor QueueCollector {
  private let reader: QueueReader
  private let system: MailSystem
  private let sink: @Sendable (ServerReport) -> Void
  private var history = DeliveryHistory()
  /// When messages left the queue, by ID: those of which the last listing may not know.
  private var gone: [String: Int64] = [:]
  private var last: QueueSnapshot?
  private var rejoining: Task<Void, Never>?
  private var joinDuration = Duration.zero
  /// When the last listing was begun, in seconds since 1970.
  private var started: Int64
  /// The last listing of the whole queue: when it ended, and how long it took.
  private var whole: (ended: ContinuousClock.Instant, took: Duration)?
  private var canUpdate: Bool
  private var wantsWhole = false
  /// The IDs of messages with deliveries or bounces that the listing does not show yet.
  private var changed: Set<String> = []
  private let isWholeDue: @Sendable (_ took: Duration, _ elapsed: Duration) -> Bool

  /// - Parameter isWholeDue: whether to list the whole queue where the IDs would do.
  init(
    host: any Host, system: MailSystem,
    isWholeDue: @escaping @Sendable (_ took: Duration, _ elapsed: Duration) -> Bool =
      QueueCollector.isWholeDue,
    sink: @escaping @Sendable (ServerReport) -> Void
  ) {
    self.system = system
    self.sink = sink
    self.isWholeDue = isWholeDue
    reader = QueueReader(host: host, system: system)
    canUpdate = reader.canUpdate
    started = host.now()
  }

  /// Whether the whole queue is listed again, rather than only the IDs and what is new.
  ///
  /// A quick listing is as good as the IDs and has more data. A slow one gets a hundredth of the time,
  /// but is not older than ten minutes for what the IDs and the log do not say: who was frozen or
  /// thawed by hand. One that takes minutes still gets no more than a tenth of the time.
  ///
  /// - Parameters:
  ///   - took: how long the last one took.
  ///   - elapsed: the time since it ended.
  static func isWholeDue(took: Duration, elapsed: Duration) -> Bool {
    took < .milliseconds(500) || elapsed >= max(took * 10, min(took * 100, .seconds(600)))
  }

  /// Makes the next reading a whole one: somebody asks, or changed something.
  func wantWhole() { wantsWhole = true }

  /// Asks the MTA; what was read last stays where that fails.
  func read() async {
    do throws(SourceFailure) {
      let (listing, taken) = try await listing()
      let retries = await reader.retryTimes(of: listing)
      history.forgetAbsent(from: listing, taken: taken)
      started = taken
      gone = gone.filter { $0.value >= taken }
      joinDuration = ContinuousClock().measure {
        report(
          QueueSnapshot(
            listing.without(gone.keys), history: history, retries: retries,
            backoff: system.backoff, relays: system.relays, taken: taken))
      }
      sink(.health(.queue, .live(since: taken, note: await reader.leftOut())))
    } catch {
      wantsWhole = true
      guard !Task.isCancelled else { return }
      sink(.health(.queue, .failed(error.problem, lastGood: last?.taken)))
    }
  }

  /// The queue as it is now, by the cheapest way that shows it.
  private func listing() async throws(SourceFailure) -> (QueueListing, taken: Int64) {
    let clock = ContinuousClock()
    let asked = changed
    changed = []
    if let last, let whole, canUpdate, !wantsWhole,
      !isWholeDue(whole.took, clock.now - whole.ended)
    {
      switch await reader.update(last.listing, changed: asked) {
      case .updated(let listing, let taken): return (listing, taken)
      case .tooMuch: break
      case .failed: canUpdate = false
      }
    }
    wantsWhole = false
    let start = clock.now
    let (listing, taken) = try await reader.listing()
    whole = (clock.now, clock.now - start)
    return (listing, taken)
  }

  /// Takes events of the log in; what they change is reported soon, together with what follows them.
  func record(_ events: [LogEvent]) {
    let relevant = events.filter { $0.queueID != nil && $0.direction == .outbound }
    guard !relevant.isEmpty else { return }
    history.record(relevant)
    for event in relevant {
      guard let id = event.queueID else { continue }
      switch event.kind {
      case .completed:
        changed.remove(id)
        // Postfix gives IDs again: what was before the listing says nothing of a message that is in it.
        if let time = event.time, time >= started { gone[id] = time }
      case .delivery, .bounce: if canUpdate { changed.insert(id) }
      case .deferral, .attempt, .refusal: break
      }
    }
    guard rejoining == nil, last != nil else { return }
    let pause = max(.seconds(1), joinDuration * 10)
    rejoining = Task {
      guard await Pause.wait(pause) else { return }
      rejoining = nil
      rejoin()
    }
  }

  /// Notes that the log was read from a time on: a message that came later and is not mentioned was not deferred yet.
  ///
  /// The next reading of the queue shows it.
  func noteLog(since time: Int64) { history.noteLog(since: time) }

  func stop() { rejoining?.cancel() }

  private func rejoin() {
    guard let last else { return }
    joinDuration = ContinuousClock().measure {
      report(last.rejoined(with: history, without: gone.keys))
    }
  }

  private func report(_ snapshot: QueueSnapshot) {
    last = snapshot
    sink(.queue(snapshot))
  }
}
