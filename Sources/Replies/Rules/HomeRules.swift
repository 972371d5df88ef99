// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// What is misconfigured here, whoever says so: a relay host that requires other mail from us, or a program on this server.
  static let homes: [Rule] = [
    Rule(
      "sender-not-allowed", .configuration, at: .relay,
      [
        "not subscribed to|not authorized to perform|not authorised to perform|sendrawemail|sandbox|not enabled for sending|sending is disabled|sending disabled|sending paused|sending is paused",
        "domain|identity|sender|from address|mail from|email address|from email .. is not verified|not verified|isn t verified"
          + "|must be verified|not been verified|not yet verified + !unverified address + !recipient address rejected + !host"
          + " + !ptr. + !reverse",
        "verify .. your domain|your sender|your identity|sender identity|your email address + !dns. + !ptr. + !spf + !dkim",
        "unverified sender|unverified domain|unverified identity|sender not verified|no verified sender|verified sender",
        "mail from|from address|from header|sender|from. .. conform|match|correspond|differ|same as .. authent|login|logged|sasl|account|credential"
          + "|username|user name + !spf + !dkim + !dmarc + !helo + !ptr.",
        "sender .. not owned by|not own",
        "permission|permissions|allowed|authorized|authorised|right|rights .. to submit|submit mail|send as|send on behalf"
          + "|mail as|messages as|email as|emails as|relay through|use this relay|send mail through",
        "send as denied|sendasdenied|sendas denied",
      ],
      "The relay host does not let this account send with that sender address. Verify the sender there, or use the account's own address.",
      samples: [
        "450 The example.org domain is not verified. Please, add and verify your domain on https://example.net/domains",
        "436 \"MAIL FROM\" doesn't conform with authentication",
        "454 5.7.3 Client does not have permission to submit mail to this server",
        "450 4.7.1 <user@example.org>: Sender address rejected: not owned by user office",
      ]),
    Rule(
      "exchange-server-login", .configuration, at: .relay, by: "exchange",
      [
        "exchange server authentication|exchangeauth|exchange authentication|xanonymoustls|anonymoustls"
          + "|secure domain|domain secure|domain security|mutual tls"
      ],
      "Two Exchange servers do not trust each other: certificate, connector or login between them. Fix the connector; waiting does not help.",
      samples: [
        "451 5.7.3 Cannot achieve Exchange Server authentication",
        "451 4.5.0 Require XAnonymousTls to send mail",
      ]),
    Rule(
      "sendmail-files", .configuration, at: .local,
      [
        "@sendmail @cf|fileclass|world writable|group writable|unsafe map|unsafe file|unsafe directory|host status directory"
      ],
      in: [.deferral, .own],
      "A file of sendmail on this server is missing, or is writable by others. Fix the file that it names; waiting does not help.",
      samples: [
        "451 4.0.0 /etc/mail/sendmail.cf: line 91: fileclass: cannot open '/etc/mail/local-host-names': World writable directory"
      ]),
    Rule(
      "qmail-home", .configuration, at: .local,
      [
        "home directory .. writable|sticky|not owned|owner|does not exist|missing",
        "qmail file|qmail .. is writable|is executable",
        "unable to open qmail|unable to read qmail|unable to switch to home|uh oh",
      ], in: [.deferral, .own],
      "qmail does not deliver to this user: its home directory or .qmail file has the wrong permissions. Fix them here; waiting does not help.",
      samples: [
        "Uh-oh: home directory is writable. (#4.7.0)", "Uh-oh: .qmail file is writable. (#4.7.0)",
      ]),
    Rule(
      "qmail-local", .downstream, on: .ours, at: .local,
      [
        "maildir delivery|on maildir|unable to chdir to maildir|unable to stat home|unable to run qmail|unable to fork qmail + !permission denied"
      ],
      in: [.deferral, .own], wait: .minutes(15, 30),
      "qmail could not write to the mailbox on this server. Check its disk and permissions.",
      samples: ["Temporary error on maildir delivery. (#4.3.0)"]),
    Rule(
      "kumomta-setup", .configuration,
      [
        "skip hosts|unplumbed|non zero weighted|no sources|egress source|egress pool|egress path|no source address",
        "source address .. not|invalid|unavailable|cannot|fail",
        "kumomta internal|internal .. lua|configuration|config.|event handler|policy error",
      ], in: [.deferral, .own],
      "Our own mail server finds no address to send from, or its settings leave no host. Fix its configuration; waiting does not help.",
      samples: [
        "451 4.4.4 KumoMTA internal: MX consisted solely of hosts on the skip_hosts list",
        "400 KumoMTA internal: failed to connect to any candidate hosts: All failures are related to having an unplumbed source address.",
        "451 4.4.4 no non-zero-weighted sources available for example.com",
      ]),
    Rule(
      "suspended-queue", .other, on: .ours, at: .local,
      [
        "administrative suspension|message is suspended|backoff mode|admin suspend|suspended by an administrator|in backoff",
        "suspended|suspend|paused|frozen|held .. queue|ready queue|delivery queue + !server + !account",
        "queue .. suspended|paused|is frozen|on hold + !server + !account",
        "manually delayed|admin hold|administratively held",
      ], wait: .minutes(15, 60),
      "The queue for this destination is suspended on purpose. Resume it where our mail leaves.",
      samples: [
        "400 4.0.0 Message delivery delayed due to a suspended delivery queue",
        "451 4.4.1 [internal] manually delayed domain",
      ]),
  ]
}
