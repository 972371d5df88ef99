// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies
import TestSupport
import Testing

/// Any bytes give a value.
struct MutationTests {
  @Test func mutatedRepliesGiveValues() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let seeds =
      LabelledReply.all.map { Array($0.text.utf8) }
      + ExtractionTests.table.map {
        Array($0.input.utf8)
      }
    for _ in 0..<Rounds.count(20_000, of: 100_000) {
      let bytes = generator.mutated(seeds.randomElement(using: &generator) ?? [], with: seeds)
      let verdict = RuleBook.standard.verdict(bytes.span)
      // A reply that begins with a 5xx code is never temporary, whatever follows.
      if let code = verdict.code, code >= 500, bytes.starts(with: String(code).utf8) {
        #expect(verdict.cause == .notTemporary)
      }
      #expect(
        RuleBook.standard.verdict(bytes.span, isDeferral: true).cause != .notTemporary)
    }
  }

  /// A code that stands apart, and no words after it.
  @Test(arguments: [
    "transient error (451): ", "transient error (451):", "error (451): \"", "ResponseCode 421",
    "ResponseCode 421, ", "4.3.2 ('421', [", "('421', ['", "('421', [ ",
  ]) func aCodeWithoutWordsGivesAValue(text: String) {
    let bytes = Array(text.utf8)
    #expect(RuleBook.standard.verdict(bytes.span, isDeferral: true).cause != .notTemporary)
  }

  @Test func hugeLinesGiveValues() {
    let huge = Array("421-4.7.0 too many ".utf8) + [UInt8](repeating: 0x34, count: 100_000)
    #expect(RuleBook.standard.classify(huge.span).reply.code == 421)
    let folded = Array(String(repeating: "421-4.7.0 connections ", count: 2_000).utf8)
    #expect(RuleBook.standard.classify(folded.span).reply.enhanced?.description == "4.7.0")
  }
}
