// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

extension OnScreen {
  /// Terminals of every kind, and every way in which a program may have to end.
  @Suite struct Terminals {
    @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
    func aSignalEndsItAndRestoresTheTerminal(_ signal: Int32) async throws {
      try await Pane.running(Demo.command) { pane in
        _ = try await Demo.opened(pane)
        let process = try await pane.processID()
        kill(process, signal)
        #expect(try await pane.exitStatus() == 128 + Int(signal))
        #expect(!ProcessTable.isRunning(process))
      }
    }

    /// The main thread then hangs in a write, where it sees no signal.
    @Test(
      .enabled("needs root, to see where a process hangs") { geteuid() == 0 },
      arguments: [SIGTERM, SIGHUP], [[], ["--read-only"]])
    func aSignalEndsItWhereTheTerminalTakesNothing(
      _ signal: Int32, options: [String]
    ) async throws {
      try await Pane.running(Demo.command + options) { pane in
        _ = try await Demo.opened(pane)
        let process = try await pane.processID()
        try await pane.stalled(process) {
          kill(process, signal)
          try await eventually("the end") { ProcessTable.isRunning(process) ? nil : true }
        }
        // Somewhere on the old screen: there was no room to give the terminal back.
        try await pane.waits(for: "exit \(128 + signal)")
      }
    }

    /// A pager that reads nothing more.
    @Test(
      .enabled("needs root, to see where a process hangs") { geteuid() == 0 },
      arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalEndsTheReportWhereNobodyReadsIt(_ signal: Int32) async throws {
      let report = (Demo.command + ["--plain"]).joined(separator: " ")
      let script = "{ yes | head -c 65536; exec \(report); } | exec tail -f /dev/null"
      try await Pane.running(["/bin/sh", "-c", script]) { pane in
        let terminal = try #require(Int32(try await pane.value(of: "#{pane_pid}")))
        let process = try await eventually("a full pipe") {
          ProcessTable.descendant(of: terminal, named: "tempfail").flatMap {
            ProcessTable.isWriting($0) ? $0 : nil
          }
        }
        kill(process, signal)
        try await eventually("the end") { ProcessTable.isRunning(process) ? nil : true }
      }
    }

    @Test(arguments: [SIGSEGV, SIGABRT, SIGILL])
    func aCrashRestoresTheTerminal(_ signal: Int32) async throws {
      try await Pane.running(
        Demo.command, environment: ["SWIFT_BACKTRACE": "enable=no"]
      ) { pane in
        _ = try await Demo.opened(pane)
        kill(try await pane.processID(), signal)
        #expect(try await pane.exitStatus() == 128 + Int(signal))
      }
    }

    @Test func controlZLeavesItAndFgBringsItBack() async throws {
      try await Pane.running(["/bin/bash", "--norc", "-i"]) { pane in
        try await pane.type(Demo.command.joined(separator: " "))
        try await pane.press("Enter")
        _ = try await Demo.opened(pane)
        try await pane.press("C-z")
        try await pane.waits(for: "Stopped")
        #expect(try await pane.value(of: "#{alternate_on} #{cursor_flag}") == "0 1")
        try await pane.type("fg")
        try await pane.press("Enter")
        _ = try await Demo.opened(pane)
        try await pane.press("q")
        try await pane.waits(for: "the shell again") { !$0.shows("1 Queue") }
        try await pane.type("exit")
        try await pane.press("Enter")
        #expect(try await pane.exitStatus() == 0)
      }
    }

    @Test func controlCEndsIt() async throws {
      try await Pane.running(Demo.command) { pane in
        _ = try await Demo.opened(pane)
        try await pane.press("C-c")
        #expect(try await pane.exitStatus() == 0)
      }
    }

    @Test func aClosedTerminalEndsIt() async throws {
      try await Pane.running(Demo.command) { pane in
        _ = try await Demo.opened(pane)
        let process = try await pane.processID()
        let children = ProcessTable.children(of: process)
        try await pane.close()
        try await eventually("the end of the program") {
          ([process] + children).contains(where: ProcessTable.isRunning) ? nil : true
        }
      }
    }

    @Test func withoutUTF8ItDrawsInASCII() async throws {
      try await Pane.running(Demo.command, environment: ["LANG": "C"]) { pane in
        let screen = try await pane.waits(for: "the queue") {
          $0.shows("1 Queue") && $0.rows.contains { $0.hasPrefix(">") }
        }
        #expect(screen.rows.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
      }
    }

    @Test func itIsWithoutColourWhereColourIsUnwanted() async throws {
      try await Pane.running(Demo.command) { pane in
        _ = try await Demo.opened(pane)
        #expect(Self.hasColour(try await pane.styledScreen()))
      }
      try await Pane.running(Demo.command, environment: ["NO_COLOR": "1"]) { pane in
        _ = try await Demo.opened(pane)
        #expect(!Self.hasColour(try await pane.styledScreen()))
      }
    }

    @Test(
      arguments: ["vt100", "vt220", "linux", "xterm", "xterm-256color", "screen", "tmux-256color"])
    func itRunsOn(_ terminal: String) async throws {
      try await Pane.running(Demo.command, environment: ["TERM": terminal]) { pane in
        _ = try await Demo.opened(pane)
        try await pane.press("Down")
        try await pane.waits(for: "the next row") { $0.rows[4].hasPrefix("▌") }
        try await pane.press("q")
        #expect(try await pane.exitStatus() == 0)
        // Also where the program's screen stays: the answer has its own row.
        #expect(try await pane.screen().row(startingWith: "exit ") == "exit 0")
      }
    }

    /// Each line is new: no cursor is moved, and a signal ends it.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func plainIsAReportUntilASignal(_ signal: Int32) async throws {
      try await Pane.running(Demo.command + ["--plain"], environment: ["TERM": "dumb"]) { pane in
        let screen = try await pane.waits(for: "messages queued")
        #expect(!screen.shows("1 Queue"))
        kill(try await pane.processID(), signal)
        #expect(try await pane.exitStatus() == 128 + Int(signal))
      }
    }

    @Test func anUnknownTerminalIsSaidPlainly() async throws {
      try await Pane.running(Demo.command, environment: ["TERM": "no-such-terminal"]) { pane in
        try await pane.waits(for: "no-such-terminal")
        #expect(try await pane.exitStatus() != 0)
      }
    }

    @Test func withoutATerminalItSaysWhatToDo() async throws {
      let outcome = try await tempfail("demo")
      #expect(outcome.status != 0)
      #expect(outcome.output.isEmpty)
      #expect(outcome.complaints.contains("terminal"))
    }

    /// Whether a sequence sets a color (SGR 30 to 49, 90 to 107 but for 39 and 49, the default ones).
    private static func hasColour(_ text: String) -> Bool {
      text.split(separator: "\u{1B}[").dropFirst().contains { sequence in
        guard let end = sequence.firstIndex(of: "m") else { return false }
        return sequence[..<end].split(separator: ";").compactMap { Int($0) }
          .contains { (30...48).contains($0) && $0 != 39 || (90...107).contains($0) }
      }
    }
  }
}
