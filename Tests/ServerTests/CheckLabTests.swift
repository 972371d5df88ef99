// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Testing

@testable import Server

/// The checks with the real tools, against the lab's name server and its peers.
@Suite(.enabled(if: LabRoom.isHere), .serialized)
struct CheckLabTests {
  private func runner(_ mta: MTA) async throws -> CheckRunner {
    let room = try await LabRoom(mta)
    return CheckRunner(
      host: room.host, system: room.system,
      diagnosis: DiagnosisCollector(host: room.host, mta: mta) { _ in })
  }

  @Test(arguments: [
    (
      CheckRequest(.mailExchangers, of: "ok.test"), CheckResult.Verdict.passed, "1 mail exchanger"
    ),
    (CheckRequest(.mailExchangers, of: "nowhere.test"), .failed, "does not exist"),
    (CheckRequest(.mailExchangers, of: "dead.test"), .failed, ""),
    (CheckRequest(.port25, of: "ok.test"), .passed, "ready for mail"),
    (CheckRequest(.port25, of: "busy.test"), .warns, "defers us for now"),
    (CheckRequest(.port25, of: "refused.test"), .failed, "refuses the connection"),
    (CheckRequest(.port25, of: "drop.test"), .failed, "says nothing"),
    (CheckRequest(.port25, of: "timeout.test"), .failed, "says nothing"),
    (CheckRequest(.conversation, of: "full.test"), .warns, "They defer us at RCPT TO"),
    (CheckRequest(.conversation, of: "policy.test"), .warns, "They defer us at MAIL FROM"),
    (CheckRequest(.conversation, of: "ok.test"), .passed, "up to RCPT TO"),
    (CheckRequest(.conversation, of: "refused.test"), .failed, "connection refused"),
    (CheckRequest(.retryPolicy, of: "ok.test"), .warns, "short"),
    (CheckRequest(.queueRunner), .passed, "is running"),
    (CheckRequest(.identity), .warns, "private"),
    (CheckRequest(.limits), .passed, "No limit is near"),
    (CheckRequest(.blockLists), .unavailable, "No block lists"),
  ])
  func looks(_ request: CheckRequest, _ verdict: CheckResult.Verdict, _ words: String) async throws
  {
    for mta in MTA.allCases {
      let result = try #require(await runner(mta).run(request))
      #expect(result.verdict == verdict, "\(mta): \(result)")
      #expect(result.summary.contains(words), "\(mta): \(result)")
    }
  }

  @Test func aCancelEndsACheckAtOnce() async throws {
    let runner = try await runner(.postfix)
    let request = CheckRequest(.port25, of: "timeout.test")
    async let answer = runner.run(request)
    try await Task.sleep(for: .seconds(1))
    let clock = ContinuousClock()
    let start = clock.now
    await runner.cancel()
    #expect(await answer == nil)
    #expect(clock.now - start < .seconds(5))
  }
}
