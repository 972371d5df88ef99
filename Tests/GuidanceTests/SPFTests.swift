// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Guidance

/// The examples of RFC 7208: its appendix A and section 7.4, and its limits.
struct SPFTests {
  /// The zones of appendix A, and some broken ones.
  static let zone: [String: [String]] = [
    "MX example.com": ["mail-a.example.com", "mail-b.example.com"],
    "A example.com": ["192.0.2.10", "192.0.2.11"],
    "A amy.example.com": ["192.0.2.65"],
    "A bob.example.com": ["192.0.2.66"],
    "A mail-a.example.com": ["192.0.2.129"],
    "A mail-b.example.com": ["192.0.2.130"],
    "A www.example.com": ["192.0.2.10", "192.0.2.11"],
    "AAAA six.example.com": ["2001:db8::cb01"],
    "MX example.org": ["mail-c.example.org"],
    "A mail-c.example.org": ["192.0.2.140"],
    "PTR 10.2.0.192.in-addr.arpa": ["example.com"],
    "PTR 65.2.0.192.in-addr.arpa": ["amy.example.com"],
    "PTR 140.2.0.192.in-addr.arpa": ["mail-c.example.org"],
    "PTR 4.0.0.10.in-addr.arpa": ["bob.example.com"],
    "TXT pass.example": ["v=spf1 ip4:192.0.2.0/24 -all", "other text"],
    "TXT two.example": ["v=spf1 -all", "v=spf1 +all"],
    "TXT loop.example": ["v=spf1 include:loop.example -all"],
    "TXT void.example": ["v=spf1 a:n1.example a:n2.example a:n3.example +all"],
    "TXT spf10.example": ["v=spf10 +all"],
    "A mary.mobile-users._spf.example.com": ["127.0.0.2"],
  ]

  static func evaluate(
    _ record: String?, from address: String, domain: String = "example.com",
    sender: String = "strong-bad@example.com"
  ) async throws -> (SPFResult, SPFCheck) {
    let table = zone.merging(record.map { ["TXT \(domain)": [$0]] } ?? [:]) { $1 }
    var check = SPFCheck(
      address: try #require(IPAddress(address)), sender: sender, helo: "mx.example.com"
    ) { name, type in
      name.text == "broken.example" ? .failed : .found(table["\(type.rawValue) \(name)"] ?? [])
    }
    let result = await check.evaluate(domain)
    return (result, check)
  }

  @Test(
    arguments: [
      ("v=spf1 +all", "203.0.113.9", SPFResult.pass),
      ("v=spf1 a -all", "192.0.2.10", .pass),
      ("v=spf1 a -all", "192.0.2.11", .pass),
      ("v=spf1 a -all", "192.0.2.12", .fail),
      ("v=spf1 a:example.org -all", "192.0.2.10", .fail),
      ("v=spf1 mx -all", "192.0.2.129", .pass),
      ("v=spf1 mx -all", "192.0.2.130", .pass),
      ("v=spf1 mx -all", "192.0.2.10", .fail),
      ("v=spf1 mx:example.org -all", "192.0.2.140", .pass),
      ("v=spf1 mx mx:example.org -all", "192.0.2.140", .pass),
      ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.131", .pass),
      ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.143", .pass),
      ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.132", .fail),
      ("v=spf1 ptr -all", "192.0.2.65", .pass),
      ("v=spf1 ptr -all", "192.0.2.140", .fail),
      ("v=spf1 ptr -all", "10.0.0.4", .fail),
      ("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.65", .fail),
      ("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129", .pass),
      ("v=spf1 ip4:192.0.2.129 ~all", "::ffff:192.0.2.129", .pass),
      ("v=spf1 ip6:2001:db8::/32 ?all", "2001:db8::1", .pass),
      ("v=spf1 a:six.example.com//64 -all", "2001:db8::1", .pass),
      ("v=spf1 a:six.example.com/8//128 -all", "2001:db8::1", .fail),
      ("v=spf1 ~all", "192.0.2.1", .softfail),
      ("v=spf1 ?all", "192.0.2.1", .neutral),
      ("v=spf1", "192.0.2.1", .neutral),
      ("V=SPF1 IP4:192.0.2.1 -ALL", "192.0.2.1", .pass),
      ("v=spf1 include:pass.example -all", "192.0.2.1", .pass),
      ("v=spf1 include:pass.example ~all", "198.51.100.1", .softfail),
      ("v=spf1 redirect=pass.example", "198.51.100.1", .fail),
      ("v=spf1 redirect=pass.example +all", "198.51.100.1", .pass),
      ("v=spf1 redirect=nothing.example", "192.0.2.1", .permerror),
      ("v=spf1 include:nothing.example -all", "192.0.2.1", .permerror),
      ("v=spf1 include:two.example -all", "192.0.2.1", .permerror),
      ("v=spf1 include:broken.example -all", "192.0.2.1", .temperror),
      ("v=spf1 include:loop.example -all", "192.0.2.1", .permerror),
      ("v=spf1 include:void.example -all", "192.0.2.1", .permerror),
      ("v=spf1 moo -all", "192.0.2.1", .permerror),
      ("v=spf1 ip4:192.0.2.1 ip4:300.0.0.1", "192.0.2.1", .permerror),
      ("v=spf1 ip4:192.0.2.0/33 -all", "192.0.2.1", .permerror),
      ("v=spf1 ip4:192.0.2.0/024 -all", "192.0.2.1", .permerror),
      ("v=spf1 a: -all", "192.0.2.1", .permerror),
      ("v=spf1 a/ -all", "192.0.2.1", .permerror),
      ("v=spf1 include -all", "192.0.2.1", .permerror),
      ("v=spf1 redirect=a.example redirect=b.example", "192.0.2.1", .permerror),
      ("v=spf1 unknown=%{d} exp=x.example ~all", "192.0.2.1", .softfail),
      ("v=spf1 exists:%{l}.mobile-users._spf.%{d} -all", "203.0.113.9", .fail),
      ("v=spf1 exists:mary.mobile-users._spf.%{d} -all", "203.0.113.9", .pass),
      ("v=spf1 exists:%{x}.example -all", "192.0.2.1", .permerror),
    ] as [(String, String, SPFResult)])
  func agrees(_ record: String, _ address: String, _ expected: SPFResult) async throws {
    let (result, check) = try await Self.evaluate(record, from: address)
    #expect(result == expected, "\(check.problem ?? "") \(check.decidedBy ?? "")")
  }

  @Test(arguments: [
    ("example.com", SPFResult.none), ("spf10.example", .none), ("two.example", .permerror),
    ("not a name", .none), ("com", .none),
  ])
  func startsWithOneRecord(_ domain: String, _ expected: SPFResult) async throws {
    let (result, _) = try await Self.evaluate(nil, from: "192.0.2.1", domain: domain)
    #expect(result == expected)
  }

  @Test func countsItsLookups() async throws {
    let ten = "v=spf1 " + (0..<10).map { _ in "a:www.example.com " }.joined()
    let (result, check) = try await Self.evaluate(ten + "-all", from: "203.0.113.1")
    #expect(result == .fail)
    #expect(check.lookups == 10)
    #expect(check.decidedBy == "-all")
    let (more, _) = try await Self.evaluate(ten + "mx -all", from: "203.0.113.1")
    #expect(more == .permerror)
  }

  @Test(arguments: [
    ("%{s}", "strong-bad@email.example.com"),
    ("%{o}", "email.example.com"),
    ("%{d}", "email.example.com"),
    ("%{d4}", "email.example.com"),
    ("%{d3}", "email.example.com"),
    ("%{d2}", "example.com"),
    ("%{d1}", "com"),
    ("%{dr}", "com.example.email"),
    ("%{d2r}", "example.email"),
    ("%{l}", "strong-bad"),
    ("%{l-}", "strong.bad"),
    ("%{lr}", "strong-bad"),
    ("%{lr-}", "bad.strong"),
    ("%{l1r-}", "strong"),
    ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
    ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
    ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
    ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
    ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
    ("a%%b%_c%-d", "a%b c%20d"),
  ])
  func expandsMacros(_ macro: String, _ expected: String) throws {
    #expect(try Self.expand(macro, "192.0.2.3") == expected)
  }

  @Test func expandsMacrosOfIPv6() throws {
    #expect(
      try Self.expand("%{ir}.%{v}._spf.%{d2}", "2001:db8::cb01")
        == "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com")
  }

  static func expand(_ macro: String, _ address: String) throws -> String {
    let values = SPFMacro.Values(
      address: try #require(IPAddress(address)), sender: "strong-bad@email.example.com",
      helo: "mx.example.com", domain: "email.example.com")
    return try #require(SPFMacro(macro[...])).expanded(values)
  }

  @Test(arguments: ["%", "%a", "%{", "%{}", "%{d0}", "%{d9999}", "%{dx}", "%{c}", "a b", "ü"])
  func refusesBrokenMacros(_ macro: String) {
    #expect(SPFMacro(macro[...]) == nil)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.-4", "::1::", ":::", "1::2::3",
    "12345::", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7::8", "+1::", "::1.2.3", "g::",
  ])
  func refusesBrokenAddresses(_ text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(arguments: [
    ("::", 16), ("::1", 16), ("1::", 16), ("2001:db8::192.0.2.1", 16), ("192.0.2.1", 4),
    ("1:2:3:4:5:6:7:8", 16), ("1:2:3:4:5:6::8", 16),
  ])
  func readsAddresses(_ text: String, _ count: Int) {
    #expect(IPAddress(text)?.bytes.count == count)
  }

  /// Whatever a zone holds, the evaluation ends with a result.
  @Test func anyRecordEnds() async throws {
    var generator = SeededGenerator(seed: 7208)
    let parts = [
      "a", "mx", "ptr", "all", "include:", "redirect=", "exists:", "ip4:", "ip6:", "%{d}", "%{ir}",
      ".example", "/24", "//64", "-", "~", "+", "?", " ", " ", "192.0.2.1", "2001:db8::1", "%", "{",
    ]
    for _ in 0..<500 {
      let record =
        "v=spf1 "
        + (0..<Int.random(in: 0...12, using: &generator)).map { _ in
          parts.randomElement(using: &generator) ?? ""
        }.joined()
      _ = try await Self.evaluate(record, from: "192.0.2.1")
    }
  }
}
