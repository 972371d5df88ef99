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
      "Not tried: the retry time of that host has not been reached. See the previous attempt for the cause.",
      samples: [
        "retry time not reached for any host for 'example.com'",
        "retry time not reached for any host",
      ]),
    Rule(
      "own-command-quota", .mailbox, at: .local,
      ["command output .. quota exceeded|disk quota|over quota + !timeout quota"],
      in: .own, wait: .hours(1, 4),
      "The delivery command reports that the mailbox is full.",
      samples: [
        "temporary failure. Command output: procmail: Quota exceeded while writing \"/home/u/Maildir/tmp/1\""
      ]),
    Rule(
      "own-command", .configuration, at: .local,
      [
        "command output .. no such file|permission denied|connection refused|could not resolve|not found|fatal|cannot"
          + "|can t|unable|execvp|authentication|config"
      ], in: .own,
      "This server's delivery command failed with a reason. Fix it; waiting does not help.",
      samples: [
        "temporary failure. Command output: pipe: fatal: pipe_command: execvp /usr/bin/spamc: No such file or directory"
      ]),
    Rule(
      "own-login", .configuration, at: .relay,
      [
        "sasl authentication fail|sasl login|cannot authenticate|could not authenticate|authentication failed"
          + "|no mechanism|no worthy mech|authenticator fail|authenticator|sasl authentication"
          + " + !too many + !too fast",
        "authentication .. required|is required",
      ], in: .own,
      "Our login to the relay host failed: user name, password or mechanism. Fix it here; waiting does not help.",
      samples: [
        "SASL authentication failed; cannot authenticate to server smtp.example.net[192.0.2.7]: no mechanism available",
        "authentication required but not attempted",
      ]),
    Rule(
      "own-loop", .configuration, at: .final,
      [
        "loops back to myself|mail loop|mail forwarding loop|routing loop|too many hops|loop detected",
        "lowest numbered mx .. local host",
      ], in: .own,
      "Our own server loops mail to itself: a domain is missing from the local domains, or a route points back to us.",
      samples: [
        "mail for example.com loops back to myself",
        "lowest numbered MX record points to local host",
      ]),
    Rule(
      "own-map-lookup", .dns, on: .ours,
      ["host map|mx map|dns map|dns lookup map + !alias"], in: .own, wait: .minutes(15, 30),
      "sendmail could not look up the destination. Check our resolver, and that the domain's name servers answer.",
      samples: ["8BITMIME   (host map: lookup (example.com): deferred)"]),
    Rule(
      "own-configuration", .configuration, at: .local,
      [
        "transport table|transport maps|transport map|dictionary type|relay domains|virtual alias|virtual mailbox maps"
          + " .. invalid|unsupported|error|problem|bad|missing",
        "unsupported dictionary|unsupported map type",
        "transport is unavailable|user lookup error|user lookup fail|local data error|resolver failure|address resolver|rewrite service|rewriting failure"
          + "|rewrite failure|trivial rewrite|client tls|tls configuration|tls policy|data format error|proxymap"
          + "|bounce or trace service|verify service|address verification service|illegal tls|map unavailable|database unavailable|database lookup"
          + "|alias lookup|ldap lookup|mysql lookup|pgsql lookup|sqlite lookup|hash lookup|content filter|deferred by administrator|not owned by|is not owned",
        "@mysql|@pgsql|@ldap|@sqlite|@proxy|@hash|@lmdb|mysql|pgsql|ldap|sqlite|memcache|maps .. lookup error|lookup problem|lookup fail",
        "connect to|connecting to|connection to .. mysql|pgsql|postgres|ldap|memcache|redis|private rewrite",
        "bad|illegal|invalid|missing|unknown .. relayhost|nexthop|master cf|main cf|@main @cf|@master @cf",
        "local mailer|prog mailer|mailer .. exited|ex tempfail|ex config|ex osfile|ex cantcreat|ex noperm|ex unavailable",
        "unsafe|tainted .. not permitted|path|name|file",
        "mail transport unavailable|unknown mail transport error|transport unavailable|mail system configuration error"
          + "|server configuration error|local configuration|configuration error|deferred transport"
          + "|absolute path|failed to expand|expansion|unknown transport|unknown router|unknown user|permission denied"
          + "|table lookup|lookup table|alias database|map lookup|unable to open|not a directory"
          + "|no such transport|misconfig|bad command startup|command startup|user unknown while",
        "execvp|exec|open|map|table|lookup|database .. no such file|permission denied",
        "no such file .. lookup|open|exec|map|table",
        "require_files|unable to set uid|unable to set gid|not owner|not listed in trusted",
      ], in: .own,
      "A setting or a service on this server is at fault. Check its log for the same minute; waiting does not help.",
      samples: [
        "mail transport unavailable", "unknown mail transport error",
        "mail system configuration error",
        "failed to expand \"${if exists{/etc/x}\": NULL",
      ]),
    Rule(
      "own-tls", .tls,
      [
        "tls session|cannot start tls|tls is required|ssl connect|server certificate|tls handshake",
        "tls. .. required|not available|fail|error|refused|not offered",
        "certificate .. verif|invalid|expired|not trusted",
        "starttls", "handshake failure|tls error|gnutls|openssl",
      ], in: .own,
      "TLS with that host failed, or it offers none and we require it. Test with `openssl s_client -starttls smtp`.",
      samples: [
        "Cannot start TLS: handshake failure",
        "TLS session: (SSL_connect): error:0A000102:SSL routines::unsupported protocol",
        "TLS is required, but was not offered by host mx.example.com[198.51.100.18]",
        "Server certificate not verified",
        "a TLS session is required, but the server did not offer TLS support",
      ]),
    Rule(
      "own-no-tlsa", .tls, on: .theirs,
      [
        "tlsa|dane .. records found|unusable|not usable|mismatch|no usable",
        "mta sts .. fail|validation|policy|mismatch",
      ], in: .own,
      "DANE or MTA-STS is required, and their record or certificate does not match. Their administrator must fix it, or our policy is too strict.",
      samples: ["no TLSA records found"]),
    Rule(
      "own-dane", .dns, ["dane error|tlsa|dnssec"], in: .own,
      "The TLSA lookup for DANE failed. Check our resolver and their DNSSEC.",
      samples: ["DANE error: tlsa lookup DEFER"]),
    Rule(
      "own-mx", .dns, on: .theirs,
      [
        "get mx|mx info|mx lookup|no mx|mx record|all relevant mx records point|malformed name server reply"
          + "|malformed or unexpected|invalid mx|null mx|servfail|lame|hosts listed in mx + !temporar + !try again + !timeout",
        "ptr record|reverse lookup",
      ], in: .own, wait: .minutes(15, 30),
      "Our lookup of the destination's mail exchangers failed. Check that the domain's name servers answer, and our resolver.",
      samples: [
        "unable to get mx info: failed to get IPs from PTR record: lookup <nil>: unrecognized address",
        "Name service error for name=example.com type=MX: Malformed or unexpected name server reply",
      ]),
    Rule(
      "own-dns", .dns, on: .ours,
      [
        "unable to find|cannot find|could not find .. host|mx.|mail exchanger",
        "name server|nameserver|name lookup|no such host|server misbehaving|name resolution|host name lookup",
        "host lookup", "name service error|host or domain name not found|domain name not found",
        "lookup .. did not complete|failed|defer|timeout|error|misbehaving + !database + !table + !user + !alias",
        "could not|cannot|can t|unable to|failed to .. resolve mx|resolve @|resolve host|resolve domain|resolve name|resolve address",
        "dns.|mx lookup|no mx|mx record",
        "unable to look up host|unable to lookup",
        "temporary failure in name resolution|name or service not known|no address associated",
      ], in: .own, wait: .minutes(15, 30),
      "Our own lookup of the destination failed. Check our resolver, and whether the domain's name servers answer.",
      samples: [
        "host lookup for mx.example.com did not complete (DNS timeout?)",
        "Host or domain name not found. Name service error for name=example.com type=MX: Host not found, try again",
      ]),
    Rule(
      "own-refused", .timeout, on: .theirs, atHome: .configuration,
      [
        "connection refused", "connect to .. refused|no such file|permission denied",
      ],
      in: .own, wait: .minutes(15, 30),
      "Nothing is listening there, or a firewall rejects us.",
      samples: [
        "Connection refused", "connect to mx.example.com[198.51.100.49]:25: Connection refused",
      ]),
    Rule(
      "own-unreachable", .timeout, on: .ours, atHome: .configuration,
      [
        "network is unreachable|network unreachable|address not available|cannot assign requested|no route to host|network is down|address family not supported"
      ],
      in: .own, wait: .minutes(15, 30),
      "This server has no route to that address: usually missing IPv6, or a firewall here. Another address of theirs may work.",
      samples: [
        "connect to gmail-smtp-in.l.google.com[2001:db8:4002:c06::1a]:25: Network is unreachable",
        "connect to mx1.example.com[2001:db8::1]:25: Address not available",
      ]),
    Rule(
      "own-resource", .resource, on: .ours, at: .local,
      [
        "no space left|insufficient|disk full|out of memory|cannot allocate memory|too many open files"
          + "|queue file write error|cannot fork|unable to fork|resource temporarily unavailable|resources temporarily unavailable"
          + "|read only file system|input output error + !mailbox + !lock"
      ], in: .own, wait: .minutes(15, 30),
      "This server is short of disk or memory. Check the spool's file system first.",
      samples: ["No space left on device"]),
    Rule(
      "own-connection", .timeout,
      [
        "mx|host|hosts|server|servers|exchanger|destination .. are unreachable|is unreachable|not reachable",
        "i o timeout|eof while|unexpected eof|no host reachable|no hosts reachable|handshake timeout",
        "connection timed out|operation timed out|timed out|smtp timeout + !condition + !spamd",
        "connection reset|connection aborted"
          + "|host is down|host is unreachable|broken pipe|connection dropped|network error",
        "remote host closed connection|lost connection|connection closed by",
        "remote host .. closed connection",
        "connect to .. timed out|unreachable|read timeout",
        "unable to connect|could not connect|cannot connect|couldn t connect",
        "i wasn t able to establish an smtp connection|wasn t able to establish",
        "malformed smtp reply|server sent",
        "server dropped connection|premature end|unexpected end|read error|write error|socket error",
      ], in: .own, wait: .minutes(15, 30),
      "The connection failed or was lost. If that happens for all destinations, port 25 is blocked on our side.",
      samples: [
        "connect to mx.example.com[198.51.100.49]:25: Connection timed out",
        "Remote host closed connection in response to pipelined RCPT TO:<user@example.com>",
        "Remote host mx.example.com [192.0.2.4] closed connection in response to initial connection",
        "lost connection with email.example.com[198.51.100.26] while sending DATA command",
        "conversation with mx.example.com[192.0.2.4] timed out while receiving the initial server greeting",
        "SMTP timeout after initial connection: Connection timed out",
        "Connection timed out with mx.example.com.",
      ]),
    Rule(
      "own-mailbox", .mailbox, at: .local,
      [
        "mailbox|maildir|mail file .. full|lock|quota|too big + !permission denied",
        "quota exceeded|over quota|disk quota|quota limit + !timeout quota",
        "lock|update|access .. mailbox|maildir|mail file",
        "cannot append message|file too large|error writing message|mailbox size",
      ], in: .own, wait: .hours(1, 4),
      "The local mailbox is full or locked.",
      samples: ["mailbox is full (quota exceeded while writing to file /var/mail/user)"]),
    Rule(
      "own-concurrency", .connectionLimit, on: .ours,
      [
        "concurrency limit reached|concurrency limit|max_parallel|max parallel|serialize_hosts"
          + "|too many connections|transport concurrency"
      ], in: .own, wait: .minutes(5, 15),
      "Our own limit on parallel deliveries is reached; the next queue run continues.",
      samples: ["concurrency limit reached for transport"]),
    Rule(
      "own-rate", .rateLimit, at: .local,
      [
        "exceeded the max .. per hour|per minute|per day", "ratelimit|rate limit",
        "too many emails|too many messages|too many mails|too fast|sending too",
      ],
      in: .own, wait: .minutes(15, 60),
      "A limit on this server defers the sender. Check whether one account sends more than it should.",
      samples: [
        "Domain example.com has exceeded the max emails per hour (100/100 (100%)) allowed.  Message will be reattempted later"
      ]),
    Rule(
      "own-hold", .other, on: .ours, at: .local,
      ["outgoing mail hold|outgoing hold|queue smtp domains|odqs|queue only|on hold"], in: .own,
      "A setting on this server defers this mail on purpose. It is delivered when that setting is removed.",
      samples: [
        "Domain example.com has an outgoing mail hold. Message will be reattempted later",
        "domain matches queue_smtp_domains, or -odqs set",
      ]),
    Rule(
      ownUnknown, .other, in: .ownUnknown, wait: .minutes(15, 60),
      "Our own mail server deferred this for a local reason; check its log for the same minute.",
      samples: ["status=deferred (a reason that nobody knows)"]),
    Rule(
      "own-transport", .downstream, on: .ours, at: .local,
      [
        "pipe command|exited with ex|delivery agent|command died|command time limit|temporary failure|temporary error|internal"
          + "|local delivery failed|bad exit status|system error|input output error|user lookup"
          + "|no such file|address lookup|deferred by router|problem running"
      ], in: .own, wait: .minutes(15, 30),
      "A part of our own mail server failed. Check its log for the same minute.",
      samples: ["Command time limit exceeded: \"/usr/bin/procmail\""]),
  ]
}
