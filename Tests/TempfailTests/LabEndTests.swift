// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Testing

extension OnScreen {
  /// Tempfail ends, one way or another, while a removal is in progress.
  @Suite(.tags(.lab), .enabled(if: Lab.isRunning, "make test starts the lab, as root"))
  struct LabEnds {
    /// Begins the removal of two messages with a tool that takes its time, before or after its work.
    private func removing(
      seconds: Int, isDone: Bool = false, _ body: (Pane, Int32, [String]) async throws -> Void
    ) async throws {
      try await Lab.withSlowPostsuper(seconds: seconds, isDone: isDone) {
        try await confirmingRemoval { pane, process, ids in
          try await Lab.postsuperIsAtWork()
          try await body(pane, process, ids)
        }
      }
    }

    /// Confirms the removal of two messages, in a Tempfail that is started by way of `prefix`.
    private func confirmingRemoval(
      by prefix: [String] = [], _ body: (Pane, Int32, [String]) async throws -> Void
    ) async throws {
      let name = "ends\(UInt32.random(in: 0...UInt32.max))"
      let addresses = ["\(name)-1@full.test", "\(name)-2@full.test"]
      for address in addresses { try await Lab.send(through: .postfix, to: address) }
      try await LabMTA.postfix.hasPutOff(addresses)
      let ids = try await LabMTA.postfix.queue().filter { row in
        row.recipients.contains { addresses.contains($0.address) }
      }.map(\.id)
      let command = [Place.lab("enter")] + prefix + [Place.program, "--mta", "postfix"]
      try await Pane.running(command) { pane in
        try await pane.waits(for: "queued")
        let shell = try await pane.processID()
        let process = try await eventually("Tempfail's own process") {
          ProcessTable.descendant(of: shell, named: "tempfail")
        }
        try await pane.press("/")
        try await pane.type(name)
        try await pane.press("Enter")
        try await pane.waits(for: "both messages") { Demo.queue($0).count == 2 }
        try await pane.press("*", "d")
        try await pane.waits(for: "Type 2")
        try await pane.press("2", until: "the button is on") { $0.shows("[ 2_ ]") }
        try await pane.press("BTab", until: "Remove in focus") { $0.shows("[[ Remove ]]") }
        try await pane.press("Enter", until: "no question") { !$0.shows("[[ Remove ]]") }
        try await body(pane, process, ids)
      }
    }

    private static func entries(_ kind: String, naming ids: [String], in trail: [JSON]) -> [JSON] {
      trail.filter { line in
        let named = line[kind == "intent" ? "messages" : "results"]?.elements ?? []
        return line["kind"]?.text == kind && Set(named.compactMap { $0["id"]?.text }) == Set(ids)
      }
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT]) func aSignalLetsTheActEnd(_ signal: Int32)
      async throws
    {
      try await removing(seconds: 3) { pane, process, ids in
        kill(process, signal)
        try await ended(process)
        let outcomes = Self.entries("outcome", naming: ids, in: try await Lab.audit())
        #expect(outcomes.count == 1)
        let results = outcomes.first?["results"]?.elements ?? []
        #expect(results.map { $0["result"]?.text } == ["done", "done"])
        #expect(try await LabMTA.postfix.spoolIDs().isDisjoint(with: ids))
      }
    }

    @Test func aClosedTerminalLetsTheActEnd() async throws {
      try await removing(seconds: 3) { pane, process, ids in
        try await pane.close()
        try await ended(process)
        let trail = try await Lab.audit()
        #expect(Self.entries("outcome", naming: ids, in: trail).count == 1)
      }
    }

    /// Nothing reads the screen, so the main thread hangs in a write when the signal comes.
    @Test(arguments: [SIGTERM, SIGHUP]) func aSignalLetsTheActEndWhereTheTerminalTakesNothing(
      _ signal: Int32
    ) async throws {
      try await removing(seconds: 4) { pane, process, ids in
        try await pane.stalled(process) {
          kill(process, signal)
          try await ended(process)
        }
        let outcomes = Self.entries("outcome", naming: ids, in: try await Lab.audit())
        #expect(outcomes.count == 1)
        let results = outcomes.first?["results"]?.elements ?? []
        #expect(results.map { $0["result"]?.text } == ["done", "done"])
        #expect(try await LabMTA.postfix.spoolIDs().isDisjoint(with: ids))
        try await pane.waits(for: "exit \(128 + signal)")
      }
    }

    /// Killed in the moment in which it waits for the disk: with what it is about to do, and with the copies.
    @Test(
      .enabled("needs strace") { access("/usr/bin/strace", X_OK) == 0 },
      arguments: ["audit.jsonl", "removed"])
    func aKillBeforeTheToolLosesNothing(place: String) async throws {
      let tracer = [
        "/usr/bin/strace", "-f", "-qq", "-o", "/dev/null", "-P", "/var/lib/tempfail/\(place)",
        "-e", "trace=fsync", "-e", "inject=fsync:signal=SIGKILL:when=1",
      ]
      try await confirmingRemoval(by: tracer) { _, process, ids in
        try await ended(process)
        try await isTold(ids, areQueued: true)
      }
    }

    @Test func aKillIsToldAtTheNextStart() async throws {
      try await removing(seconds: 60) { _, process, ids in
        try await killed(process)
        try await isTold(ids, areQueued: true)
      }
    }

    @Test func aKillAfterTheActIsToldAtTheNextStart() async throws {
      try await removing(seconds: 60, isDone: true) { _, process, ids in
        try await killed(process)
        try await isTold(ids, areQueued: false)
      }
    }

    /// Kills Tempfail, and the tool where it waits.
    private func killed(_ process: Int32) async throws {
      kill(process, SIGKILL)
      try await ended(process)
      try await Lab.killPostsuper()
    }

    private func ended(_ process: Int32) async throws {
      try await eventually("the end of Tempfail") {
        ProcessTable.isRunning(process) ? nil : true
      }
    }

    /// Starts Tempfail again: it shows the result of the messages, once, and those that are in the
    /// queue have no copy that would double them one day.
    private func isTold(_ ids: [String], areQueued: Bool) async throws {
      let trail = try await Lab.audit()
      #expect(Self.entries("intent", naming: ids, in: trail).count == 1)
      #expect(Self.entries("outcome", naming: ids, in: trail).isEmpty)
      try await Pane.running([Place.lab("enter"), Place.program, "--mta", "postfix"]) { next in
        try await next.waits(for: "remove of 2 messages by root was interrupted")
        try await next.press("q")
      }
      let told = Self.entries("outcome", naming: ids, in: try await Lab.audit())
      let words = areQueued ? "still in the queue" : "not in the queue"
      #expect(told.count == 1)
      let results = told.first?["results"]?.elements ?? []
      #expect(results.map { $0["note"]?.text } == [words, words])
      let spool = try await LabMTA.postfix.spoolIDs()
      let kept = try await Lab.run("enter", [Place.program, "removed", "--json"])
      for id in ids {
        #expect(spool.contains(id) == areQueued)
        #expect(kept.contains(id) == !areQueued)
      }
    }
  }
}
