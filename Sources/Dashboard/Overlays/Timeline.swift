// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies

/// One message across all its attempts: what the log said about it, with the waits between, and what comes next.
struct Timeline: Page {
  static let name = "the timeline of a message"
  static let opener: CommandID? = .timeline
  static let isReading = true

  var queueID: String
  var scroll = 0
  /// All log lines about it; nil while the logs are searched.
  var history: MessageHistory?
  /// Whether they are.
  var isReading = false

  init(queueID: String) { self.queueID = queueID }
}

extension Timeline {
  /// What the logs said, and what came since they were read.
  func events(_ state: State) -> [LogEvent] {
    let recent = state.log.events.filter { $0.queueID == queueID }
    guard let history, !history.events.isEmpty else { return recent }
    let known = Set(history.events.map(\.line))
    return history.events + recent.filter { !known.contains($0.line) }
  }
}

extension State {
  /// Shows what is known of a message at once, and asks for what older logs know.
  mutating func openTimeline() -> [Effect] {
    guard let id = timelineID else { return [] }
    var timeline = Timeline(queueID: id)
    defer { overlay = timeline }
    guard let mta = identity?.mta, let queueID = QueueID(id, of: mta) else { return [] }
    timeline.isReading = true
    let oldest = timeline.events(self).compactMap(\.time).min() ?? now
    // Of one that has left nobody knows the arrival: five days are the usual life of a message.
    let since =
      queue.snapshot?.message(withID: id)?.arrival ?? queueID.arrival(of: mta)
      ?? oldest - 5 * 86_400
    return [.look(.history(queueID, since: since - 60))]
  }

  mutating func receive(_ history: MessageHistory) {
    guard var timeline = overlay as? Timeline, timeline.queueID == history.queueID else { return }
    timeline.history = history
    timeline.isReading = false
    overlay = timeline
  }
}

extension Timeline {
  func pager(_ state: State) -> Pager {
    Pager(
      lines: lines(state.still), title: "Timeline of \(queueID)", scroll: scroll, size: state.size)
  }

  func close(_ state: inout State) -> [Effect] {
    state.overlay = nil
    return isReading ? [.look(.cancelHistory)] : []
  }

  private func lines(_ state: State) -> [Pager.Line] {
    var text = StyledText(width: max(1, state.size.columns - 4))
    let message = state.queue.snapshot?.message(withID: queueID)
    func clock(_ time: Int64) -> String {
      let age = state.now - time
      return age < 86_400
        ? Format.clock(time, zone: state.setup.zone) : "\(Format.duration(age)) ago"
    }
    var last: Int64?
    if let message, let arrival = message.arrival {
      let sender = message.sender.isEmpty ? "<> (a bounce)" : message.sender
      text.add("\(clock(arrival))  arrived from \(sender)", .accent)
      last = arrival
    }
    let events = events(state)
    for event in events {
      let wait = Self.zip(event.time, last).map { $0 - $1 } ?? 0
      let party = event.recipient ?? event.remoteHost ?? event.remoteIP ?? "-"
      let (sign, role) = Self.words(event.kind)
      text.add(
        "\(event.time.map(clock) ?? "--:--:--")  \(sign)"
          + (event.kind == .completed ? "" : ": \(party)")
          + (event.cause == .notTemporary ? "" : ", \(event.cause.rawValue)")
          + (wait > 0 ? ", after \(Format.duration(wait))" : ""), role)
      if !event.reply.isEmpty { text.add("          \(event.reply)") }
      last = event.time ?? last
    }
    if events.isEmpty, !isReading {
      text.add(
        history == nil
          ? "Not mentioned in the last hour of the log." : "Not found in any log.", .dim)
    }
    if isReading {
      text.add("Reading older logs, including rotated ones…", .dim)
    } else if let history {
      for gap in history.gaps { text.add("Not read: \(gap)", .warning) }
      text.add("The logs were read back to \(clock(history.since)).", .dim)
    }
    guard let message else {
      text.add("No longer queued.", .good)
      return text.lines
    }
    text.add(state.expectation(of: message), .accent)
    return text.lines
  }

  private static func words(_ kind: LogEvent.Kind) -> (String, StyleRole) {
    switch kind {
    case .attempt: ("one host failed", .dim)
    case .deferral: ("deferred", .warning)
    case .refusal: ("we refused it", .warning)
    case .delivery: ("delivered", .good)
    case .bounce: ("failed permanently", .bad)
    case .completed: ("left the queue", .dim)
    }
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
      guard let next = message.nextRetry else { return "It is retried by the next queue run." }
      let about = message.isRetryEstimated ? "about " : ""
      return next > now
        ? "Next attempt in \(about)\(Format.duration(next - now))."
        : "The next attempt is due with the next queue run."
    }
  }
}
