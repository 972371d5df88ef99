// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Replies in which whose affair it is decides more than the words that other rules would go by.
  static let blames: [Rule] = [
    Rule(
      "unfinished", .other,
      ["@nothing + !fail + !error + !unable + !cannot + !unavailable + !timeout + !timed out"],
      wait: .minutes(15, 60),
      "The reply stops before its reason. Leave it to the normal retry.",
      samples: ["450 4.7.1 <user@example.com>: Recipient address rejected:"]),
    Rule(
      "expansion", .downstream, atHome: .configuration,
      [
        "failed to expand|expansion failed|expansion of|expansion error|expansion failure|alias expansion|server configuration error|configuration error"
      ],
      wait: .minutes(15, 60),
      "A setting on the remote server is at fault: an expansion or a table fails there.",
      samples: [
        "451 failed to expand \"${lookup{$local_part}lsearch{/etc/aliases}}\"",
        "451 4.3.5 Server configuration error",
      ]),
    Rule(
      "login-rate", .rateLimit, on: .ours, at: .relay,
      [
        "too many|excessive|max .. login attempt|logins|login request|sign in|log in attempt + !fail + !error"
      ],
      wait: .minutes(15, 60),
      "We log in there too often. Send several messages per connection, and check that one sender does not open one for each.",
      samples: ["454 4.7.0 Too many login attempts, please try again later."]),
    Rule(
      "login-refused", .configuration, at: .relay, codes: [534, 535, 538],
      "The relay host refused the login: user name, password or mechanism. Fix it here; waiting does not help.",
      samples: [
        "SASL authentication failed; server smtp.example.net[192.0.2.7] said: 535 5.7.8 Error: authentication failed"
      ]),
    Rule(
      "login-wanted", .configuration, at: .relay, ["authent|login|log in|credential|auth."],
      codes: [530],
      "The relay host requires a login, or a different one. Set it here; waiting does not help.",
      samples: [
        "delivery temporarily suspended: host smtp.example.net[192.0.2.7] said: 530 5.7.0 Authentication required"
      ]),
    Rule(
      "server-certificate", .tls, on: .theirs,
      ["server not authenticated|server certificate|server cert"],
      "The receiving server's certificate fails verification. Check it, and which server requires that verification.",
      samples: ["403 4.7.0 server not authenticated."]),
    Rule(
      "authentication-record", .policy, on: .senderDomain,
      [
        "spf|dkim|dmarc .. permerror|perm error|permanent error|too many dns|too many lookup|lookup limit|syntax"
          + "|multiple|more than one|malformed|invalid record",
        "permerror|perm error|permanent error .. spf|dkim|dmarc",
      ],
      "The SPF, DKIM or DMARC record of the sender's domain is wrong. Its owner must fix the record; waiting does not help.",
      samples: ["451 4.7.24 SPF PermError: too many DNS lookups for example.org"]),
    Rule(
      "reverse-lookup", .dns, on: .ours,
      [
        "reverse dns|rdns|ptr.|reverse lookup .. temporary|temporarily|timeout|timed out|servfail|tempfail"
          + "|temp error|temperror|transient",
        "temporary|temporarily|tempfail|transient|relaying temporarily"
          + " .. reverse dns|rdns|ptr.|reverse lookup",
        "reverse dns|rdns|ptr.|reverse lookup .. lookup error|lookup fail|lookup problem|lookup defer|dns error|query fail|query error"
          + "|could not be looked up|server fail",
      ], wait: .minutes(15, 60),
      "They could not look up the PTR record of our address. Check that the name servers of our reverse zone answer.",
      samples: [
        "450 4.4.0 Relaying temporarily denied. Cannot resolve PTR record for 192.0.2.2",
        "451 4.7.25 Temporary error validating reverse DNS.", "421 rDNS Temporary Failure",
      ]),
    Rule(
      "new-domain", .policy, on: .senderDomain,
      [
        "newly created|newly registered|newly observed|recently registered|young domain|domain too new"
          + "|domain is new|domain is too new"
      ], wait: .hours(1, 4),
      "They do not trust the sender's domain because it is new. Time and a low volume of legitimate mail help.",
      samples: ["451 4.7.1 Mail from a newly registered domain is not accepted yet"]),
    Rule(
      "replication", .downstream,
      [
        "redundan|replicat|replica|standby|shadow copy + fail|could not|cannot|unable|error|unavailable|not."
      ], wait: .minutes(15, 30),
      "They could not replicate the message to a second server, so they do not accept it yet.",
      samples: ["451 4.4.0 Message failed to be made redundant"]),
    Rule(
      "recipient-check-down", .downstream,
      [
        "cannot|can t|could not|unable|not able|temporarily|temporary .. check|verify|verification|validate|validation|confirm"
          + " + this time|try later|try again|moment|later|temporar|retry|user|recipient|now"
          + " + !sender + !domain + !callout + !call out + !helo + !certificate + !chain + !dkim + !spf + !dmarc"
          + " + !ptr. + !reverse + !rdns + !virus + !spam + !tls + !ip. + !complete",
        "unable to|cannot|can t|could not|failed to .. verify address|verify the address|verify this address|verify recipient|validate address"
          + "|validate recipient|check address|verify user|verify mailbox + !sender + !callout + !verify recipient verification",
        "recipient s server|recipient s mail server .. unavailable|not available|down.|not respond",
        "recipient verification|recipient validation|user validation|recipient check|recipient lookup"
          + " .. failed|fail|unavailable|temporarily + !callout + !rejected + !reject",
      ], wait: .minutes(15, 60),
      "They could not verify the recipient: a directory or a server behind theirs does not answer.",
      samples: [
        "451 Cannot check <user@example.com> at this time - please try later",
        "450 4.4.1 <user@example.com>: The recipient's server was temporarily unavailable to accept your message",
        "450 4.7.1 Recipient verification temporarily failed, please retry",
      ]),
    Rule(
      "recipient-later", .other, on: .theirs,
      [
        "recipient address rejected|recipient rejected|address rejected .. try again|try later|again later|retry"
          + " + !grey + !gray + !rate + !too many + !policy + !lookup + !unverified + !verif + !domain + !unknown + !quota"
          + " + !full. + !block + !spf + !list + !reputation + !spam + !denied + !inactive + !disabled + !available"
          + " + !sender address",
        "not accepting mail yet|remote side deferred|retried separately",
      ], wait: .minutes(15, 60),
      "They defer this recipient without a reason. Leave it to the normal retry.",
      samples: [
        "450 4.3.2 <user@example.com>: Recipient address rejected: Try again later",
        "453 Remote side deferred recipient",
      ]),
    Rule(
      "daily-limit", .rateLimit,
      [
        "more than .. messages|mails|emails|recipients .. day|hour|minute|account",
        "policy .. quota exceed|quota reached|quota limit + !mailbox + !user + !over quota + !recipient + !hourly",
        "ratelimit|rate limit|rate limited|rate quota|throttl .. for mailbox|for account|for sender|for user|for your|for domain",
        "rate limiting|rate limited + !reputation + !unauthenticated + !spf + !suspicious + !spam + !complain"
          + " + !unsolicited + !user is + !connection",
        "credits exceeded|out of credits|sending credits|plan limit",
      ], wait: .hours(1, 4),
      "We used up our sending quota there. Send less, or request a higher limit.",
      samples: [
        "421 4.7.1 Server overload, more than 100 messages in a day from your account, try again tomorrow.",
        "450 4.7.0 Mailbox temporarily unavailable due to rate limiting",
      ]),
    Rule(
      "sender-domain", .dns, on: .senderDomain,
      [
        "sender address rejected .. not found|no mx|not resolve|unresolv|nxdomain|no valid|does not exist|doesn t exist"
          + "|lookup|dns.|unknown domain|malformed dns + !temporar",
        "sender address|sender domain|sender s domain|domain of sender|from domain|return path|mail from|envelope from"
          + "|sender @|your domain|senderdomain .. not found|no mx|not resolve|unresolv|nxdomain|not exist|doesn t exist"
          + "|cannot be|could not be|can t be|invalid|lookup|servfail|no valid|misconfig|does not have + !temporar"
          + " + !verif + !spf + !dkim + !dmarc + !helo + !ptr. + !reverse + !recipient",
        "invalid|unknown|unresolvable|nonexistent|non existent|bad|missing .. sender domain|sender s domain|domain of sender"
          + "|mx record for sender + !temporar",
        "sender domain|sender s domain .. has no a or mx|has no mx|no a or mx|no mx or a",
        "unable|cannot|can t|could not|failed .. verify|resolve|find|look up|lookup .. sender domain|sender s domain"
          + "|domain of sender|from domain|sender host",
      ],
      "The sender's domain does not resolve for them. Its owner must fix its MX or A record; waiting does not help.",
      samples: [
        "450 4.1.8 <user@bad.example>: Sender address rejected: Domain not found",
        "421 invalid sender domain 'example.org' (misconfigured dns?)",
        "451 4.1.8 sender <news@example.org> from mail.example.org MX lookup error",
      ]),
    Rule(
      "sender-domain-code", .dns, on: .senderDomain,
      ["sender|from.|domain + !forged + !ptr. + !reverse + !dkim + !spf"],
      enhanced: ["4.1.8"],
      "They do not accept the sender's domain: its DNS does not answer them. Its owner must fix that.",
      samples: ["451 4.1.8 Sender address rejected", "451 4.1.8 Bad domain"]),
  ]
}
