// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Testing

@testable import Dashboard

@Suite struct PlainReportTests {
  @Test func saysEverythingOnceAndThenWhatIsNew() async throws {
    var harness = try await Harness.live()
    var report = PlainReport()
    let first = report.lines(harness.state)
    #expect(first.first == "12:00:00 mx1.demo.example, Postfix")
    #expect(first.contains { $0.hasPrefix("  68 messages queued, 1 held; ") })
    #expect(first.contains { $0.hasPrefix("  DBBA31EAA4 to ") && $0.contains("452 4.2.2") })
    #expect(
      first.contains("  63 messages more: tempfail queue lists them."))
    #expect(report.lines(harness.state).isEmpty)
    let server = try await DemoServer.read(.postfix)
    harness.send(.log(Array(server.events.suffix(1)), dropped: 0))
    #expect(report.lines(harness.state).count <= 3)
  }

  @Test func aFailureIsToldOnceForAllSources() {
    var harness = Harness()
    #expect(!harness.state.hasFirstData)
    let problem = Problem(what: "No mail server was found.", remedy: "Install one.")
    for source in Source.allCases {
      harness.send(.health(source, .failed(problem, lastGood: nil)))
    }
    #expect(harness.state.hasFirstData && harness.state.hasFindings)
    var report = PlainReport()
    #expect(
      report.lines(harness.state) == ["12:00:00", "  No mail server was found. Install one."])
  }

  @Test func a421IsAFinding() async throws {
    let harness = try await Harness.live()
    #expect(harness.state.hasFirstData && harness.state.hasFindings)
    var empty = Harness()
    for source in Source.allCases {
      empty.send(.health(source, .live(since: Harness.now, note: nil)))
    }
    empty.send(
      .queue(QueueSnapshot(QueueListing([], mta: .exim, now: Harness.now), taken: Harness.now)))
    #expect(empty.state.hasFirstData && !empty.state.hasFindings)
  }

  // MARK: Saving

  @Test func theScreenIsSavedAsItIsOrMasked() async throws {
    var harness = try await Harness.live(.operate)
    harness.press(.character("P"), .escape)
    #expect(harness.effects.isEmpty)
    harness.press(.character("P"), .character("m"), .character("P"), .enter)
    #expect(harness.effects == [.dump(isMasked: true), .dump(isMasked: false)])
    #expect(harness.state.overlay == nil)
    harness.forgetEffects()
    // A text that is read goes into the ticket too, and it is said there that it was saved.
    harness.press(.character("L"), .character("P"))
    #expect(harness.text.contains("Save the screen"))
    harness.press(.character("m"))
    #expect(harness.effects.last == .dump(isMasked: true))
    harness.send(.told("Saved /x/screen.txt", isGood: true))
    #expect(harness.text.contains("Timeline of DBBA31EAA4"))
    #expect(harness.screen.textRows.last?.contains("Saved /x/screen.txt") == true)
    harness.press(.escape)
    harness.forgetEffects()
    harness.press(.character("Y"))
    #expect(harness.effects == [.save(CopiedText(line: "DBBA31EAA4"))])
    harness.send(.told("Saved 10 bytes in /x", isGood: true))
    #expect(harness.text.contains("Saved 10 bytes in /x"))
  }

  @Test func watchModeWritesNoFile() async throws {
    var harness = try await Harness.live(.watch)
    harness.forgetEffects()
    harness.press(.character("P"), .enter, .escape, .character("Y"), .character("e"))
    harness.press(.character("Y"))
    let writes = harness.effects.filter { effect in
      switch effect {
      case .save, .dump, .keep: true
      default: false
      }
    }
    #expect(writes.isEmpty)
  }
}
