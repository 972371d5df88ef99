// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

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

  init(host: any Host, system: MailSystem, sink: @escaping @Sendable (ServerReport) -> Void) {
    self.system = system
    self.sink = sink
    reader = QueueReader(host: host, system: system)
    started = host.now()
  }

  /// Asks the MTA; what was read last stays where that fails.
  func read() async {
    do throws(SourceFailure) {
      let (listing, taken) = try await reader.listing()
      let retries = await reader.retryTimes(of: listing)
      history.forgetAbsent(from: listing, taken: taken)
      started = taken
      gone = gone.filter { $0.value >= taken }
      joinDuration = ContinuousClock().measure {
        report(
          QueueSnapshot(
            listing.without(gone.keys), history: history, retries: retries,
            backoff: system.backoff, taken: taken))
      }
      sink(.health(.queue, .live(since: taken, note: nil)))
    } catch {
      guard !Task.isCancelled else { return }
      sink(.health(.queue, .failed(error.problem, lastGood: last?.taken)))
    }
  }

  /// Takes events of the log in; what they change is reported soon, together with what follows them.
  func record(_ events: [LogEvent]) {
    let relevant = events.filter { $0.queueID != nil && $0.direction == .outbound }
    guard !relevant.isEmpty else { return }
    history.record(relevant)
    for event in relevant where event.kind == .completed {
      // Postfix gives IDs again: what was before the listing says nothing of a message that is in it.
      if let id = event.queueID, let time = event.time, time >= started { gone[id] = time }
    }
    guard rejoining == nil, last != nil else { return }
    let pause = max(.seconds(1), joinDuration * 10)
    rejoining = Task {
      guard (try? await Task.sleep(for: pause)) != nil else { return }
      rejoining = nil
      rejoin()
    }
  }

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
