// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Testing

@testable import Dashboard

@Suite struct UpdateTests {
  @Test func selectionFollowsTheMessageNotTheRow() async throws {
    var harness = try await Harness.live()
    harness.press(.down, .down, .down)
    let chosen = try #require(harness.state.queue.list.selection)
    harness.press(.character("S"))
    #expect(harness.state.queue.list.selection == chosen)
    let position = harness.state.queue.list.position
    #expect(harness.state.queue.message(at: position)?.reference == chosen)
    let layout = Layout(harness.state)
    #expect(position >= harness.state.queue.list.top)
    #expect(position < harness.state.queue.list.top + layout.listHeight(.queue))
  }

  @Test func filterWorksWhileItIsTypedAndEscapeDropsIt() async throws {
    var harness = try await Harness.live()
    let all = harness.state.queue.rowCount
    harness.press(.character("/"))
    harness.type("gmail")
    let some = harness.state.queue.rowCount
    #expect(some > 0 && some < all)
    harness.press(.escape)
    #expect(harness.state.queue.rowCount == all)
    harness.press(.character("/"))
    harness.type("gmail")
    harness.press(.enter)
    #expect(harness.state.queue.rowCount == some)
    harness.press(.escape)
    #expect(harness.state.queue.rowCount == all)
  }

  @Test func keysInTheFilterAreText() async throws {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("qdrHR?")
    #expect(harness.state.queue.filters.all.map(\.text) == ["qdrHR?"])
    #expect(!harness.state.isFinished)
    #expect(harness.mutations.isEmpty)
  }

  @Test func aPastedTextRunsNoCommand() async throws {
    var harness = try await Harness.live()
    harness.press(.paste("d\nq\n"))
    #expect(!harness.state.isFinished)
    #expect(harness.state.overlay == nil)
  }

  @Test func removeAsksAndCancelHasTheFocus() async throws {
    var harness = try await Harness.live()
    let target = try #require(harness.state.queue.selectedMessage?.reference)
    harness.press(.character("d"))
    harness.press(.enter)
    #expect(harness.mutations.isEmpty, "Enter on Cancel removes nothing")
    harness.press(.character("d"), .tab, .tab, .enter)
    #expect(harness.mutations.map(\.act) == [.remove])
    #expect(harness.mutations.first?.targets == [target])
  }

  @Test func keysTypedAheadDoNotAnswerADialog() async throws {
    var harness = try await Harness.live()
    harness.press(.character("d"))
    for key in [Key.tab, .tab, .enter] { harness.send(.key(key)) }
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("the dialog is gone")
      return
    }
    #expect(confirmation.focus == .cancel)
    #expect(harness.mutations.isEmpty)
  }

  @Test func holdIsOfferedInPlaceOfRemove() async throws {
    var harness = try await Harness.live()
    harness.press(.character("d"), .tab, .enter)
    #expect(harness.mutations.map(\.act) == [.hold])
  }

  @Test func holdAndReleaseNeedTheRightState() async throws {
    var harness = try await Harness.live()
    harness.press(.character("R"))
    #expect(harness.mutations.isEmpty)
    #expect(harness.state.toast?.text.contains("not on hold") == true)
    harness.press(.character("H"))
    #expect(harness.mutations.map(\.act) == [.hold])
    harness.press(.character("H"))
    #expect(harness.mutations.count == 1, "one act at a time on a message")
  }

  @Test func anActThatUserMayNotDoSaysWhy() async throws {
    var harness = try await Harness.live()
    harness.send(
      .permissions([
        .remove: Problem(what: "Only root can run postsuper.", remedy: "Run as root.")
      ]))
    harness.press(.character("d"))
    #expect(harness.state.overlay == nil)
    #expect(harness.state.toast?.text.contains("Only root can run postsuper") == true)
  }

  @Test(
    arguments: [
      (ActResult.done, "Removed"), (.gone, "had already left the queue"),
      (.changed, "is now a different message"), (.locked, "being delivered"),
      (.notPermitted("only root may"), "only root may"), (.failed("disk full"), "disk full"),
    ])
  func whatBecameOfAnActIsSaid(result: ActResult, words: String) async throws {
    var harness = try await Harness.live()
    harness.press(.character("d"), .tab, .tab, .enter)
    let request = try #require(harness.mutations.first)
    #expect(harness.state.acts.pending.count == 1)
    harness.send(.acted(ActReport(request: request, results: [result], command: "postsuper -d -")))
    #expect(harness.state.acts.pending.isEmpty)
    #expect(harness.state.toast?.text.contains(words) == true)
    #expect(harness.effects.last == .look(.refresh(.queue)))
  }

  @Test func whilePausedNothingMovesAndAfterwardsAllIsThere() async throws {
    var harness = try await Harness.live()
    harness.press(.character("3"))
    let shown = harness.state.log.shown.count
    harness.press(.character("Z"))
    let event = try #require(harness.state.log.selectedEvent)
    harness.send(.log([event, event], dropped: 0))
    #expect(harness.state.log.shown.count == shown)
    harness.press(.character("Z"))
    #expect(harness.state.log.shown.count == shown + 2)
  }

  @Test func escapeGoesBackOneStepAtATime() async throws {
    var harness = try await Harness.live()
    harness.press(.character("g"), .enter)
    #expect(harness.state.queue.openGroup != nil)
    harness.press(.character("z"))
    harness.press(.escape)
    #expect(!harness.state.isZoomed && harness.state.queue.openGroup != nil)
    harness.press(.escape)
    #expect(harness.state.queue.openGroup == nil && harness.state.queue.query.grouping != nil)
    harness.press(.escape)
    #expect(harness.state.queue.query.grouping == nil)
  }

  @Test func aCheckRunsOnceAndItsResultStays() async throws {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("gmail.com")
    harness.press(.enter, .character("f"))
    for _ in 0..<40 {
      if case .check? = harness.state.fix.selectedStep?.action { break }
      harness.press(.down)
    }
    harness.forgetEffects()
    harness.press(.enter, .enter)
    #expect(harness.effects.count == 1)
    guard case .look(.check(let request))? = harness.effects.first else {
      Issue.record("no check was asked for")
      return
    }
    harness.send(
      .checked(
        CheckResult(request, .failed, "no answer", at: Harness.now)))
    #expect(harness.state.fix.running.isEmpty)
    #expect(harness.text.contains("no answer"))
  }

  @Test func aRetryThatComesTooEarlyAsksFirst() async throws {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("gmail.com")
    harness.press(.enter)
    let last = try #require(harness.state.fix.subject?.lastAttempt)
    harness.wait(seconds: last + 5 - harness.state.now)
    harness.press(.character("r"))
    guard let confirmation = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    #expect(confirmation.act == .retry && confirmation.focus == .cancel)
    #expect(harness.mutations.isEmpty)
    harness.press(.escape)
    harness.wait(seconds: 6 * 3600)
    harness.press(.character("r"))
    #expect(harness.mutations.map(\.act) == [.retry], "after the wait it does not ask")
  }

  @Test func aReasonThatTheLogDoesNotTellIsLookedForOnce() {
    var harness = Harness()
    let listing = QueueListing(
      Array("25m  2.9K 1xVeaW-0004Rn-1D <a@x.example>\n          b@y.example\n\n".utf8),
      mta: .exim, now: Harness.now)
    for _ in 0..<3 { harness.send(.queue(QueueSnapshot(listing, taken: Harness.now))) }
    let asked = harness.effects.filter { if case .look(.findReason) = $0 { true } else { false } }
    #expect(asked.count == 1)
  }

  @Test func theListStandsStillWhileTheFixIsZoomed() async throws {
    var harness = try await Harness.live()
    harness.press(.down, .down, .down)
    let top = harness.state.queue.list.top
    harness.press(.character("f"), .escape)
    #expect(harness.state.queue.list.top == top)
  }

  @Test func thePlanOfAFixStandsStillWhileItIsInUse() async throws {
    var harness = try await Harness.live()
    harness.press(.character("f"))
    let guide = try #require(harness.state.fix.guide)
    let id = try #require(harness.state.fix.subject?.queueID)
    harness.press(.character("H"))
    #expect(harness.mutations.first?.targets.map(\.queueID.text) == [id])
    // The message leaves, and the selection of the list moves on.
    let empty = QueueSnapshot(
      QueueListing([], mta: .postfix, now: Harness.now), taken: Harness.now)
    harness.send(.queue(empty))
    #expect(harness.state.fix.guide == guide && harness.state.fix.subject?.queueID == id)
    harness.press(.character("d"))
    #expect(harness.state.overlay == nil, "nothing else is acted on")
  }

  @Test func aFindingLeadsToItsMail() async throws {
    var harness = try await Harness.live()
    let wanted = try #require(
      harness.state.findings.all.firstIndex { $0.id == "destination:gmail.com" })
    harness.press(.character("i"))
    for _ in 0..<wanted { harness.press(.down) }
    harness.press(.enter)
    #expect(harness.state.overlay == nil)
    #expect(harness.state.queue.filters.words == "[dest=gmail.com]")
    let message = try #require(harness.state.queue.selectedMessage)
    #expect(message.recipients.contains { $0.address.hasSuffix("@gmail.com") })
  }

  @Test func theFixTellsWhatConcernsItsDeferral() async throws {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("gmail.com")
    harness.press(.enter)
    let subject = try #require(harness.state.fix.subject)
    let ids = Set(harness.state.findings.concerning(subject).map(\.id))
    #expect(ids.contains("destination:gmail.com"))
    #expect(!ids.contains("destination:yahoo.com") && !ids.contains("held"))
  }

  @Test(arguments: [12, 24, 30, 60])
  func theSelectedConnectionIsSeenBelowTheLimits(rows: Int) {
    var harness = Harness(rows: rows)
    harness.send(
      .connections(
        (1...40).map {
          SMTPConnection(
            direction: .outbound, peer: "192.0.2.\($0)", peerPort: 25,
            localAddress: "198.51.100.1", localPort: 40_000 + $0, state: "ESTAB")
        }))
    harness.send(
      .limits(
        (1...6).map { LimitUse(setting: "limit_\($0)", used: $0, limit: 10, biggest: nil) }))
    harness.press(.character("2"))
    for _ in 0..<40 {
      #expect(harness.screen.cursor != nil)
      let selected = harness.state.connections.list.selection?.peer ?? "none"
      #expect(harness.screen.textRows.contains { $0.contains("▌\(selected) ") })
      harness.press(.down)
    }
  }

  @Test(arguments: [(30, true), (86_400, false)] as [(Int64, Bool)])
  func aRetryBeforeTheLogIsReadAsksWhereItMustBeTooEarly(age: Int64, asks: Bool) throws {
    var harness = Harness()
    let line = """
      {"queue_name": "deferred", "queue_id": "B19D04D", "arrival_time": \(Harness.now - age), \
      "message_size": 551, "forced_expire": false, "sender": "alice@sender.test", "recipients": \
      [{"address": "bob@disk.test", "delay_reason": "host mx.disk.test[127.0.0.18] said: \
      452 4.3.1 Insufficient system storage (in reply to RCPT TO command)"}]}

      """
    let listing = QueueListing(Array(line.utf8), mta: .postfix, now: Harness.now)
    harness.send(.queue(QueueSnapshot(listing, taken: Harness.now)))
    harness.press(.character("r"))
    #expect(harness.mutations.isEmpty == asks)
    if asks { #expect(harness.text.contains("The last attempt was less than 30s ago.")) }
  }
}
