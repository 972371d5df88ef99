// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import TestSupport
import Testing

@testable import Dashboard

/// Thousands of random keys, news and resizes, at every size.
@Suite struct PropertyTests {
  private static let keys: [Key] =
    CommandTable.commands.flatMap(\.keys).filter { $0 != .character("q") && $0 != .control("c") }
    .filter { $0 != .function(10) }
    + "abcxyz019@.-é字".map(Key.character) + [.backspace, .paste("x\u{1B}[31m\nq"), .left, .right]

  private func storm(
    _ mode: State.Mode, seed: UInt64, steps: Int, check: (Harness) -> Void
  ) async throws {
    var generator = SeededGenerator(seed: seed)
    let server = try await DemoServer.read(.postfix)
    var harness = try await Harness.live(mode)
    for _ in 0..<steps {
      switch Int.random(in: 0..<40, using: &generator) {
      case 0:
        harness.send(
          .resize(
            Size(
              columns: Int.random(in: 0...220, using: &generator),
              rows: Int.random(in: 0...70, using: &generator))))
      case 1: harness.send(.queue(server.snapshot))
      case 2: harness.send(.log(Array(server.events.suffix(5)), dropped: 1))
      case 3: harness.send(.connections(server.connections))
      case 4: harness.wait(seconds: Int64.random(in: 0...90, using: &generator))
      case 5:
        if let request = harness.mutations.last {
          harness.send(
            .acted(
              ActReport(
                request: request, results: request.targets.map { _ in .done }, command: "",
                saved: request.act.losesMessage ? request.targets.map(\.queueID.text) : [])))
        }
        if case .send(let message)? = harness.changes.last {
          harness.send(.tested(TestReport(message: message, verdict: .warns, summary: "full")))
        }
        if case .restore(let names)? = harness.changes.last {
          harness.send(.restored(names.map { Restoration(copy: $0, result: .failed("full")) }))
        }
      case 6:
        // Answers a dialog as somebody would who means it.
        if let confirmation = harness.state.overlay as? Dashboard.Confirmation {
          let digits = String(confirmation.references.count).map(Key.character)
          for key in digits + [.backTab, .enter] {
            check(harness)
            harness.press(key)
          }
        }
        if let question = harness.state.overlay as? TestQuestion {
          harness.send(.routed(.found(try TestMessageTests.route()), to: question.domain))
          for _ in 0..<3 {
            check(harness)
            harness.press(.tab)
          }
        }
      default:
        harness.press(Self.keys[Int.random(in: 0..<Self.keys.count, using: &generator)])
      }
      check(harness)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func watchModeNeverChangesAnything(seed: UInt64) async throws {
    try await storm(.watch, seed: seed, steps: 2000) { harness in
      #expect(harness.changes.isEmpty, "seed \(seed)")
    }
  }

  @Test(arguments: [11, 12, 13] as [UInt64])
  func framesAreWholeAndSafe(seed: UInt64) async throws {
    try await storm(.operate, seed: seed, steps: 400) { harness in
      let grid = harness.screen
      #expect(grid.size == harness.state.size, "seed \(seed)")
      for row in grid.textRows {
        for scalar in row.unicodeScalars {
          #expect(
            !scalar.properties.isDefaultIgnorableCodePoint && scalar.value >= 0x20
              && !(0x7F...0x9F).contains(scalar.value), "seed \(seed): \(row)")
        }
      }
      if let cursor = grid.cursor {
        #expect((0..<max(1, grid.size.columns)).contains(cursor.x), "seed \(seed)")
        #expect((0..<max(1, grid.size.rows)).contains(cursor.y), "seed \(seed)")
      }
    }
  }

  @Test(arguments: [21, 22, 23, 24] as [UInt64])
  func whatCannotBeTakenBackWasConfirmedForExactlyThoseMessages(seed: UInt64) async throws {
    var shown: Dashboard.Confirmation?
    var seen = 0
    try await storm(.operate, seed: seed, steps: 1500) { harness in
      for request in harness.mutations.dropFirst(seen) where request.act.isPermanent {
        #expect(shown?.act == request.act, "seed \(seed)")
        #expect(shown?.references == request.targets, "seed \(seed)")
        #expect(shown?.isArmed == true, "seed \(seed)")
      }
      seen = harness.mutations.count
      shown = harness.state.overlay as? Dashboard.Confirmation
    }
  }

  @Test(arguments: [71, 72, 73] as [UInt64])
  func aTestMessageIsTheOneThatWasShown(seed: UInt64) async throws {
    let keys: [Key] = [.tab, .tab, .backTab, .enter, .enter, .backspace, .left, .escape]
    var generator = SeededGenerator(seed: seed)
    var harness = try await Harness.live()
    TestMessageTests.open(&harness)
    var sent = 0
    for _ in 0..<1000 {
      guard let shown = harness.state.overlay as? TestQuestion else {
        harness.press(.enter)
        continue
      }
      if Int.random(in: 0..<4, using: &generator) == 0 {
        harness.send(.routed(.found(try TestMessageTests.route()), to: shown.domain))
      }
      harness.forgetEffects()
      let letter = Key.character(["a", "q", ".", ",", "@", "\u{1B}"][sent % 6])
      harness.press((keys + [letter]).randomElement(using: &generator) ?? .tab)
      guard case .send(let message)? = harness.changes.first else { continue }
      #expect(shown.message == message && shown.focus == .send, "seed \(seed)")
      sent += 1
      harness.send(.tested(TestReport(message: message, verdict: .warns, summary: "full")))
    }
    #expect(sent > 0, "seed \(seed)")
  }

  @Test(arguments: [51, 52] as [UInt64])
  func onlyCopiesThatWereSavedAreBroughtBack(seed: UInt64) async throws {
    try await storm(.operate, seed: seed, steps: 1500) { harness in
      for case .restore(let names) in harness.changes {
        let lost = harness.mutations.filter(\.act.losesMessage).flatMap(\.targets)
        #expect(Set(names).isSubset(of: lost.map(\.queueID.text)), "seed \(seed)")
      }
    }
  }

  @Test func marksAreAlwaysQueued() async throws {
    try await storm(.operate, seed: 61, steps: 1000) { harness in
      let queue = harness.state.queue
      #expect(harness.marked.count == queue.marks.count)
      #expect((0...queue.marks.count).contains(queue.hiddenMarks))
    }
  }

  @Test(arguments: [31, 32] as [UInt64])
  func escapeAlwaysLeadsBackToTheList(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<150 {
      var harness = try await Harness.live()
      for _ in 0..<12 {
        harness.press(Self.keys[Int.random(in: 0..<Self.keys.count, using: &generator)])
      }
      for _ in 0..<5 { harness.press(.escape) }
      #expect(harness.state.overlay == nil && !harness.state.isZoomed, "seed \(seed)")
    }
  }

  @Test(arguments: [41, 42, 43, 44] as [UInt64])
  func theSelectionIsAlwaysAmongWhatIsShown(seed: UInt64) async throws {
    try await storm(.operate, seed: seed, steps: 600) { harness in
      let queue = harness.state.queue
      guard !queue.showsGroups, queue.rowCount > 0 else { return }
      #expect(
        queue.message(at: queue.list.position)?.reference == queue.list.selection, "seed \(seed)")
    }
  }
}
