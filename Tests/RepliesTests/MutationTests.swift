// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Replies
import Testing

/// How often a random test is repeated.
enum Rounds {
  /// `TEMPFAIL_MUTATIONS=1` asks for all of them: minutes in a debug build.
  static func count(_ few: Int, of all: Int) -> Int {
    getenv("TEMPFAIL_MUTATIONS") == nil ? few : all
  }
}

/// Any bytes give a value.
struct MutationTests {
  /// SplitMix64: the same seed, the same run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
      return word ^ word >> 31
    }
  }

  @Test func mutatedRepliesGiveValues() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed)")
    var generator = Generator(state: seed)
    let seeds =
      LabelledReply.all.map { Array($0.text.utf8) }
      + ExtractionTests.table.map {
        Array($0.input.utf8)
      }
    for _ in 0..<Rounds.count(20_000, of: 100_000) {
      guard var bytes = seeds.randomElement(using: &generator) else { return }
      mutate(&bytes, seeds, &generator)
      let verdict = RuleBook.standard.verdict(bytes.span)
      // A reply that begins with a 5xx code is never temporary, whatever follows.
      if let code = verdict.code, code >= 500 { #expect(verdict.cause == .notTemporary) }
    }
  }

  @Test func hugeLinesGiveValues() {
    let huge = Array("421-4.7.0 too many ".utf8) + [UInt8](repeating: 0x34, count: 100_000)
    #expect(RuleBook.standard.classify(huge.span).reply.code == 421)
    let folded = Array(String(repeating: "421-4.7.0 connections ", count: 2_000).utf8)
    #expect(RuleBook.standard.classify(folded.span).reply.enhanced?.description == "4.7.0")
  }

  private func mutate(_ bytes: inout [UInt8], _ seeds: [[UInt8]], _ generator: inout Generator) {
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.removeSubrange(..<place)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
      case 3 where place < bytes.count:
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      default: bytes.insert(contentsOf: seeds.randomElement(using: &generator) ?? [], at: place)
      }
    }
  }
}
