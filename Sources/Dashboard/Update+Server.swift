// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

extension State {
  /// Takes in a report about the server.
  mutating func receive(_ report: ServerReport) -> [Effect] {
    switch report {
    case .identity(let identity): self.identity = identity
    case .queue(let snapshot): return receive(snapshot)
    case .connections(let connections): receive(connections)
    case .log(let events, let dropped): return receive(events, dropped)
    case .counts(let counts): trends.add(counts, now: now)
    case .health(let source, let health): self.health[source] = health
    case .load(let load): if pause == nil { self.load = load }
    case .diagnosis(let findings, let queue): return receive(findings, queue)
    case .limits(let limits): self.limits = limits
    case .settings(let settings): self.settings = settings
    }
    return []
  }

  private mutating func receive(_ events: [LogEvent], _ dropped: DroppedEvents) -> [Effect] {
    let effects = noteRecovery(events)
    let told = followUps.record(events)
    for (words, isGood) in told.dropFirst().reversed() { note(words, isGood ? .good : .bad) }
    if let (words, isGood) = told.first {
      let more = told.count > 1 ? " (\(key(.notices)) shows \(told.count - 1) more)" : ""
      say(words + more, isGood ? .good : .bad, seconds: 15)
    }
    trends.add(dropped.told, now: now)
    receive(events, dropped: dropped.count)
    return effects
  }

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
    // An answer to a question that has been changed in the meantime is of no use: the next one is in progress.
    guard query == queue.query else { return [] }
    // In a pause only what the user asks for moves: another filter, order or view.
    guard pause == nil || queue.arrangement?.query != query else { return [] }
    // Marks that were set in the meantime are on the rows that are shown: they must be moved too.
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

  /// Ends a pause: what came in during it is shown.
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
