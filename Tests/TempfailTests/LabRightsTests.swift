// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

extension OnScreen {
  /// What someone who is not root can do to a real Exim and a real Postfix.
  @Suite(.tags(.lab), .enabled(if: Lab.isRunning, "make test starts the lab, as root"))
  struct LabRights {
    /// Tempfail as the user nobody, in Exim's admin group or in no group; the repository may be closed to them.
    private func command(inEximsGroup: Bool) async throws -> [String] {
      let program = "/usr/local/bin/tempfail"
      let home = "/run/tempfail-lab/nobody"
      try await Lab.shell(
        """
        install -m 755 \(Place.program) \(program)
        install -d -o nobody -g nogroup -m 700 \(home)
        """)
      let group = try await Lab.shell("getent group Debian-exim | cut -d: -f3")
        .split(separator: "\n").first.map(String.init)
      return [
        Place.lab("enter"), "env", "-u", "XDG_STATE_HOME", "HOME=\(home)", "setpriv", "--reuid",
        "nobody", "--regid", "nogroup",
      ] + (inEximsGroup ? ["--groups", try #require(group)] : ["--clear-groups"]) + [program]
    }

    /// Opens the dashboard on one message and tries to hold it.
    private func holding(
      _ mta: LabMTA, inEximsGroup: Bool, _ body: (Pane, String) async throws -> Void
    ) async throws {
      let address = Lab.address("rights", mta, at: "full.test")
      try await Lab.send(through: mta, to: address)
      try await mta.hasPutOff([address])
      let command = try await command(inEximsGroup: inEximsGroup)
      try await Pane.running(command + ["--mta", mta.rawValue, "--refresh", "1"]) { pane in
        let id = try await pane.showsOnly(address)
        try await pane.press("H")
        try await body(pane, id)
      }
    }

    @Test func anAdministratorOfEximHoldsWithoutBeingRoot() async throws {
      try await holding(.exim, inEximsGroup: true) { pane, id in
        try await pane.waits(for: "the message on hold") { Demo.isHeld(id, on: $0) }
        let lines = try await LabMTA.exim.listing().split(separator: "\n")
        #expect(lines.contains { $0.contains(id) && $0.contains("*** frozen ***") })
      }
    }

    @Test func whoMayNotIsToldWhyAndHow() async throws {
      // Nobody but its administrators sees Exim's queue at all; Postfix shows it to everyone.
      try await holding(.postfix, inEximsGroup: false) { pane, id in
        try await pane.waits(for: "Only root can run postsuper")
        #expect(try await LabMTA.postfix.listing().contains(id))
        #expect(try await !LabMTA.postfix.listing().contains(id + "!"))
      }
      let command = try await command(inEximsGroup: false)
      let said = try await outcome(
        of: command[0], Array(command.dropFirst()) + ["doctor", "--mta", "exim"])
      #expect(said.output.contains("Exim lets only its administrators do this."))
      #expect(said.output.contains("join Exim's admin group"))
    }
  }
}
