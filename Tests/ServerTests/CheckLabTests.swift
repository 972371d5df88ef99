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
      CheckRequest.mailExchangers(domain: "ok.test"), CheckResult.Verdict.passed, "1 mail exchanger"
    ),
    (.mailExchangers(domain: "nowhere.test"), .failed, "does not exist"),
    (.mailExchangers(domain: "dead.test"), .failed, ""),
    (.port25(domain: "ok.test"), .passed, "ready for mail"),
    (.port25(domain: "busy.test"), .warns, "defers us for now"),
    (.port25(domain: "refused.test"), .failed, "refuses the connection"),
    (.port25(domain: "drop.test"), .failed, "says nothing"),
    (.port25(domain: "timeout.test"), .failed, "says nothing"),
    (.conversation(domain: "full.test"), .warns, "At RCPT TO, they defer us"),
    (.conversation(domain: "policy.test"), .warns, "At MAIL FROM, they defer us"),
    (.conversation(domain: "ok.test"), .passed, "agrees up to RCPT TO"),
    (.conversation(domain: "refused.test"), .failed, "connection refused"),
    (.retryPolicy(domain: "ok.test"), .warns, "short"),
    (.queueRunner, .passed, "runs"),
    (.identity, .warns, "private"),
    (.limits, .passed, "have room"),
    (.blockLists, .unavailable, "No block lists"),
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
    let request = CheckRequest.port25(domain: "timeout.test")
    async let answer = runner.run(request)
    try await Task.sleep(for: .seconds(1))
    let clock = ContinuousClock()
    let start = clock.now
    await runner.cancel()
    #expect(await answer == nil)
    #expect(clock.now - start < .seconds(5))
  }
}
