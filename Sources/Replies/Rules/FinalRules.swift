// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Replies that are not deferrals: permanent refusals, and successes.
  static let finals: [Rule] = [
    Rule(
      "accepted", .notTemporary, in: .success,
      "The server accepted this step: nothing failed.",
      samples: ["250 2.0.0 Ok: queued as 421A0B1C2D3", "220 mx421.example.com ESMTP Postfix"]),
    Rule(
      "other-protocol", .notTemporary, ["misdirected request"], in: .deferral,
      "This is a reply from a web server, not a mail server.",
      samples: ["421 Misdirected Request"]),
    Rule(
      "final-expired", .notTemporary,
      [
        "retry timeout exceeded", "long failure period", "message expired|delivery time expired",
        "exceeded max time without", "unable to deliver in|undeliverable for",
      ], in: .refusal,
      "The message expired: it was retried for the whole queue lifetime, and now bounces.",
      samples: [
        "554 4.4.7 Message expired: unable to deliver in 840 minutes.<421 4.4.2 Connection timed out>",
        "SMTP error from remote mail server after end of data: 421 4.7.0 Try again later: retry timeout exceeded",
      ]),
    Rule(
      "final-mailbox-full", .notTemporary, on: .recipient,
      [
        "quota", "mailbox|inbox|mailfolder|folder|storage .. full|out of storage|exceeded storage",
        "mailbox|inbox|storage .. exceed",
      ], in: .refusal,
      "Refused permanently: the mailbox is full. The sender gets a bounce.",
      samples: [
        "552 5.2.2 <user@example.com>: mailbox over quota",
        "5.0.0 The number of messages in recipient's mailbox exceeded the local limit.",
      ]),
    Rule(
      "final-authentication", .notTemporary, on: .senderDomain,
      ["unauthenticated|spf|dkim|dmarc"], in: .refusal,
      "Refused permanently: the sender fails authentication. Fix SPF, DKIM or DMARC of its domain first.",
      samples: ["550 5.7.26 This mail has been blocked because the sender is unauthenticated."]),
    Rule(
      "final-login", .notTemporary, on: .ours,
      ["authentication .. required|failed|unsuccessful|invalid", "must .. starttls"], in: .refusal,
      "Refused permanently: they require a login or TLS that this server did not use. Fix that first.",
      samples: ["535 5.7.8 Error: authentication failed"]),
    Rule(
      "final-reputation", .notTemporary, on: .ours,
      [
        "spam|unsolicited|junk|reputation|suspicious|virus|malware|phish|complaint",
        "block|blacklist|denylist|banned", "listed + !not listed", "policy", "permanently deferred",
      ], in: .refusal,
      "Refused permanently: they do not trust the mail, its sender or our address. Resending does not help.",
      samples: [
        "554 5.7.1 Service unavailable; Client host [192.0.2.4] blocked using zen.spamhaus.org"
      ]
    ),
    Rule(
      "final-loop", .notTemporary, on: .theirs,
      ["hop count|too many hops|mail loop|loop detected|loops back|forwarded more than"],
      in: .refusal,
      "Refused permanently: the message loops. Find the forwarding that sends it back.",
      samples: [
        "554 5.4.6 Hop count exceeded - possible mail loop",
        "5.4.6 the message was forwarded more than the maximum allowed times",
      ]),
    Rule(
      "final-domain", .notTemporary, on: .recipient,
      [
        "host|domain .. unknown|not found|not exist|does not exist|no such + !sender + !client + !helo"
          + " + !user + !recipient + !mailbox + !account",
        "unknown host|unknown domain|no such host|no such domain|non-existent domain|nonexistent domain"
          + " + !sender + !client + !helo",
        "unrouteable|unroutable|mail exchanger|find any host|does not accept mail",
      ], in: .refusal,
      "Refused permanently: the recipient's domain does not exist or accepts no mail. Check the spelling of the address.",
      samples: [
        "5.0.0 Unrouteable address", "5.1.2 Sorry, I couldn't find any host named example.com",
        "550 5.1.2 Host unknown",
      ]),
    Rule(
      "final-recipient", .notTemporary, on: .recipient,
      [
        "user|recipient|mailbox|account|address|alias .. unknown|not exist|does not exist|not found|"
          + "invalid|unavailable|disabled|discontinued|inactive|rejected|no such|not recognized|not listed|"
          + "could not be found|couldn't be found|no longer",
        "no valid recipient", "does not have|doesn't have .. account",
        "no such|unknown|invalid|no mailbox .. user|recipient|mailbox|account|address|here",
        "verif .. failed",
      ], in: .refusal,
      "Refused permanently: this recipient does not exist or accepts no mail.",
      samples: [
        "550 5.1.1 <user@example.com>: Recipient address rejected: User unknown",
        "5.0.0 The recipient name is not recognized",
        "5.0.0 User not listed in Domino Directory",
      ]),
    Rule(
      "final-size", .notTemporary, on: .ours,
      ["message|mail|size .. too large|too big|exceed", "maximum|max .. size"], in: .refusal,
      "Refused permanently: the message exceeds their size limit.",
      samples: ["552 5.3.4 Message size exceeds fixed limit"]),
    Rule(
      "final-relay", .notTemporary, on: .theirs, ["relay"], in: .refusal,
      "Refused permanently: that server does not accept mail for this domain from us.",
      samples: ["550 5.7.1 Relaying denied"]),
    Rule(
      "final", .notTemporary, in: .refusal,
      "Refused permanently (5xx): the sender gets a bounce. Waiting does not help.",
      samples: ["554 Transaction failed"]),
  ]
}
