// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// They distrust our mail, our encryption or our names.
extension Playbook {
  static let policy = Playbook(
    heading: "Policy and reputation",
    title: "{party} deferred this mail for policy or reputation",
    meaning: [
      "It was deferred for authentication, reputation or complaints (4.7.x).",
      "They may accept it later, but fixing the cause works better than waiting.",
      "\"Rate limited\" in such a reply often means reputation, not speed.",
    ],
    advice: "Send no bulk mail there in the meantime: more of the same makes it worse.",
    steps: [
      .reply,
      .authentication,
      .identity,
      .senders,
      .rate,
      .blockLists,
      .conversation,
      .testMessage,
      PlaybookStep(
        "hygiene", .look, "Are the lists clean?",
        "Old addresses, spam traps and complaints cost reputation. Only people who signed up should be"
          + " on them, and unsubscribing must be easy."),
      PlaybookStep(
        "stop-sender", .change, "Hold all mail from {sender}, if the complaint is about it",
        "If one account or list sends it, hold its mail until you know more. Change the password of"
          + " a compromised account.", .act(.hold, on: .sender)),
      PlaybookStep(
        "slow-down", .change, "Send less to {party} until it is fixed",
        "Large bursts in quick succession look like spam.", .configuration(.slowDown)),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Retry more often: that confirms their suspicion.",
      "Change the sending address to get around it.",
      "Send one test after another to the same mailbox.",
      "Mistake a soft bounce for a permanent failure.",
    ],
    reassurance: nil,
    escalation: "If it continues after the fix, write to their postmaster with the full reply"
      + " and what you changed.")

  static let tls = Playbook(
    heading: "TLS",
    title: "TLS with {party} could not be negotiated",
    meaning: [
      "One side requires TLS and the other does not offer it, or the handshake failed.",
      "Common reasons: an old protocol, a cipher that one side refuses, an expired certificate,"
        + " a DANE or MTA-STS record that no longer matches.",
    ],
    advice: "It goes away on its own only if they are changing something right now.",
    steps: [
      PlaybookStep(
        "handshake", .look, "What does the handshake show?",
        "It shows the protocol, certificate, expiry date and first error.", .check(.handshake),
        commands: ["openssl s_client -starttls smtp -connect {host}:{port} </dev/null"]),
      .conversation,
      PlaybookStep(
        "tls-policy", .look, "What do we require?",
        "If we require TLS or verify certificates for them, our own policy may stop the mail.",
        exim: ["exim -bP transports | grep -E 'transport:|tls|dane'"],
        postfix: ["postconf -n | grep smtp_tls", "posttls-finger -c {nexthop}"]),
      PlaybookStep(
        "dane", .look, "Do their TLSA and MTA-STS records match?",
        "A certificate renewed without updating its record fails for everyone who verifies it.",
        commands: ["dig +short TLSA _{port}._tcp.{host}", "dig +short TXT _mta-sts.{destination}"]),
      .scope,
      PlaybookStep(
        "tls-exception", .change, "Only if necessary: relax our policy for this destination",
        "Mail to them is then less protected. Revert it when they have fixed their side.",
        .configuration(.tlsException)),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Turn TLS off for everybody because of one destination.",
      "Ignore an expired certificate of our own.",
    ],
    reassurance: "The message is queued here, not lost.",
    escalation: "If only they are affected, send their postmaster the handshake error and the"
      + " expiry date of the certificate.")

  static let senderDomain = Playbook(
    heading: "DNS of the sender's domain",
    title: "{senderDomain} does not resolve for {party}",
    meaning: [
      "They look up the sender's domain before they accept the mail, and find nothing.",
      "Fix the DNS of {senderDomain}, or send from another address. Waiting does not help.",
    ],
    advice: "Every attempt will fail until the domain has an MX record or an address.",
    steps: [
      .reply,
      PlaybookStep(
        "sender-domain", .look, "Does {senderDomain} have mail exchangers?",
        "Without an MX record or an address, many servers accept no mail from it.",
        .check(.mailExchangers, of: .senderDomain)),
      .authentication,
      PlaybookStep(
        "sender-name", .look, "Is it the right address?",
        "Mail from cron jobs and scripts often uses this machine's name, which nobody else can"
          + " look up.",
        exim: ["exim -bP qualify_domain primary_hostname"],
        postfix: ["postconf myorigin myhostname sender_canonical_maps smtp_generic_maps"]),
      PlaybookStep(
        "tell-sender", .change, "Correct the address, or tell the domain's owner",
        "Its DNS operator must add the missing record; it takes effect within minutes to hours."
      ),
      .retryOnce, .recovered,
    ],
    mistakes: ["Write to the recipient's postmaster: nothing is wrong there."],
    reassurance: "The message is queued here, not lost.",
    escalation: "If it resolves everywhere else, send their postmaster the output of dig.")

  static let dns = Playbook(
    heading: "DNS",
    title: "A DNS lookup for {party} failed",
    meaning: [
      "Either we could not find their mail exchangers, or they could not look us up.",
      "If our {mta} reports it, it is our resolver or their zone. If {host} reports it, it is our PTR record,"
        + " our HELO name or the sender's domain.",
    ],
    advice: "DNS outages usually end within the hour; a wrong record does not.",
    steps: [
      .mailExchangers,
      PlaybookStep(
        "resolver", .look, "Does another resolver find it?",
        "If it answers and ours does not, fix ours. If none does, their zone is broken.",
        commands: [
          "cat /etc/resolv.conf", "dig {lookup}", "dig {lookup} @9.9.9.9", "dig {lookup} +trace",
        ]),
      .identity,
      PlaybookStep(
        "sender-domain", .look, "Does {senderDomain} resolve?",
        "Many servers defer a sender whose domain has no MX record and no address.",
        commands: ["dig +short MX {senderDomain}", "dig +short A {senderDomain}"]),
      .scope,
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Enter their address in a hosts file and forget it.",
      "Check only their side: our own resolver would fail for all destinations at once.",
    ],
    reassurance: "The message is queued here, not lost.",
    escalation: "If their zone fails on every resolver, tell them by phone or through another"
      + " domain: mail to them cannot arrive.")
}
