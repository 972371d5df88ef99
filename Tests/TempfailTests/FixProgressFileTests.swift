// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Dashboard
import Guidance
import Server
import Testing

@testable import tempfail

@Suite struct FixProgressFileTests {
  private static let step = FixProgress.StepID(fix: "outbound a.test other", step: "plain-test")

  @Test func whatIsWrittenIsReadAgain() {
    var progress = FixProgress()
    progress.note(
      CheckResult(
        request: .port25(domain: "a.test"), verdict: .warns, summary: "421", details: ["x"], time: 5
      ))
    progress.note(
      FixProgress.Mark(time: 7, words: "Deferred.", verdict: .warns, details: ["RCPT TO: 452"]),
      at: Self.step)
    #expect(FixProgressFile.progress(FixProgressFile.bytes(progress)) == progress)
  }

  @Test func theFileStaysWithinWhatIsRead() {
    var progress = FixProgress()
    let long = String(repeating: "x", count: 40_000)
    for number in 0..<60 {
      progress.note(
        CheckResult(
          request: .port25(domain: "d\(number).test"), verdict: .passed, summary: long,
          details: [], time: Int64(number)))
    }
    let bytes = FixProgressFile.bytes(progress)
    #expect(bytes.count <= KeptFile.limit)
    let kept = FixProgressFile.progress(bytes).results.keys.compactMap(\.domain)
    #expect(kept.contains("d59.test") && !kept.contains("d0.test"), "the newest stay")
  }

  @Test func lostHalfLinesAreLeftOut() {
    var progress = FixProgress()
    progress.note(FixProgress.Mark(time: 7, words: "done"), at: Self.step)
    let bytes = FixProgressFile.bytes(progress)
    for count in bytes.indices { _ = FixProgressFile.progress(Array(bytes[..<count])) }
    #expect(FixProgressFile.progress(bytes + bytes.prefix(20)) == progress)
  }
}
