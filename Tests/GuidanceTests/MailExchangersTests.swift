// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Guidance

struct MailExchangersTests {
  /// The output of `dig` in both forms, and what it says.
  static let answers: [(String, MXAnswer)] = [
    (
      "20 mx2.example.net.\n10 mx1.example.net.\n",
      .exchangers([
        MailExchanger(preference: 10, host: "mx1.example.net"),
        MailExchanger(preference: 20, host: "mx2.example.net"),
      ])
    ),
    (
      // An alias first.
      "target.example.net.\n10 mx1.example.net.\n",
      .exchangers([MailExchanger(preference: 10, host: "mx1.example.net")])
    ),
    ("0 .\n", .nullMX),
    ("", .noServer),
    (";; connection timed out; no servers could be reached\n", .noServer),
    (
      ";; communications error to 192.0.2.53#53: timed out\n"
        + ";; no servers could be reached\n", .noServer
    ),
    (
      """
      ;; Got answer:
      ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 21187
      ;; flags: qr rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1

      ;; ANSWER SECTION:
      www.example.net.\t300\tIN\tCNAME\texample.net.
      example.net.\t\t300\tIN\tMX\t5 mx.example.net.

      """, .exchangers([MailExchanger(preference: 5, host: "mx.example.net")])
    ),
    (";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n", .noSuchName),
    (";; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 1\n", .failed("SERVFAIL")),
    (";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n", .none),
    ("99999999999999999999 mx.example.net.\n-1 mx.\n70000 mx.\nrubbish\n", .none),
  ]

  @Test(arguments: answers)
  func reads(_ output: String, _ expected: MXAnswer) {
    #expect(MailExchangers.parse(digOutput: Array(output.utf8)) == expected)
  }

  @Test(
    arguments: [
      ("192.0.2.1\n2001:db8::1\n", ["192.0.2.1", "2001:db8::1"]),
      ("alias.example.net.\n192.0.2.1\n", ["192.0.2.1"]),
      (";; communications error\n", nil),
      ("mx.example.net.\t60\tIN\tAAAA\t2001:db8::2\n", ["2001:db8::2"]),
      ("mx.example.net.\t60\tIN\tA\t192.0.2.2\n", ["192.0.2.2"]),
    ] as [(String, [String]?)])
  func readsAddresses(_ output: String, _ expected: [String]?) {
    #expect(MailExchangers.parseAddresses(digOutput: Array(output.utf8)) == expected)
  }

  @Test func joinsTheStringsOfATextRecord() {
    let output = "\"v=spf1 \" \"ip4:192.0.2.0/24 -all\"\n\"a\\\"b\\059\\\\\"\nno quotes\n"
    let answer = DNSAnswer(digOutput: Array(output.utf8))
    #expect(answer.texts == ["v=spf1 ip4:192.0.2.0/24 -all", "a\"b;\\"])
  }

  @Test(
    arguments: [
      (MXAnswer.nullMX, [:], CheckResult.Verdict.failed, "accepts no mail"),
      (.none, [:], .unavailable, "could not be looked up"),
      (.none, ["example.net": []], .failed, "no MX record and no address"),
      (.exchangers(two), [:], .unavailable, "their addresses could not be looked up"),
      (.none, ["example.net": ["192.0.2.1"]], .warns, "its own address"),
      (.noSuchName, [:], .failed, "does not exist"),
      (.failed("SERVFAIL"), [:], .failed, "SERVFAIL"),
      (.noServer, [:], .failed, "No DNS resolver"),
      (
        .exchangers(two), ["mx1": ["192.0.2.1"], "mx2": ["192.0.2.2"]], .passed, "2 mail exchangers"
      ),
      (.exchangers(two), ["mx1": ["192.0.2.1"], "mx2": []], .warns, "1 of them without"),
      (.exchangers(two), ["mx1": [], "mx2": []], .failed, "none with an address"),
      (.exchangers(two), ["mx1": ["192.0.2.1"]], .passed, "2 mail exchangers"),
    ] as [(MXAnswer, [String: [String]], CheckResult.Verdict, String)])
  func judges(
    _ answer: MXAnswer, _ addresses: [String: [String]], _ verdict: CheckResult.Verdict,
    _ words: String
  ) {
    let result = MailExchangers.verdict(
      domain: "example.net", answer: answer, addresses: addresses, time: 7)
    #expect(result.verdict == verdict)
    #expect(result.summary.contains(words), "\(result.summary)")
    #expect(result.request == CheckRequest(.mailExchangers, of: "example.net"))
    #expect(result.time == 7)
  }

  static let two = [
    MailExchanger(preference: 1, host: "mx1"), MailExchanger(preference: 2, host: "mx2"),
  ]

  @Test func triesTheDomainItselfWithoutAnMX() {
    #expect(MailExchangers.hosts(of: .none, domain: "example.net") == ["example.net"])
    #expect(MailExchangers.hosts(of: .nullMX, domain: "example.net").isEmpty)
    #expect(MailExchangers.hosts(of: .exchangers(Self.two), domain: "x", limit: 1) == ["mx1"])
  }
}

struct Port25Tests {
  @Test(
    arguments: [
      ([.greeting("220 mx ESMTP")], CheckResult.Verdict.passed, "ready for mail"),
      ([.greeting("220 mx"), .timedOut], .warns, "1 of 2"),
      ([.greeting("421 4.7.0 busy\r\n")], .warns, "defers us for now"),
      ([.greeting("554 no")], .failed, "permanently"),
      ([.greeting("")], .warns, "defers us for now"),
      ([.refused, .refused], .failed, "refuses the connection"),
      ([.timedOut, .timedOut], .failed, "timed out"),
      ([.unreachable("No route to host")], .failed, "cannot be reached"),
      ([.silent], .failed, "says nothing"),
      ([.timedOut, .refused], .failed, "No mail exchanger"),
      ([], .unavailable, "could be tried"),
    ] as [([ProbeOutcome], CheckResult.Verdict, String)])
  func judges(_ outcomes: [ProbeOutcome], _ verdict: CheckResult.Verdict, _ words: String) {
    let probes = outcomes.map { Port25Probe(host: "mx", address: "192.0.2.1", outcome: $0) }
    let result = Port25.verdict(domain: "example.net", probes: probes, time: 1)
    #expect(result.verdict == verdict)
    #expect(result.summary.contains(words), "\(result.summary)")
    #expect(result.details.count >= probes.count)
  }

  @Test func showsTheFirstLineOfTheGreeting() {
    let probe = Port25Probe(
      host: "mx", address: "192.0.2.1", outcome: .greeting("421-4.7.0 one\r\n421 4.7.0 two\r\n"))
    let result = Port25.verdict(domain: "example.net", probes: [probe], time: 1)
    #expect(result.details.first == "mx [192.0.2.1] 421-4.7.0 one")
  }
}
