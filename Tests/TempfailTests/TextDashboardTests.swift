// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct TextDashboardTests {
  @Test func onceIsTheScreenAsTextAndTellsFindings() async throws {
    let once = try await tempfail(
      "demo", "--once", environment: ["COLUMNS": "80", "LINES": "24", "LC_ALL": "C.UTF-8"])
    #expect(once.status == 1, "\(once.complaints)")
    let rows = once.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(rows.count == 25)
    #expect(rows[0].hasSuffix("DEMO WATCH"))
    #expect(rows[1].hasPrefix("━1 Queue━"))
    #expect(once.output.contains("421"))
    #expect(!once.output.contains("\u{1B}"))
    let plain = try await tempfail("demo", "--once", "--ascii", environment: ["TERM": "dumb"])
    #expect(plain.output.utf8.allSatisfy { $0 < 0x80 })
  }

  /// One question that is never answered: the rest is shown after ten seconds.
  @Test func onceWaitsTenSecondsForAnAnswer() async throws {
    let server = try CommandFolder(playing: .exim)
    server.forgetLog()
    func once() async throws -> (Outcome, Duration) {
      let start = ContinuousClock.now
      let once = try await outcome(
        of: Place.program, ["--once", "--mta", "exim"], environment: server.environment)
      return (once, ContinuousClock.now - start)
    }
    let (quick, _) = try await once()
    #expect(quick.output.contains("1 Queue"), "\(quick.complaints)")
    server.hang()
    let (slow, time) = try await once()
    #expect(slow.output.contains("1 Queue") && slow.status == quick.status, "\(slow.complaints)")
    // How much longer it takes is the machine's matter; that it ends is what counts.
    #expect(time >= .seconds(9), "\(time)")
  }

  @Test func onceAndPlainAreNotBoth() async throws {
    #expect(try await tempfail("demo", "--once", "--plain").status == 2)
  }
}
