// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Guidance
import Testing

/// Whatever a name server put into its records, `dig`'s output gives a value.
struct DNSMutationTests {
  private static let output = Array(
    """
    ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 421
    example.net.\t300\tIN\tMX\t10 mx1.example.net.
    example.net.\t300\tIN\tMX\t20 mx2.example.net.
    mx1.example.net.\t300\tIN\tA\t192.0.2.1
    mx1.example.net.\t300\tIN\tAAAA\t2001:db8::1
    example.net.\t300\tIN\tTXT\t"v=spf1 ip4:192.0.2.0/24 " "-all" "\\226\\128\\174"
    10 mx3.example.net.

    """.utf8)

  @Test func mutatedOutputIsRead() {
    var state: UInt64 = 11
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: state >> 33) % max(1, bound)
    }
    for _ in 0..<(getenv("TEMPFAIL_MUTATIONS") == nil ? 3_000 : 100_000) {
      var bytes = Self.output
      for _ in 0...random(4) where !bytes.isEmpty {
        let place = random(bytes.count)
        switch random(6) {
        case 0: bytes.removeSubrange(place...)
        case 1: bytes[place] ^= UInt8(1 << random(8))
        case 2: bytes[place] = 0
        case 3: bytes[place] = 0xFF
        case 4: bytes.insert(contentsOf: bytes[place...].prefix(60), at: place)
        default: bytes.remove(at: place)
        }
      }
      let answer = DNSAnswer(digOutput: bytes)
      #expect(answer.exchangers.count <= answer.records.count)
      #expect(answer.exchangers.allSatisfy { (0...65535).contains($0.preference) })
      _ = MailExchangers.parse(digOutput: bytes)
      _ = MailExchangers.parseAddresses(digOutput: bytes)
    }
  }

  @Test func aMegabyteIsRead() {
    for filler in ["\"", "\\", " ", "example.net.\t300\tIN\tMX\t10 mx.example.net. ", ";;", "\t"] {
      let count = 1_000_000 / filler.utf8.count
      let bytes = Self.output + Array(String(repeating: filler, count: count).utf8)
      #expect(DNSAnswer(digOutput: bytes).exchangers.count >= 2)
    }
  }
}
