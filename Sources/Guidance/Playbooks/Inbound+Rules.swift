// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// We turned a client away because a rule or a part of ours said so.
extension Playbook {
  static let inboundPolicy = Playbook(
    heading: "We turn clients away by policy",
    title: "Our rules defer {client}",
    meaning: [
      "One of our own rules for the client, the sender or the recipient said: not now.",
      "Too many errors in one session end it too, with 421 4.7.0.",
    ],
    advice: "If the rule is right, there is nothing to do.",
    steps: [
      .ourLog,
      PlaybookStep(
        "rule", .look, "Is the rule as you want it?",
        "A rule that only ever defers keeps the mail coming back for days. Refuse or accept.",
        exim: ["exim -bh CLIENT-ADDRESS"],
        postfix: ["postconf smtpd_recipient_restrictions smtpd_client_restrictions"]),
      PlaybookStep(
        "exception", .change, "Exempt a client that is wanted",
        "An exception for one client is safer than a weaker rule for all.",
        .configuration(.exemptClient)),
      .inboundRecovered,
    ],
    mistakes: ["Switching a rule off for everybody because of one client."],
    reassurance: nil,
    escalation: "If a wanted sender is caught, tell them what our rule looks at.")

  static let inboundTLS = Playbook(
    heading: "Encryption with clients fails",
    title: "Encryption with {client} failed at our side",
    meaning: [
      "The handshake with the client failed, or it opened too many new TLS sessions.",
      "If many clients fail at once, our certificate or key is the first thing to look at.",
    ],
    advice: "Single cases are probes or old software.",
    steps: [
      PlaybookStep(
        "certificate", .look, "Is our certificate valid?",
        "Look at its dates and its names.",
        commands: ["openssl s_client -starttls smtp -connect localhost:25 </dev/null"]),
      .ourLog,
      PlaybookStep(
        "tls-rate", .look, "Is it the rate of new sessions?",
        "A client that opens a new session for each message meets the limit.",
        exim: ["exim -bP tls_advertise_hosts"],
        postfix: ["postconf smtpd_client_new_tls_session_rate_limit"]),
      .inboundRecovered,
    ],
    mistakes: ["Allowing old protocols for everybody because of one client."],
    reassurance: nil,
    escalation: "Tell a wanted sender which protocol versions we take.")

  static let inboundDNS = Playbook(
    heading: "Our lookups for clients fail",
    title: "A lookup for {client} failed at our side",
    meaning: [
      "We could not look up the client, its sender's domain or a list, so we said: later.",
      "If it happens for many clients, our resolver is in trouble.",
    ],
    advice: "It ends as soon as the lookups work again.",
    steps: [
      PlaybookStep(
        "resolver", .look, "Does our resolver answer?",
        "Mail servers need a resolver of their own: public ones are refused by many block lists.",
        commands: ["cat /etc/resolv.conf", "dig -x 192.0.2.1", "dig MX example.com"]),
      .ourLog, .inboundRecovered,
    ],
    mistakes: ["Switching the checks off and forgetting it."],
    reassurance: nil,
    escalation: "If only one domain fails on every resolver, its own DNS is broken: tell them.")

  static let inboundMailbox = Playbook(
    heading: "A mailbox here is full",
    title: "A mailbox here is full or switched off",
    meaning: [
      "The recipient's mailbox on this server takes no more mail just now.",
      "Clients try again for some days and then tell the sender.",
    ],
    advice: "Only room in that mailbox helps.",
    steps: [
      .ourLog,
      PlaybookStep(
        "quota", .look, "How full is it?", "Compare use and quota, and the disk below it.",
        commands: ["doveadm quota get -u USER", "df -h"]),
      PlaybookStep(
        "raise-quota", .change, "Tell its owner, or raise the quota",
        "Old mail, the trash and the junk folder go first."),
      .inboundRecovered,
    ],
    mistakes: ["Deleting a user's mail without asking."],
    reassurance: "The mail waits at the senders, and it is not lost.",
    escalation: "If every mailbox is full, the disk is.")

  static let inboundDownstream = Playbook(
    heading: "Something behind our front server fails",
    title: "A part behind our {mta} failed, so we defer {client}",
    meaning: [
      "A filter (milter), the storage, a lookup table or another server behind this one failed.",
      "Postfix says \"Service unavailable - try again later\" when a milter is down.",
    ],
    advice: "Do not wait: incoming mail stands still until that part runs.",
    steps: [
      .ourLog,
      PlaybookStep(
        "filters", .look, "Do the filters and the storage run?",
        "The warnings just before the first refusal name the part.",
        exim: ["exim -bP | grep -E '^(av_scanner|spamd_address)'", "systemctl --failed"],
        postfix: ["postconf smtpd_milters content_filter", "systemctl --failed"]),
      PlaybookStep(
        "restart", .change, "Start the part again",
        "Then look why it stopped: memory, disk, or a broken update."),
      .queueRunner, .inboundRecovered,
    ],
    mistakes: ["Taking the virus filter out and forgetting it."],
    reassurance: "Clients come back by themselves, and their mail is not lost.",
    escalation: "If the part is run by somebody else, send them the first warning and its time.")

  static let inboundGeneral = Playbook(
    heading: "We turn clients away",
    title: "We defer {client}",
    meaning: [
      "Our {mta} answered 421 or another 4xx: the client is asked to come back later.",
      "Many of these lines in the log do not contain 421; Tempfail knows their words.",
    ],
    advice: "Clients try again by themselves.",
    steps: [.ourLog, .clients, .limits, .queueRunner, .inboundRecovered],
    mistakes: ["Changing several limits at once: nobody knows then which one helped."],
    reassurance: "A mail server that we defer comes back by itself; its mail is not lost.",
    escalation: "If wanted senders complain, ask them for the whole reply and the time.")

  static let inboundNotTemporary = Playbook(
    heading: "We refused for good",
    title: "We refused {client} for good: this is no deferral",
    meaning: ["Our reply was no 4xx. The client will not try again."],
    advice: "Waiting changes nothing: the client got a final answer.",
    steps: [.ourLog],
    mistakes: ["Treating a refusal as a delay: the sender was told that it failed."],
    reassurance: nil,
    escalation: "If the sender is wanted, fix the rule, and then ask them to send it again.")
}
