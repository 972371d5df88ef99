// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies
import Testing

@testable import Guidance

/// What the tools of Debian 12 print, recorded: swaks 20201014, iputils 20221126, traceroute 2.1.2.
struct ToolOutputTests {
  @Test(arguments: swaks)
  func readsAConversation(
    _ output: String, _ commands: [String], _ last: String, _ end: ProbeOutcome?
  ) {
    let transcript = SMTPTranscript(swaksOutput: Array(output.utf8))
    #expect(transcript.exchanges.map(\.command) == commands)
    #expect(transcript.exchanges.last?.reply ?? "" == last)
    #expect(transcript.failure == end)
  }

  @Test(arguments: paths)
  func readsAPath(_ ping: String, _ trace: String, _ verdict: CheckResult.Verdict, _ detail: String)
  {
    let result = NetworkPath.verdict(host: "mx.example.net", ping: ping, trace: trace, time: 1)
    #expect(result.verdict == verdict)
    #expect(result.details.first == detail)
  }

  @Test func anyBytesGiveAnAnswer() {
    var generator = SystemRandomNumberGenerator()
    for sample in (Self.swaks.map(\.0) + Self.paths.flatMap { [$0.0, $0.1] }).map({ Array($0.utf8) }
    ) {
      for _ in 0..<50 where !sample.isEmpty {
        var bytes = sample
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(SMTPTranscript(swaksOutput: bytes).exchanges.count < 50)
        _ = NetworkPath.verdict(host: "a.test", ping: text, trace: text, time: 1)
      }
    }
  }

  @Test(
    arguments: [
      ("250-mx\n250-SIZE 35882577\n250 HELP", 35_882_577), ("250-mx\n250 size 10", 10),
      ("250-mx\n250 SIZE", nil), ("250 SIZE 0", nil), ("250 SIZE 99999999999999999999999", nil),
      ("", nil),
    ] as [(String, Int?)])
  func readsTheAnnouncedSize(_ reply: String, _ size: Int?) {
    let transcript = SMTPTranscript(exchanges: [.init(command: "EHLO", reply: reply)])
    #expect(transcript.announcedSize == size)
  }

  @Test func saysWhereTheyStopped() {
    let transcript = SMTPTranscript(swaksOutput: Array(Self.swaks[5].0.utf8))
    let result = Conversation(domain: "ratelimit.test", transcript: transcript, host: "mx1")
      .verdict(time: 1)
    #expect(result.verdict == .warns)
    #expect(result.summary.hasPrefix("They defer us at MAIL FROM"))
    let refused = SMTPTranscript(swaksOutput: Array(Self.swaks[6].0.utf8))
    #expect(
      Conversation(domain: "refused.test", transcript: refused, host: "mx1").verdict(time: 1)
        .summary
        == "mx1: connection refused.")
    #expect(
      Conversation(domain: "x.test", transcript: nil, host: "").verdict(time: 1).verdict
        == .unavailable)
  }

  @Test func tellsOfEncryption() {
    func last(_ output: String) -> String? {
      let transcript = SMTPTranscript(swaksOutput: Array(output.utf8))
      return Conversation(domain: "tls.test", transcript: transcript, host: "mx1").verdict(time: 1)
        .details.last
    }
    #expect(last(Self.encrypted) == "Encrypted with TLSv1.3:TLS_AES_256_GCM_SHA384:256.")
    #expect(last("<-  220 p\n -> EHLO x\n<-  250-p\n<-  250 STARTTLS\n") == "They offer STARTTLS.")
    #expect(last(Self.swaks[2].0)?.hasPrefix("They offer no STARTTLS") == true)
    #expect(last(Self.swaks[3].0)?.hasPrefix("greeting: 421") == true)
  }

  private static let encrypted = """
    === Trying 127.0.0.1:25...
    === Connected to 127.0.0.1.
    <-  220 peer ESMTP
     -> EHLO x.test
    <-  250-peer
    <-  250 STARTTLS
     -> STARTTLS
    <-  220 go
    === TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256
    === TLS no local certificate set
    === TLS peer DN="/CN=mx1.tls.test"
     ~> EHLO x.test
    <~  250-peer
    <~  250 8BITMIME
     ~> MAIL FROM:<>
    <~  250 2.1.0 ok
     ~> RCPT TO:<postmaster@tls.test>
    <~* 452 4.2.2 full
     ~> QUIT
    <~  221 bye
    === Connection closed with remote host.
    """

  static let swaks: [(String, [String], String, ProbeOutcome?)] = [
    (
      encrypted, ["greeting", "EHLO", "STARTTLS", "EHLO", "MAIL FROM", "RCPT TO"],
      "452 4.2.2 full", nil
    ),
    // After a handshake that failed it talks on into the void.
    (
      """
      === Trying 127.0.0.1:25...
      <-  220 peer ESMTP
       -> EHLO x.test
      <-  250 STARTTLS
       -> STARTTLS
      <-  220 go
      *** TLS startup failed (connect(): error:0A00010B:SSL routines::wrong version number)
      *** STARTTLS attempted but failed
       -> MAIL FROM:<>
      <-  250 2.1.0 ok
      """,
      ["greeting", "EHLO", "STARTTLS"], "220 go",
      .tlsFailed("(connect(): error:0A00010B:SSL routines::wrong version number)")
    ),
    (
      """
      === Trying 127.0.0.11:25...
      === Connected to 127.0.0.11.
      <-  220 mx1.ok.test ESMTP
       -> EHLO exim.lab
      <-  250-mx1.ok.test
      <-  250-ENHANCEDSTATUSCODES
      <-  250 8BITMIME
       -> MAIL FROM:<>
      <-  250 2.1.0 Ok
       -> RCPT TO:<postmaster@ok.test>
      <-  250 2.1.5 Ok
       -> QUIT
      <-  221 2.0.0 Bye
      === Connection closed with remote host.
      """,
      ["greeting", "EHLO", "MAIL FROM", "RCPT TO"], "250 2.1.5 Ok", nil
    ),
    (
      """
      === Trying 127.0.0.12:25...
      === Connected to 127.0.0.12.
      <** 421 4.3.2 mx1.busy.test Service not available, server busy, try again later
       -> QUIT
      *** Remote host closed connection unexpectedly.
      """,
      ["greeting"], "421 4.3.2 mx1.busy.test Service not available, server busy, try again later",
      nil
    ),
    (
      """
      === Trying 127.0.0.18:25...
      === Connected to 127.0.0.18.
      <-  220 mx1.full.test ESMTP
       -> EHLO exim.lab
      <-  250-mx1.full.test
      <-  250-ENHANCEDSTATUSCODES
      <-  250 8BITMIME
       -> MAIL FROM:<>
      <-  250 2.1.0 Ok
       -> RCPT TO:<postmaster@full.test>
      <** 452 4.2.2 The email account that you tried to reach is over quota
       -> QUIT
      <-  221 2.0.0 Bye
      === Connection closed with remote host.
      """,
      ["greeting", "EHLO", "MAIL FROM", "RCPT TO"],
      "452 4.2.2 The email account that you tried to reach is over quota", nil
    ),
    (
      """
      === Trying 127.0.0.13:25...
      === Connected to 127.0.0.13.
      <-  220 mx1.ratelimit.test ESMTP
       -> EHLO exim.lab
      <-  250-mx1.ratelimit.test
      <-  250-ENHANCEDSTATUSCODES
      <-  250 8BITMIME
       -> MAIL FROM:<>
      <** 421-4.7.28 Our system has detected an unusual rate of unsolicited mail
      <** 421-4.7.28 originating from your IP address. To protect our users from spam, mail
      <** 421 4.7.28 sent from your IP address has been temporarily rate limited.
       -> QUIT
      *** Remote host closed connection unexpectedly.
      """,
      ["greeting", "EHLO", "MAIL FROM"],
      "421-4.7.28 Our system has detected an unusual rate of unsolicited mail\n421-4.7.28 originating from your IP address. To protect our users from spam, mail\n421 4.7.28 sent from your IP address has been temporarily rate limited.",
      nil
    ),
    (
      """
      === Trying 127.0.0.17:25...
      *** Error connecting to 127.0.0.17:25:
      *** 	IO::Socket::INET: connect: Connection refused
      """,
      [], "", .refused
    ),
    (
      """
      === Trying 127.0.0.25:25...
      === Connected to 127.0.0.25.
      *** Remote host closed connection unexpectedly.
      """,
      [], "", .closed
    ),
  ]

  static let paths: [(String, String, CheckResult.Verdict, String)] = [
    (
      """
      PING 203.0.113.2 (203.0.113.2) 56(84) bytes of data.
      64 bytes from 203.0.113.2: icmp_seq=1 ttl=62 time=0.295 ms
      64 bytes from 203.0.113.2: icmp_seq=2 ttl=62 time=0.042 ms
      64 bytes from 203.0.113.2: icmp_seq=3 ttl=62 time=0.058 ms
      64 bytes from 203.0.113.2: icmp_seq=4 ttl=62 time=0.059 ms

      --- 203.0.113.2 ping statistics ---
      4 packets transmitted, 4 received, 0% packet loss, time 953ms
      rtt min/avg/max/mdev = 0.042/0.113/0.295/0.105 ms
      """,
      """
      traceroute to 203.0.113.2 (203.0.113.2), 20 hops max, 60 byte packets
       1  192.0.2.2  0.236 ms
       2  198.51.100.2  0.203 ms
       3  203.0.113.2  0.188 ms
      """,
      .passed, "The path is visible up to hop 3: 203.0.113.2."
    ),
    (
      """
      PING 203.0.113.2 (203.0.113.2) 56(84) bytes of data.
      64 bytes from 203.0.113.2: icmp_seq=1 ttl=62 time=0.295 ms
      64 bytes from 203.0.113.2: icmp_seq=2 ttl=62 time=0.042 ms
      64 bytes from 203.0.113.2: icmp_seq=3 ttl=62 time=0.058 ms
      64 bytes from 203.0.113.2: icmp_seq=4 ttl=62 time=0.059 ms

      --- 203.0.113.2 ping statistics ---
      4 packets transmitted, 4 received, 0% packet loss, time 953ms
      rtt min/avg/max/mdev = 0.042/0.113/0.295/0.105 ms
      """,
      """
       1?: [LOCALHOST]                      pmtu 1500
       1:  192.0.2.2                                             0.039ms 
       1:  192.0.2.2                                             0.009ms 
       2:  198.51.100.2                                          0.110ms 
       3:  203.0.113.2                                           0.017ms reached
           Resume: pmtu 1500 hops 3 back 3 
      """,
      .passed, "The path is visible up to hop 3: 203.0.113.2."
    ),
    (
      """
      PING 203.0.113.2 (203.0.113.2) 56(84) bytes of data.

      --- 203.0.113.2 ping statistics ---
      13 packets transmitted, 0 received, 100% packet loss, time 3843ms
      """,
      """
      traceroute to 203.0.113.2 (203.0.113.2), 6 hops max, 60 byte packets
       1  192.0.2.2  0.110 ms
       2  *
       3  *
       4  *
       5  *
       6  *
      """,
      .warns, "The path is visible up to hop 1: 192.0.2.2."
    ),
    (
      """
      PING 203.0.113.2 (203.0.113.2) 56(84) bytes of data.

      --- 203.0.113.2 ping statistics ---
      13 packets transmitted, 0 received, 100% packet loss, time 3843ms
      """,
      """
       1?: [LOCALHOST]                      pmtu 1500
       1:  192.0.2.2                                             0.064ms 
       1:  192.0.2.2                                             0.008ms 
       2:  no reply
       3:  no reply
       4:  no reply
       5:  no reply
       6:  no reply
           Too many hops: pmtu 1500
           Resume: pmtu 1500 
      """,
      .warns, "The path is visible up to hop 1: 192.0.2.2."
    ),
    (
      """
      PING 203.0.113.66 (203.0.113.66) 56(84) bytes of data.
      From 192.0.2.2 icmp_seq=1 Destination Net Unreachable

      --- 203.0.113.66 ping statistics ---
      1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms
      """,
      """
      traceroute to 203.0.113.66 (203.0.113.66), 20 hops max, 60 byte packets
       1  *
       2  *
       3  *
       4  *
       5  *
       6  *
       7  *
       8  *
       9  *
      10  *
      11  *
      12  *
      13  *
      14  *
      15  *
      16  *
      17  192.0.2.2  0.041 ms !N
      """,
      .failed, "The path is visible up to hop 17: 192.0.2.2."
    ),
  ]
}
