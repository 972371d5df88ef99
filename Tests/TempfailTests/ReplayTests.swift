// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

extension OnScreen {
  /// What a real Exim and a real Postfix of the lab said, recorded by `tempfail record` and played again.
  @Suite struct Replays {
    @Test(arguments: LabMTA.allCases) func aRecordedServerIsShown(_ mta: LabMTA) async throws {
      let record = Place.fixture("records/\(mta.rawValue).record")
      try await Pane.running([Place.program, "replay", record]) { pane in
        let screen = try await pane.waits(for: "the recorded queue") {
          $0.rows[0].contains("queued") && $0.rows[0].hasSuffix("REPLAY")
            && Demo.identity(Demo.selected($0)) != nil
        }
        #expect(screen.rows[0].lowercased().contains(mta.rawValue))
        try await pane.waits(for: "rate-limit")
        try await pane.press(",")
        try await pane.waits(for: "Replay paused")
        try await pane.press(".")
        try await pane.press("}")
        try await pane.press(",")
        try await pane.waits(for: "Replay at 2")
        // Nothing can be changed in it.
        try await pane.press("d")
        try await pane.waits(for: "read-only")
        try await pane.press("q")
        #expect(try await pane.exitStatus() == 0)
      }
    }
  }
}

@Suite(.timeLimit(.minutes(4)))
struct ReplayUsageTests {
  @Test func whatIsNoRecordIsRefused() async throws {
    let outcome = try await tempfail("replay", Place.fixture("exim-bp.txt"))
    #expect(outcome.status == 2)
    #expect(outcome.complaints.contains("not written by tempfail record"))
  }

  @Test(arguments: [["record", "--seconds", "0", "x"], ["replay", "--speed", "0", "x"]])
  func limitsAreSaid(_ arguments: [String]) async throws {
    #expect(try await outcome(of: Place.program, arguments).status == 2)
  }
}
