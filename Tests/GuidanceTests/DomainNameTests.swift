// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Guidance

struct DomainNameTests {
  @Test(arguments: [
    "example.net", "a", "mx-1.example.net", "_dmarc.example.net", "xn--bcher-kva.example",
    "1und1.de", "example.net.", "EXAMPLE.NET",
    String(repeating: "a", count: 63) + ".net",
  ])
  func accepts(_ name: String) throws {
    let domain = try #require(DomainName(validating: name))
    #expect(!domain.text.hasSuffix("."))
    #expect(domain.text == domain.text.lowercased())
  }

  @Test(arguments: [
    "", ".", "-x.example", "--version", "@resolver", "+short", "a..b", ".a", "a-.net", "a.-b.net",
    "a b", "a\u{1B}[31m.net", "bücher.example", "[192.0.2.1]", "192.0.2.1", "a;b", "$(id)", "a/b",
    "a\n.net", String(repeating: "a", count: 64) + ".net",
    String(repeating: "a.", count: 127) + "ab",
  ])
  func refuses(_ name: String) {
    #expect(DomainName(validating: name) == nil)
  }

  @Test func takesTheDomainAfterTheLastAt() {
    #expect(DomainName(ofAddress: "\"a@b\"@example.net")?.text == "example.net")
    #expect(DomainName(ofAddress: "nobody") == nil)
    #expect(DomainName(validating: "example.net")?.below("_dmarc")?.text == "_dmarc.example.net")
  }
}
