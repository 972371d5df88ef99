// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Testing

@testable import Server

/// A test message through a `swaks` that is a shell script.
@Suite struct TestMessageControlTests {
  private static let taken =
    "<-  220 p\n -> EHLO x\n<-  250 p\n -> MAIL FROM:<a@b>\n<-  250 ok\n -> RCPT TO:<c@d>\n"
    + "<-  250 ok\n -> DATA\n<-  354 go\n -> .\n<-  250 2.0.0 Ok: queued as 1\n -> QUIT\n"

  private func message(_ local: String = "postmaster") throws -> TestMessage {
    let route = TestRoute(
      domain: try #require(DomainName(validating: "busy.test")), host: "mx1.busy.test",
      address: try #require(IPAddress("192.0.2.1")), source: nil,
      helo: try #require(DomainName(validating: "mx.example.net")), freeAt: 0)
    return try #require(TestMessage(to: local, by: route))
  }

  /// A mail server whose `swaks` prints this.
  private func server(printing output: String) throws -> ActFakeMTA {
    let mta = try ActFakeMTA()
    mta.write("said", output)
    mta.install(
      "swaks", "note \"$@\"; cat > \"$Q/content\"; cat \"$Q/said\"; exit $(cat \"$Q/status\")")
    mta.write("status", "0\n")
    return mta
  }

  @Test func itIsWrittenDownBeforeAndAfter() async throws {
    let mta = try server(printing: Self.taken)
    let report = await mta.control().send(try message())
    #expect(report.verdict == .passed, "\(report)")
    #expect(
      mta.calls == [
        "swaks --server 192.0.2.1 --port 25 --from postmaster@mx.example.net"
          + " --to postmaster@busy.test --helo mx.example.net --timeout 60 --tls-optional --data -"
          + " [intents=1 copies=0]"
      ])
    #expect(mta.read("content") == (try message().content))
    let records = try AuditTrail(in: mta.state).records()
    guard case .intent(let intent)? = records.first, case .outcome(let outcome)? = records.last
    else {
      Issue.record("\(records)")
      return
    }
    #expect(intent.act == "test" && intent.messages.first?.recipients == ["postmaster@busy.test"])
    #expect(outcome.entry == intent.entry && outcome.results.map(\.result) == ["done"])
  }

  @Test func oneAMinuteToTheSameServer() async throws {
    let mta = try server(printing: Self.taken)
    let control = mta.control()
    _ = await control.send(try message())
    let second = await control.send(try message("ann"))
    #expect(second.verdict == .unavailable)
    #expect(second.summary.contains("one connection per minute"), "\(second)")
    #expect(mta.calls.count == 1)
    #expect(try AuditTrail(in: mta.state).records().count == 2)
  }

  @Test func aCheckOfTheSameServerCountsToo() async throws {
    let mta = try server(printing: Self.taken)
    let probes = ProbeBook(host: mta.host)
    _ = await probes.probe("192.0.2.1", of: "busy.test", goesToRecipient: false) {
      SMTPTranscript(exchanges: [])
    }
    let report = await mta.control(probes: probes).send(try message())
    #expect(report.verdict == .unavailable && mta.calls.isEmpty)
  }

  @Test func aReplyIsClassified() async throws {
    let mta = try server(
      printing: "<-  220 p\n -> EHLO x\n<** 421 4.3.2 Server busy, try again later\n -> QUIT\n")
    mta.write("status", "22\n")
    let report = await mta.control().send(try message())
    #expect(report.verdict == .warns)
    #expect(report.summary.hasPrefix("Deferred at EHLO"), "\(report)")
  }

  @Test func withoutSwaksNothingIsSent() async throws {
    let mta = try ActFakeMTA()
    let report = await mta.control().send(try message())
    #expect(report.verdict == .unavailable)
    #expect(report.summary.hasPrefix("Nothing was sent: swaks is not installed; it tests"))
    #expect(mta.calls.isEmpty)
  }

  @Test func withoutAuditNothingIsSent() async throws {
    let mta = try server(printing: Self.taken)
    mta.set("state")
    let report = await mta.control().send(try message())
    #expect(report.verdict == .unavailable)
    #expect(mta.calls.isEmpty)
  }

  @Test func oneThatBrokeOffIsToldAtTheNextStart() async throws {
    let mta = try server(printing: Self.taken)
    let gone = ProcessIdentity(number: 1, started: 1)
    try AuditTrail(in: mta.state).record(
      AuditIntent(
        entry: "1-1-1", time: 1,
        actor: Actor(user: "root", host: "mail", environment: [:], process: gone), mta: .postfix,
        act: "test", command: "swaks",
        messages: [.init(id: "", arrived: nil, sender: "a@b", recipients: ["ann@busy.test"])]))
    let words = await mta.control().interruptions().map(\.words)
    #expect(
      words == [
        "A test message to ann@busy.test by root was interrupted: it is unknown whether it was accepted."
      ])
  }
}
