// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

/// Searching is compared with the plainest way to do it, at every length around a SIMD block.
struct ByteSearchTests {
  @Test(arguments: [0, 1, 2, 15, 63, 64, 65, 127, 128, 129, 200])
  func findsAByteWhereTheNaiveSearchDoes(length: Int) {
    var random = SplitMix(seed: UInt64(length) + 1)
    for _ in 0..<40 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 97...100, using: &random) }
      for start in [-1, 0, 1, length / 2, length, length + 5] {
        for end in [0, length / 2, length, Int.max] {
          let expected = bytes.indices.first { $0 >= start && $0 < end && bytes[$0] == 97 }
          let place = bytes.span.firstIndex(of: 97, from: start, before: end)
          #expect(place == expected)
        }
      }
      let last = bytes.span.lastIndex(of: 97, before: .max)
      #expect(last == bytes.lastIndex(of: 97))
    }
  }

  @Test(arguments: [0, 1, 3, 4, 63, 64, 66, 68, 130, 300])
  func findsTextWhereTheNaiveSearchDoes(length: Int) {
    var random = SplitMix(seed: UInt64(length) + 7)
    let needle: StaticString = "abca"
    for _ in 0..<60 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 97...99, using: &random) }
      for (start, end) in [(0, Int.max), (1, length - 1), (length / 2, length), (5, 3)] {
        let expected = bytes.indices.first {
          $0 >= start && $0 + 4 <= min(end, length) && bytes[$0..<$0 + 4].elementsEqual("abca".utf8)
        }
        let place = bytes.span.firstIndex(of: needle, from: start, before: end)
        #expect(place == expected)
      }
    }
  }

  @Test func hasLooksAtThePlaceOnly() {
    func found(_ text: StaticString, at index: Int) -> Bool {
      Array("status=deferred (".utf8).span.has(text, at: index)
    }
    #expect(found("status=", at: 0))
    #expect(found("(", at: 16))
    #expect(!found("((", at: 16))
    #expect(!found("status=", at: -1))
    #expect(!found("status=", at: 1))
  }

  @Test func emptyTextIsFoundNowhere() {
    let place = [1, 2, 3].span.firstIndex(of: "")
    #expect(place == nil)
  }

  @Test func bytesThatAreNoTextBecomeReplacementCharacters() {
    let text = [0x61, 0xFF, 0x62].span.string(0..<3)
    #expect(text == "a\u{FFFD}b")
  }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
