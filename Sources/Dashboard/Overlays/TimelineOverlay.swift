// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies

/// One message across all its attempts.
package struct Timeline: Hashable, Sendable {
  package var queueID: String
  var scroll = 0

  init(queueID: String) { self.queueID = queueID }
}

/// What the log told of one message, with the waits between, and what comes next.
enum TimelineOverlay {
  static func draw(_ timeline: Timeline, _ state: State, on grid: inout Grid) {
    Pager.draw(
      lines(of: timeline, state: state), title: "Timeline of \(timeline.queueID)",
      scroll: timeline.scroll, on: &grid)
  }

  static func lines(
    of timeline: Timeline, state: State
  ) -> [(text: String, role: StyleRole)] {
    var text = StyledText(width: max(1, state.size.columns - 4))
    let message = state.queue.snapshot?.message(withID: timeline.queueID)
    let offset = state.setup.utcOffset
    func clock(_ time: Int64) -> String {
      let age = state.now - time
      return age < 86_400
        ? Format.clock(time, utcOffset: offset) : "\(Format.duration(age)) ago"
    }
    var last: Int64?
    if let message, let arrival = message.arrival {
      let sender = message.sender.isEmpty ? "<> (a bounce)" : message.sender
      text.add("\(clock(arrival))  arrived from \(sender)", .accent)
      last = arrival
    }
    let events = state.log.events.filter { $0.queueID == timeline.queueID }
    for event in events {
      let wait = zip(event.time, last).map { $0 - $1 } ?? 0
      let party = event.recipient ?? event.remoteHost ?? event.remoteIP ?? "-"
      let sign = event.kind == .attempt ? "one host failed" : "put off"
      text.add(
        "\(event.time.map(clock) ?? "--:--:--")  \(sign): \(party), \(event.cause.rawValue)"
          + (wait > 0 ? ", after \(Format.duration(wait))" : ""),
        event.kind == .attempt ? .dim : .warning)
      text.add("          \(event.reply)")
      last = event.time ?? last
    }
    if events.isEmpty { text.add("The log of the last hour does not speak of it.", .dim) }
    guard let message else {
      text.add("It is no longer queued.", .good)
      return text.lines
    }
    if let attempts = message.attempts, attempts > events.count {
      text.add("\(attempts) attempts in all, the older ones in older logs.", .dim)
    }
    text.add(state.expectation(of: message), .accent)
    return text.lines
  }

  private static func zip(_ left: Int64?, _ right: Int64?) -> (Int64, Int64)? {
    guard let left, let right else { return nil }
    return (left, right)
  }
}

extension State {
  /// What happens to a message next.
  fileprivate func expectation(of message: QueuedMessage) -> String {
    switch message.state {
    case .held: return "It is held: nothing happens until it is released (\(key(.release)))."
    case .active: return "It is being delivered right now."
    case .deferred, .incoming:
      guard let next = message.nextRetry else { return "It is tried again by the next queue run." }
      let about = message.isRetryEstimated ? "about " : ""
      return next > now
        ? "Next attempt in \(about)\(Format.duration(next - now))."
        : "The next attempt is due with the next queue run."
    }
  }
}
