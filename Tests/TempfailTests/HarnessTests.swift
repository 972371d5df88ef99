// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

/// The harness itself: a terminal is opened, read, typed into, resized and closed.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct HarnessTests {
  @Test func runsACommandInATerminalOfItsOwn() async throws {
    try await Pane.running(["/bin/cat"], width: 40, height: 10) { pane in
      try await pane.type("hello")
      try await pane.press("Enter")
      try await pane.waits(for: "hello twice") { screen in
        screen.rows.filter { $0 == "hello" }.count == 2
      }
      try await pane.resize(width: 20, height: 5)
      #expect(try await pane.value(of: "#{pane_width}x#{pane_height}") == "20x5")
      let process = try await pane.processID()
      #expect(ProcessTable.isRunning(process))
      try await pane.press("C-d")
      #expect(try await pane.exitStatus() == 0)
      #expect(!ProcessTable.isRunning(process))
    }
  }

  @Test func noticesATerminalThatWasNotRestored() async throws {
    try await Pane.running(["/usr/bin/stty", "-echo"]) { pane in
      await #expect(throws: NeverHappened.self) { try await pane.exitStatus() }
    }
  }

  @Test func findsTheProgramThatWasBuiltWithTheTests() async throws {
    let outcome = try await tempfail("--help")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("tempfail"))
  }
}
