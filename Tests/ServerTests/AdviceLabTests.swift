// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Replies
import Testing

@testable import Server

/// The proposed configuration on the real MTAs: a peer that allows two connections stops saying 421.
@Suite(.enabled(if: LabRoom.isHere), .serialized)
struct AdviceLabTests {
  private static let messages = 12

  /// The configuration that the guide for this deferral proposes.
  private func advice(_ room: LabRoom) async -> [ConfigurationAdvice] {
    let reply = "421 4.4.5 mx1.twoonly.test Too many concurrent connections from your host"
    let subject = DeferralSubject(
      mta: room.mta, direction: .outbound, queueID: nil, sender: "alice@sender.test",
      recipient: "bob@twoonly.test", remoteHost: "mx1.twoonly.test",
      classification: RuleBook.standard.classify(reply, isDeferral: true), arrival: nil,
      lastAttempt: nil, nextRetry: nil, attempts: nil, isHeld: false)
    let present = await Settings.read(from: room.host, of: room.system)
    return Guide(for: subject, present: present).steps.compactMap { step in
      guard step.id.hasPrefix("fewer-connections"), case .configuration(let advice) = step.action
      else { return nil }
      return advice
    }
  }

  /// Sends the messages, waits for each to be delivered or deferred, and counts both.
  private func deliver(
    _ room: LabRoom, _ name: String
  ) async throws -> (refused: Int, delivered: Int) {
    let size = try await room.logSize()
    try await room.send(to: (0..<Self.messages).map { "\(name)\($0)@twoonly.test" })
    var events: [LogEvent] = []
    _ = try await room.wait(seconds: 25) {
      events = try await room.events(after: size).filter {
        $0.recipient?.hasPrefix(name) ?? false
      }
      return Set(events.compactMap(\.recipient)).count == Self.messages
    }
    let all = try await room.events(after: size)
    return (
      all.count { $0.direction == .outbound && $0.code == 421 },
      events.count { $0.kind == .delivery }
    )
  }

  @Test func postfixKeepsWithinTheirLimit() async throws {
    let room = try await LabRoom(.postfix)
    try await room.empty()
    try await room.shell("rm -rf /run/kept && cp -a /etc/postfix /run/kept")
    let before = try await deliver(room, "before")
    #expect(before.refused > 0)
    try await room.empty()
    for advice in await advice(room) {
      let lines = advice.lines.joined(separator: "\n")
      try await room.shell("cat >> \(advice.file) <<'END'\n\(lines)\nEND\n\(advice.reload)")
    }
    let after = try await deliver(room, "after")
    #expect(after.refused == 0)
    #expect(after.delivered == Self.messages)
    try await room.shell("rm -rf /etc/postfix && mv /run/kept /etc/postfix && postfix reload")
    try await room.empty()
  }

  @Test func eximKeepsWithinTheirLimit() async throws {
    let room = try await LabRoom(.exim)
    try await room.empty()
    let file = "/etc/exim4/exim4.conf"
    try await room.shell("cp -a \(file) /run/kept.conf")
    let before = try await deliver(room, "before")
    #expect(before.refused > 0)
    try await room.empty()
    var configuration = try await room.shell("cat \(file)")
    // As the comment in the advice asks, with the lines of the lab's own transport.
    let own = try #require(configuration.split(separator: "  driver = smtp\n").last)
      .prefix { $0 != "#" }.split(separator: "\n\n")[0]
    for advice in await advice(room) {
      // The lab's peers are on the loopback, which an ordinary router must pass over.
      let lines = advice.lines.filter {
        !$0.contains("ignore_target_hosts") && !$0.contains("# and")
      }
      .joined(separator: "\n")
      if advice.file.contains("begin transports") {
        configuration.replace(
          "begin transports\n", with: "begin transports\n\n\(lines)\n\(own)\n\n")
      } else if advice.file.contains("begin routers") {
        configuration.replace(
          "begin routers\n",
          with:
            "begin routers\n\n\(lines.replacing("  no_more", with: "  self = send\n  no_more"))\n")
      } else {
        configuration = "\(lines)\n\(configuration)"
      }
    }
    try await room.shell("cat > \(file) <<'END'\n\(configuration)\nEND\nexim4 -bV >/dev/null")
    try await room.reload()
    let after = try await deliver(room, "after")
    #expect(after.refused == 0)
    #expect(after.delivered > 0)
    // What had to wait for its turn goes with queue runs.
    let size = try await room.logSize()
    let isEmpty = try await room.wait(seconds: 20) {
      try await room.shell("exim4 -qq")
      return try await room.shell("exim4 -bpc") == "0\n"
    }
    #expect(isEmpty)
    #expect(try await room.events(after: size).allSatisfy { $0.code != 421 })
    try await room.shell("mv /run/kept.conf \(file)")
    try await room.reload()
    try await room.empty()
  }
}
