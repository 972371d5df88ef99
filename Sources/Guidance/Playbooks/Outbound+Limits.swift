// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// They limit how much they take from us, or are short of something themselves.
extension Playbook {
  static let connectionLimit = Playbook(
    heading: "Connection limit",
    title: "{party} allows fewer connections than we open",
    meaning: [
      "{host} counts the connections that our address has open at once.",
      "We reached its limit, and it turned this one away.",
      "The code is often 4.4.5, 4.3.2 or 4.7.0; the words tell it from a full disk.",
    ],
    advice: "A connection is free again as soon as another ends. Open fewer and mail flows.",
    steps: [
      .senders,
      .rate,
      .scope,
      PlaybookStep(
        "open-now", .look, "How many connections to {host} are open now?",
        "The connections pane counts them. Compare with what they allow.",
        commands: ["ss -tn dport = :{port}", "netstat -anp | grep :{port}", "lsof -i :{port}"]),
      .port25,
      PlaybookStep(
        "fewer-connections", .change, "Open fewer connections to {party}",
        "One at a time always fits. Raise it step by step after an hour without a 421.",
        .configuration(.fewerConnections)),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Flushing the whole queue: it opens the most connections at once.",
      "Resending at once: each attempt is one more connection.",
      "Ignoring their limit for batches and trusting the retries to get through.",
    ],
    reassurance: "The message is queued here, not lost. Mail to other destinations goes on.",
    escalation: "If 421s go on for a day with one connection at a time, ask their postmaster for"
      + " the limit of our address.")

  static let rateLimit = Playbook(
    heading: "Rate limit",
    title: "{party} limits the rate of our mail",
    meaning: [
      "{host} counts messages, recipients or connections in a span of time.",
      "We sent more than it takes from us. It may count by our address, by {senderDomain}, or by"
        + " its own recipient.",
      "High volume is among the most common reasons for a 421.",
    ],
    advice: "Their count falls while we send less. Every early retry adds to it.",
    steps: [
      .senders,
      .rate,
      .scope,
      .authentication,
      PlaybookStep(
        "pause-sender", .change, "Pause the bulk mail to {destination}, let the rest go first",
        "While bulk mail keeps retrying, everybody's mail waits. Held mail is kept, and it must be"
          + " released later.", .act(.hold, on: .busiestSender)),
      PlaybookStep(
        "slow-down", .change, "Slow down to {party}",
        "Fewer messages a minute, and fewer in one connection. Undo it when a day was quiet.",
        .configuration(.slowDown)),
      PlaybookStep(
        "batches", .change, "Send bulk in smaller batches, with pauses between them",
        "Start with half of the present rate for an hour. A new address is warmed up over weeks:"
          + " little at first, then a little more each day."),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Resending at once: repeated retries count against the limit.",
      "Ignoring batch limits because the mail is wanted.",
      "Spreading the load over more addresses: it costs reputation everywhere.",
      "Flushing the whole queue.",
    ],
    reassurance: "The messages are queued here, not lost.",
    escalation: "If it lasts more than two days at half the rate, write to their postmaster with"
      + " your volume, your lists and how people signed up.")

  static let resource = Playbook(
    heading: "Their server is short of something",
    title: "{party} is short of disk, processes or time",
    meaning: [
      "{host} cannot take more mail just now: disk, memory, processes, load or maintenance.",
      "Codes: 4.2.1 (system), 4.3.1 (disk), 4.3.2 (not accepting, all ports busy).",
      "It says so to everybody, not only to us.",
    ],
    advice: "Most of this passes within 15 to 30 minutes, and nothing here needs to change.",
    steps: [
      .scope,
      .port25,
      .mailExchangers,
      .message,
      .status,
      PlaybookStep(
        "stagger", .change, "Send them less at once",
        "In bulk, stagger it: smaller batches, pauses between. A busy server recovers sooner.",
        .configuration(.fewerConnections)),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Sending again and again: it adds to their load.",
      "Taking a soft bounce for a permanent failure, and taking people off a list for it.",
      "Deleting the mail before it is sure that it cannot be delivered.",
    ],
    reassurance: "This is temporary. It says nothing about our hosting or our mailboxes.",
    escalation: "After four hours, tell their postmaster: they may not know that the disk is full.")

  static let greylisting = Playbook(
    heading: "Greylisting",
    title: "{party} greylists us: expected, and harmless",
    meaning: [
      "They defer the first mail of every new sender and take it when it comes back.",
      "They remember three things: our address, the sender and the recipient.",
      "The same server must come back from the same address, after their delay.",
    ],
    advice: "Nothing to do: the next ordinary attempt gets through.",
    steps: [
      .retryPolicy,
      PlaybookStep(
        "same-address", .look, "Do we always send from the same address?",
        "A pool of outgoing addresses starts the wait again with each attempt. IPv4 and IPv6 count"
          + " as two.",
        exim: ["exim -bP transports | grep -E 'transport:|interface'"],
        postfix: ["postconf smtp_bind_address smtp_bind_address6 inet_protocols"]),
      .authentication,
      .identity,
      .conversation,
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Flushing the queue: an attempt before their delay is over is deferred again.",
      "Sending the message once more: it is a new one to them.",
      "Taking it for a block.",
    ],
    reassurance: "A delay for unknown senders is normal. Neither our address nor our domain is"
      + " blocked, and the message is not lost.",
    escalation: "If the same message is still deferred after a day, ask their postmaster whether"
      + " our address can go on their list of known senders.")
}
