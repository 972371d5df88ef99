// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer

/// What reaches an admin who looks elsewhere: the terminal's bell and title.
extension State {
  /// What was there when the program started is no news.
  ///
  /// The bell rings for what comes later. That includes what the log of the last hour has while
  /// it is read.
  mutating func receive(_ found: [Finding], _ facts: QueueFacts) -> [Effect] {
    let isFirst = findings.queue == nil || health[.log] == .starting
    let isNews = findings.show(found, facts, now: now)
    return isNews && !isFirst && setup.ringsBell ? [.bell] : []
  }

  /// The new title, if it is wanted and its numbers have changed.
  mutating func changeTitle() -> [Effect] {
    guard setup.setsTitle, let host = identity?.host, let waiting = queue.latest?.count else {
      return []
    }
    let refused = trends.code421.total(lastMinutes: 5, now: now)
    let replies = isUnreadable(.log) ? "log unreadable" : "\(Format.count(refused)) x 421 in 5m"
    let text = "\(host): \(Format.count(waiting)) queued, \(replies)"
    guard text != title else { return [] }
    title = text
    return [.title(text)]
  }
}
