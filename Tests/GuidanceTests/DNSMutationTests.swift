// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import TestSupport
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
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<Rounds.count(3_000, of: 100_000) {
      let bytes = generator.mutated(Self.output)
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
