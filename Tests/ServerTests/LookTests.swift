// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Testing

@testable import Server

@Suite("Checks")
struct CheckTests {
  private static func dig(_ type: String, _ name: String) -> String {
    "dig +noall +comments +answer +time=2 +tries=2 -t \(type) -q \(name)"
  }

  private func runner(_ host: FakeHost) -> CheckRunner {
    CheckRunner(
      host: host,
      system: MailSystem(tools: .exim(exim: "/usr/sbin/exim"), version: nil, spool: "/s", logs: []),
      diagnosis: DiagnosisCollector(host: host, mta: .exim) { _ in })
  }

  private func host() -> FakeHost {
    FakeHost {
      $0.executables["dig"] = "/usr/bin/dig"
      $0.answer(Self.dig("MX", "busy.test"), "busy.test. 60 IN MX 10 mx1.busy.test.\n")
      $0.answer(Self.dig("A", "mx1.busy.test"), "mx1.busy.test. 60 IN A 192.0.2.1\n")
      $0.answer(Self.dig("AAAA", "mx1.busy.test"), ";; ->>HEADER<<- status: NOERROR\n")
      $0.peers["192.0.2.1"] = SMTPTranscript(exchanges: [
        SMTPTranscript.Exchange(command: "greeting", reply: "220 mx1.busy.test ESMTP")
      ])
    }
  }

  @Test func looksUpTheMailExchangers() async {
    let result = await runner(host())
      .run(.mailExchangers, of: "busy.test")
    #expect(result?.verdict == .passed)
    #expect(result?.details == ["10 mx1.busy.test: 192.0.2.1"])
  }

  @Test func asksAServerOnceAMinute() async {
    let host = host()
    let runner = runner(host)
    for _ in 0..<3 {
      #expect(await runner.run(.port25, of: "busy.test")?.verdict == .passed)
    }
    #expect(host.asked.count(where: { $0.hasPrefix("connect") }) == 1)
    host.change { $0.clock += 61 }
    _ = await runner.run(.port25, of: "busy.test")
    #expect(host.asked.count(where: { $0.hasPrefix("connect") }) == 2)
  }

  private func route(
    _ host: FakeHost, _ tools: MailSystem.Tools, _ routing: MailRouting?, to recipient: String
  ) async -> Route? {
    await CheckRunner(
      host: host,
      system: MailSystem(tools: tools, version: nil, spool: "/s", logs: [], routing: routing),
      diagnosis: DiagnosisCollector(host: host, mta: .exim) { _ in }
    ).route(of: recipient, from: "-me@shop.example")
  }

  @Test func asksEximForTheWay() async {
    let exim = MailSystem.Tools.exim(exim: "/usr/sbin/exim")
    let routing = EximRouting(routers: Array("isp router:\ndriver = manualroute\n".utf8))
    let command = "exim -bt -f -me@shop.example -- -bV@a.test"
    let host = FakeHost {
      $0.answer(
        command, "-bV@a.test\n  router = isp, transport = out\n  host r.test [192.0.2.7] port=587\n"
      )
      $0.answer(
        "exim -bt -f -me@shop.example -- b@a.test", "", complaint: "exim: permission denied",
        status: 1)
    }
    let route = await route(host, exim, .exim(routing), to: "-bV@a.test")
    #expect(route?.ends.map(\.words) == ["r.test[192.0.2.7]:587"])
    #expect(host.asked == [command])
    #expect(await self.route(host, exim, .exim(routing), to: "b@a.test") == nil)
    // Where no router knows of a relay, or there is no address, nothing is run.
    #expect(await self.route(host, exim, .exim(EximRouting()), to: "b@a.test") == nil)
    #expect(await self.route(host, exim, nil, to: "b@a.test") == nil)
    for text in ["-bV", "a\u{1B}@a.test", "a@b c", "a@", ""] {
      #expect(await self.route(host, exim, .exim(routing), to: text) == nil)
    }
    #expect(host.asked.count == 2)
  }

  @Test func asksThePostfixTablesForTheWay() async {
    let postfix = MailSystem.Tools.postfix(
      postqueue: "/usr/sbin/postqueue", postconf: nil, postcat: nil, postsuper: nil)
    let routing = MailRouting.postfix(
      PostfixRouting(["transport_maps": "regexp:/r", "relayhost": "[isp.test]"]),
      postmap: "/usr/sbin/postmap")
    let host = FakeHost {
      $0.answer("postmap -q b@a.test regexp:/r", "smtp:[r.test]:26\n")
      $0.answer("postmap -q c@a.test regexp:/r", "", status: 1)
      $0.answer("postmap -q * regexp:/r", "", status: 1)
      $0.answer(
        "postmap -q d@a.test regexp:/r", "", complaint: "postmap: fatal: open /r", status: 1)
    }
    #expect(await route(host, postfix, routing, to: "b@a.test")?.ends.first?.words == "r.test:26")
    #expect(await route(host, postfix, routing, to: "c@a.test")?.decidedBy == "relayhost")
    #expect(await route(host, postfix, routing, to: "d@a.test") == nil)
    #expect(
      await route(host, postfix, .postfix(PostfixRouting(), postmap: nil), to: "b@a.test") == nil)
  }

  @Test(arguments: ["-x", "+short", "@192.0.2.1", "a b", "a;b", "ü.test", "", "x\u{1B}[m.test"])
  func runsNothingForWhatIsNoDomain(domain: String) async {
    let host = host()
    let result = await runner(host).run(.mailExchangers, of: domain)
    #expect(result?.verdict == .unavailable)
    #expect(host.asked.isEmpty)
  }

  @Test func saysThatDigIsMissing() async {
    let debian = FakeHost { $0.files["/etc/os-release"] = ("ID=debian\n", modified: 0) }
    let result = await runner(debian).run(.port25, of: "busy.test")
    #expect(result?.verdict == .unavailable)
    // As `tempfail doctor` says it.
    #expect(
      result?.summary
        == "dig is not installed; it looks up mail exchangers and records. Install it: "
        + "`apt-get install bind9-dnsutils`")
  }
}

@Suite("Opening a message")
struct MessageOpenerTests {
  private func reference(_ id: String, _ mta: MTA) throws -> MessageReference {
    MessageReference(
      queueID: try #require(QueueID(id, of: mta)), arrival: nil, sender: "alice@sender.test")
  }

  private static let exim = MailSystem(
    tools: .exim(exim: "/usr/sbin/exim"), version: nil, spool: "/s", logs: [])
  private static let postfix = MailSystem(
    tools: .postfix(
      postqueue: "/usr/sbin/postqueue", postconf: nil, postcat: "/usr/sbin/postcat",
      postsuper: nil), version: nil, spool: "/s", logs: [])
  private static let id = "1xVeaW-0004Tw-2d"

  @Test func opensAMessageOfExim() async throws {
    let host = FakeHost {
      $0.answer(
        "exim -Mvh \(Self.id)",
        """
        \(Self.id)-H
        Debian-exim 995 995
        <alice@sender.test>

        247P Received: from [127.0.0.9]
        \tby exim.lab
        022  Subject: SRS and BATV
        018* Bcc: old@x.test
        054F From: <alice@sender.test>

        """)
      $0.answer("exim -Mvb \(Self.id)", "\(Self.id)-D\nHello\n")
      $0.answer(
        "exim -Mvl \(Self.id)", "exim: could not open file: No such file or directory", status: 1)
    }
    let document = try await MessageOpener(host: host, system: Self.exim).open(
      reference(Self.id, .exim))
    #expect(
      document.headers == [
        "Received: from [127.0.0.9]", "\tby exim.lab", "Subject: SRS and BATV",
        "From: <alice@sender.test>",
      ])
    #expect(document.envelope.last == "<alice@sender.test>")
    #expect(document.body == ["Hello"])
    #expect(document.problems.count == 1)
  }

  @Test func opensAMessageOfPostfix() async throws {
    let host = FakeHost {
      $0.answer(
        "postcat -qe BC16A135FF6",
        "*** ENVELOPE RECORDS deferred/B/BC16A135FF6 ***\nsender: alice@sender.test\n")
      $0.answer("postcat -qh BC16A135FF6", "Subject: basic busy\n")
      $0.answer("postcat -qb BC16A135FF6", "Hello\n")
    }
    let document = try await MessageOpener(host: host, system: Self.postfix).open(
      reference("BC16A135FF6", .postfix))
    #expect(document.envelope == ["sender: alice@sender.test"])
    #expect(document.headers == ["Subject: basic busy"])
    #expect(document.body == ["Hello"])
  }

  @Test func saysWhatItCutsOff() async throws {
    let log = String(repeating: "put off\n", count: 10_000) + "the last attempt\n"
    let host = FakeHost {
      $0.answer("exim -Mvh \(Self.id)", "\(Self.id)-H\n<alice@sender.test>\n\n")
      $0.answer(
        "exim -Mvb \(Self.id)", "\(Self.id)-D\nHello\n" + String(repeating: "x\n", count: 100 << 10)
      )
      $0.answer("exim -Mvl \(Self.id)", log)
    }
    let document = try await MessageOpener(host: host, system: Self.exim).open(
      reference(Self.id, .exim))
    #expect(document.body.first == "Hello")
    #expect(
      document.body.last == "[The first 64 KiB of 200. For all of it: exim -Mvb \(Self.id)]")
    #expect(document.log.first == "[The last 64 KiB of 78. For all of it: exim -Mvl \(Self.id)]")
    #expect(document.log.last == "the last attempt")
  }

  @Test(
    arguments: [
      ("", "Failed to open input file for 1aaaaa-000000-AA-H: No such file or directory\n", 69),
      ("Permission denied\n", "", 77),
    ] as [(String, String, Int32)])
  func saysWhyItCannot(output: String, complaint: String, exitStatus: Int32) async throws {
    let host = FakeHost(isRoot: false) {
      $0.answer("exim -Mvh \(Self.id)", output, complaint: complaint, status: 1)
    }
    let message = try reference(Self.id, .exim)
    let failure = await #expect(throws: SourceFailure.self) {
      try await MessageOpener(host: host, system: Self.exim).open(message)
    }
    #expect(failure?.exitStatus == exitStatus)
  }
}
