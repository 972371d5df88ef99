// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@testable import Server

/// The predicted time of the next attempt against what the real MTAs do.
@Suite(.enabled(if: LabRoom.isHere), .serialized, .timeLimit(.minutes(3)))
struct RetryLabTests {
  private static let interval: Int64 = 5

  @Test(arguments: MTA.allCases)
  func thePredictedWindowHoldsTheNextAttempt(mta: MTA) async throws {
    let room = try await LabRoom(mta)
    try await room.empty()
    try await hasten(room)
    let size = try await room.logSize()
    let domains = ["busy", "ratelimit", "toomany", "full", "tls", "disk", "policy", "shutdown"]
    let recipients = domains.flatMap { domain in (0..<3).map { "n\($0)@\(domain).test" } }
    try await room.send(to: recipients)
    var seen: [LogEvent] = []
    let arePutOff = try await room.wait(seconds: 20) {
      // A host that is not due is no deferral in the log, but an attempt.
      seen = try await room.events(after: size).filter {
        $0.kind == .deferral || $0.kind == .attempt
      }
      return Set(seen.compactMap(\.recipient)).count >= recipients.count
    }
    #expect(arePutOff)
    let snapshot = try await snapshot(room, after: size)
    let mark = try await room.logSize()
    var predicted: [String: Int64] = [:]
    var domainOf: [String: Substring] = [:]
    for row in 0..<snapshot.count {
      guard let next = snapshot.nextRetry(at: row) else { continue }
      let message = snapshot.message(at: row)
      predicted[message.idText] = next
      domainOf[message.idText] = message.recipients.first?.address.split(separator: "@").last
    }
    #expect(predicted.count * 10 >= recipients.count * 9)
    // The first attempt after it, by message: a deferral, or one that Postfix does not make for a
    // destination that it has just suspended. Exim tries a host that is due with one message, and if
    // it defers that, the others wait on untried, for their host's next time: what was predicted
    // for them is the attempt at the host.
    var attempts: [String: Int64] = [:]
    var byDomain: [Substring: Int64] = [:]
    _ = try await room.wait(seconds: 50) {
      for event in try await room.events(after: mark)
      where event.direction == .outbound && (event.kind == .deferral || event.kind == .attempt) {
        guard let id = event.queueID, let time = event.time, time > snapshot.taken,
          attempts[id] == nil,
          !event.line.contains("retry time not reached")
        else { continue }
        attempts[id] = time
        guard let domain = domainOf[id] else { continue }
        byDomain[domain] = min(byDomain[domain] ?? .max, time)
      }
      for (id, domain) in domainOf where mta == .exim {
        guard let time = byDomain[domain] else { continue }
        attempts[id] = min(attempts[id] ?? .max, time)
      }
      return predicted.keys.allSatisfy { attempts[$0] != nil }
    }
    // The attempt comes with the first queue run that finds it due; a delivery takes a moment.
    let inside = predicted.count { id, next in
      attempts[id].map { ($0 >= next - 1) && ($0 <= next + Self.interval + 4) } ?? false
    }
    #expect(
      inside * 100 >= predicted.count * 95,
      "\(inside) of \(predicted.count): \(predicted) \(attempts)")
    try await slow(room)
    try await room.empty()
  }

  /// Exim gives up within the window that its rule and its records predict.
  @Test func eximGivesUpWhenItWasSaid() async throws {
    let room = try await LabRoom(.exim)
    try await room.empty()
    try await hasten(room, rule: "F,25s,4s")
    let size = try await room.logSize()
    let recipients = ["end@busy.test", "end@policy.test", "end@full.test"]
    try await room.send(to: recipients)
    let arePutOff = try await room.wait(seconds: 20) {
      let events = try await room.events(after: size)
      return Set(events.filter { $0.kind == .deferral }.compactMap(\.recipient)).count == 3
    }
    #expect(arePutOff)
    let snapshot = try await snapshot(room, after: size)
    let checks = CheckRunner(
      host: room.host, system: room.system,
      diagnosis: DiagnosisCollector(host: room.host, mta: .exim) { _ in })
    var predicted: [String: Int64] = [:]
    for message in (0..<snapshot.count).map({ snapshot.message(at: $0) }) {
      guard let recipient = message.recipients.first,
        let failure = snapshot.failure(of: message, to: recipient),
        let lifetime = await checks.retryLifetime(of: recipient.address)
      else { continue }
      #expect(lifetime == 25)
      predicted[recipient.address] = min(failure.since, message.arrival ?? .max) + lifetime
    }
    #expect(predicted.count == 3)
    var ends: [String: Int64] = [:]
    _ = try await room.wait(seconds: 60) {
      for event in try await room.events(after: size) where event.kind == .bounce {
        if let recipient = event.recipient { ends[recipient] = event.time }
      }
      return recipients.allSatisfy { ends[$0] != nil }
    }
    try await slow(room)
    try await room.empty()
    for recipient in recipients {
      let (time, end) = (try #require(predicted[recipient]), try #require(ends[recipient]))
      // The end comes with the first queue run in which a retry is due after it.
      #expect((time - 2...time + 4 + 2 * Self.interval).contains(end), "\(recipient) \(end - time)")
    }
  }

  /// One snapshot, as the dashboard makes it.
  private func snapshot(_ room: LabRoom, after size: Int64) async throws -> QueueSnapshot {
    let reader = QueueReader(host: room.host, system: room.system)
    let (listing, taken) = try await reader.listing()
    var history = DeliveryHistory()
    history.record(try await room.events(after: size))
    return QueueSnapshot(
      listing, history: history, retries: await reader.retryTimes(of: listing),
      backoff: room.system.backoff, taken: taken)
  }

  /// Short intervals, so that attempts come within seconds.
  private func hasten(_ room: LabRoom, rule: String = "F,4d,12s") async throws {
    switch room.mta {
    case .exim:
      try await room.shell(
        "cp -a /etc/exim4/exim4.conf /run/kept.conf"
          + " && sed -i 's/F,2h,1m; F,4d,15m/\(rule)/' /etc/exim4/exim4.conf")
      try await restart(room, interval: "\(Self.interval)s")
    case .postfix:
      try await room.shell(
        "cp -a /etc/postfix/main.cf /run/kept.cf && postconf -e minimal_backoff_time=12s"
          + " maximal_backoff_time=60s queue_run_delay=\(Self.interval)s && postfix reload")
    }
  }

  private func slow(_ room: LabRoom) async throws {
    switch room.mta {
    case .exim:
      try await room.shell("mv /run/kept.conf /etc/exim4/exim4.conf")
      try await restart(room, interval: "1m")
    case .postfix: try await room.shell("mv /run/kept.cf /etc/postfix/main.cf && postfix reload")
    }
  }

  private func restart(_ room: LabRoom, interval: String) async throws {
    try await room.shell(
      "pid=$(cat /run/exim4/exim.pid || cat /var/spool/exim4/exim-daemon.pid); kill $pid;"
        + " while kill -0 $pid 2>/dev/null; do sleep 0.1; done;"
        + " setsid exim4 -bd -q\(interval) </dev/null >/dev/null 2>&1 & sleep 1")
  }
}
