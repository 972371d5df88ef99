// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// They distrust our mail, our encryption or our names.
extension Playbook {
  static let policy = Playbook(
    heading: "Policy and reputation",
    title: "{party} distrusts this mail and defers it",
    meaning: [
      "Their rules for authentication, reputation or complaints hold it back (4.7.x).",
      "They may take it later. Fixing what they complain of works better than waiting.",
      "\"Rate limited\" in such a reply often means reputation, not speed.",
    ],
    advice: "Meanwhile send nothing in bulk there: more of the same mail makes it worse.",
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
        "Old addresses, spam traps and complaints cost reputation. Only people who asked should be"
          + " on them, and leaving must be easy."),
      PlaybookStep(
        "stop-sender", .change, "Hold all mail from {sender}, if the complaint is about it",
        "If one account or list sends it, hold its mail until it is clear. Change the password of"
          + " an account that was taken over.", .act(.hold, on: .sender)),
      PlaybookStep(
        "slow-down", .change, "Send less to {party} until it is fixed",
        "Large bursts in quick succession look like spam.", .configuration(.slowDown)),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Retrying harder: it confirms their suspicion.",
      "Changing the address to get around it.",
      "Sending one test after another to the same mailbox.",
      "Taking a soft bounce for a permanent failure.",
    ],
    reassurance: nil,
    escalation: "If it persists after the fix, write to their postmaster, with the full reply"
      + " and what you changed.")

  static let tls = Playbook(
    heading: "Encryption",
    title: "Encryption with {party} could not be agreed on",
    meaning: [
      "One side wants TLS and the other does not offer it, or the handshake failed.",
      "Common reasons: an old protocol, a cipher that one side refuses, an expired certificate,"
        + " a DANE or MTA-STS record that no longer matches.",
    ],
    advice: "It passes by itself only if they are changing something just now.",
    steps: [
      PlaybookStep(
        "handshake", .look, "What does the handshake say?",
        "It shows protocol, certificate, expiry and the first error.", .check(.handshake),
        commands: ["openssl s_client -starttls smtp -connect {host}:{port} </dev/null"]),
      .conversation,
      PlaybookStep(
        "tls-policy", .look, "What do we ask for?",
        "If we require encryption or check certificates for them, our own rule may stop the mail.",
        exim: ["exim -bP transports | grep -E 'transport:|tls|dane'"],
        postfix: ["postconf -n | grep smtp_tls", "posttls-finger -c {nexthop}"]),
      PlaybookStep(
        "dane", .look, "Do their TLSA and MTA-STS records match?",
        "A certificate that was renewed without its record fails at everyone who checks.",
        commands: ["dig +short TLSA _{port}._tcp.{host}", "dig +short TXT _mta-sts.{destination}"]),
      .scope,
      PlaybookStep(
        "tls-exception", .change, "Only if it must be: relax our rule for this destination",
        "Their mail then travels less protected. Take it back when they have fixed theirs.",
        .configuration(.tlsException)),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Switching TLS off for everybody because of one destination.",
      "Ignoring an expired certificate of our own.",
    ],
    reassurance: "The message is queued here, not lost.",
    escalation: "If only they are affected, send their postmaster the handshake's error and the"
      + " expiry date of the certificate.")

  static let senderDomain = Playbook(
    heading: "DNS of the sender's domain",
    title: "{senderDomain} does not resolve for {party}",
    meaning: [
      "They look up the domain of the sender's address before they take the mail, and find nothing.",
      "It is fixed in the DNS of {senderDomain}, or by sending with another address. Waiting does not help.",
    ],
    advice: "Every attempt ends like this one until the domain has an MX or an address.",
    steps: [
      .reply,
      PlaybookStep(
        "sender-domain", .look, "Does {senderDomain} have mail exchangers?",
        "Without an MX record or an address, many servers take no mail from it.",
        .check(.mailExchangers, of: .senderDomain)),
      .authentication,
      PlaybookStep(
        "sender-name", .look, "Is it the address that should be there?",
        "Mail of cron jobs and scripts often carries the name of this machine, which nobody else can"
          + " look up.",
        exim: ["exim -bP qualify_domain primary_hostname"],
        postfix: ["postconf myorigin myhostname sender_canonical_maps smtp_generic_maps"]),
      PlaybookStep(
        "tell-sender", .change, "Correct the address, or tell the domain's owner",
        "A record that is missing is added by whoever runs its DNS; it counts within minutes to hours."
      ),
      .retryOnce, .recovered,
    ],
    mistakes: ["Writing to the recipient's postmaster: nothing is wrong there."],
    reassurance: "The message is queued here, not lost.",
    escalation: "If it resolves everywhere else, send their postmaster what dig prints.")

  static let dns = Playbook(
    heading: "DNS",
    title: "A DNS lookup for {party} failed",
    meaning: [
      "Either we could not find their mail exchangers, or they could not look us up.",
      "If our {mta} says it, it is our resolver or their zone. If {host} says it, it is our PTR,"
        + " our HELO name or the sender's domain.",
    ],
    advice: "DNS trouble mostly ends within the hour; a wrong record does not.",
    steps: [
      .mailExchangers,
      PlaybookStep(
        "resolver", .look, "Does another resolver know more?",
        "If it answers and ours does not, fix ours. If none does, their zone is broken.",
        commands: [
          "cat /etc/resolv.conf", "dig {lookup}", "dig {lookup} @9.9.9.9", "dig {lookup} +trace",
        ]),
      .identity,
      PlaybookStep(
        "sender-domain", .look, "Does {senderDomain} resolve?",
        "Many servers defer a sender whose domain has no MX and no address.",
        commands: ["dig +short MX {senderDomain}", "dig +short A {senderDomain}"]),
      .scope,
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Entering their address by hand in a hosts file and forgetting it.",
      "Looking only at their side: our own resolver fails for all destinations at once.",
    ],
    reassurance: "The message is queued here, not lost.",
    escalation: "If their zone fails on every resolver, tell them by telephone or through another"
      + " domain: mail to them cannot arrive.")
}
