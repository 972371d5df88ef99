// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Testing

/// Any bytes are JSON or not: no trap, and what was read is written and read again.
struct JSONMutationTests {
  private static let samples = [
    #"{"queue_name":"deferred","arrival_time":1795521600,"recipients":[{"address":"a@b","delay_reason":"\u00e9"}]}"#,
    #"[1,-2.5e3,1e999,"\ud83d\ude00\ud800",true,false,null,{},[],{"a":{"b":[{}]}}]"#,
  ]

  @Test func mutatedTextIsRead() {
    var generator = SplitMix64(state: 7)
    for _ in 0..<(getenv("TEMPFAIL_MUTATIONS") == nil ? 5_000 : 100_000) {
      var bytes = Array((Self.samples.randomElement(using: &generator) ?? "").utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let place = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.removeSubrange(place...)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2:
          bytes.insert(
            [0, 0xFF, 0x5C, 0x22, 0x7B].randomElement(using: &generator) ?? 0, at: place)
        case 3: bytes.insert(contentsOf: bytes[place...].prefix(30), at: place)
        default: bytes.remove(at: place)
        }
      }
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

/// Random numbers that a seed gives again.
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
