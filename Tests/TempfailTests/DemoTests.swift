// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

/// The real program in a terminal, one at a time: each test starts a terminal and a program.
@Suite(.serialized, .timeLimit(.minutes(5)))
enum OnScreen {}

extension OnScreen {
  /// The demo, driven by keys as a newcomer would.
  @Suite struct Demo {
    static let command = [Place.program, "demo"]

    /// The queue's rows: from its heading to the next pane's title.
    static func queue(_ screen: Screen) -> [String] {
      let rows = screen.rows.drop { !$0.contains("1 Queue") }.dropFirst(2)
      return rows.prefix { !$0.contains("2 Connections") && !$0.contains("3 Log") }.map {
        String($0.drop { "▌* ".contains($0) })
      }.filter { !$0.isEmpty }
    }

    /// The row that the bar marks.
    static func selected(_ screen: Screen) -> String? {
      screen.rows.first { $0.hasPrefix("▌") }
    }

    /// The first word of a row behind the bar: the queue ID.
    static func identity(_ row: String?) -> String? {
      row?.split(separator: " ").first { $0 != "▌" }.map(String.init)
    }

    /// Whether the row of a message says that it is on hold, in either MTA's word.
    static func isHeld(_ id: String, on screen: Screen) -> Bool {
      guard let row = queue(screen).first(where: { $0.contains(id) }) else { return false }
      return row.contains(" HOLD ") || row.contains(" FROZEN ")
    }

    /// Waits until the queue is shown with a selection, and returns the selected queue ID.
    static func opened(_ pane: Pane) async throws -> String {
      let screen = try await pane.waits(for: "the demo's queue") {
        identity(selected($0)) != nil && $0.rows[0].contains("queued")
      }
      return try #require(identity(selected(screen)))
    }

    @Test func showsTheServerAndQuits() async throws {
      try await Pane.running(Self.command) { pane in
        _ = try await Self.opened(pane)
        let header = try await pane.screen().rows[0]
        #expect(header.contains("mx1.demo.example"))
        #expect(header.contains("Postfix") || header.contains("Exim"))
        #expect(header.hasSuffix("DEMO"))
        for title in ["1 Queue", "2 Connections", "3 Log", "4 Fix"] {
          try await pane.waits(for: title)
        }
        try await pane.press("q")
        #expect(try await pane.exitStatus() == 0)
      }
    }

    @Test func movesTheSelectionAndTheCursorWithIt() async throws {
      try await Pane.running(Self.command) { pane in
        let first = try await Self.opened(pane)
        try await pane.press("j")
        try await pane.waits(for: "another selection") {
          let id = Self.identity(Self.selected($0))
          return id != nil && id != first
        }
        try await eventually("the cursor on the selected row") {
          let row = try await pane.screen().rows.firstIndex { $0.hasPrefix("▌") }
          return try await pane.value(of: "#{cursor_y}") == row.map(String.init) ? true : nil
        }
        try await pane.press("k")
        try await pane.waits(for: "the first selection") {
          Self.identity(Self.selected($0)) == first
        }
      }
    }

    @Test func filtersTheQueue() async throws {
      try await Pane.running(Self.command) { pane in
        _ = try await Self.opened(pane)
        try await pane.press("/")
        try await pane.type("gmail.com")
        try await pane.press("Enter")
        let screen = try await pane.waits(for: "a filtered queue") { screen in
          let rows = Self.queue(screen)
          return screen.shows("[gmail.com]") && !rows.isEmpty
            && rows.allSatisfy { $0.contains("gmail.com") }
        }
        #expect(screen.row(with: "1 Queue")?.contains(" of ") == true)
      }
    }

    @Test func opensAMessageAndComesBack() async throws {
      try await Pane.running(Self.command) { pane in
        let id = try await Self.opened(pane)
        try await pane.press("Enter")
        try await pane.waits(for: "the message's header") {
          $0.shows("Subject:") && $0.shows(id)
        }
        try await pane.press("Escape")
        try await pane.waits(for: "1 Queue")
      }
    }

    @Test func holdsAndReleases() async throws {
      try await Pane.running(Self.command) { pane in
        let id = try await Self.opened(pane)
        try await pane.press("H")
        try await pane.waits(for: "the message on hold") { Self.isHeld(id, on: $0) }
        try await pane.press("R")
        try await pane.waits(for: "the message released") {
          $0.row(with: id)?.contains("DEFER") == true
            || $0.row(with: id)?.contains("ACTIV") == true
            || $0.row(with: id)?.contains("INCOM") == true
        }
      }
    }

    @Test func removesOnlyAfterTheQuestion() async throws {
      try await Pane.running(Self.command) { pane in
        let id = try await Self.opened(pane)
        try await pane.press("d")
        let question = try await pane.waits(for: "[[ Cancel ]]")
        #expect(question.shows("postsuper -d") || question.shows("exim -Mrm"))
        #expect(question.shows(id))
        try await pane.press("Enter", until: "no question") { !$0.shows("Cancel") }
        #expect(try await pane.screen().shows(id))

        try await pane.press("d")
        try await pane.waits(for: "[[ Cancel ]]")
        try await pane.press("Tab", until: "Remove in focus") { $0.shows("[[ Remove ]]") }
        try await pane.press("Enter", until: "no question") { !$0.shows("[[ Remove ]]") }
        try await pane.waits(for: "Removed")
        try await pane.waits(for: "the message gone") { screen in
          !Self.queue(screen).contains { $0.contains(id) && !$0.contains("left the queue") }
        }
      }
    }

    @Test func helpsZoomsAndPauses() async throws {
      try await Pane.running(Self.command) { pane in
        _ = try await Self.opened(pane)
        try await pane.press("?")
        try await pane.waits(for: "Filter this list")
        try await pane.press("Escape")
        try await pane.waits(for: "no help") { !$0.shows("Filter this list") }

        try await pane.press("2", "z")
        try await pane.waits(for: "one pane") {
          $0.shows("2 Connections") && !$0.shows("1 Queue") && !$0.shows("4 Fix")
        }
        try await pane.press("z")
        try await pane.waits(for: "1 Queue")

        try await pane.press("Z")
        try await pane.waits(for: "PAUSED")
        try await pane.press("Z")
        try await pane.waits(for: "no pause") { !$0.shows("PAUSED") }
      }
    }

    @Test func fitsEverySize() async throws {
      try await Pane.running(Self.command) { pane in
        _ = try await Self.opened(pane)
        for (width, height) in [(80, 24), (40, 10), (20, 5), (1, 1), (100, 30)] {
          try await pane.resize(width: width, height: height)
          guard width > 1 else { continue }
          try await pane.waits(for: "\(width)x\(height)") { screen in
            screen.rows[0].contains("queued") && screen.rows[1...].contains { $0.hasPrefix("▌") }
              && screen.shows("─4 Fix") == (width >= 80)
              && screen.shows("2 Conn") == (width >= 40)
              && screen.shows("? Help") == (width >= 40)
          }
        }
        try await pane.press("q")
        #expect(try await pane.exitStatus() == 0)
      }
    }
  }
}
