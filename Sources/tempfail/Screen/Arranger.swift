// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Dashboard
import MailServer
import Synchronization

/// Filters and sorts snapshots off the main thread: one at a time, and of those that wait only the newest.
///
/// Another question ends the work on the one before; a newer snapshot for the same question does not, or none might ever
/// be answered.
final class Arranger: Sendable {
  private struct Shown: Sendable {
    var snapshot: QueueSnapshot?
    var latest: QueueSnapshot?
    var arrangement: QueueArrangement?
  }

  private struct Queue: Sendable {
    var isRunning = false
    var next: ArrangeJob?
    var held: [Shown] = []
    /// The number of the newest question about an act.
    var question = 0
  }

  private let queue = Mutex(Queue())
  private let post: @Sendable (Event) -> Void

  init(post: @escaping @Sendable (Event) -> Void) { self.post = post }

  func arrange(_ job: ArrangeJob) {
    let mustStart = queue.withLock { queue in
      queue.next = job
      defer { queue.isRunning = true }
      return !queue.isRunning
    }
    guard mustStart else { return }
    Task.detached(priority: .userInitiated) { [self] in
      while let job = take() {
        let arranged = job.answer { [self] in isWanted(job.query) }
        if let arranged { post(.arranged(arranged)) }
      }
    }
  }

  /// Finds what a filter matches, beside other work in progress.
  func match(_ snapshot: QueueSnapshot, by filter: Filter) {
    var query = QueueQuery()
    query.filters = [filter]
    Task.detached(priority: .userInitiated) { [query, post] in
      post(.matched(snapshot.arranged(by: query).rows, of: snapshot))
    }
  }

  /// Looks at the messages that an act would touch.
  func gather(_ question: ActQuestion) {
    queue.withLock { $0.question = question.number }
    Task.detached(priority: .userInitiated) { [self] in
      let targets = question.answer { queue.withLock { $0.question == question.number } }
      if let targets { post(.gathered(targets)) }
    }
  }

  /// Holds what is shown, which something else is about to take the place of.
  func hold(_ shown: QueueView) {
    let shown = Shown(
      snapshot: shown.snapshot, latest: shown.latest, arrangement: shown.arrangement)
    queue.withLock { $0.held.append(shown) }
  }

  /// Lets go of what was held: to give 50 MB back to the system takes milliseconds, which the screen does not have.
  func letGo() {
    guard queue.withLock({ !$0.held.isEmpty }) else { return }
    Task.detached { [self] in
      let held = queue.withLock { queue in
        defer { queue.held = [] }
        return queue.held
      }
      _ = consume held
    }
  }

  /// Whether nothing else was asked since.
  private func isWanted(_ query: QueueQuery) -> Bool {
    queue.withLock { $0.next.map { $0.query == query } ?? true }
  }

  private func take() -> ArrangeJob? {
    queue.withLock { queue in
      guard let job = queue.next else {
        queue.isRunning = false
        return nil
      }
      queue.next = nil
      return job
    }
  }
}
