// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Outlook.com, Microsoft 365 and Exchange Server (learn.microsoft.com, "NDR codes").
  static let microsoft: [Rule] = [
    Rule(
      "microsoft-connections", .connectionLimit, by: "microsoft",
      [
        "rp 00|outlook com|@outlook .. connection limit|concurrent connection",
        "concurrent connections .. resource forest", "maximum number of concurrent .. server",
      ], wait: .minutes(15, 60),
      "We have too many connections open to Microsoft. Lower the concurrency for their hosts.",
      samples: [
        "421 RP-001 The mail server IP connecting to Outlook.com has exceeded the connection limit",
        "421 4.3.2 The maximum number of concurrent connections per resource forest has exceeded a limit, closing transmission channel",
      ]),
    Rule(
      "microsoft-hourly", .rateLimit, by: "microsoft",
      ["rp 001|rp 002|rp 003 .. rate|limits", "limits for how many messages can be sent per hour"],
      wait: .hours(1, 2),
      "Outlook.com accepts fewer messages per hour from an address with our reputation. Slow down.",
      samples: [
        "421 RP-001 (SNT0-MC2-F19) Unfortunately, some messages from 192.0.2.177 weren't sent. Please try again. We have limits for how many messages can be sent per hour and per day."
      ]),
    Rule(
      "microsoft-reputation", .policy, by: "microsoft",
      [
        "rp 001|rp 002|rp 003", "temporarily rate limited due to ip reputation",
        "server busy|please try again later from .. s77|as77|as7|s7",
      ], wait: .hours(1, 4),
      "Microsoft does not trust our address or sees unusual traffic from it. Check SNDS, ramp up slowly, ask for delisting at sender.office.com.",
      samples: [
        "451 4.7.500 Server busy. Please try again later from [192.0.2.64]. (S77719) [FR2DEU01FT008.eop-deu01.prod.protection.outlook.com]",
        "451 4.7.650 The mail server [192.0.2.9] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://postmaster.live.com (S775)",
      ]),
    Rule(
      "microsoft-reputation-code", .policy, by: "microsoft365",
      enhanced: [
        "4.7.500", "4.7.501", "4.7.502", "4.7.505", "4.7.506", "4.7.507", "4.7.508", "4.7.511",
        "4.7.550", "4.7.551", "4.7.650", "4.7.651", "4.7.652",
      ], wait: .hours(1, 4),
      "Microsoft is throttling this address: unusual traffic or poor reputation. Ramp up slowly, ask for delisting at sender.office.com.",
      samples: ["451 4.7.550 Access denied, please try again later"]),
    Rule(
      "exchange-thread-limit", .rateLimit, by: "microsoft365",
      [
        "recipient thread limit|thread limit exceeded|queue quota",
        "storedrv .. limit + !mailbox database",
      ],
      wait: .minutes(15, 30),
      "Exchange has reached its delivery limit for this mailbox or organization. This is temporary.",
      samples: ["432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded"]),
    Rule(
      "exchange-dane", .tls, on: .theirs, by: "microsoft365",
      [
        "tlsa invalid|starttls not supported|certificate host mismatch|certificate expired + !client + !your",
        "dane valid|dane fail|mta sts",
      ], enhanced: ["4.7.x", "4.4.x", "5.7.x"],
      "TLS or DANE with the next server failed: its certificate or TLSA record does not match.",
      samples: ["450 4.7.323 tlsa-invalid: The domain failed DANE validation."]),
    Rule(
      "exchange-dnssec", .dns, by: "microsoft365", ["dnssec"],
      "The destination's DNSSEC records are not valid. Only the owner of the domain can fix that.",
      samples: [
        "450 4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records."
      ]),
    Rule(
      "microsoft-tenant", .other, on: .theirs, by: "microsoft365",
      ["no mail enabled subscription|hosted tenant"], wait: .hours(1, 4),
      "Microsoft has no mailboxes for that domain: its owner's subscription has ended, or its MX points to the wrong place.",
      samples: [
        "451 4.4.4 Mail received as unauthenticated, incoming to a recipient domain configured in a hosted tenant which has no mail-enabled subscriptions. ATTR5"
      ]),
    Rule(
      "exchange-component", .downstream, by: "exchange",
      [
        "storedrv|resolver adr|transport rules agent|categorizer|ambiguous address|component has been retired|smtpsend"
          + "|mailbox transport + !limit + !mdb + !mailbox database + !dns + !quota + !mailbox is + !loop"
          + " + !full + !resources + !exceed + !busy",
        "deferred by .. agent",
      ], wait: .minutes(15, 60),
      "Part of the recipient's Exchange organization is failing. Their administrator must fix it if it lasts.",
      samples: [
        "432 4.3.2 STOREDRV.Deliver; Component has been retired",
        "420 4.2.0 RESOLVER.ADR.Ambiguous; ambiguous address",
        "421 4.7.11 Message deferred by Transport Rules Agent",
      ]),
    Rule(
      "exchange-intercepted", .policy, on: .theirs, by: "exchange",
      ["intercepted|administrative action|trjct"],
      wait: .hours(1, 4),
      "Their administrator set a rule that stops this mail.",
      samples: ["430 4.3.1 Intercepted and rejected by administrative action. TRJCT"]),
    Rule(
      "exchange-no-database", .mailbox, by: "exchange",
      ["no mdb", "mailbox database .. offline|dismount|throttl"],
      wait: .minutes(15, 60),
      "The recipient's mailbox database is not mounted. Their administrator must fix it.",
      samples: ["420 4.2.0 Recipient deferred because there is no Mdb"]),
    Rule(
      "exchange-back-pressure", .resource, by: "exchange",
      [
        "insufficient system resources", "not accepting network messages + !local error",
        "agent busy",
      ],
      wait: .minutes(15, 30),
      "Exchange is under back pressure: disk, memory or a stopped component. Their administrator must fix it if it lasts.",
      samples: [
        "452 4.3.1 Insufficient system resources (UsedDiskSpace[C:\\Program Files\\Microsoft\\Exchange Server\\V15\\TransportRoles\\data\\Queue])",
        "421 4.3.2 System not accepting network messages",
      ]),
    Rule(
      "exchange-server-error", .downstream, by: "exchange",
      [
        "temporary server error", "temporary local error",
        "unexpected exception occurred|unexpected exception",
      ], wait: .minutes(15, 30),
      "The front server answered, but one behind it failed. Their administrator must fix it if it lasts.",
      samples: [
        "451 4.7.0 Temporary server error. Please try again later. PRX2",
        "421 4.3.2 Temporary local error initializing data. System not accepting network messages. (SF1)",
      ]),
    Rule(
      "exchange-submission-rate", .rateLimit, by: "exchange",
      ["submission rate for this client|message submission rate"], wait: .minutes(5, 30),
      "The server's receive connector limits our messages per minute.",
      samples: [
        "421 4.4.2 Message submission rate for this client has exceeded the configured limit"
      ]),
    Rule(
      "exchange-not-conformant", .other, by: "exchange", ["not rfc conformant"],
      wait: .minutes(15, 60), "The next server did not answer in SMTP.",
      samples: ["421 4.4.0 Remote server response was not RFC conformant"]),
  ]
}
