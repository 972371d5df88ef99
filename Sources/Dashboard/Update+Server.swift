// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

extension State {
  mutating func receive(_ snapshot: QueueSnapshot) -> [Effect] {
    queue.noteSize(snapshot.count, now: now)
    trends.noteQueue(snapshot.count, now: now)
    retryRun?.record(snapshot, now: now)
    if pause != nil {
      pause?.snapshot = snapshot
      return []
    }
    queue.latest = snapshot
    return [.arrange(queue.query)]
  }

  mutating func receive(_ arranged: ArrangedQueue) -> [Effect] {
    let query = arranged.arrangement.query
    // An answer to a question that has been changed meanwhile is of no use: the next one is under way.
    guard query == queue.query else { return [] }
    // In a pause only what the user asks for moves: another filter, order or view.
    guard pause == nil || queue.arrangement?.query != query else { return [] }
    // Marks that were set meanwhile are on the rows that are shown: they must be moved too.
    guard queue.show(arranged) else { return [.arrange(query)] }
    return []
  }

  mutating func receive(_ new: [SMTPConnection]) {
    if pause != nil {
      pause?.connections = new
    } else {
      connections.show(new)
    }
  }

  mutating func receive(_ events: [LogEvent], dropped: Int) {
    retryRun?.record(events)
    for event in events { trends.record(event, now: now) }
    if pause != nil {
      pause?.events += events
      pause?.dropped += dropped
      // What a pause keeps is bounded as the log itself is.
      if let excess = pause.map({ $0.events.count - LogView.capacity }), excess > 0 {
        pause?.events.removeFirst(excess)
        pause?.dropped += excess
      }
    } else {
      log.append(events, dropped: dropped, now: now)
    }
  }

  /// Ends a pause: what came in meanwhile is shown.
  mutating func resume() -> [Effect] {
    guard let held = pause else { return [] }
    pause = nil
    log.append(held.events, dropped: held.dropped, now: now)
    if let connections = held.connections { self.connections.show(connections) }
    guard let snapshot = held.snapshot else { return [.arrange(queue.query)] }
    queue.latest = snapshot
    return [.arrange(queue.query)]
  }
}
