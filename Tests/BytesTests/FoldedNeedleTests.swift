// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import TestSupport
import Testing

struct FoldedNeedleTests {
  /// The plain search.
  private func isFound(_ needle: [UInt8], in text: ArraySlice<UInt8>) -> Bool {
    let text = text.map(ASCII.lowercase)
    guard needle.count <= text.count else { return false }
    return (0...text.count - needle.count).contains { start in
      text[start..<start + needle.count].elementsEqual(needle)
    }
  }

  /// Few letters, so that texts nearly match; the bytes beside the letters, which only a wrong fold takes for them.
  @Test(arguments: [UInt64](1...20))
  func itFindsWhatThePlainSearchFinds(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let letters = Array("aAbB@`[{-\r0".utf8) + [0xC1, 0xE1]
    for _ in 0..<500 {
      let arena = (0..<Int.random(in: 0...90, using: &random)).map { _ in
        letters.randomElement(using: &random) ?? 0
      }
      let needle = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        ASCII.lowercase(letters.randomElement(using: &random) ?? 0)
      }
      let start = Int.random(in: 0...arena.count, using: &random)
      let range = start..<Int.random(in: start...arena.count, using: &random)
      let found = FoldedNeedle(needle).isFound(in: arena.span, at: range)
      #expect(
        found == isFound(needle, in: arena[range]), "seed \(seed): \(needle) in \(arena), \(range)")
    }
  }

  @Test func placesOutsideAreNoTrouble() {
    let text = [UInt8](repeating: 0x61, count: 9)
    for offset in [0, 8, 9, 10, Int(UInt32.max)] {
      text.span.prefetch(ByteRange(offset: offset, count: 1))
    }
    let empty = FoldedNeedle(Array("a".utf8)).isFound(in: [UInt8]().span, at: 0..<0)
    #expect(!empty)
  }
}
