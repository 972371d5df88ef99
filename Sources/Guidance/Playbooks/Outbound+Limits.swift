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
      "We reached its limit, and it refused this one.",
      "The code is often 4.4.5, 4.3.2 or 4.7.0; the text distinguishes it from a full disk.",
    ],
    advice: "A connection becomes free when another one closes. Open fewer, and mail flows.",
    steps: [
      .senders,
      .rate,
      .scope,
      PlaybookStep(
        "open-now", .look, "How many connections to {host} are open now?",
        "The connections pane counts them. Compare the count with their limit.",
        commands: ["ss -tn dport = :{port}", "netstat -anp | grep :{port}", "lsof -i :{port}"]),
      .port25,
      PlaybookStep(
        "fewer-connections", .change, "Open fewer connections to {party}",
        "One at a time always works. Raise it step by step after an hour without a 421.",
        .configuration(.fewerConnections)),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Flush the whole queue: that opens the most connections at once.",
      "Resend at once: each attempt is one more connection.",
      "Ignore their batch limit and rely on retries.",
    ],
    reassurance:
      "The message is queued here, not lost. Mail to other destinations is not affected.",
    escalation: "If 421s continue for a day with one connection at a time, ask their postmaster for"
      + " the limit for our address.")

  static let rateLimit = Playbook(
    heading: "Rate limit",
    title: "{party} is rate-limiting our mail",
    meaning: [
      "{host} allows only so many messages, recipients or connections per period, and we sent more.",
      "It may count by our address, by {senderDomain}, or by its own recipient.",
      "High volume is one of the most common reasons for a 421.",
    ],
    advice: "Their count drops while we send less. Every early retry adds to it.",
    steps: [
      .senders,
      .rate,
      .scope,
      .authentication,
      PlaybookStep(
        "pause-sender", .change, "Hold the bulk mail to {destination} and let the rest go first",
        "While bulk mail keeps retrying, everybody's mail waits. Mail on hold is not lost, but must be"
          + " released later.", .act(.hold, on: .busiestSender)),
      PlaybookStep(
        "slow-down", .change, "Slow down to {party}",
        "Send fewer messages per minute and per connection. Revert it after a quiet day.",
        .configuration(.slowDown)),
      PlaybookStep(
        "batches", .change, "Send bulk mail in smaller batches, with pauses between them",
        "Start with half the current rate for an hour. Warm up a new address over weeks:"
          + " start small and send a little more each day."),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Resend at once: repeated retries count against the limit.",
      "Ignore batch limits because the mail is legitimate.",
      "Spread the load over more addresses: that costs reputation everywhere.",
      "Flush the whole queue.",
    ],
    reassurance: "The messages are queued here, not lost.",
    escalation: "If it lasts more than two days at half the rate, write to their postmaster about"
      + " your volume, your lists and how people signed up.")

  static let resource = Playbook(
    heading: "Their server is overloaded",
    title: "{party} is overloaded or out of disk space",
    meaning: [
      "{host} cannot accept mail right now: disk, memory, processes, load or maintenance.",
      "Codes: 4.2.1 (system), 4.3.1 (disk), 4.3.2 (not accepting, all ports busy).",
      "It affects everybody, not only us.",
    ],
    advice: "This usually passes within 15 to 30 minutes, and nothing here needs to change.",
    steps: [
      .scope,
      .port25,
      .mailExchangers,
      .message,
      .status,
      PlaybookStep(
        "stagger", .change, "Send them less at once",
        "Stagger bulk mail: smaller batches with pauses. A busy server recovers sooner.",
        .configuration(.fewerConnections)),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Send again and again: that adds to their load.",
      "Mistake a soft bounce for a permanent failure and remove people from a list.",
      "Delete the mail before you are sure that it cannot be delivered.",
    ],
    reassurance: "This is temporary. It has nothing to do with our hosting or our mailboxes.",
    escalation: "After four hours, tell their postmaster: they may not know that the disk is full.")

  static let greylisting = Playbook(
    heading: "Greylisting",
    title: "{party} is greylisting us: expected and harmless",
    meaning: [
      "They defer the first mail from every new sender and accept it on a retry.",
      "They remember our address, the sender and the recipient.",
      "The retry must come from the same address, after their delay.",
    ],
    advice: "Nothing to do: the next regular attempt gets through.",
    steps: [
      .retryPolicy,
      PlaybookStep(
        "same-address", .look, "Do we always send from the same address?",
        "A pool of outgoing addresses restarts the delay with each attempt. IPv4 and IPv6 count"
          + " separately.",
        exim: ["exim -bP transports | grep -E 'transport:|interface'"],
        postfix: ["postconf smtp_bind_address smtp_bind_address6 inet_protocols"]),
      .authentication,
      .identity,
      .conversation,
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Flush the queue: an attempt before their delay is over is deferred again.",
      "Send the message again: to them it is a new one.",
      "Mistake it for a block.",
    ],
    reassurance: "A delay for unknown senders is normal. Neither our address nor our domain is"
      + " blocked, and the message is not lost.",
    escalation: "If the same message is still deferred after a day, ask their postmaster whether"
      + " our address can go on their list of known senders.")
}
