// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import TestSupport
import Testing

@testable import Dashboard

/// An act goes to what was seen: every act key, pressed in the same moment as every change of what is shown.
@Suite("Act keys and moving lists")
struct ActTargetTests {
  /// The messages that an act would go to by what the frame shows, found without the code that acts.
  static func targets(of act: Act, in harness: Harness) -> [MessageReference] {
    let state = harness.state
    switch state.focus {
    case .queue:
      guard let snapshot = state.queue.snapshot else { return [] }
      var marks = Set(snapshot.references(in: state.queue.marks.rows))
      if let range = state.queue.markedRange {
        marks.formUnion(range.compactMap { state.queue.message(at: $0)?.reference })
      }
      if !marks.isEmpty { return Array(marks) }
      if state.queue.showsGroups {
        let key = state.queue.groups.selection
        let group = state.queue.arrangement?.groups.first { $0.key == key }
        return group.map { snapshot.references(in: $0.rows) } ?? []
      }
      return [state.queue.list.selection].compactMap(\.self)
    case .log:
      guard !state.log.showsGroups, !state.log.isTail else { return [] }
      return [state.log.selectedEvent?.queueID].compactMap {
        $0.flatMap { state.queue.snapshot?.message(withID: $0)?.reference }
      }
    case .fix:
      return [state.fix.subject?.queueID].compactMap {
        $0.flatMap { state.queue.snapshot?.message(withID: $0)?.reference }
      }
    case .connections: return []
    }
  }

  /// What a removal promises is what this user can do.
  @Test(arguments: [
    (RestoreLimit?.none, ["A copy is saved first: u restores it."], "Without root"),
    (
      .asNew("Without root it is new."), ["u restores it.", "Without root it is new."],
      "only root"
    ),
    (.impossible("Why."), ["saved first, but only root can restore it. Why."], "u restores"),
  ])
  func theQuestionPromisesOnlyTheWayBackThatThereIs(
    limit: RestoreLimit?, words: [String], others: String
  ) async throws {
    var harness = try await Harness.live(columns: 120, rows: 40)
    harness.send(.restoreLimit(limit))
    harness.press(.character("d"))
    let question = harness.text.split { $0 == "│" }.joined(separator: " ")
    let text = question.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    for part in words { #expect(text.contains(part), "\(text)") }
    #expect(!text.contains(others))
    let target = try #require(harness.state.queue.selectedMessage?.reference)
    let request = ActRequest(number: 1, act: .remove, mta: .exim, targets: [target])
    harness.press(.escape)
    harness.send(
      .acted(ActReport(request: request, results: [.done], command: "x", saved: ["copy"])))
    #expect(harness.state.toast?.text.contains("u undoes it") == (others != "u restores"))
  }

  /// A full disk: the act was done, and nobody can read that later.
  @Test func theStatusLineSaysThatItCouldNotBeWrittenDown() async throws {
    var harness = try await Harness.live()
    let target = try #require(harness.state.queue.selectedMessage?.reference)
    let words = "The result could not be recorded: No space left on device."
    let report = ActReport(
      request: ActRequest(number: 1, act: .remove, mta: .exim, targets: [target]),
      results: [.done], command: "x", note: words)
    harness.send(.acted(report))
    #expect(harness.state.toast?.text.contains(words) == true)
    #expect(harness.state.toast?.tone == .bad)
    #expect(render(harness.state).textRows.contains { $0.contains("No space left on device") })
  }

  /// A dashboard in a scene, with something that can be taken back, and a frame that was read.
  private static func harness(_ scene: Scene, _ server: DemoServer) async throws -> (
    harness: Harness, undone: [MessageReference]
  ) {
    var harness = try await Harness.live(mta: scene.mta)
    // Some mail is still to come.
    harness.send(without(server.snapshot.references(in: [5, 6, 9]).map(\.queueID.text), server))
    let held = server.snapshot.references(in: [7])
    let request = ActRequest(number: 800, act: .hold, mta: scene.mta, targets: held)
    harness.send(.acted(ActReport(request: request, results: [.done], command: "x")))
    for key in scene.keys { harness.press(key) }
    if harness.state.focus == .fix {
      for _ in 0..<30 where harness.state.fix.selectedStep?.action != .act(.retry) {
        harness.press(.down)
      }
    }
    harness.wait(seconds: 100)
    harness.show()
    harness.forgetEffects()
    return (harness, held)
  }

  private static let actKeys: [(key: Key, act: Act?)] =
    CommandTable.commands.filter { $0.danger != .none }.compactMap { command in
      command.keys.first.map { ($0, Act(rawValue: command.id.rawValue)) }
    }

  @Test(arguments: scenes) func everyActKeyWithEveryChange(scene: Scene) async throws {
    let server = try await DemoServer.read(scene.mta)
    let (start, undone) = try await Self.harness(scene, server)
    #expect(Self.actKeys.count == 7)
    var acted = 0
    var isSlow = false
    let frame = start.text
    for change in Self.changes {
      if change.hasEnter, start.state.focus == .fix { continue }
      let news = try change.events(start, server)
      for (key, act) in Self.actKeys + [(.enter, .retry)] {
        if key == .enter, start.state.focus != .fix { continue }
        let allowed = Set(act.map { Self.targets(of: $0, in: start) } ?? undone)
        for isAfter in [true, false] {
          let events = isAfter ? news + [.key(key)] : [.key(key)] + news
          var harness = start
          // The answers of other threads come at once for one key, and late for the next.
          isSlow.toggle()
          harness.isSlow = isSlow
          harness.send(together: events)
          Self.confirm(&harness)
          harness.answer()
          Self.confirm(&harness)
          let words: Comment =
            "\(scene.name): \(key.label) \(isAfter ? "after" : "before") \(change.name), slowly: \(isSlow)"
          for request in harness.mutations {
            acted += 1
            let isSeen =
              Set(request.targets).isSubset(of: allowed)
              || change.isMove
                && Self.wasSeen(request.targets.filter { !allowed.contains($0) }, start, frame)
            #expect(isSeen, words)
          }
          // Esc clears the notice.
          if harness.mutations.isEmpty, harness.state.overlay == nil, !change.isEscape || isAfter,
            key != .enter || harness.state.focus == .fix
          {
            #expect(harness.state.toast?.text.isEmpty == false, words)
          }
        }
      }
    }
    #expect(acted > 0 || ["log that runs", "log groups"].contains(scene.name))
  }

  /// Whether each message, or its group, stood on a frame: the reader's own key then went there.
  private static func wasSeen(
    _ targets: [MessageReference], _ start: Harness, _ frame: String
  ) -> Bool {
    guard start.state.queue.showsGroups, let snapshot = start.state.queue.snapshot else {
      return targets.allSatisfy { frame.contains($0.queueID.text) }
    }
    return start.state.queue.arrangement?.groups.contains {
      frame.contains($0.key)
        && Set(targets).isSubset(of: snapshot.references(in: $0.rows))
    } ?? false
  }

  /// Says yes to a question, as somebody who reads it.
  private static func confirm(_ harness: inout Harness) {
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else { return }
    harness.type(confirmation.needsCount ? String(confirmation.references.count) : "")
    harness.press(.backTab, .enter)
  }

  // MARK: The row of what has gone

  @Test(arguments: [(100, 30), (80, 24), (160, 45), (40, 10)])
  func aSelectedMessageThatLeavesKeepsItsRow(columns: Int, rows: Int) async throws {
    let server = try await DemoServer.read(.postfix)
    var harness = try await Harness.live(columns: columns, rows: rows)
    harness.press(.down, .down)
    let gone = try #require(harness.state.queue.list.selection)
    let below = try #require(harness.state.queue.message(at: 3)?.reference)
    harness.send(Self.without([gone.queueID.text], server))
    #expect(harness.state.queue.list.position == 2 && harness.state.queue.list.selection == gone)
    #expect(harness.state.queue.selectedMessage == nil)
    #expect(harness.text.contains("\(gone.queueID.text) left the queue"))
    for key in Self.actKeys where key.act != nil {
      harness.press(key.key)
      #expect(harness.state.overlay == nil && harness.changes.isEmpty)
      #expect(harness.state.toast?.text.contains("left the queue") == true, "\(key)")
    }
    // More news does not move it either.
    harness.send(Self.without([gone.queueID.text], server))
    #expect(harness.state.queue.list.isGone)
    harness.wait(seconds: 60)
    harness.press(.down)
    #expect(harness.state.queue.list.selection == below && !harness.text.contains("left the queue"))
    harness.press(.character("H"))
    #expect(harness.mutations.map(\.targets) == [[below]])
  }

  @Test func whatComesBackIsSelectedAgain() async throws {
    let server = try await DemoServer.read(.postfix)
    var harness = try await Harness.live()
    harness.press(.down, .down)
    let selected = try #require(harness.state.queue.list.selection)
    harness.send(Self.without([selected.queueID.text], server))
    harness.send(.queue(server.snapshot))
    #expect(harness.state.queue.selectedMessage?.reference == selected)
  }

  @Test func aMessageThatNoLongerMatchesIsSaidToBeQueuedStill() async throws {
    let server = try await DemoServer.read(.postfix)
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("cause:rate-limit")
    harness.press(.enter)
    // The log is forgotten, and with it the attempts; the listing's reasons stay, so a field of the history is used.
    harness.press(.escape, .character("/"))
    harness.type("attempts>=1")
    harness.press(.enter, .down)
    let id = try #require(harness.state.queue.selectedMessage?.idText)
    harness.send(.queue(server.snapshot.rejoined(with: DeliveryHistory(), without: [])))
    guard harness.state.queue.list.isGone else { return }
    #expect(harness.text.contains("\(id) is no longer in this list"))
  }

  @Test func aGroupThatLeavesKeepsItsRow() async throws {
    let server = try await DemoServer.read(.postfix)
    var harness = try await Harness.live()
    harness.press(.character("g"), .down)
    let group = try #require(harness.state.queue.selectedGroup)
    let ids = server.snapshot.references(in: group.rows).map(\.queueID.text)
    harness.send(Self.without(ids, server))
    #expect(harness.text.contains("\(group.key): no messages left"))
    harness.press(.character("H"))
    #expect(harness.changes.isEmpty && harness.state.overlay == nil)
    #expect(harness.state.toast?.text.contains("no messages left") == true)
  }

  // MARK: The log

  @Test func aFocusedLogStandsStillAndRunsOnceItIsLeft() async throws {
    let server = try await DemoServer.read(.postfix)
    var harness = try await Harness.live()
    #expect(harness.state.log.isFollowing)
    harness.press(.character("3"))
    let read = try #require(harness.state.log.selectedEvent)
    harness.send(.log([try Self.line(of: 12, server)], dropped: 0))
    #expect(harness.state.log.selectedEvent == read && !harness.state.log.isFollowing)
    harness.press(.character("1"))
    #expect(harness.state.log.isFollowing && harness.state.log.selectedEvent != read)
    harness.press(.character("3"), .up)
    let older = harness.state.log.selectedEvent
    harness.press(.character("1"))
    harness.send(.log([try Self.line(of: 14, server)], dropped: 0))
    #expect(harness.state.log.selectedEvent == older, "a line that was chosen stays")
  }

  @Test func aLogThatRunsTakesNoAct() async throws {
    let server = try await DemoServer.read(.postfix)
    var harness = try await Harness.live()
    harness.press(.character("3"), .character("G"))
    harness.send(.log([try Self.line(of: 12, server)], dropped: 0))
    #expect(harness.state.log.selectedEvent?.queueID == server.snapshot.message(at: 12).idText)
    harness.press(.character("H"))
    #expect(harness.changes.isEmpty && harness.state.overlay == nil)
    #expect(harness.state.toast?.text.contains("follows the newest line") == true)
    harness.press(.up, .down, .character("H"))
    #expect(harness.mutations.count == 1)
  }

  @Test func aQueueIDThatNamesAnotherMessageByNowIsNotActedOn() async throws {
    let server = try await DemoServer.read(.postfix)
    var harness = try await Harness.live()
    var old = try Self.line(of: 12, server)
    old.time = (server.snapshot.message(at: 12).arrival ?? 0) - 60
    harness.send(.log([old], dropped: 0))
    harness.press(.character("3"))
    #expect(harness.state.log.selectedEvent?.queueID == old.queueID)
    harness.press(.character("H"))
    #expect(harness.changes.isEmpty && harness.state.overlay == nil)
    #expect(harness.state.toast?.text.contains("no longer queued") == true)
  }

  // MARK: Marks

  @Test func marksThatCannotBeSeenAreNamedBeforeAnythingIsDone() async throws {
    var harness = try await Harness.live()
    harness.press(.down, .down, .character(" "), .character(" "))
    let marked = harness.marked
    harness.press(.character("g"), .character("H"))
    guard let question = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("nothing was asked")
      return
    }
    #expect(Set(question.references) == marked)
    #expect(harness.text.contains("2 messages you marked"))
    harness.press(.escape)
    #expect(harness.changes.isEmpty)
    #expect(harness.screen.textRows.contains { $0.hasPrefix("*") || $0.hasPrefix("▌*") })
    harness.press(.escape, .character("/"))
    harness.type("dest:backend")
    harness.press(.enter, .character("H"))
    #expect(harness.text.contains("not in the list"))
    #expect(harness.changes.isEmpty)
  }

  @Test func whatIsLeftOutIsToldInTheQuestion() async throws {
    var harness = try await Harness.live()
    harness.press(.character("*"), .character("H"))
    #expect(harness.text.contains("1 of the 68 messages is skipped: already on hold."))
  }

  // MARK: By chance

  /// Batches of keys and news without a frame between them: what is done at once was on the last frame.
  @Test(arguments: [81, 82, 83, 84] as [UInt64])
  func whatIsDoneAtOnceWasOnTheLastFrame(seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let server = try await DemoServer.read(.postfix)
    var harness = try await Harness.live()
    let moves: [Key] = [.up, .down, .pageDown, .pageUp, .home, .end, .character("s"), .escape]
    var done = 0
    for _ in 0..<600 {
      harness.wait(seconds: 2)
      harness.show()
      let text = harness.text
      harness.forgetEffects()
      let events = (0..<Int.random(in: 1...4, using: &generator)).map { _ -> Event in
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
          let rows = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
            Int32.random(in: 0..<68, using: &generator)
          }
          return Self.without(server.snapshot.references(in: rows).map(\.queueID.text), server)
        case 1: return .key(moves.randomElement(using: &generator) ?? .up)
        default:
          return .key([.character("H"), .character("R")].randomElement(using: &generator) ?? .up)
        }
      }
      harness.send(together: events)
      for request in harness.mutations where harness.state.queue.query.grouping == nil {
        done += 1
        #expect(request.targets.count == 1, "seed \(seed)")
        #expect(text.contains(request.targets[0].queueID.text), "seed \(seed)")
        harness.send(
          .acted(ActReport(request: request, results: [.failed("no")], command: "")))
      }
      if harness.state.overlay != nil { harness.press(.escape) }
    }
    #expect(done > 20)
  }
}
