// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// We turned a client away because a limit or a shortage of ours was reached.
extension Playbook {
  private static let comesBack =
    "A mail server that we defer comes back by itself; its mail is not lost."

  static let inboundConnectionLimit = Playbook(
    heading: "We turn clients away: too many connections",
    title: "We turned {client} away: too many connections",
    meaning: [
      "This is our own 421: the client asked, and our {mta} had no connection left for it.",
      "Either all connections are taken, or this client has more than its share.",
    ],
    advice: "Clients try again by themselves. Act if it lasts more than a few minutes.",
    steps: [
      .limits, .clients,
      PlaybookStep(
        "stuck", .look, "Are connections idle or stuck?",
        "Connections that sit for minutes come from spam engines, slow filters or broken networks.",
        exim: ["exiwhat"], postfix: ["ps -C smtpd -o pid,etime,args"]),
      .queueRunner, .blockClient,
      PlaybookStep(
        "raise-limit", .change, "Raise the limit, one step at a time",
        "It counts for all mail: change one value, watch load and memory for an hour, then the"
          + " next.", .configuration(.acceptMore)),
      .inboundRecovered,
    ],
    mistakes: [
      "Raising all limits at once: the next shortage is memory.",
      "Lifting the limit for everybody because of one client.",
    ],
    reassurance: comesBack,
    escalation: "If one client does it day after day, write to the contact of its network.")

  static let inboundRateLimit = Playbook(
    heading: "We turn clients away: too fast",
    title: "We turned {client} away: too much in too short a time",
    meaning: [
      "This is our own limit on connections, messages, errors or commands of one client.",
      "It is a defence against abuse. It is not meant to pace wanted mail.",
    ],
    advice: "The count starts anew within minutes, and the client tries again.",
    steps: [
      .clients, .limits,
      PlaybookStep(
        "who-are-they", .look, "Is the client wanted?",
        "A known sender with much mail deserves an exception. Errors on unknown recipients mean"
          + " that somebody guesses addresses.",
        exim: ["grep -F '{client}' /var/log/exim4/mainlog | tail"],
        postfix: ["grep -F '{client}' /var/log/mail.log | tail"]),
      .blockClient,
      PlaybookStep(
        "exception", .change, "Exempt a client that is wanted",
        "An exception for one client is safer than a higher limit for all.",
        .configuration(.exemptClient)),
      .inboundRecovered,
    ],
    mistakes: ["Switching the limit off: it is what keeps guessers out."],
    reassurance: comesBack,
    escalation: "Tell a wanted sender your limits, so that they can pace their mail.")

  static let inboundResource = Playbook(
    heading: "We turn clients away: our server is short of something",
    title: "We turned {client} away: this server is short of something",
    meaning: [
      "This is our own shortage: disk, memory, load, or processes.",
      "It concerns every client, and often our own queue too.",
    ],
    advice: "Do not wait: incoming mail stands still until it is fixed.",
    steps: [
      .queueRunner, .load,
      PlaybookStep(
        "load", .look, "What makes the load?",
        "A virus filter, a queue run or another job on this host may take it all.",
        commands: ["uptime", "top -b -n 1 | head -20", "iostat -x 1 3"]),
      .limits, .clients,
      PlaybookStep(
        "room", .change, "Make room",
        "Free disk space or inodes, stop the job that takes the memory, stagger queue runs."),
      PlaybookStep(
        "raise-limit", .change, "If the machine has room to spare: raise the limit",
        "Processes run out at a fixed number, however strong the machine.",
        .configuration(.acceptMore)),
      .inboundRecovered,
    ],
    mistakes: [
      "Deleting spool files by hand: it loses mail and confuses the {mta} that runs.",
      "Raising process limits on a machine without free memory.",
    ],
    reassurance: comesBack,
    escalation: "If the disk or the memory fails, call whoever runs the machine now.")

  static let inboundGreylisting = Playbook(
    heading: "We greylist clients",
    title: "We greylist {client}: expected, and harmless",
    meaning: [
      "Our own greylisting defers a sender that it does not know yet.",
      "A real mail server comes back and is let in. Most spam engines do not.",
    ],
    advice: "Nothing to do: it is let in at its next attempt after our delay.",
    steps: [
      PlaybookStep(
        "came-back", .look, "Did it come back?",
        "If the same sender returns from another address each time, it never gets in: big"
          + " providers do that.",
        exim: ["grep -F '{client}' /var/log/exim4/mainlog | tail"],
        postfix: ["grep -F '{client}' /var/log/mail.log | tail"]),
      PlaybookStep(
        "allow", .change, "Let known senders in without the delay",
        "Put their network on the list of known clients of your greylisting service."),
      .inboundRecovered,
    ],
    mistakes: ["Asking the sender to send it again by hand: it starts the delay anew."],
    reassurance: comesBack,
    escalation: "If wanted mail is late every day, shorten the delay to five minutes.")

  static let inboundTimeout = Playbook(
    heading: "Clients go silent",
    title: "{client} went silent, so we closed the connection",
    meaning: [
      "The client said nothing for so long that our {mta} gave up on it (4.4.2).",
      "Mostly it is a spam engine, a probe, or a broken network at their side.",
    ],
    advice: "Single cases are ordinary. Act if it happens to many clients at once.",
    steps: [
      PlaybookStep(
        "at-which-command", .look, "At which command do they go silent?",
        "After DATA with many clients: our path loses large packets, or our filter is slow.",
        exim: ["grep 'timeout on connection' /var/log/exim4/mainlog | tail"],
        postfix: ["grep 'timeout after' /var/log/mail.log | tail"]),
      .queueRunner, .limits, .inboundRecovered,
    ],
    mistakes: ["Shortening the timeout: slow but honest servers then fail."],
    reassurance: comesBack,
    escalation: "If one wanted sender always fails, send their postmaster the times of it.")
}
