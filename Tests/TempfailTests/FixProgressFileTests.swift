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
      CheckResult(CheckRequest(.port25, of: "a.test"), .warns, "421", ["x"], at: 5))
    progress.note(
      FixProgress.Mark(time: 7, words: "Deferred.", verdict: .warns, details: ["RCPT TO: 452"]),
      at: Self.step)
    #expect(FixProgressFile.progress(FixProgressFile.bytes(progress)) == progress)
  }

  /// A check keeps its name, or what was found is forgotten.
  @Test func aFileThatAnEarlierVersionWroteIsReadAndWrittenTheSame() {
    let named = [
      "mailExchangers", "port25", "path", "authentication", "conversation", "handshake",
      "retryPolicy", "rate", "recovered", "scope",
    ]
    let names = named + ["identity", "limits", "queueRunner", "blockLists", "load", "senders"]
    var recorded: [UInt8] = []
    for (index, name) in names.enumerated() {
      let domain = named.contains(name) ? #""a.test""# : "null"
      recorded += Array(
        #"{"kind":"result","time":\#(99 - index),"check":"\#(name)","domain":\#(domain),"#.utf8)
      recorded += Array((#""verdict":"warns","summary":"421","details":["x"]}"# + "\n").utf8)
    }
    let progress = FixProgressFile.progress(recorded)
    #expect(progress.results.count == names.count)
    #expect(
      String(decoding: FixProgressFile.bytes(progress), as: UTF8.self)
        == String(decoding: recorded, as: UTF8.self))
  }

  /// Results about one message or one end are not saved.
  @Test(arguments: ["message", "service", "port26"])
  func noOtherNameIsRead(_ name: String) {
    let line =
      #"{"kind":"result","time":5,"check":"\#(name)","domain":"a.test","verdict":"passed","#
      + #""summary":"x","details":[]}"#
    #expect(FixProgressFile.progress(Array(line.utf8)).results.isEmpty)
  }

  @Test func theFileStaysWithinWhatIsRead() {
    var progress = FixProgress()
    let long = String(repeating: "x", count: 40_000)
    for number in 0..<60 {
      progress.note(
        CheckResult(
          CheckRequest(.port25, of: "d\(number).test"), .passed, long, at: Int64(number)))
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
