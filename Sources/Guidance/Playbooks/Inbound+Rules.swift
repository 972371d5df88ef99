// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// We turned a client away because a rule or a part of ours said so.
extension Playbook {
  static let inboundPolicy = Playbook(
    heading: "We defer clients by policy",
    title: "Our rules deferred {client}",
    meaning: [
      "One of our own rules for the client, the sender or the recipient deferred it.",
      "Too many errors in one session also end it, with 421 4.7.0.",
    ],
    advice: "If the rule is right, do nothing.",
    steps: [
      .ourLog,
      PlaybookStep(
        "rule", .look, "Is the rule what you want?",
        "A rule that always defers keeps the mail coming back for days. Refuse or accept it instead.",
        exim: ["exim -bh CLIENT-ADDRESS"],
        postfix: ["postconf smtpd_recipient_restrictions smtpd_client_restrictions"]),
      PlaybookStep(
        "exception", .change, "Exempt a legitimate client",
        "An exception for one client is safer than a weaker rule for all.",
        .configuration(.exemptClient)),
      .inboundRecovered,
    ],
    mistakes: ["Turn a rule off for everybody because of one client."],
    reassurance: nil,
    escalation: "If a legitimate sender is affected, tell them what our rule checks.")

  static let inboundTLS = Playbook(
    heading: "TLS with clients fails",
    title: "TLS with {client} failed on our side",
    meaning: [
      "The handshake with the client failed, or it opened too many new TLS sessions.",
      "If many clients fail at once, check our certificate and key first.",
    ],
    advice: "Single cases are usually probes or old software.",
    steps: [
      PlaybookStep(
        "certificate", .look, "Is our certificate valid?",
        "Check its dates and names.",
        commands: ["openssl s_client -starttls smtp -connect localhost:25 </dev/null"]),
      .ourLog,
      PlaybookStep(
        "tls-rate", .look, "Is it the rate of new sessions?",
        "A client that opens a new session for each message reaches the limit.",
        exim: ["exim -bP tls_advertise_hosts"],
        postfix: ["postconf smtpd_client_new_tls_session_rate_limit"]),
      .inboundRecovered,
    ],
    mistakes: ["Allow old protocols for everybody because of one client."],
    reassurance: nil,
    escalation: "Tell a legitimate sender which protocol versions we support.")

  static let inboundDNS = Playbook(
    heading: "Our lookups for clients fail",
    title: "A lookup for {client} failed on our side",
    meaning: [
      "We could not look up the client, its sender's domain or a block list, so we deferred it.",
      "If it happens for many clients, our resolver is failing.",
    ],
    advice: "It ends when the lookups work again.",
    steps: [
      PlaybookStep(
        "resolver", .look, "Does our resolver answer?",
        "Mail servers need their own resolver: many block lists refuse public ones.",
        commands: ["cat /etc/resolv.conf", "dig -x 192.0.2.1", "dig MX example.com"]),
      .ourLog, .inboundRecovered,
    ],
    mistakes: ["Turn the checks off and forget it."],
    reassurance: nil,
    escalation: "If only one domain fails on every resolver, its own DNS is broken: tell them.")

  static let inboundMailbox = Playbook(
    heading: "A mailbox here is full",
    title: "A mailbox here is full or disabled",
    meaning: [
      "The recipient's mailbox on this server accepts no mail right now.",
      "Clients retry for several days and then bounce the message.",
    ],
    advice: "Only free space in that mailbox helps.",
    steps: [
      .ourLog,
      PlaybookStep(
        "quota", .look, "How full is it?", "Compare usage and quota, and the disk below it.",
        commands: ["doveadm quota get -u USER", "df -h"]),
      PlaybookStep(
        "raise-quota", .change, "Tell its owner, or raise the quota",
        "Old mail, trash and junk can be deleted first."),
      .inboundRecovered,
    ],
    mistakes: ["Delete a user's mail without asking."],
    reassurance: "The mail waits in the senders' queues and is not lost.",
    escalation: "If every mailbox is full, the disk is full.")

  static let inboundDownstream = Playbook(
    heading: "Something behind our front server fails",
    title: "A service behind our {mta} failed, so we deferred {client}",
    meaning: [
      "A filter (milter), the storage, a lookup table or another server behind this one failed.",
      "Postfix says \"Service unavailable - try again later\" when a milter is down.",
    ],
    advice: "Do not wait: incoming mail is stopped until that service runs.",
    steps: [
      .ourLog,
      PlaybookStep(
        "filters", .look, "Are the filters and the storage running?",
        "The warnings just before the first refusal name the service.",
        exim: ["exim -bP | grep -E '^(av_scanner|spamd_address)'", "systemctl --failed"],
        postfix: ["postconf smtpd_milters content_filter", "systemctl --failed"]),
      PlaybookStep(
        "restart", .change, "Restart the service",
        "Then find out why it stopped: memory, disk, or a broken update."),
      .queueRunner, .inboundRecovered,
    ],
    mistakes: ["Disable the virus filter and forget it."],
    reassurance: "Clients retry on their own, and their mail is not lost.",
    escalation: "If somebody else runs the service, send them the first warning and its time.")

  static let inboundGeneral = Playbook(
    heading: "We defer clients",
    title: "We deferred {client}",
    meaning: [
      "Our {mta} answered 421 or another 4xx, which asks the client to retry later.",
      "Many of these log lines do not contain 421; Tempfail recognizes their text.",
    ],
    advice: "Clients retry on their own.",
    steps: [.ourLog, .clients, .limits, .queueRunner, .inboundRecovered],
    mistakes: ["Change several limits at once: you would not know which one helped."],
    reassurance: "A mail server that we defer retries on its own; its mail is not lost.",
    escalation: "If legitimate senders complain, ask them for the full reply and the time.")

  static let inboundNotTemporary = Playbook(
    heading: "We refused permanently",
    title: "We refused {client} permanently: this is not a deferral",
    meaning: ["Our reply was not a 4xx. The client will not retry."],
    advice: "Waiting does not help: the client got a final answer.",
    steps: [.ourLog],
    mistakes: ["Treat a refusal as a delay: the sender got a bounce."],
    reassurance: nil,
    escalation: "If the sender is legitimate, fix the rule, then ask them to send it again.")
}
