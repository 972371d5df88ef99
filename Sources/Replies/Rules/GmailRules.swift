// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Gmail and Workspace: support.google.com/a/answer/3221692 lists their replies.
  ///
  /// "Rate limited" is their word for any penalty: the cause is beside it.
  static let gmail: [Rule] = [
    Rule(
      "gmail-no-tls", .tls, on: .ours, by: "gmail",
      ["tls|encrypt .. rate limited|gmail", "rate limited .. tls"], enhanced: ["4.7.29"],
      "Gmail requires TLS from bulk senders, and this message was sent without. Use TLS for outgoing mail.",
      samples: [
        "421 4.7.29 Your email has been rate limited because this message wasn't sent over a TLS connection. Gmail requires all bulk email senders to use TLS/SSL for SMTP connections."
      ]),
    Rule(
      "gmail-dmarc-dns", .dns, on: .senderDomain, by: "gmail", ["temporary dns fail"],
      wait: .minutes(15, 60),
      "Gmail could not look up the sender's DMARC, SPF or DKIM records. Check the sender domain's name servers.",
      samples: [
        "451 4.7.26 Unauthenticated email from example.org is not accepted due to domain's DMARC policy, but temporary DNS failures prevent authentication."
      ]),
    Rule(
      "gmail-ptr", .policy, on: .ours, by: "gmail",
      [
        "does not have|doesn t have|without .. ptr. + rate limited|gmail|users from spam",
        "ptr record s forward dns + rate limited|gmail",
      ],
      "Gmail requires a PTR record for our address that resolves back to it. Fix the reverse DNS first.",
      samples: [
        "421 4.7.23 Your email has been rate limited because the sending IP address doesn't have a PTR record, or the PTR record's forward DNS entry doesn't match the sending IP address.",
        "421 4.7.0 The IP address sending this message does not have a PTR record, or the corresponding forward DNS entry does not point to the sending IP. To protect users from spam, mail sent from your IP address has been temporarily rate limited.",
      ]),
    Rule(
      "gmail-authentication", .policy, on: .senderDomain, by: "gmail",
      [
        "unauthenticated|spf|dkim|dmarc|authenticat|aligned|ptr.|forward dns + rate limited|block"
          + " + gmail|rate limited",
        "rate limited because .. spf|dkim|dmarc|authent|align",
        "spf record of the sending domain .. suspicious",
      ],
      "Gmail defers mail that fails SPF, DKIM, DMARC alignment or reverse DNS. Waiting does not help: fix the record first.",
      samples: [
        "421 4.7.32 Your email has been rate limited because the From: header (RFC5322) in this message isn't aligned with either the authenticated SPF or DKIM organizational domain.",
        "421-4.7.26 This mail has been rate limited because it is unauthenticated. Gmail\\n421-4.7.26 requires all senders to authenticate with either SPF or DKIM.\\n421 4.7.26  https://support.google.com/mail/answer/81126#authentication - gsmtp",
        "451 4.7.24 The SPF record of the sending domain has one or more suspicious entries. To protect our users from spam, mail sent from your IP address has been temporarily rate limited.",
      ]),
    Rule(
      "gmail-authentication-code", .policy, on: .senderDomain, by: "gmail",
      ["gsmtp|gmail|google|@google|sender guidelines|rate limited"],
      enhanced: ["4.7.23", "4.7.24", "4.7.25", "4.7.26", "4.7.27", "4.7.30", "4.7.31", "4.7.32"],
      "Gmail defers mail that fails SPF, DKIM, DMARC alignment or reverse DNS. Waiting does not help: fix the record first.",
      samples: ["421 4.7.27 For more information, go to Email sender guidelines. - gsmtp"]),
    Rule(
      "gmail-unusual-rate", .rateLimit, by: "gmail",
      [
        "unusual rate|unusual amount|unusual volume + gmail|our system|rate limited",
        "gmail .. exceeded its quota", "@unsolicitedratelimiterror|@unsolicitedmessageerror",
      ], wait: .minutes(30, 120),
      "Gmail sees more mail from us than usual, or unsolicited mail. Slow down and check who sends it; reputation recovers with clean traffic.",
      samples: [
        "421-4.7.28 [192.0.2.10      15] Our system has detected an unusual rate of\\n421-4.7.28 unsolicited mail originating from your IP address.\\n421 4.7.28 review our Bulk Email Senders Guidelines. - gsmtp",
        "421 4.7.28 Gmail has detected an unusual rate of mail containing one of your URL domains. To protect our users from spam, mail has been temporarily rate limited. - gsmtp",
        "421 4.7.28 Gmail has detected this message exceeded its quota for sending messages with the same Message-ID: <1@example.org>. - gsmtp",
      ]),
    Rule(
      "gmail-unusual-rate-code", .rateLimit, by: "gmail", enhanced: ["4.7.28"],
      hosts: ["google.com", "googlemail.com"], wait: .minutes(30, 120),
      "Gmail sees more mail from us than usual, or unsolicited mail. Slow down and check who sends it.",
      samples: ["421 4.7.28 For more information, see the sender guidelines."]),
    Rule(
      "gmail-suspicious", .policy, by: "gmail",
      [
        "our system|gmail has detected .. suspicious|reputation|spam|malicious|blocked",
        "ip not in whitelist for rcpt|not in allowlist for rcpt",
      ], wait: .hours(1, 4),
      "Gmail does not trust this message: its content, its links, or the reputation of the domain or address. Check Postmaster Tools.",
      samples: [
        "421 4.7.0 [192.0.2.5] Our system has detected that this message is suspicious due to the very low reputation of the sending domain. To best protect our users from spam, the message has been blocked. - gsmtp",
        "421 4.7.0 IP not in whitelist for RCPT domain, closing connection.",
      ]),
    Rule(
      "gmail-helo", .policy, by: "gmail",
      ["again later closing connection + ehlo|helo|mail.|rcpt|google|@google|gsmtp"],
      enhanced: ["4.7.x"], wait: .minutes(15, 60),
      "Gmail closed the connection at the greeting: usually it does not accept the HELO name or relay address.",
      samples: ["421-4.7.0 Try again later, closing connection. (EHLO)\\n421 4.7.0 - gsmtp"]),
    Rule(
      "gmail-expired", .timeout, by: "gmail", ["connection expired try reconnecting"],
      wait: .minutes(1, 15),
      "The connection to Gmail stayed open too long; the next attempt uses a new one.",
      samples: ["421 4.7.0 Connection expired, try reconnecting."]),
    Rule(
      "gmail-tls-required", .tls, on: .ours, by: "gmail", ["tls required for rcpt"],
      "The recipient's domain accepts only TLS. Use TLS for outgoing mail.",
      samples: ["421 4.7.0 TLS required for RCPT domain, closing connection."]),
    Rule(
      "gmail-relay-limit", .rateLimit, on: .ours, by: "gmail",
      ["smtp relay limit exceeded", "peak smtp relay"], wait: .minutes(15, 60),
      "We exceeded our account's limit at Google's relay service. Slow down, or have the limit raised.",
      samples: [
        "450 4.2.1 Peak SMTP relay limit exceeded for customer. This is a temporary error."
      ]),
    Rule(
      "gmail-recipient-rate", .rateLimit, on: .recipient, by: "gmail",
      [
        "user you are trying to contact is receiving", "@receivingrate",
        "@rate limit exceeded",
      ], wait: .minutes(15, 60),
      "One Gmail mailbox is getting mail too fast. This is not about our reputation; the mail is delivered later.",
      samples: [
        "450-4.2.1 The user you are trying to contact is receiving mail at a rate that\\n450-4.2.1 prevents additional messages from being delivered.\\n450 4.2.1  https://support.google.com/mail/answer/6592 - gsmtp"
      ]),
    Rule(
      "gmail-quota", .mailbox, by: "gmail",
      [
        "@overquotatemp", "inbox is out of storage",
        "account that you tried to reach is over quota",
      ],
      wait: .hours(1, 4),
      "The recipient's Google account is full. Nothing to fix here: tell the sender.",
      samples: [
        "452-4.2.2 The recipient's inbox is out of storage space. Please direct the\\n452 4.2.2  https://support.google.com/mail/?p=OverQuotaTemp - gsmtp"
      ]),
    Rule(
      "gmail-transaction", .other, by: "gmail",
      [
        "multiple destination domains per transaction", "policy size per transaction",
        "message has too many recipients",
      ], wait: .minutes(5, 15),
      "Gmail accepts fewer recipients or domains per transaction; the MTA sends the rest in the next one.",
      samples: [
        "451 4.3.0 Multiple destination domains per transaction is unsupported. Please try again.",
        "452 4.5.3 Your message has too many recipients. For more information regarding Google's sending limits, visit https://support.google.com/mail/answer/6592",
      ]),
    Rule(
      "gmail-system", .downstream, by: "gmail",
      ["temporary system problem"], wait: .minutes(15, 30),
      "An internal error at Google. This is temporary.",
      samples: ["421 4.3.0 Temporary System Problem. Try again later (10). - gsmtp"]),
  ]
}
