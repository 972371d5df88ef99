// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

extension OnScreen {
  /// The dashboard on a real Exim and a real Postfix.
  @Suite(.tags(.lab), .enabled(if: Lab.isRunning, "make test starts the lab, as root"))
  struct LabDashboard {
    /// Runs the dashboard in the lab's room, with the queue filtered to one address.
    private func dashboard(
      _ mta: LabMTA, filteredTo address: String, subcommand: [String] = [],
      _ body: (Pane, String) async throws -> Void
    ) async throws {
      let command =
        [Place.lab("enter"), Place.program] + subcommand + [
          "--mta", mta.rawValue, "--refresh", "1",
        ]
      try await Pane.running(command) { pane in
        try await body(pane, try await pane.showsOnly(address))
      }
    }

    @Test(arguments: LabMTA.allCases) func showsWhoDefersAndWhy(_ mta: LabMTA) async throws {
      let address = Lab.address("why", mta, at: "ratelimit.test")
      try await Lab.send(through: mta, to: address)
      try await mta.hasPutOff([address])
      try await dashboard(mta, filteredTo: address) { pane, id in
        #expect(try await mta.listing().contains(id))
        let screen = try await pane.waits(for: "the cause of the selected message") {
          Demo.selected($0)?.contains("rate") == true
        }
        #expect(screen.rows[0].hasSuffix("OPERATE"))
        #expect(screen.rows[0].lowercased().contains(mta.rawValue))
        try await pane.press("4", "z")
        // As the fix writes it: the log's line, `421-4.7.28`, is seen before the pane is large.
        try await pane.waits(for: "4.7.28 Our system has detected")
        try await pane.press("q")
        #expect(try await pane.exitStatus() == 0)
      }
    }

    /// What keys ask for in one moment is begun in that order, and none of it is dropped.
    @Test(arguments: LabMTA.allCases) func actsAreBegunInTheOrderOfTheirKeys(_ mta: LabMTA)
      async throws
    {
      let name = "order\(UInt32.random(in: 0...UInt32.max))"
      let addresses = (1...6).map { "\(name)-\($0)@full.test" }
      for address in addresses { try await Lab.send(through: mta, to: address) }
      try await mta.hasPutOff(addresses)
      let command = [Place.lab("enter"), Place.program, "--mta", mta.rawValue]
      try await Pane.running(command) { pane in
        try await pane.waits(for: "queued")
        try await pane.press("/")
        try await pane.type(name)
        try await pane.press("Enter")
        let screen = try await pane.waits(for: "all messages") { Demo.queue($0).count == 6 }
        let ids = Demo.queue(screen).compactMap(Demo.identity)
        try await pane.type("HjHjHjHjHjH")
        let held = try await eventually("six acts") {
          let intents = try await Lab.audit().filter { $0["kind"]?.text == "intent" }.suffix(6)
          let named = intents.compactMap { $0["messages"]?.elements?.first?["id"]?.text }
          return Set(named) == Set(ids) ? named : nil
        }
        #expect(held == ids)
      }
    }

    @Test(arguments: LabMTA.allCases) func retries(_ mta: LabMTA) async throws {
      let address = Lab.address("retry", mta, at: "disk.test")
      try await Lab.answer(of: "disk.test", becomesThatOf: "disk.test")
      try await Lab.send(through: mta, to: address)
      try await mta.hasPutOff([address])
      try await dashboard(mta, filteredTo: address) { pane, id in
        // When it was tried last is in the log, which is read a little later than the queue.
        try await pane.waits(for: "452 4.3.1")
        try await pane.press("r")
        // So soon after the first attempt it asks whether that helps.
        try await pane.waits(for: "[[ Cancel ]]")
        // Not before: the MTA's own queue run would be first.
        try await Lab.answer(of: "disk.test", becomesThatOf: "ok.test")
        try await pane.press("Tab", until: "Retry in focus") { $0.shows("[[ Retry ]]") }
        try await pane.press("Enter", until: "no question") { !$0.shows("[[ Retry ]]") }
        try await pane.waits(for: "the message gone") { Demo.identity(Demo.selected($0)) == nil }
        #expect(try await !mta.listing().contains(id))
      }
      try await Lab.answer(of: "disk.test", becomesThatOf: "disk.test")
    }

    @Test(arguments: LabMTA.allCases) func removes(_ mta: LabMTA) async throws {
      let address = Lab.address("remove", mta, at: "full.test")
      try await Lab.send(through: mta, to: address)
      try await mta.hasPutOff([address])
      try await dashboard(mta, filteredTo: address) { pane, id in
        let before = try await mta.queue().map(\.id)
        try await pane.press("d")
        try await pane.waits(for: "[[ Cancel ]]")
        try await pane.press("Tab", until: "Remove in focus") { $0.shows("[[ Remove ]]") }
        try await pane.press("Enter", until: "no question") { !$0.shows("[[ Remove ]]") }
        try await pane.waits(for: "Removed")
        #expect(try await !mta.listing().contains(id))
        let after = try await mta.queue().map(\.id)
        #expect(Set(after).isSubset(of: before))
      }
    }

    @Test(arguments: LabMTA.allCases) func holdsAndReleases(_ mta: LabMTA) async throws {
      let address = Lab.address("hold", mta, at: "tls.test")
      try await Lab.send(through: mta, to: address)
      try await mta.hasPutOff([address])
      try await dashboard(mta, filteredTo: address) { pane, id in
        func isHeld() async throws -> Bool {
          switch mta {
          case .exim:
            try await mta.listing().split(separator: "\n").contains {
              $0.contains(id) && $0.contains("*** frozen ***")
            }
          case .postfix: try await mta.listing().contains(id + "!")
          }
        }
        try await pane.press("H")
        try await pane.waits(for: "the message on hold") { Demo.isHeld(id, on: $0) }
        #expect(try await isHeld())
        try await pane.press("R")
        try await eventually("\(mta) has released it") { try await isHeld() ? nil : true }
      }
    }

    @Test(arguments: LabMTA.allCases) func watchChangesNothing(_ mta: LabMTA) async throws {
      let address = Lab.address("watch", mta, at: "full.test")
      try await Lab.send(through: mta, to: address)
      try await mta.hasPutOff([address])
      try await dashboard(mta, filteredTo: address, subcommand: ["watch"]) { pane, id in
        #expect(try await pane.screen().rows[0].hasSuffix("WATCH"))
        try await pane.press("d")
        try await pane.waits(for: "read-only")
        try await pane.press("Enter", "q")
        #expect(try await mta.listing().contains(id))
      }
    }

    @Test(arguments: LabMTA.allCases) func hostileRepliesAreShownAsText(_ mta: LabMTA) async throws
    {
      let address = Lab.address("esc", mta, at: "nasty.test")
      try await Lab.send(through: mta, to: address)
      try await mta.hasPutOff([address])
      try await dashboard(mta, filteredTo: address) { pane, _ in
        try await pane.waits(for: "450 4.7.1 Greylisted")
        #expect(try await pane.value(of: "#{pane_title}") != "owned")
      }
    }
  }
}
