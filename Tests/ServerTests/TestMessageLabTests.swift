// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Testing

@testable import Server

/// Test messages with the real `swaks`, against the lab's peers.
@Suite(.enabled(if: LabRoom.isHere), .serialized)
struct TestMessageLabTests {
  @Test(arguments: [
    ("ok.test", CheckResult.Verdict.passed, "Accepted"),
    ("busy.test", .warns, "Deferred at greeting"),
    ("policy.test", .warns, "Deferred at MAIL FROM"), ("full.test", .warns, "Deferred at RCPT TO"),
    ("disk.test", .warns, "Deferred at end of data"), ("refused.test", .failed, "refused"),
    ("drop.test", .failed, "Not sent"),
  ])
  func tellsWhatBecameOfIt(
    _ domain: String, _ verdict: CheckResult.Verdict, _ words: String
  ) async throws {
    for mta in MTA.allCases {
      let room = try await LabRoom(mta)
      let fake = try ActFakeMTA()
      let probes = ProbeBook(host: room.host)
      let checks = CheckRunner(
        host: room.host, system: room.system,
        diagnosis: DiagnosisCollector(host: room.host, mta: mta) { _ in }, probes: probes)
      let route = try await checks.testRoute(to: domain)
      let message = try #require(TestMessage(to: "postmaster", by: route))
      let control = MailControl(
        host: room.host, runner: LocalChanges(on: room.host),
        tools: .find(on: room.host, for: mta), permissions: Permissions(mta: mta, isRoot: true),
        state: fake.state, actor: Actor(user: "root", host: "lab", environment: [:]),
        probes: probes)
      let report = await control.send(message)
      #expect(report.verdict == verdict, "\(mta): \(report)")
      #expect(report.summary.contains(words), "\(mta): \(report)")
      #expect(try AuditTrail(in: fake.state).records().count == 2)
      // The check of the same server in the same minute is no second connection.
      #expect(await checks.run(.conversation, of: domain)?.verdict == .unavailable)
    }
  }
}
