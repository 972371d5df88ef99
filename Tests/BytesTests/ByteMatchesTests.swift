// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CMemory
import TestSupport
import Testing

@testable import Bytes

/// 64 bytes that are compared at once, beside the plainest way to do it.
struct ByteMatchesTests {
  @Test func marksThoseThatAreTheByte() {
    var random = SplitMix(seed: 64)
    for round in 0..<2000 {
      // Neighbors of the byte too: a borrow from one to the next would take them for it.
      let wanted = UInt8.random(in: .min ... .max, using: &random)
      let bytes = (0..<64).map { _ in wanted &+ UInt8.random(in: 0...3, using: &random) &- 1 }
      let expected = bytes.indices.reduce(into: UInt64(0)) {
        if bytes[$1] == wanted { $0 |= 1 << UInt64($1) }
      }
      #expect(tempfail_matches(bytes, wanted) == expected, "round \(round)")
      #expect(tempfail_matches_portable(bytes, wanted) == expected, "round \(round)")
    }
  }

  @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 129, 300])
  func lineEndsAreThoseOfASplit(length: Int) {
    var random = SplitMix(seed: UInt64(length) + 3)
    for _ in 0..<200 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 8...11, using: &random) }
      var ends = LineEnds()
      var found: [Int] = []
      while found.last ?? -1 < length { found.append(ends.next(in: bytes.span)) }
      #expect(found == bytes.indices.filter { bytes[$0] == ASCII.newline } + [length])
    }
  }
}
