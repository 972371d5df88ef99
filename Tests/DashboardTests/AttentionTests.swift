// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Guidance
import MailServer
import Testing

@testable import Dashboard

/// The terminal's bell and title.
@Suite struct AttentionTests {
  private static func finding(_ id: String, _ severity: Finding.Severity = .critical) -> Finding {
    Finding(id: id, severity: severity, title: id, evidence: [], weight: 1)
  }

  private static func setup(bell: Bool = false, title: Bool = false) -> State.Setup {
    var setup = State.Setup()
    (setup.ringsBell, setup.setsTitle) = (bell, title)
    return setup
  }

  private static let empty = QueueSnapshot(
    QueueListing([], mta: .postfix, now: Harness.now), taken: Harness.now)

  /// What is found at one check after the other, and after which checks the bell rings.
  @Test(
    arguments: [
      ([["disk"], ["disk"]], []),
      ([[], ["disk"], ["disk"]], [1]),
      ([["disk"], ["disk", "everywhere"], ["everywhere"]], [1]),
      ([[], ["disk"], [], ["disk"]], [1]),
      ([[], [], []], []),
    ] as [([[String]], [Int])])
  func theBellRingsForWhatIsNew(looks: [[String]], rings: [Int]) {
    var harness = Harness(setup: Self.setup(bell: true))
    let facts = QueueFacts(Self.empty)
    for (number, ids) in looks.enumerated() {
      harness.forgetEffects()
      harness.send(.diagnosis(ids.map { Self.finding($0) }, facts))
      #expect(harness.effects.contains(.bell) == rings.contains(number), "look \(number)")
    }
  }

  @Test func theBellRingsAgainAfterAWhile() {
    var harness = Harness(setup: Self.setup(bell: true))
    let facts = QueueFacts(Self.empty)
    harness.send(.diagnosis([Self.finding("disk")], facts))
    harness.send(.diagnosis([], facts))
    harness.wait(seconds: 1000)
    harness.send(.diagnosis([Self.finding("disk")], facts))
    #expect(harness.effects.filter { $0 == .bell }.count == 1)
  }

  @Test func aWarningAndASwitchedOffBellAreSilent() {
    let facts = QueueFacts(Self.empty)
    for (isOn, severity) in [(true, .warning), (false, .critical)] as [(Bool, Finding.Severity)] {
      var harness = Harness(setup: Self.setup(bell: isOn))
      harness.send(.diagnosis([], facts))
      harness.send(.diagnosis([Self.finding("disk", severity)], facts))
      #expect(!harness.effects.contains(.bell))
    }
  }

  @Test func theTitleFollowsTheQueue() async throws {
    var harness = try await Harness.live(setup: Self.setup(title: true))
    let first = try #require(harness.titles.last)
    let count = try #require(harness.state.queue.latest?.count)
    let host = try #require(harness.state.identity?.host)
    #expect(first.hasPrefix("\(host): \(Format.count(count)) queued, "))
    #expect(first.hasSuffix(" x 421 in 5m"))
    harness.forgetEffects()
    harness.press(.down)
    #expect(harness.titles == [], "the same title is not set again")
    harness.send(.queue(Self.empty))
    #expect(harness.titles.last?.contains(": 0 queued, ") == true)
    harness.wait(seconds: 3600)
    #expect(harness.titles.last?.hasSuffix(" 0 x 421 in 5m") == true, "time alone changes it too")
  }

  @Test func withoutTheSettingThereIsNoTitle() async throws {
    #expect(try await Harness.live().titles == [])
  }
}

extension Harness {
  fileprivate var titles: [String] {
    effects.compactMap { if case .title(let text) = $0 { text } else { nil } }
  }
}
