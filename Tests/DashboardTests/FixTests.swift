// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Replies
import Testing

@testable import Dashboard

@Suite("The guided fix")
struct FixTests {
  /// The fix of the first message for a destination.
  private static func fix(
    of destination: String, _ mode: State.Mode = .operate
  ) async throws -> Harness {
    var harness = try await Harness.live(mode)
    harness.press(.character("/"))
    harness.type("dest:\(destination)")
    harness.press(.enter, .character("f"))
    harness.forgetEffects()
    return harness
  }

  private static func delivery(to recipient: String, at time: Int64) -> Event {
    .log(
      [
        LogEvent(
          time: time, mta: .postfix, kind: .delivery, direction: .outbound, queueID: "AAAA1",
          recipient: recipient, remoteHost: nil, remoteIP: nil, code: 250, enhanced: nil,
          cause: .other, reply: "", line: "")
      ], dropped: 0)
  }

  private static func result(
    _ verdict: CheckResult.Verdict, _ domain: String, _ summary: String = "Nothing yet."
  ) -> CheckResult {
    CheckResult(CheckRequest(.recovered, of: domain), verdict, summary, at: Harness.now)
  }

  /// How often it was asked whether a destination's trouble is over.
  private static func questions(_ harness: Harness, _ domain: String) -> Int {
    harness.effects.count { $0 == .look(.check(CheckRequest(.recovered, of: domain))) }
  }

  /// A server that limits a rate takes a message now and then: the check knows whether it is the end.
  @Test func aSingleDeliveryIsNoRecovery() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    harness.send(.checked(Self.result(.warns, "gmail.com")))
    harness.forgetEffects()
    harness.wait(seconds: 60)
    harness.send(Self.delivery(to: "x@example.org", at: harness.state.now))
    #expect(Self.questions(harness, "gmail.com") == 0)
    harness.send(Self.delivery(to: "Ann@Gmail.com", at: harness.state.now))
    #expect(harness.state.toast == nil)
    #expect(Self.questions(harness, "gmail.com") == 1)
    harness.send(.checked(Self.result(.warns, "gmail.com", "Too early to tell.")))
    #expect(harness.state.toast == nil)
    let result = harness.state.fix.progress.results[CheckRequest(.recovered, of: "gmail.com")]
    #expect(result?.verdict == .warns)
    // A burst of deliveries is one question, and quiet is requested too: it may be the end.
    harness.send(Self.delivery(to: "ann@gmail.com", at: harness.state.now))
    #expect(Self.questions(harness, "gmail.com") == 1)
    harness.wait(seconds: 900)
    #expect(Self.questions(harness, "gmail.com") == 2)
  }

  @Test func recoveryIsToldWhenItCame() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    harness.send(.checked(Self.result(.warns, "gmail.com")))
    harness.send(Self.delivery(to: "ann@gmail.com", at: harness.state.now))
    let words = "gmail.com accepts mail again: 2 messages delivered since the last deferral"
    harness.send(.checked(Self.result(.passed, "gmail.com", words + ".")))
    #expect(harness.state.toast?.text == words)
    let result = harness.state.fix.progress.results[CheckRequest(.recovered, of: "gmail.com")]
    #expect(result?.verdict == .passed)
    harness.forgetEffects()
    harness.wait(seconds: 900)
    #expect(Self.questions(harness, "gmail.com") == 0)
  }

  @Test func recoveryIsNotAwaitedForEver() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    harness.send(.checked(Self.result(.warns, "gmail.com")))
    harness.wait(seconds: FixProgress.lifetime + 1)
    harness.send(Self.delivery(to: "ann@gmail.com", at: harness.state.now))
    #expect(Self.questions(harness, "gmail.com") == 0)
  }

  @Test func recoveryIsNotWaitedForWhereItCameAlready() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    harness.send(.checked(Self.result(.passed, "gmail.com")))
    harness.send(Self.delivery(to: "ann@gmail.com", at: harness.state.now))
    #expect(harness.state.toast == nil)
  }

  @Test(arguments: [State.Mode.operate, .watch])
  func progressIsKeptExceptInWatchMode(mode: State.Mode) async throws {
    var harness = try await Self.fix(of: "gmail.com", mode)
    harness.send(.checked(Self.result(.warns, "gmail.com")))
    let kept = harness.effects.contains { if case .keep = $0 { true } else { false } }
    #expect(kept == (mode == .operate))
  }

  @Test func whatIsOlderThanAnHourIsNotRecalled() {
    var earlier = FixProgress()
    let step = FixProgress.StepID(fix: "outbound a.example timeout", step: "read")
    earlier.note(Self.result(.warns, "a.example"))
    earlier.note(FixProgress.Mark(time: Harness.now - 10, words: "done"), at: step)
    var progress = FixProgress()
    progress.recall(earlier, now: Harness.now + FixProgress.lifetime - 11)
    #expect(progress == earlier)
    progress = FixProgress()
    progress.recall(earlier, now: Harness.now + FixProgress.lifetime - 1)
    #expect(progress.marks.isEmpty && progress.results.count == 1)
  }

  @Test func whatIsOldIsForgottenWhileItRuns() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    harness.send(.checked(Self.result(.warns, "gmail.com")))
    harness.wait(seconds: FixProgress.lifetime - 1)
    #expect(harness.state.fix.progress.results.count == 1)
    harness.wait(seconds: 1)
    #expect(harness.state.fix.progress == FixProgress())
  }

  @Test func settingsThatComeLaterAreInTheAdvice() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    let index = try #require(
      harness.state.fix.guide?.steps.firstIndex { $0.id == "slow-down" })
    for _ in 0..<index { harness.press(.down) }
    harness.press(.enter)
    let marks = harness.state.fix.progress.marks
    func present() -> [String] {
      (harness.state.fix.guide?.steps ?? []).flatMap { step -> [String] in
        if case .configuration(let advice) = step.action { return advice.present }
        return []
      }
    }
    #expect(present().isEmpty && marks.count == 1)
    harness.send(
      .settings([
        "smtp_destination_rate_delay": "17s", "default_destination_rate_delay": "17s",
        "transport_maps": "hash:/etc/p/t",
      ]))
    #expect(harness.state.fix.selectedStep?.id == "slow-down")
    #expect(present().contains("transport_maps = hash:/etc/p/t"), "\(present())")
    #expect(harness.state.fix.progress.marks == marks)
  }

  @Test func newSettingsDoNotPutAnotherPlanUnderTheKey() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    let title = harness.state.fix.guide?.title
    harness.press(.down)
    let step = harness.state.fix.selectedStep?.id
    var event = try #require(
      harness.state.log.events.last { $0.queueID == harness.state.fix.subject?.queueID })
    event.cause = .dns
    harness.send(.log([event], dropped: 0))
    harness.send(.settings(["transport_maps": "hash:/etc/p/t"]))
    #expect(harness.state.fix.guide?.title == title)
    #expect(harness.state.fix.selectedStep?.id == step)
  }

  @Test func eximsGiveUpTimeIsAskedForOnce() async throws {
    var harness = try await Harness.live(mta: .exim)
    harness.press(.down)
    #expect(
      !harness.effects.contains { if case .look(.retryLifetime) = $0 { true } else { false } })
    harness.press(.character("f"), .down, .up)
    let recipient = try #require(harness.state.fix.subject?.recipient)
    #expect(harness.effects.count { $0 == .look(.retryLifetime(recipient)) } == 1)
    #expect(!harness.text.contains("gives up"))
    harness.send(.retryLifetime(30 * 86_400, of: recipient))
    let subject = try #require(harness.state.fix.subject)
    let giveUp = try #require(harness.state.giveUp(of: subject))
    #expect(giveUp.isLatest && giveUp.end == .returned)
    #expect(giveUp.time == (subject.arrival ?? 0) + 30 * 86_400)
    let guide = try #require(harness.state.fix.guide)
    let lines = FixDetail.lines(guide, subject, harness.state, width: 200).map(\.text)
    #expect(lines.contains { $0.contains("at the latest and bounces it to the sender") })
  }

  @Test(arguments: [
    ("full.example", SMTPStage.recipient), ("gmail.com", .message),
    ("yahoo.com", .message), ("silent.example", .connection),
  ])
  func aQueuedMessageOfEximKnowsWhereItWasPutOff(_ domain: String, _ stage: SMTPStage) async throws
  {
    var harness = try await Harness.live(mta: .exim)
    let id = try #require(
      harness.state.log.events.last {
        $0.kind == .deferral && $0.destination == domain
          && harness.state.queue.snapshot?.message(withID: $0.queueID ?? "") != nil
      }?.queueID)
    harness.press(.character("/"))
    harness.type(id)
    harness.press(.enter)
    #expect(harness.state.fix.subject?.queueID == id)
    #expect(harness.state.fix.subject?.stage == stage)
  }

  @Test func aRetryIsFollowedUp() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    let subject = try #require(harness.state.fix.subject)
    let id = try #require(subject.queueID)
    let target = try #require(harness.state.queue.selectedMessage?.reference)
    let request = ActRequest(number: 1, act: .retry, mta: .postfix, targets: [target])
    harness.send(.acted(ActReport(request: request, results: [.done], command: "postqueue -i")))
    #expect(
      harness.state.followUps.words(for: id) == "was retried; the log has no result yet")
    let last = try #require(harness.state.log.events.last { $0.queueID == id })
    var event = last
    event.time = Harness.now + 5
    harness.send(.log([event], dropped: 0))
    #expect(harness.state.toast?.text == "\(id) was deferred again with the same reply")
    #expect(harness.state.followUps.helped(id) == false)
  }

  /// Opens the step of that id, in the fix of the first message for a destination.
  private static func step(_ id: String, of destination: String) async throws -> Harness {
    var harness = try await fix(of: destination)
    let place = try #require(harness.state.fix.guide?.steps.firstIndex { $0.id == id })
    for _ in 0..<place { harness.press(.down) }
    harness.wait(seconds: 86_400)
    return harness
  }

  /// No step acts at once, and each is for what its title says.
  @Test(arguments: [
    ("pause-sender", "gmail.com", Act.hold), ("stop-sender", "yahoo.com", .hold),
    ("retry", "gmail.com", .retry), ("give-up", "full.example", .bounce),
    ("release", "partner.example", .release), ("remove", "partner.example", .remove),
  ])
  func aStepAsksForWhatItsTitleSays(id: String, destination: String, act: Act) async throws {
    var harness = try await Self.step(id, of: destination)
    let step = try #require(harness.state.fix.selectedStep)
    guard case .act(act, let scope) = step.action else {
      Issue.record("\(id) is no act")
      return
    }
    harness.press(.enter)
    #expect(harness.changes.isEmpty, "it asks first")
    guard let question = harness.state.overlay as? Dashboard.Confirmation else {
      Issue.record("it did not ask")
      return
    }
    let snapshot = try #require(harness.state.queue.snapshot)
    let all = (0..<snapshot.count).map { snapshot.message(at: $0) }
    func waits(_ message: QueuedMessage, for domain: String) -> Bool {
      message.recipients.contains { !$0.isDelivered && $0.domain == domain }
    }
    let wanted: [QueuedMessage]
    switch scope {
    case .message: wanted = all.filter { $0.idText == harness.state.fix.subject?.queueID }
    case .sender(let sender):
      #expect(step.title.contains(sender))
      wanted = all.filter { $0.sender == sender && $0.state != .held }
    case .busiestSender(let domain):
      #expect(step.title.contains(domain))
      let mail = all.filter { waits($0, for: domain) }
      let counts = Dictionary(grouping: mail, by: \.sender).mapValues(\.count)
      let busiest = counts.max { $0.value < $1.value }?.key
      wanted = mail.filter { $0.sender == busiest && $0.state != .held }
      #expect(wanted.count > 1)
    }
    #expect(Set(question.references) == Set(wanted.compactMap(\.reference)))
    #expect(harness.text.contains("\(act.button(.postfix)) \(Format.messages(wanted.count))?"))
    // Canceled: nothing is done, nothing is marked.
    harness.press(.escape)
    #expect(harness.changes.isEmpty && harness.state.fix.progress.marks.isEmpty)
  }

  @Test func aStepIsDoneWhenItIsDone() async throws {
    var harness = try await Self.step("pause-sender", of: "gmail.com")
    harness.press(.enter, .backTab, .enter)
    let request = try #require(harness.mutations.last)
    #expect(harness.state.fix.progress.marks.isEmpty, "not before it is known")
    let id = try #require(
      harness.state.fix.selectedStep.flatMap { harness.state.progressID(of: $0) })
    var results = request.targets.map { _ in ActResult.done }
    results[0] = .failed("no such file")
    harness.send(.acted(ActReport(request: request, results: results, command: "")))
    #expect(harness.state.fix.progress.marks[id]?.verdict == .warns)
    harness.press(.enter, .backTab, .enter)
    let again = try #require(harness.mutations.last)
    harness.send(
      .acted(ActReport(request: again, results: again.targets.map { _ in .done }, command: "")))
    #expect(harness.state.fix.progress.marks[id]?.verdict == .passed)
  }

  @Test func whatWasCopiedIsNotDone() async throws {
    var harness = try await Self.step("slow-down", of: "gmail.com")
    harness.press(.enter)
    let mark = try #require(harness.state.fix.progress.marks.values.first)
    #expect(mark.words == "copied" && mark.verdict == nil)
    #expect(!harness.screen.textRows.contains { $0.contains("✓") && $0.contains("copied") })
  }

  @Test func aReadStepIsMarkedForTheWholeCase() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    let step = try #require(
      harness.state.fix.guide?.steps.firstIndex { $0.action == .read && $0.commands.isEmpty })
    for _ in 0..<step { harness.press(.down) }
    harness.press(.enter)
    #expect(harness.text.contains("12:00:00 done"))
    harness.press(.escape, .down, .character("f"))
    let marks = harness.state.fix.progress.marks.keys
    #expect(harness.state.fix.subject.map { marks.map(\.fix).contains($0.fixName) } == true)
  }

  @Test func theTextForThePostmasterHidesRecipientsUnlessAsked() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    let hidden = try #require(harness.state.escalation(namesRecipients: false))
    let named = try #require(harness.state.escalation(namesRecipients: true))
    let recipient = try #require(harness.state.fix.subject?.recipient)
    #expect(hidden.contains("To the postmaster of gmail.com"))
    #expect(!hidden.contains(recipient) && named.contains("@gmail.com"))
    harness.press(.character("e"), .character("y"))
    #expect(harness.effects.contains(.copy(CopiedText(letter: hidden))))
    harness.press(.character("e"), .character("a"), .character("y"))
    #expect(harness.effects.contains(.copy(CopiedText(letter: named))))
    harness.press(.character("e"), .character("Y"))
    #expect(harness.effects.contains(.save(CopiedText(letter: hidden))))
    for (found, name) in [
      (["smtp_helo_name": "$myhostname", "myhostname": "mx9.example"], "HELO mx9.example"),
      (["smtp_helo_name": "out.example", "myhostname": "mx9.example"], "HELO out.example"),
    ] {
      harness.send(.settings(found))
      #expect(harness.state.escalation(namesRecipients: false)?.contains(name) == true)
    }
  }

  @Test func nothingIsSaidTwice() async throws {
    var harness = try await Self.fix(of: "silent.example")
    let step = try #require(harness.state.fix.selectedStep)
    guard case .check(let request) = step.action else {
      Issue.record("\(step)")
      return
    }
    let summary = "The tool is missing."
    harness.send(
      .checked(
        CheckResult(
          request, .unavailable, summary, [summary, "A fact."] + step.commands,
          at: Harness.now)))
    let guide = try #require(harness.state.fix.guide)
    let subject = try #require(harness.state.fix.subject)
    let lines = FixDetail.lines(guide, subject, harness.state, width: 200).map(\.text)
    for words in [summary, "A fact."] + step.commands {
      #expect(lines.count { $0.contains(words) } == 1, "\(words)")
    }
  }

  @Test func runningChecksCanBeEnded() async throws {
    var harness = try await Self.fix(of: "gmail.com")
    harness.press(.character("c"))
    #expect(!harness.effects.contains(.look(.cancelChecks)))
    harness.press(.character("a"), .character("c"))
    #expect(harness.effects.contains(.look(.cancelChecks)))
    for request in harness.state.fix.running { harness.send(.cancelled(request)) }
    #expect(harness.state.fix.running.isEmpty)
  }
}
