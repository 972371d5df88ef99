// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Synchronization

/// Collects a delivery history from batches of events that come from another thread.
final class HistoryBuilder: Sendable {
  private let collected = Mutex(DeliveryHistory())

  func record(_ events: [LogEvent]) { collected.withLock { $0.record(events) } }

  func noteLog(since time: Int64) { collected.withLock { $0.noteLog(since: time) } }

  var history: DeliveryHistory { collected.withLock { $0 } }
}
