// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// SPF, DKIM, DMARC, reverse DNS and HELO: distinguished from lookups that only failed for now.
  static let authentication: [Rule] = [
    Rule(
      "authentication-lookup", .dns, on: .senderDomain,
      [
        "spf|dkim|dmarc|arc.|rdns|reverse dns|ptr.|reverse lookup|reverse ip|sender id"
          + " + temporary error|temporary dns|temporary fail|temporary lookup|temperror|temp error"
          + "|temporarily unable|dns error|dns timeout|dns lookup|timed out|timeout|servfail|lookup error"
          + "|lookup fail|lookup time|lookup defer|transient|tempfail|temporary problem|dns query"
          + "|relaying temporarily|temporary prob|temporary issue|dns problem|dns fail + !reverse dns fail",
        "relaying temporarily denied",
        "temporary|transient|temporarily .. spf|dkim|dmarc .. error|fail|problem + !pass + !missing + !policy",
      ], wait: .minutes(15, 60),
      "They could not look up the SPF, DKIM or DMARC record of the sender's domain. Check that its name servers answer.",
      samples: [
        "421 4.7.20 Temporary error during DKIM verification",
        "451 4.4.3 SPF TempError: DNS timeout for example.org",
      ]),
    Rule(
      "reverse-dns", .policy,
      [
        "reverse dns|rdns|ptr.|ptrs.|reverse lookup|reverse hostname|reverse name|reverse record"
          + "|revdns|fcrdns|forward confirmed|reverse entry|reverse ip|invers|dns inverso"
          + "|reverse mapping|reverse address|in addr arpa|@in @addr @arpa|reverse domain",
        "cannot|can not|can t|could not|couldn t|unable .. find|resolve .. your hostname|your reverse"
          + "|your host name|client hostname|your ip + !nameserver + !name server",
        "client host rejected .. hostname|host name|not found",
        "no|without|missing|generic|dynamic .. hostname|host name|rdns|dns name + !lookup + !mx + !nameserver",
        "possibly forged|forged hostname|spoofed host|dynamic ip|dialup|dial up|residential ip"
          + "|dynamically assigned|dynamic address|dynamic range|generic hostname",
      ],
      "Our address has no reverse DNS name that resolves back to it. Set the PTR record; waiting does not help.",
      samples: [
        "421 mx.example.net Your host 192.0.2.51 has no valid Reverse DNS",
        "451 Missing reverse PTR - please fix it and try again",
        "450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.7]",
        "451 4.1.8 Possibly forged hostname for 192.0.2.2",
      ]),
    Rule(
      "helo", .policy,
      [
        "helo|ehlo + reject|invalid|not found|not resolve|bad|forged|must|mismatch|match|fqdn"
          + "|not fully|wrong|denied|incorrect|unresolv|impersonat|require|illegal|fake|unacceptable"
          + "|does not|doesn t|not accept|violat|not valid|malformed|block"
      ], wait: .minutes(15, 60),
      "They do not accept our HELO name. It must be a fully qualified host name that resolves to our address.",
      samples: ["450 4.7.1 <foo>: Helo command rejected: Host not found"]),
    Rule(
      "sender-authentication", .policy, on: .senderDomain,
      [
        "spf|dkim|dmarc|sender id|domainkeys|arc. .. fail|not pass|did not|didn t|no.|not.|none|missing"
          + "|invalid|misconfig|reject|policy|softfail|neutral|unauth|align|require|must|verif|check"
          + "|deny|denied|violat|incorrect|error|valid|pruf|prüf|echec|fall",
        "no|not|missing|without|invalid|fail|failed|verify|verif|check|require|lack|unauth|unalign"
          + "|reject|configur|fix|bad|improper .. spf|dkim|dmarc|sender id|domainkeys",
        "unauthenticated|not authenticated|unable to authenticate|authentication .. sender|domain",
        "spf.|dkim.|dmarc.",
      ],
      "The mail fails their check of SPF, DKIM or DMARC. Fix the record or the signature; waiting does not help.",
      samples: [
        "451 4.7.1 Email temporarily rejected per DMARC policy.",
        "451 4.7.20 No passing DKIM signatures found.",
        "421 smtp.orange.fr [192.0.2.1] Emetteur invalide, Veuillez verifier la configuration SPF/DNS de votre nom de domaine. Invalid Sender. SPF check failed",
        "450 4.7.23 SPF validation failed for example.org",
      ]),
  ]
}
