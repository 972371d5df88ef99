// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Testing

extension OnScreen {
  /// Tempfail ends, one way or another, while a removal is under way.
  @Suite(.tags(.lab), .enabled(if: Lab.isRunning, "make test starts the lab, as root"))
  struct LabEnds {
    /// Begins the removal of two messages with a tool that takes its time.
    private func removing(
      seconds: Int, _ body: (Pane, Int32, [String]) async throws -> Void
    ) async throws {
      let name = "ends\(UInt32.random(in: 0...UInt32.max))"
      let addresses = ["\(name)-1@full.test", "\(name)-2@full.test"]
      for address in addresses { try await Lab.send(through: .postfix, to: address) }
      try await LabMTA.postfix.hasPutOff(addresses)
      let ids = try await LabMTA.postfix.queue().filter { row in
        row.recipients.contains { addresses.contains($0.address) }
      }.map(\.id)
      try await Lab.withSlowPostsuper(seconds: seconds) {
        try await Pane.running([Place.lab("enter"), Place.program, "--mta", "postfix"]) { pane in
          try await pane.waits(for: "queued")
          try await pane.press("/")
          try await pane.type(name)
          try await pane.press("Enter")
          try await pane.waits(for: "both messages") { Demo.queue($0).count == 2 }
          try await pane.press("*", "d")
          try await pane.waits(for: "Type 2")
          try await pane.press("2", until: "the button is on") { $0.shows("[ 2_ ]") }
          try await pane.press("BTab", until: "Remove in focus") { $0.shows("[[ Remove ]]") }
          try await pane.press("Enter", until: "no question") { !$0.shows("[[ Remove ]]") }
          try await Lab.postsuperIsAtWork()
          let shell = try await pane.processID()
          let process = try await eventually("Tempfail's own process") {
            ProcessTable.descendant(of: shell, named: "tempfail")
          }
          try await body(pane, process, ids)
        }
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
        try await eventually("the end of Tempfail") {
          ProcessTable.isRunning(process) ? nil : true
        }
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
        try await eventually("the end of Tempfail") {
          ProcessTable.isRunning(process) ? nil : true
        }
        let trail = try await Lab.audit()
        #expect(Self.entries("outcome", naming: ids, in: trail).count == 1)
      }
    }

    @Test func aKillIsToldAtTheNextStart() async throws {
      try await removing(seconds: 60) { pane, process, ids in
        kill(process, SIGKILL)
        try await eventually("the end of Tempfail") {
          ProcessTable.isRunning(process) ? nil : true
        }
        // The tool goes too, before it has touched anything.
        try await Lab.killPostsuper()
        let trail = try await Lab.audit()
        #expect(Self.entries("intent", naming: ids, in: trail).count == 1)
        #expect(Self.entries("outcome", naming: ids, in: trail).isEmpty)

        try await Pane.running([Place.lab("enter"), Place.program, "--mta", "postfix"]) { next in
          try await next.waits(for: "remove of 2 messages by root was interrupted")
          try await next.press("q")
        }
        let told = Self.entries("outcome", naming: ids, in: try await Lab.audit())
        let results = told.first?["results"]?.elements ?? []
        #expect(results.map { $0["note"]?.text } == ["still in the queue", "still in the queue"])
        #expect(try await LabMTA.postfix.spoolIDs().isSuperset(of: ids))
        // Their copies would double them one day.
        let kept = try await Lab.run("enter", [Place.program, "removed", "--json"])
        #expect(ids.allSatisfy { !kept.contains($0) })
      }
    }
  }
}
