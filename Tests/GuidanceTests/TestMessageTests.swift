// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Guidance

@Suite struct TestMessageTests {
  private static func route(source: String? = nil, address: String = "192.0.2.1") throws
    -> TestRoute
  {
    TestRoute(
      domain: try #require(DomainName(validating: "busy.test")), host: "mx1.busy.test",
      address: try #require(IPAddress(address)), source: source.flatMap { IPAddress($0) },
      helo: try #require(DomainName(validating: "mx.example.net")), freeAt: 0)
  }

  @Test(arguments: ["postmaster", "ann.smith", "a+b", "x_1-2=3", String(repeating: "a", count: 64)])
  func aMailboxIsTaken(local: String) throws {
    #expect(TestMessage(to: local, by: try Self.route())?.recipient == "\(local)@busy.test")
  }

  @Test(arguments: [
    "", "-x", "--to", "a,b", "a@other.test", "a%other.test", "other.test!a", "a b", "a\nb", "a\0",
    "\u{1B}[m", ".a", "a.", "a..b", "\"a\"", "é", "$(id)", "a;b", String(repeating: "a", count: 65),
  ])
  func whatIsNoPlainMailboxIsNot(local: String) throws {
    #expect(TestMessage(to: local, by: try Self.route()) == nil)
  }

  @Test func theCommandNamesServerSenderAndOneRecipient() throws {
    let message = try #require(TestMessage(to: "ann", by: try Self.route()))
    #expect(
      message.arguments.joined(separator: " ")
        == "--server 192.0.2.1 --port 25 --from postmaster@mx.example.net --to ann@busy.test"
        + " --helo mx.example.net --timeout 60 --tls-optional --data -")
    let other = try #require(
      TestMessage(to: "ann", by: try Self.route(source: "2001:db8::1", address: "2001:db8::2")))
    #expect(
      other.arguments.suffix(3) == ["-6", "--local-interface", "2001:db8:0:0:0:0:0:1"])
    #expect(message.content.split(separator: "\n").contains("To: <%TO_ADDRESS%>"))
  }

  private static let agreed =
    "<-  220 peer ESMTP\n -> EHLO x\n<-  250 peer\n -> MAIL FROM:<p@x>\n<-  250 2.1.0 ok\n"
    + " -> RCPT TO:<p@busy.test>\n<-  250 2.1.0 ok\n -> DATA\n"
  private static let sent = agreed + "<-  354 go\n -> Subject: Test\n -> \n -> QUIT? No.\n -> .\n"

  @Test(
    arguments: [
      (sent + "<-  250 2.0.0 Ok: queued as 1\n -> QUIT\n<-  221 bye\n", .passed, "Accepted"),
      (sent + "<** 452 4.3.1 Insufficient system storage\n -> QUIT\n", .warns, "at end of data"),
      (sent + "<** 554 5.7.1 No\n -> QUIT\n", .failed, "Refused permanently at end of data."),
      (agreed + "<** 451 4.7.1 Greylisted\n -> QUIT\n", .warns, "Deferred at DATA"),
      (
        "<-  220 p\n -> EHLO x\n<-  250 p\n -> MAIL FROM:<p@x>\n<** 421 4.7.0 Rate limited\n",
        .warns, "Deferred at MAIL FROM"
      ),
      (sent + "*** Remote host closed connection unexpectedly.\n", .warns, "is unknown"),
      (
        "*** Error connecting to 192.0.2.1:25:\n*** \tIO::Socket::INET: connect: Connection refused\n",
        .failed, "Not sent: "
      ),
      (agreed + "*** Remote host closed connection unexpectedly.\n", .failed, "Not sent: "),
    ] as [(String, CheckResult.Verdict, String)])
  func readsWhatBecameOfIt(
    _ output: String, _ verdict: CheckResult.Verdict, _ words: String
  ) throws {
    let message = try #require(TestMessage(to: "ann", by: try Self.route()))
    let report = TestReport(message, SMTPTranscript(swaksOutput: Array(output.utf8)))
    #expect(report.verdict == verdict, "\(report)")
    #expect(report.summary.contains(words), "\(report)")
    #expect(report.details.first == "mx1.busy.test [192.0.2.1]")
  }
}
