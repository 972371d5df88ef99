// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import TestSupport
import Testing

/// Any bytes are JSON or not: no trap, and what was read is written and read again.
struct JSONMutationTests {
  private static let samples = [
    #"{"queue_name":"deferred","arrival_time":1795521600,"recipients":[{"address":"a@b","delay_reason":"\u00e9"}]}"#,
    #"[1,-2.5e3,1e999,"\ud83d\ude00\ud800",true,false,null,{},[],{"a":{"b":[{}]}}]"#,
  ]

  @Test func mutatedTextIsRead() {
    var generator = SeededGenerator(seed: 7)
    let samples = Self.samples.map { Array($0.utf8) }
    for _ in 0..<Rounds.count(5_000, of: 100_000) {
      let bytes = generator.mutated(samples.randomElement(using: &generator) ?? [], with: samples)
      guard let value = JSON(parsing: bytes) else { continue }
      #expect(JSON(parsing: value.line) != nil, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test(arguments: ["[", "{\"a\":", "\"", "\\", "1", "{", " "])
  func aMegabyteIsReadOrRefused(_ piece: String) {
    let count = 1_000_000 / piece.utf8.count
    #expect(
      JSON(parsing: Array(String(repeating: piece, count: count).utf8)) == nil || piece == "1")
  }
}
