// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies
import Testing

@testable import Dashboard

/// The retry of several: one first, the rest paced, and only if the first left.
@Suite struct RetryRunTests {
  /// A dashboard in which three messages were marked and their retry begun.
  private func started() async throws -> (harness: Harness, first: MessageReference) {
    var harness = try await Harness.live()
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
    #expect(harness.state.modal == nil)
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
      ], isHistory: false, dropped: 0)
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
    #expect(harness.state.toast?.text.contains("1 left, 2 put off again") == true)
  }

  @Test(arguments: [(LogEvent.Kind.deferral, "put off again"), (.bounce, "returned")])
  func theRestIsLeftAloneWhereTheFirstDidNotLeave(
    kind: LogEvent.Kind, words: String
  ) async throws {
    var (harness, first) = try await started()
    harness.send(event(kind, first, harness))
    harness.wait(seconds: 120)
    #expect(harness.mutations.count == 1)
    #expect(harness.state.retryRun == nil)
    let text = try #require(harness.state.toast?.text)
    #expect(text.contains("other 2 were left alone"), "\(text)")
  }

  @Test func nothingHeardForLongEndsIt() async throws {
    var (harness, _) = try await started()
    harness.wait(seconds: RetryRun.patience)
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
    #expect(harness.state.modal == nil)
    #expect(harness.state.toast?.text.contains("under way") == true)
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
    #expect(harness.text.contains("the other 2 were left alone"))
    harness.press(.escape)
    #expect(!harness.text.contains("left alone"))
  }

  @Test func quittingAsksWhileItIsUnderWay() async throws {
    var (harness, _) = try await started()
    harness.press(.character("q"))
    #expect(!harness.state.isFinished)
    #expect(harness.text.contains("A retry of 3 messages is under way"))
    harness.press(.enter)
    #expect(!harness.state.isFinished && harness.state.modal == nil, "to stay has the focus")
    harness.press(.character("q"), .tab, .enter)
    #expect(harness.state.isFinished)
  }

  @Test func theStatusLineShowsTheProgress() async throws {
    let (harness, _) = try await started()
    #expect(harness.text.contains("Retry 1 of 3, "))
    #expect(harness.text.contains("x stops"))
  }
}
