// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Glibc
import Guidance
import MailServer
import Replies
import Testing

@testable import Dashboard

/// Golden screens: text rows, then a row of roles for each.
///
/// `UPDATE_SCREENS=1` writes them again.
@Suite struct ScreenTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var prepare: @Sendable (inout Harness) -> Void
    var testDescription: String { name }

    init(_ name: String, _ prepare: @escaping @Sendable (inout Harness) -> Void = { _ in }) {
      self.name = name
      self.prepare = prepare
    }
  }

  static let sizes = [(100, 30), (80, 24), (40, 10)]
  static let wideSizes = [(160, 45), (200, 60)]

  static let cases = [
    Case("queue"),
    Case("queue-grouped") { $0.press(.character("g")) },
    Case("queue-filtered") {
      $0.press(.character("/"))
      $0.type("gmail")
    },
    Case("queue-filtered-empty") {
      $0.press(.character("/"))
      $0.type("no such thing")
      $0.press(.enter)
    },
    Case("queue-chips") {
      for text in ["dest:gmail.com", "age>10m !cause:timeout"] {
        $0.press(.character("/"))
        $0.type(text)
        $0.press(.enter)
      }
    },
    Case("queue-filter-wrong") {
      $0.press(.character("/"))
      $0.type("dest:gmail.com age>soon")
    },
    Case("queue-filter-completed") {
      $0.press(.character("/"))
      $0.type("cause:")
      $0.press(.tab, .tab)
    },
    Case("queue-providers") {
      for _ in 0..<5 { $0.press(.character("g")) }
    },
    Case("queue-heat-map") {
      for _ in 0..<7 { $0.press(.character("g")) }
    },
    Case("queue-columns") {
      $0.press(.character("C"), .down, .character(" "), .down, .character(" "), .down)
    },
    Case("queue-sorted") { $0.press(.character("s"), .character("s"), .character("s")) },
    Case("chart") { $0.press(.character("t")) },
    Case("timeline") { $0.press(.character("L")) },
    Case("queue-stale") {
      $0.wait(seconds: 75)
      $0.send(
        .health(
          .queue,
          .failed(
            Problem(
              what: "postqueue -j did not finish within 120 s.",
              remedy: "Look whether the disk of the queue is busy."), lastGood: Harness.now)))
    },
    Case("queue-paused") {
      $0.press(.character("Z"))
      $0.wait(seconds: 42)
    },
    Case("connections") { $0.press(.character("2")) },
    Case("log") { $0.press(.character("3")) },
    Case("log-all-codes") { $0.press(.character("3"), .character("a")) },
    Case("findings") { $0.press(.character("i"), .down) },
    Case("escalation") {
      $0.press(.character("/"))
      $0.type("gmail")
      $0.press(.enter, .character("e"))
    },
    Case("limits") {
      $0.send(
        .limits([
          LimitUse(
            setting: "smtpd_client_connection_count_limit", used: 42, limit: 50,
            biggest: Tally(key: "203.0.113.9", count: 42)),
          LimitUse(setting: "default_process_limit", used: 44, limit: 100),
        ]))
      $0.press(.character("2"))
    },
    Case("log-grouped") { $0.press(.character("3"), .character("a"), .character("g")) },
    Case("log-found") {
      $0.press(.character("3"), .character("a"), .character("n"))
      $0.type("greylist")
      $0.press(.enter)
    },
    Case("log-filtered-empty") {
      $0.press(.character("3"), .character("/"))
      $0.type("dest:nowhere")
      $0.press(.enter)
    },
    Case("log-paused") {
      $0.press(.character("3"), .character("Z"))
      if let event = $0.state.log.selectedEvent {
        $0.send(.log([event, event], dropped: 3))
      }
      $0.wait(seconds: 90)
    },
    Case("log-stale") {
      $0.press(.character("3"))
      $0.send(
        .health(
          .log,
          .failed(
            Problem(
              what: "/var/log/mail.log may not be read.",
              remedy: "Add yourself to the group adm: usermod -aG adm USER."),
            lastGood: Harness.now)))
    },
    Case("fix") { $0.press(.character("f")) },
    Case("fix-checked") {
      $0.press(.down, .character("f"))
      for _ in 0..<40 {
        if case .check? = $0.state.fix.selectedStep?.action { break }
        $0.press(.down)
      }
      $0.press(.enter)
      if case .look(.check(let request))? = $0.effects.last {
        $0.send(
          .checked(
            CheckResult(
              request, .passed, "2 mail exchangers, all with addresses",
              ["10 mx1.example.net: 192.0.2.1", "20 mx2.example.net: 192.0.2.2"],
              at: Harness.now)))
      }
    },
    Case("test-message") {
      TestMessageTests.open(&$0)
      guard let route = try? TestMessageTests.route() else { return }
      $0.send(.routed(.found(route), to: TestMessageTests.domain))
    },
    Case("confirm-remove") { $0.press(.character("d")) },
    Case("marked") { $0.press(.character(" "), .character(" "), .down, .character(" "), .up) },
    Case("confirm-remove-several") {
      $0.press(.character("*"), .character("d"), .character("1"))
    },
    Case("confirm-remove-list") { $0.press(.character("*"), .character("d"), .character("v")) },
    Case("confirm-bounce") { $0.press(.character("b")) },
    Case("confirm-requeue") { $0.press(.character("Q")) },
    Case("retry-several") {
      $0.press(.character("g"))
      $0.wait(seconds: 86_400)
      $0.press(.character("r"), .tab, .enter)
      $0.wait(seconds: 12)
    },
    Case("help") { $0.press(.character("?")) },
    Case("help-search") {
      $0.press(.character("?"))
      $0.type("pane")
    },
    Case("palette") {
      $0.press(.character(":"))
      $0.type("re")
      $0.press(.down)
    },
    Case("keep") {
      $0.send(
        .keepByHand(
          path: "/home/jane/.config/tempfail/config.toml",
          lines: [
            "theme = \"nord\" # replaces line 2", "", "[queue]", "columns = []",
            "sort = \"next\"", "descending = false", "group = \"cause\"",
          ]))
    },
    Case("notices") {
      $0.send(.notice("config.toml:3: unknown setting \"them\"; did you mean \"theme\"?"))
      $0.press(.character("!"))
    },
    Case("message") { $0.press(.enter) },
  ]

  @Test(arguments: cases) func live(_ test: Case) async throws {
    for (columns, rows) in Self.sizes {
      var harness = try await Harness.live(columns: columns, rows: rows)
      test.prepare(&harness)
      try Golden.check(harness.screen, "\(test.name)-\(columns)x\(rows)")
    }
  }

  /// What has another shape on a wide screen.
  static let wideCases = cases.filter {
    ["queue", "log-grouped", "limits", "fix", "findings", "chart", "confirm-remove", "message"]
      .contains($0.name)
  }

  @Test(arguments: wideCases) func wide(_ test: Case) async throws {
    for (columns, rows) in Self.wideSizes {
      var harness = try await Harness.live(columns: columns, rows: rows)
      test.prepare(&harness)
      try Golden.check(harness.screen, "\(test.name)-\(columns)x\(rows)")
    }
  }

  static let allSizes = [(100, 30), (80, 24), (120, 36), (140, 40), (160, 45), (40, 10)]

  @Test(arguments: PaneID.allCases) func eachPaneInUse(pane: PaneID) async throws {
    for (columns, rows) in Self.allSizes {
      var harness = try await Harness.live(columns: columns, rows: rows)
      harness.press(.character(Character("\(pane.rawValue)")))
      try Golden.check(harness.screen, "pane-\(pane.rawValue)-\(columns)x\(rows)")
    }
  }

  /// Trends where the terminal has braille.
  @Test func braille() async throws {
    var setup = State.Setup()
    setup.graphs = .braille
    for (columns, rows) in Self.sizes + Self.wideSizes {
      for (name, keys) in [
        ("queue", []), ("grouped", [.character("g")]), ("chart", [.character("t")]),
        ("chart-day", [.character("t"), .character("d")]),
      ] as [(String, [Key])] {
        var harness = try await Harness.live(setup: setup, columns: columns, rows: rows)
        for key in keys { harness.press(key) }
        try Golden.check(harness.screen, "braille-\(name)-\(columns)x\(rows)")
      }
    }
  }

  @Test func theConsoleHasItsOwnLines() async throws {
    var harness = try await Harness.live(columns: 80, rows: 24, lines: .console)
    try Golden.check(harness.screen, "console-80x24")
    harness.press(.character("d"))
    try Golden.check(harness.screen, "console-confirm-80x24")
  }

  @Test func watchModeSaysSo() async throws {
    for (columns, rows) in Self.sizes {
      let harness = try await Harness.live(.watch, mta: .exim, columns: columns, rows: rows)
      try Golden.check(harness.screen, "watch-exim-\(columns)x\(rows)")
    }
  }

  @Test func asciiHasNoOtherCharacter() async throws {
    var harness = try await Harness.live(columns: 80, rows: 24, lines: .ascii)
    try Golden.check(harness.screen, "ascii-80x24")
    for (columns, rows) in [(100, 30), (160, 45)] {
      let larger = try await Harness.live(columns: columns, rows: rows, lines: .ascii)
      try Golden.check(larger.screen, "ascii-\(columns)x\(rows)")
    }
    for key in [Key.character("g"), .character("f"), .character("?"), .escape, .character("d")] {
      harness.press(key)
      #expect(harness.text.utf8.allSatisfy { $0 < 0x80 }, "after \(key)")
    }
  }

  @Test func beforeAnyData() throws {
    for (columns, rows) in Self.sizes {
      try Golden.check(Harness(columns: columns, rows: rows).screen, "loading-\(columns)x\(rows)")
    }
  }

  @Test func whereNothingWorks() throws {
    for (columns, rows) in Self.sizes {
      var harness = Harness(columns: columns, rows: rows)
      let problem = Problem(
        what: "exim -bp: nobody may not list the queue.",
        remedy: "Run Tempfail as root, or add nobody to Exim's group.")
      for source in Source.allCases {
        harness.send(.health(source, .failed(problem, lastGood: nil)))
      }
      try Golden.check(harness.screen, "failed-\(columns)x\(rows)")
    }
  }

  @Test func anEmptyQueueIsGoodNews() throws {
    var harness = Harness(columns: 80, rows: 24)
    harness.send(
      .queue(QueueSnapshot(QueueListing([], mta: .exim, now: Harness.now), taken: Harness.now)))
    harness.send(.health(.queue, .live(since: Harness.now, note: nil)))
    try Golden.check(harness.screen, "empty-80x24")
    harness.send(.health(.log, .live(since: Harness.now, note: nil)))
    harness.send(
      .log(
        [
          LogEvent(
            time: Harness.now - 180, mta: .exim, kind: .delivery, direction: .outbound,
            queueID: "1xVeaV-00000000001-1abc", recipient: "jane@example.net", remoteHost: nil,
            remoteIP: nil, code: nil, enhanced: nil, cause: .notTemporary, reply: "", line: "")
        ], dropped: 0))
    #expect(harness.text.contains("The queue is empty. The last delivery was 3m ago."))
    harness.press(.character("3"))
    try Golden.check(harness.screen, "log-empty-80x24")
  }
}

/// Compares a frame with the one that was looked at and kept.
enum Golden {
  private static let folder =
    #filePath.split(separator: "/").dropLast()
    .map { "/\($0)" }.joined() + "/Screens/"

  static func check(
    _ grid: Grid, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let path = folder + name + ".txt"
    let drawn = (grid.textRows + ["---"] + grid.styleRows).joined(separator: "\n") + "\n"
    if getenv("UPDATE_SCREENS") != nil {
      let file = try #require(fopen(path, "w"))
      fputs(drawn, file)
      fclose(file)
      return
    }
    let kept = try #require(read(path), "no golden screen \(name)", sourceLocation: sourceLocation)
    guard kept != drawn else { return }
    let pairs = zip(
      kept.split(separator: "\n", omittingEmptySubsequences: false),
      drawn.split(separator: "\n", omittingEmptySubsequences: false))
    let differences = pairs.enumerated().filter { $0.element.0 != $0.element.1 }.prefix(6).map {
      "row \($0.offset)\n  kept  \($0.element.0)\n  drawn \($0.element.1)"
    }
    Issue.record(
      "screen \(name) differs\n\(differences.joined(separator: "\n"))",
      sourceLocation: sourceLocation)
  }

  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += block[..<count]
    }
  }
}
