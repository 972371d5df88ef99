// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Replies that are no deferral: refusals for good, and answers that all is well.
  static let finals: [Rule] = [
    Rule(
      "accepted", .notTemporary, in: .success,
      "The server accepted this step: nothing failed.",
      samples: ["250 2.0.0 Ok: queued as 421A0B1C2D3", "220 mx421.example.com ESMTP Postfix"]),
    Rule(
      "other-protocol", .notTemporary, ["misdirected request"], in: .deferral,
      "This is a reply of a web server, not of a mail server.",
      samples: ["421 Misdirected Request"]),
    Rule(
      "final-expired", .notTemporary,
      [
        "retry timeout exceeded", "long failure period", "message expired|delivery time expired",
        "exceeded max time without", "unable to deliver in|undeliverable for",
      ], in: .refusal,
      "The queue gave up: the message was tried until its time was over, and is returned now.",
      samples: [
        "554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.2 Connection timed out>",
        "421 4.7.0 Try again later: retry timeout exceeded",
      ]),
    Rule(
      "final-mailbox-full", .notTemporary,
      ["quota", "mailbox|inbox|storage .. full|out of storage|exceeded storage"], in: .refusal,
      "Refused for good: the mailbox is full. The sender gets a bounce.",
      samples: ["552 5.2.2 <user@example.com>: mailbox over quota"]),
    Rule(
      "final-authentication", .notTemporary,
      [
        "unauthenticated|spf|dkim|dmarc", "authentication .. required|failed|unsuccessful|invalid",
        "must .. starttls",
      ], in: .refusal,
      "Refused for good: the sender is not authenticated as they ask. Mend SPF, DKIM, DMARC or the login first.",
      samples: [
        "550 5.7.26 This mail has been blocked because the sender is unauthenticated.",
        "535 5.7.8 Error: authentication failed",
      ]),
    Rule(
      "final-reputation", .notTemporary,
      [
        "spam|unsolicited|junk|reputation|suspicious|virus|malware|phish|complaint",
        "block|blacklist|denylist|banned|listed", "policy", "permanently deferred",
      ], in: .refusal,
      "Refused for good: they distrust the mail, its sender or our address. Resending does not help.",
      samples: [
        "554 5.7.1 Service unavailable; Client host [192.0.2.4] blocked using zen.spamhaus.org"
      ]
    ),
    Rule(
      "final-recipient", .notTemporary,
      [
        "user|recipient|mailbox|account|address|alias .. unknown|not exist|does not exist|not found|"
          + "invalid|unavailable|disabled|discontinued|inactive|rejected|no such",
        "no such|unknown|invalid|no mailbox .. user|recipient|mailbox|account|address|here",
        "verif .. failed",
      ], in: .refusal,
      "Refused for good: this recipient does not exist or takes no mail.",
      samples: ["550 5.1.1 <user@example.com>: Recipient address rejected: User unknown"]),
    Rule(
      "final-size", .notTemporary,
      ["message|mail|size .. too large|too big|exceeds", "maximum|max .. size"], in: .refusal,
      "Refused for good: the message is larger than they take.",
      samples: ["552 5.3.4 Message size exceeds fixed limit"]),
    Rule(
      "final-relay", .notTemporary, ["relay"], in: .refusal,
      "Refused for good: that server does not take mail for this domain from us.",
      samples: ["550 5.7.1 Relaying denied"]),
    Rule(
      "final", .notTemporary, in: .refusal,
      "Refused for good (a 5xx reply): the sender gets a bounce. Waiting does not help.",
      samples: ["554 Transaction failed"]),
  ]
}
