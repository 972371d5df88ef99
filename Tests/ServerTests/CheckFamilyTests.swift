// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance
import MailServer
import Testing

@testable import Server

/// Each family of checks on a host whose tools print what the real ones print.
@Suite("Families of checks")
struct CheckFamilyTests {
  static let exim = MailSystem(
    tools: .exim(exim: "/usr/sbin/exim"), version: "4.96", spool: "/var/spool/exim4",
    logs: [.file("/var/log/exim4/mainlog")])
  static let postfix = MailSystem(
    tools: .postfix(
      postqueue: "/usr/sbin/postqueue", postconf: "/usr/sbin/postconf",
      postcat: "/usr/sbin/postcat", postsuper: nil), version: "3.7.11", spool: "/var/spool/postfix",
    logs: [])

  static func dig(_ type: String, _ name: String) -> String {
    "dig +noall +comments +answer +time=2 +tries=2 -t \(type) -q \(name)"
  }

  private func runner(
    _ host: FakeHost, _ system: MailSystem = exim, settings: [String: String] = [:],
    connections: [SMTPConnection] = [], options: CheckOptions = CheckOptions()
  ) -> CheckRunner {
    let diagnosis = DiagnosisCollector(host: host, mta: system.mta) { _ in }
    diagnosis.note(settings: settings.isEmpty ? ["none": ""] : settings)
    diagnosis.note(connections)
    return CheckRunner(host: host, system: system, diagnosis: diagnosis, options: options)
  }

  private func host(_ fill: (inout FakeHost.Contents) -> Void = { _ in }) -> FakeHost {
    FakeHost {
      for tool in ["dig", "ping", "traceroute", "ps", "df", "ip"] {
        $0.executables[tool] = "/usr/bin/\(tool)"
      }
      $0.answer("exim -bP transports", "interface = 192.0.2.25\n")
      fill(&$0)
    }
  }

  // MARK: Identity

  @Test func comparesAddressPTRAndHELO() async throws {
    let host = host {
      $0.answer(
        Self.dig("PTR", "25.2.0.192.in-addr.arpa"),
        "25.2.0.192.in-addr.arpa. 60 IN PTR mx.example.net.\n")
      $0.answer(Self.dig("A", "mx.example.net"), "mx.example.net. 60 IN A 192.0.2.25\n")
    }
    let runner = runner(host, settings: ["primary_hostname": "mx.example.net"])
    let result = try #require(await runner.run(.identity))
    #expect(result.verdict == .passed, "\(result)")
    #expect(result.details.first == "We send from 192.0.2.25.")
  }

  @Test func aPrivateAddressIsNotJudged() async throws {
    let host = host {
      $0.answer("exim -bP transports", "no_body_only\ninterface = \n")
      $0.answer("ip -o route get 192.0.2.1", "192.0.2.1 dev eth0 src 10.0.0.7 uid 0 \\    cache \n")
    }
    let result = try #require(await runner(host).run(.identity))
    #expect(result.verdict == .warns)
    #expect(result.summary.contains("10.0.0.7 is private"))
  }

  @Test func blockListsAreAskedAboutTheConfiguredAddress() async throws {
    let host = host {
      $0.answer(
        Self.dig("A", "7.113.0.203.bl.example"),
        ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n")
    }
    let zone = try #require(DomainName(validating: "bl.example"))
    let options = CheckOptions(blockLists: [zone], address: IPAddress("203.0.113.7"))
    #expect(await runner(host, options: options).run(.blockLists)?.verdict == .passed)
    #expect(host.asked == [Self.dig("A", "7.113.0.203.bl.example")])
    #expect(await runner(self.host()).run(.blockLists)?.verdict == .unavailable)
  }

  @Test func findsTheSelectorInTheHeader() async throws {
    let host = host {
      $0.answer(
        Self.dig("TXT", "shop.example"), "shop.example. 60 IN TXT \"v=spf1 ip4:192.0.2.25 -all\"\n")
      $0.answer(
        Self.dig("TXT", "_dmarc.shop.example"),
        "_dmarc.shop.example. 60 IN TXT \"v=DMARC1; p=none\"\n")
      $0.answer(
        Self.dig("TXT", "s7._domainkey.shop.example"),
        "s7._domainkey.shop.example. 60 IN TXT \"v=DKIM1; p=abc\"\n")
      $0.answer(
        "exim -Mvh 1xVeaW-0004Tw-2d",
        "1xVeaW-0004Tw-2d-H\nmail 8 8\n<a@shop.example>\n\n072  DKIM-Signature: v=1; d=shop.example;\n\ts=s7; b=x\n"
      )
    }
    let id = try #require(QueueID("1xVeaW-0004Tw-2d", of: .exim))
    let result = try #require(
      await runner(host).run(.authentication, of: "shop.example", message: id))
    #expect(result.verdict == .passed, "\(result)")
    #expect(result.details.contains("DKIM: there is a key at s7._domainkey.shop.example."))
  }

  // MARK: The network

  @Test func followsThePathOnceAMinute() async throws {
    let host = host {
      $0.answer(
        "ping -n -c 4 -w 10 mx.example.net",
        "4 packets transmitted, 4 received, 0% packet loss, time 3004ms\n")
      $0.answer("traceroute -n -q 1 -w 2 -m 20 mx.example.net", " 1  192.0.2.2  0.2 ms\n")
    }
    let runner = runner(host)
    #expect(await runner.run(.path, of: "mx.example.net")?.verdict == .passed)
    host.change { $0.clock += 20 }
    let again = await runner.run(.path, of: "mx.example.net")
    #expect(again?.details.last?.hasPrefix("Probed 20 s ago; again in 40 s") == true)
    #expect(host.asked.count == 2)
  }

  @Test(arguments: ["-f", "a b", "$(x).test", "\u{1B}[m.test"])
  func noOtherWordBecomesAnArgument(_ name: String) async {
    let host = host()
    let runner = runner(host)
    for check: Check in [
      .path, .authentication, .conversation, .handshake, .port25, .retryPolicy, .mailExchangers,
    ] {
      #expect(await runner.run(check, of: name)?.verdict == .unavailable)
    }
    #expect(host.asked == [])
  }

  private static func peer(_ codes: String...) -> SMTPTranscript {
    let names = ["greeting", "EHLO", "MAIL FROM", "RCPT TO"]
    return SMTPTranscript(
      exchanges: zip(names, codes).map { SMTPTranscript.Exchange(command: $0, reply: $1) })
  }

  private func busy(_ transcript: SMTPTranscript) -> FakeHost {
    host {
      $0.answer(Self.dig("MX", "busy.test"), "busy.test. 60 IN MX 10 mx1.busy.test.\n")
      $0.answer(Self.dig("A", "mx1.busy.test"), "mx1.busy.test. 60 IN A 192.0.2.1\n")
      $0.answer(Self.dig("AAAA", "mx1.busy.test"), ";; ->>HEADER<<- status: NOERROR\n")
      $0.peers["192.0.2.1"] = transcript
    }
  }

  @Test func talksFromTheBoundAddressUpToRCPT() async throws {
    let host = busy(Self.peer("220 hi", "250-mx\n250 SIZE 1000", "250 ok", "450 4.7.1 Greylisted"))
    let runner = runner(host, settings: ["primary_hostname": "mx.example.net"])
    let result = try #require(await runner.run(.conversation, of: "busy.test"))
    #expect(result.verdict == .warns)
    #expect(result.summary.contains("RCPT TO"))
    #expect(
      host.asked.last
        == "connect to 192.0.2.1 25 from 192.0.2.25, EHLO mx.example.net, MAIL FROM:<>,"
        + " RCPT TO:<postmaster@busy.test>")
    // Port 25 needs no connection of its own then.
    #expect(await runner.run(.port25, of: "busy.test")?.verdict == .passed)
    #expect(host.asked.count { $0.hasPrefix("connect") } == 1)
    // What EHLO announced is known to the check of a message.
    let id = try #require(QueueID("1xVeaW-0004Tw-2d", of: .exim))
    host.change { $0.answer("exim -Mvh \(id.text)", "", status: 1) }
    let message = await runner.run(.message, of: "busy.test", message: id)
    #expect(message?.details.contains("busy.test accepts up to 1000 bytes.") == true)
  }

  @Test func aConversationWaitsForItsMinute() async throws {
    let host = busy(Self.peer("220 hi"))
    let runner = runner(host)
    _ = await runner.run(.port25, of: "busy.test")
    host.change { $0.clock += 20 }
    let early = await runner.run(.conversation, of: "busy.test")
    #expect(early?.summary == "Probed 20 s ago; again in 40 s.")
    host.change { $0.clock += 41 }
    #expect(await runner.run(.conversation, of: "busy.test")?.verdict == .passed)
  }

  @Test func swaksIsPreferred() async throws {
    let host = busy(Self.peer("220 hi"))
    host.change {
      $0.executables["swaks"] = "/usr/bin/swaks"
      $0.answer(
        "swaks --server 192.0.2.1 --port 25 --quit-after RCPT --from <> --to postmaster@busy.test"
          + " --helo mx.example.net --timeout 10 --tls-optional --local-interface 192.0.2.25",
        "<** 421 4.3.2 mx1.busy.test server busy\n -> QUIT\n", status: 21)
    }
    let runner = runner(host, settings: ["primary_hostname": "mx.example.net"])
    let result = try #require(await runner.run(.conversation, of: "busy.test"))
    #expect(result.details.last == "greeting: 421 4.3.2 mx1.busy.test server busy")
    #expect(!host.asked.contains { $0.hasPrefix("connect") })
  }

  /// What swaks came to, and whether our own client may try instead.
  @Test(
    arguments: [
      (
        .success(CommandResult(status: 2, output: [], complaint: "Can't locate IO/Socket.pm")), true
      ),
      (.failure(.missing("/usr/bin/swaks")), true), (.failure(.failed("fork: no memory")), true),
      (.failure(.timedOut(command: "swaks", seconds: 45)), false),
      (
        .success(
          CommandResult(
            status: 1, output: Array("=== Trying 192.0.2.1:25...\n".utf8), complaint: "killed")),
        false
      ),
    ] as [(Result<CommandResult, HostFailure>, Bool)])
  func noSecondConnectionAfterSwaksMayHaveConnected(
    _ outcome: Result<CommandResult, HostFailure>, _ isTriedOtherwise: Bool
  ) async throws {
    let host = busy(Self.peer("220 hi", "250 mx", "250 ok", "250 ok"))
    host.change {
      $0.executables["swaks"] = "/usr/bin/swaks"
      $0.answers[
        "swaks --server 192.0.2.1 --port 25 --quit-after RCPT --from <> --to postmaster@busy.test"
          + " --helo mx.example.net --timeout 10 --tls-optional --local-interface 192.0.2.25"] =
        outcome
    }
    let runner = runner(host, settings: ["primary_hostname": "mx.example.net"])
    _ = await runner.run(.conversation, of: "busy.test")
    #expect(host.asked.contains { $0.hasPrefix("connect") } == isTriedOtherwise)
    _ = await runner.run(.port25, of: "busy.test")
    #expect(host.asked.count(where: { $0.hasPrefix("connect") }) == (isTriedOtherwise ? 1 : 0))
  }

  private static let handshake =
    "openssl s_client -starttls smtp -connect 192.0.2.1:25 -servername mx1.busy.test"
    + " -verify_hostname mx1.busy.test -name mx.example.net -bind 192.0.2.25:0"

  @Test func looksAtEncryptionOnceAMinute() async throws {
    let host = busy(Self.peer("220 hi"))
    let runner = runner(host, settings: ["primary_hostname": "mx.example.net"])
    let missing = try #require(await runner.run(.handshake, of: "busy.test"))
    #expect(missing.verdict == .unavailable)
    #expect(missing.summary.hasPrefix("openssl is not installed; it shows a server's TLS"))
    host.change {
      $0.executables["openssl"] = "/usr/bin/openssl"
      $0.answer(Self.handshake, "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n")
    }
    #expect(await runner.run(.handshake, of: "busy.test")?.verdict == .passed)
    host.change { $0.clock += 20 }
    let again = try #require(await runner.run(.handshake, of: "busy.test"))
    #expect(again.verdict == .passed)
    #expect(again.details.last?.hasPrefix("Probed 20 s ago; again in 40 s") == true)
    // It was a connection: another check waits for its minute.
    let conversation = await runner.run(.conversation, of: "busy.test")
    #expect(conversation?.summary == "Probed 20 s ago; again in 40 s.")
    #expect(host.asked.count { $0 == Self.handshake } == 1)
  }

  @Test func silenceDuringTheHandshakeIsAnAnswer() async throws {
    let host = busy(Self.peer("220 hi"))
    host.change {
      $0.executables["openssl"] = "/usr/bin/openssl"
      $0.answers[Self.handshake] = .failure(.timedOut(command: "openssl", seconds: 20))
    }
    let runner = runner(host, settings: ["primary_hostname": "mx.example.net"])
    let result = try #require(await runner.run(.handshake, of: "busy.test"))
    #expect(result.verdict == .failed)
    #expect(result.summary == "No handshake: no answer within 20 s.")
  }

  @Test func anAnswerNamesWhatWasAsked() async throws {
    let id = try #require(QueueID("1xVeaW-0004Tw-2d", of: .exim))
    let host = host {
      $0.answer("exim -Mvh \(id.text)", "", status: 1)
      for name in ["shop.test", "_dmarc.shop.test"] {
        $0.answer(Self.dig("TXT", name), ";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n")
      }
    }
    for request in [
      CheckRequest(.authentication, of: "shop.test", message: id),
      .init(.authentication, of: "shop.test"), .init(.path, of: "Shop.test"),
      .init(.rate, of: "Shop.test"), .init(.message, of: "shop.test", message: id),
      .init(.limits), .init(.identity), .init(.scope, of: "shop.test"),
    ] {
      #expect(await runner(host).run(request)?.request == request)
    }
  }

  // MARK: The MTA

  @Test func seesEximsDaemonDiskAndMemory() async throws {
    let host = host {
      $0.answer(
        NotLookedTests.ps,
        "    1       0 /sbin/init\n  116       1 /usr/sbin/exim4 -bd -q30m\n  315     116 /usr/sbin/exim4 -Mc 1xVlFl-000054-0E\n"
      )
      $0.answer(
        "df -P -k -- /var/spool/exim4",
        "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 100 99 1 99% /\n")
      $0.answer(
        "df -P -i -- /var/spool/exim4",
        "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/vda1 100 1 99 1% /\n")
      $0.files["/proc/meminfo"] = (
        "MemTotal:       1000 kB\nMemFree: 3 kB\nMemAvailable:    20 kB\n", 0
      )
      $0.files["/var/log/exim4/mainlog"] = (
        "2026-11-24 11:40:00 Start queue run: pid=118\n2026-11-24 11:40:01 End queue run: pid=118\n",
        0
      )
      $0.clock = 1_795_521_600
    }
    let result = try #require(await runner(host).run(.queueRunner))
    #expect(result.verdict == .failed)
    #expect(result.summary == "The spool's disk is full: 99%.")
    #expect(result.details.contains("Only 2% of memory is free."))
    #expect(result.details.contains("A queue run is due every 30 minutes."))
    #expect(result.details.contains("The last queue run was 20 minutes ago."))
  }

  @Test(arguments: [
    ("1 0 /usr/lib/postfix/sbin/master -w\n2 1 qmgr -l -t unix -u\n", CheckResult.Verdict.passed),
    ("1 0 /usr/lib/postfix/sbin/master -w\n", .failed), ("1 0 grep master qmgr\n", .failed),
    // Where not even the first process is seen, proc(5) hides those of others.
    ("7 1 tempfail\n", .unavailable),
  ])
  func seesWhetherPostfixRuns(_ processes: String, _ verdict: CheckResult.Verdict) async {
    let host = host { $0.answer(NotLookedTests.ps, processes) }
    #expect(await runner(host, Self.postfix).run(.queueRunner)?.verdict == verdict)
  }

  @Test func readsTheRetryRule() async {
    let host = host { $0.answer("exim -brt busy.test", "Retry rule: *  *  F,2h,1m; F,4d,15m; \n") }
    let result = await runner(host).run(.retryPolicy, of: "busy.test")
    #expect(result?.verdict == .warns)
    let none = self.host { $0.answer("exim -brt busy.test", "No retry information found\n") }
    #expect(await runner(none).run(.retryPolicy, of: "busy.test")?.verdict == .failed)
    #expect(
      await runner(none, Self.postfix, settings: ["minimal_backoff_time": "900s"])
        .run(.retryPolicy, of: "busy.test")?.verdict == .passed)
  }

  @Test func asksForTheRetryRuleOfTheAddress() async {
    let rule = "Retry rule: *  *  F,2h,15m; G,16h,1h,1.5; F,4d,6h; \n"
    let host = host {
      $0.answer("exim -brt jo@busy.test", rule)
      $0.answer("exim -brt none.test", "No retry information found\n")
    }
    #expect(await runner(host).retryLifetime(of: "jo@busy.test") == 4 * 86_400)
    #expect(await runner(host).retryLifetime(of: "-x@none.test") == nil)
    #expect(host.asked == ["exim -brt jo@busy.test", "exim -brt none.test"])
    #expect(await runner(host, Self.postfix).retryLifetime(of: "jo@busy.test") == nil)
    #expect(await runner(host).retryLifetime(of: "a\n@busy.test") == nil)
    #expect(host.asked.count == 2)
  }

  @Test func putsLimitsBesideTheirUse() async throws {
    let inbound = (0..<9).map {
      SMTPConnection(
        direction: .inbound, peer: "203.0.113.9", peerPort: 4000 + $0, localAddress: "192.0.2.25",
        localPort: 25, state: "ESTAB")
    }
    let host = host {
      $0.answer(NotLookedTests.ps, "9 1 exim4 -q\n10 1 exim4 -bd -q1m\n")
    }
    let result = try #require(
      await runner(host, settings: ["smtp_accept_max": "10"], connections: inbound).run(.limits))
    #expect(result.verdict == .warns)
    #expect(result.details.first == "smtp_accept_max: 9 of 10 (90%), 9 of them 203.0.113.9")
    #expect(result.details.contains("queue_run_max: 1 of 5 (20%)"))
  }

  @Test(
    arguments: [
      ("50M", 50 << 20), ("10k", 10_240), ("52428800", 52_428_800), ("0", nil), ("", nil),
      ("${if x}", nil), ("99999999999999999999G", nil), ("9999999999G", nil),
    ] as [(String, Int?)])
  func readsSizes(_ text: String, _ bytes: Int?) {
    #expect(ByteCount.read(text) == bytes)
  }

  @Test(
    arguments: [
      (["smtp_bind_address": "192.0.2.9", "inet_interfaces": "all"], "192.0.2.9", nil),
      (["inet_interfaces": "192.0.2.8, 127.0.0.1"], nil, nil),
      (["inet_interfaces": "192.0.2.8, 2001:db8::1"], "192.0.2.8", "2001:db8:0:0:0:0:0:1"),
      (["inet_interfaces": "127.0.0.1"], nil, nil), ([:], nil, nil),
    ] as [([String: String], String?, String?)])
  func readsWhatPostfixBinds(_ settings: [String: String], _ ipv4: String?, _ ipv6: String?) {
    let source = SourceAddress(postfix: settings)
    #expect(source.ipv4?.text == ipv4)
    #expect(source.ipv6?.text == ipv6)
  }

  @Test(
    arguments: [
      ("interface = 192.0.2.9", "192.0.2.9", nil), ("interface = ", nil, nil),
      ("interface = <; 192.0.2.9 ; 2001:db8::1", "192.0.2.9", "2001:db8:0:0:0:0:0:1"),
      ("interface = ${lookup{x}}", nil, nil),
    ] as [(String, String?, String?)])
  func readsWhatEximBinds(_ line: String, _ ipv4: String?, _ ipv6: String?) {
    let source = SourceAddress(eximTransports: Array("x transport:\n\(line)\nport = smtp\n".utf8))
    #expect(source.ipv4?.text == ipv4)
    #expect(source.ipv6?.text == ipv6)
  }
}
