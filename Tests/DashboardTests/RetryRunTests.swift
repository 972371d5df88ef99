// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies
import Testing

@testable import Dashboard

/// The bulk retry: one first, the rest paced, and only if the first left.
@Suite struct RetryRunTests {
  /// A dashboard in which three messages for one destination were marked and their retry begun.
  private func started() async throws -> (harness: Harness, first: MessageReference) {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("dest=gmail.com")
    harness.press(.enter)
    var marked = 0
    while marked < 3 {
      if harness.state.queue.selectedMessage?.state == .deferred {
        harness.press(.character(" "))
        marked += 1
      } else {
        harness.press(.down)
      }
    }
    // Long after the last attempts, so that no wait is broken.
    harness.wait(seconds: 86_400)
    harness.press(.character("r"))
    #expect(harness.state.overlay == nil)
    return (harness, try #require(harness.mutations.first?.targets.first))
  }

  private func event(
    _ kind: LogEvent.Kind, _ target: MessageReference, _ harness: Harness
  ) -> Event {
    .log(
      [
        LogEvent(
          time: harness.state.now, mta: .postfix, kind: kind, direction: .outbound,
          queueID: target.queueID.text, recipient: nil, remoteHost: nil, remoteIP: nil,
          code: kind == .deferral ? 450 : nil, enhanced: nil, cause: .other, reply: "", line: "")
      ], dropped: 0)
  }

  @Test func oneGoesFirstAndTheRestOnlyIfItLeft() async throws {
    var (harness, first) = try await started()
    #expect(harness.mutations.count == 1 && harness.mutations[0].targets.count == 1)
    harness.wait(seconds: 60)
    #expect(harness.mutations.count == 1, "the rest waits for the first one's fate")
    harness.send(event(.delivery, first, harness))
    harness.send(event(.completed, first, harness))
    harness.wait(seconds: 0)
    #expect(harness.mutations.count == 2)
    harness.wait(seconds: 1)
    #expect(harness.mutations.count == 2, "one every few seconds")
    harness.wait(seconds: RetryRun.standardPace)
    #expect(harness.mutations.count == 3)
    #expect(Set(harness.mutations.flatMap(\.targets)).count == 3)
    for target in harness.mutations[1...].flatMap(\.targets) {
      harness.send(event(.deferral, target, harness))
    }
    harness.wait(seconds: 1)
    #expect(harness.state.retryRun == nil)
    #expect(harness.state.toast?.text.contains("1 left, 2 deferred again") == true)
  }

  @Test(arguments: [(LogEvent.Kind.deferral, "deferred again"), (.bounce, "bounced")])
  func theRestIsLeftAloneWhereTheFirstDidNotLeave(
    kind: LogEvent.Kind, words: String
  ) async throws {
    var (harness, first) = try await started()
    harness.send(event(kind, first, harness))
    harness.wait(seconds: 120)
    #expect(harness.mutations.count == 1)
    #expect(harness.state.retryRun == nil)
    let text = try #require(harness.state.toast?.text)
    #expect(text.contains("2 others not retried") && text.contains(words), "\(text)")
  }

  @Test func nothingHeardForLongEndsIt() async throws {
    var (harness, _) = try await started()
    harness.wait(seconds: RetryLane.patience)
    #expect(harness.mutations.count == 1 && harness.state.retryRun == nil)
  }

  @Test(arguments: [
    (ActResult.gone, 2), (.locked, 2), (.failed("no such file"), 1), (.notPermitted("no"), 1),
  ])
  func aFirstMessageThatCouldNotBeTried(result: ActResult, requests: Int) async throws {
    var (harness, _) = try await started()
    harness.send(
      .acted(ActReport(request: harness.mutations[0], results: [result], command: "")))
    harness.wait(seconds: 1)
    #expect(harness.mutations.count == requests)
  }

  @Test(arguments: [Key.escape, .character("x")]) func itCanBeStopped(key: Key) async throws {
    var (harness, first) = try await started()
    harness.press(key)
    #expect(harness.state.retryRun == nil)
    harness.send(event(.completed, first, harness))
    harness.wait(seconds: 60)
    #expect(harness.mutations.count == 1)
  }

  @Test func aSecondOneDoesNotStartMeanwhile() async throws {
    var (harness, _) = try await started()
    harness.press(.character("*"), .character("r"))
    #expect(harness.state.overlay == nil)
    #expect(harness.state.toast?.text.contains("bulk retry is running") == true)
  }

  @Test func itsPaceCanBeChangedOnTheWay() async throws {
    var (harness, first) = try await started()
    harness.press(.character("["))
    harness.send(event(.completed, first, harness))
    harness.wait(seconds: 0)
    #expect(harness.mutations.count == 2)
    #expect(harness.text.contains("one every 10s"))
    harness.wait(seconds: 8)
    #expect(harness.mutations.count == 2)
    harness.press(.character("]"), .character("]"))
    #expect(harness.mutations.count == 3, "a faster pace holds at once")
  }

  @Test func itsOutcomeStaysUntilItIsPutAway() async throws {
    var (harness, first) = try await started()
    harness.send(event(.deferral, first, harness))
    harness.wait(seconds: 3600)
    #expect(harness.text.contains("2 others not retried"))
    harness.press(.escape)
    #expect(!harness.text.contains("not retried"))
  }

  @Test func quittingAsksWhileItIsUnderWay() async throws {
    var (harness, _) = try await started()
    harness.press(.character("q"))
    #expect(!harness.state.isFinished)
    #expect(harness.text.contains("A bulk retry of 3 messages is running"))
    harness.press(.enter)
    #expect(!harness.state.isFinished && harness.state.overlay == nil, "to stay has the focus")
    harness.press(.character("q"), .tab, .enter)
    #expect(harness.state.isFinished)
  }

  // MARK: Several destinations

  /// A retry of all mail to three destinations, begun long after the last attempts.
  private func startedToMany() async throws -> (
    harness: Harness, destination: [MessageReference: String]
  ) {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("dest=gmail.com or dest=silent.example or dest=full.example")
    harness.press(.enter, .character("/"))
    harness.type("state:deferred")
    harness.press(.enter, .character("*"))
    harness.wait(seconds: 86_400)
    var destination: [MessageReference: String] = [:]
    for row in 0..<harness.state.queue.rowCount {
      let message = try #require(harness.state.queue.message(at: row))
      let reference = try #require(message.reference)
      destination[reference] = message.recipients.first { !$0.isDelivered }?.domain
    }
    harness.press(.character("r"))
    #expect(harness.text.contains("Sends one first to each of the 3 destinations"))
    harness.press(.tab, .enter)
    return (harness, destination)
  }

  @Test func eachDestinationHasAFirstOfItsOwn() async throws {
    var (harness, destination) = try await startedToMany()
    for _ in 0..<10 { harness.wait(seconds: 1) }
    let firsts = harness.mutations.flatMap(\.targets)
    #expect(firsts.count == 3)
    #expect(Set(firsts.compactMap { destination[$0] }).count == 3)
    // One takes mail, one defers again, the third says nothing.
    for first in firsts {
      switch destination[first] {
      case "gmail.com":
        harness.send(event(.delivery, first, harness))
        harness.send(event(.completed, first, harness))
      case "silent.example": harness.send(event(.deferral, first, harness))
      default: break
      }
    }
    harness.forgetEffects()
    for _ in 0..<60 { harness.wait(seconds: 1) }
    let then = harness.mutations.flatMap(\.targets)
    #expect(!then.isEmpty && then.allSatisfy { destination[$0] == "gmail.com" })
    // At its own pace.
    #expect(then.count <= 60 / Int(RetryRun.standardPace) + 1)
    // What came of a destination is reported when it is known, and kept.
    #expect(
      harness.state.notices.contains {
        $0.text.contains("to silent.example: the first was deferred again") && $0.tone == .bad
      })
    harness.wait(seconds: RetryLane.patience)
    for target in harness.mutations.flatMap(\.targets) {
      harness.send(event(.completed, target, harness))
    }
    for _ in 0..<1000 where harness.state.retryRun != nil {
      harness.wait(seconds: 5)
      for target in harness.mutations.flatMap(\.targets) {
        harness.send(event(.completed, target, harness))
      }
    }
    #expect(harness.state.retryRun == nil)
    #expect(
      harness.state.acts.retryOutcome?.contains("1 of 3 destinations accepted mail") == true)
    harness.press(.character("!"))
    for name in ["gmail.com", "silent.example", "full.example"] {
      #expect(harness.state.notices.contains { $0.text.contains("to \(name): ") }, "\(name)")
    }
    #expect(harness.text.contains("to full.example: the first had no result for 10m"))
  }

  @Test func oneThatCannotBeTriedLeavesTheOtherDestinationsAlone() async throws {
    var (harness, destination) = try await startedToMany()
    let first = harness.mutations[0]
    harness.send(
      .acted(ActReport(request: first, results: [.failed("no such file")], command: "")))
    for _ in 0..<5 { harness.wait(seconds: 1) }
    let tried = Set(harness.mutations.flatMap(\.targets).compactMap { destination[$0] })
    #expect(tried.count == 3 && harness.mutations.count == 3)
  }

  @Test func theStatusLineShowsTheProgress() async throws {
    let (harness, _) = try await started()
    #expect(harness.text.contains("Retry 1 of 3, "))
    #expect(harness.text.contains("x stops"))
  }
}
