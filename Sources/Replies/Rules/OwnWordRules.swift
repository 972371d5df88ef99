// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// The rule for deliveries that were not tried now.
  static let retryNotDue = "retry-not-due"

  /// The rule for reasons that no other rule knows.
  static let ownUnknown = "own-unknown"

  /// What our own MTA says without a code: Exim and Postfix in their sources' words.
  static let ownWords: [Rule] = [
    Rule(
      retryNotDue, .other, ["retry time not reached", "retry time not yet reached"], in: .own,
      "Not tried now: the retry time of that host is not reached. The cause is that of the attempt before.",
      samples: [
        "retry time not reached for any host for 'example.com'",
        "retry time not reached for any host",
      ]),
    Rule(
      "own-tls", .tls,
      [
        "tls session|cannot start tls|tls is required|ssl connect|server certificate|tls handshake",
        "tls. .. required|not available|fail|error|refused|not offered",
        "certificate .. verif|invalid|expired|not trusted",
        "starttls", "handshake failure|tls error|gnutls|openssl",
      ], in: .own,
      "Encryption with that host failed, or it offers none and we ask for it. Test with `openssl s_client -starttls smtp`.",
      samples: [
        "Cannot start TLS: handshake failure",
        "TLS session: (SSL_connect): error:0A000102:SSL routines::unsupported protocol",
        "TLS is required, but was not offered by host mx.example.com[198.51.100.18]",
        "Server certificate not verified",
        "a TLS session is required, but the server did not offer TLS support",
      ]),
    Rule(
      "own-dane", .dns, ["dane error|tlsa|dnssec"], in: .own,
      "The lookup of the TLSA record for DANE failed. Look at our resolver and at their DNSSEC.",
      samples: ["DANE error: tlsa lookup DEFER"]),
    Rule(
      "own-dns", .dns,
      [
        "host lookup", "name service error|host or domain name not found|domain name not found",
        "lookup .. did not complete|failed|defer|timeout|error", "dns.|mx lookup|no mx|mx record",
        "all relevant mx records point|lowest numbered mx",
        "unable to look up host|unable to lookup",
        "temporary failure in name resolution|name or service not known|no address associated",
      ], in: .own, wait: .minutes(15, 30),
      "Our own lookup of the destination failed. Look at our resolver, and whether the domain's name servers answer.",
      samples: [
        "host lookup for mx.example.com did not complete (DNS timeout?)",
        "Host or domain name not found. Name service error for name=example.com type=MX: Host not found, try again",
      ]),
    Rule(
      "own-connection", .timeout,
      [
        "connection timed out|operation timed out|timed out|smtp timeout + !condition + !spamd",
        "connection refused|connection reset|connection aborted|network is unreachable|network unreachable"
          + "|no route to host|host is down|host is unreachable|broken pipe|connection dropped|network error",
        "remote host closed connection|lost connection|connection closed by",
        "connect to .. refused|timed out|unreachable|no route|read timeout",
        "unable to connect|could not connect|cannot connect|couldn t connect",
        "i wasn t able to establish an smtp connection|wasn t able to establish",
        "malformed smtp reply|server sent",
        "server dropped connection|premature end|unexpected end|read error|write error|socket error",
      ], in: .own, wait: .minutes(15, 30),
      "The connection could not be made, or broke. If it is so for all destinations, port 25 is closed on our side.",
      samples: [
        "connect to mx.example.com[198.51.100.49]:25: Connection timed out",
        "Connection refused",
        "Remote host closed connection in response to pipelined RCPT TO:<user@example.com>",
        "lost connection with email.example.com[198.51.100.26] while sending DATA command",
        "conversation with mx.example.com[192.0.2.4] timed out while receiving the initial server greeting",
        "SMTP timeout after initial connection: Connection timed out",
        "connect to gmail-smtp-in.l.google.com[2001:db8:4002:c06::1a]:25: Network is unreachable",
        "Connection timed out with mx.example.com.",
      ]),
    Rule(
      "own-mailbox", .mailbox,
      [
        "mailbox|maildir|mail file .. full|lock|quota|too big",
        "lock|update .. mailbox|maildir|mail file",
      ], in: .own, wait: .hours(1, 4),
      "The local mailbox is full or locked.",
      samples: ["mailbox is full (quota exceeded while writing to file /var/mail/user)"]),
    Rule(
      "own-resource", .resource,
      [
        "no space left|insufficient|disk full|out of memory|cannot allocate memory|too many open files"
          + "|queue file write error"
      ], in: .own, wait: .minutes(15, 30),
      "This server itself is short of disk or memory. Look at the spool's file system first.",
      samples: ["No space left on device"]),
    Rule(
      "own-concurrency", .connectionLimit,
      [
        "concurrency limit reached|concurrency limit|max_parallel|max parallel|serialize_hosts"
          + "|too many connections|transport concurrency"
      ], in: .own, wait: .minutes(5, 15),
      "Our own limit on parallel deliveries is reached; the next queue run goes on.",
      samples: ["concurrency limit reached for transport"]),
    Rule(
      "own-rate", .rateLimit,
      ["exceeded the max .. per hour|per minute|per day", "ratelimit|rate limit"],
      in: .own, wait: .minutes(15, 60),
      "A limit of this server holds the sender back. See whether one account sends more than it should.",
      samples: [
        "Domain example.com has exceeded the max emails per hour (100/100 (100%)) allowed.  Message will be reattempted later"
      ]),
    Rule(
      ownUnknown, .other, in: .ownUnknown, wait: .minutes(15, 60),
      "Our own mail server put this off for a reason of its own; its log of the same minute says more.",
      samples: ["status=deferred (deferred transport)"]),
    Rule(
      "own-transport", .downstream,
      [
        "mail transport unavailable|unknown mail transport error|transport unavailable|alias database"
          + "|sasl authentication failed|cannot authenticate|delivery agent"
          + "|command died|command time limit|temporary failure|temporary error|local configuration|internal"
          + "|unable to open|failed to expand|local delivery failed|bad exit status|system error"
          + "|permission denied|input output error|table lookup|lookup table|user lookup"
          + "|no such file|not a directory|address lookup|deferred by router|problem running"
      ], in: .own, wait: .minutes(15, 30),
      "A part of our own mail server failed. Its log of the same minute says more.",
      samples: ["mail transport unavailable", "unknown mail transport error"]),
  ]
}
