// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Replies

/// The dashboard in sentences, for screen readers and for terminals that cannot address the cursor:
/// each call gives only what is new.
package struct PlainReport {
  /// The oldest messages that a report names.
  private static let named = 5
  private var said: Set<String> = []
  private var lastEvent = -1

  package init() {}

  package mutating func lines(_ state: State) -> [String] {
    var new: [String] = []
    for line in Self.problems(state) + Self.totals(state) + Self.findings(state)
      + Self.oldest(state)
    where !said.contains(line) {
      new.append(line)
    }
    // What is no longer true is said again when it comes back.
    said = Set(
      Self.problems(state) + Self.totals(state) + Self.findings(state) + Self.oldest(state))
    new += logLines(state)
    guard !new.isEmpty else { return [] }
    let clock = Format.clock(state.now, zone: state.setup.zone)
    let host = state.identity.map { " \($0.host), \($0.mta.name)" } ?? ""
    return ["\(clock)\(host)"] + new.map { "  \($0)" }
  }

  private static func problems(_ state: State) -> [String] {
    var lines: [String] = []
    for source in Source.allCases {
      let line: String
      switch state.health[source] {
      case .failed(let problem, _): line = "\(problem.what) \(problem.remedy)"
      case .live(_, let note?) where source == .log: line = note
      case .live, .starting, nil: continue
      }
      if !lines.contains(line) { lines.append(line) }
    }
    return lines
  }

  private static func totals(_ state: State) -> [String] {
    guard let snapshot = state.queue.snapshot else { return [] }
    let totals = snapshot.totals
    guard snapshot.count > 0 else { return ["The queue is empty."] }
    let count = state.trends.code421.total(lastMinutes: 5, now: state.now)
    let replies =
      state.isUnreadable(.log)
      ? "" : "; \(count == 1 ? "1 reply" : "\(Format.count(count)) replies") 421 in 5 minutes"
    let held = totals.held > 0 ? ", \(Format.count(totals.held)) held" : ""
    return ["\(Format.messages(snapshot.count)) queued\(held)\(replies)."]
  }

  private static func findings(_ state: State) -> [String] {
    state.findings.all.map { "Finding: \($0.title)" }
  }

  private static func oldest(_ state: State) -> [String] {
    guard let snapshot = state.queue.snapshot else { return [] }
    let more = state.queue.rows.count - named
    let lines = state.queue.rows.prefix(named).map { row in
      let message = snapshot.message(at: Int(row))
      let recipient = message.recipients.first { !$0.isDelivered && $0.reply != nil }
      let why = recipient.map {
        "\($0.cause?.rawValue ?? "no cause"): \($0.reply.map { Reply(in: $0).line } ?? "")"
      }
      return "\(message.idText) to \(message.recipients.first?.address ?? "nobody"): "
        + "\(message.state.label(message.mta, width: 12).lowercased())"
        + (why.map { ", \($0)" } ?? "")
    }
    return more > 0
      ? lines + ["\(Format.messages(more)) more: tempfail queue lists them."]
      : lines
  }

  private mutating func logLines(_ state: State) -> [String] {
    let new = state.log.shown.filter { $0 > lastEvent }
    let shown = new.suffix(lastEvent < 0 ? 5 : 20).compactMap { state.log.event($0) }
    lastEvent = max(lastEvent, new.last ?? lastEvent)
    let skipped = new.count > shown.count ? ["\(new.count - shown.count) older log lines"] : []
    return skipped
      + shown.map { event in
        let clock = event.time.map { Format.clock($0, zone: state.setup.zone) } ?? ""
        let party = event.recipient ?? event.remoteHost ?? event.remoteIP ?? "somebody"
        let reply = Reply(in: event.reply).line
        return event.direction == .inbound
          ? "\(clock) we deferred \(party): \(reply)" : "\(clock) \(party): \(reply)"
      }
  }
}

extension State {
  /// Whether there is something to look at: a source that failed, or a deferral with code 421.
  package var hasFindings: Bool {
    if health.values.contains(where: { if case .failed = $0 { true } else { false } }) {
      return true
    }
    guard let snapshot = queue.snapshot else { return true }
    return snapshot.waits { Reply(in: $0).code == 421 }
  }

  /// Whether every source has said something, so that the screen shows more than promises.
  package var hasFirstData: Bool {
    let isSettled = Source.allCases.allSatisfy { health[$0] != nil && health[$0] != .starting }
    if case .failed? = health[.queue] { return isSettled }
    return isSettled && queue.arrangement != nil
  }
}
