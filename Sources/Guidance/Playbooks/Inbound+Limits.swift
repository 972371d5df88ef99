// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// We turned a client away because a limit or a shortage of ours was reached.
extension Playbook {
  private static let comesBack =
    "A mail server that we defer retries on its own; its mail is not lost."

  static let inboundConnectionLimit = Playbook(
    heading: "We defer clients: too many connections",
    title: "We deferred {client}: too many connections",
    meaning: [
      "This is our own 421: our {mta} had no connection left for this client.",
      "Either all connections are in use, or this client has too many.",
    ],
    advice: "Clients retry on their own. Act if it lasts more than a few minutes.",
    steps: [
      .limits, .clients,
      PlaybookStep(
        "stuck", .look, "Are connections idle or stuck?",
        "Connections that last for minutes come from spam software, slow filters or broken networks.",
        exim: ["exiwhat"], postfix: ["ps -C smtpd -o pid,etime,args"]),
      .queueRunner, .blockClient,
      PlaybookStep(
        "raise-limit", .change, "Raise the limit, one step at a time",
        "It affects all mail: change one value, watch load and memory for an hour, then change the"
          + " next.", .configuration(.acceptMore)),
      .inboundRecovered,
    ],
    mistakes: [
      "Raise all limits at once: memory runs out next.",
      "Lift the limit for everybody because of one client.",
    ],
    reassurance: comesBack,
    escalation: "If one client does it day after day, write to its network's abuse contact.")

  static let inboundRateLimit = Playbook(
    heading: "We defer clients: too fast",
    title: "We deferred {client}: too much in too short a time",
    meaning: [
      "This is our own limit on connections, messages, errors or commands per client.",
      "It protects against abuse. It is not meant to pace legitimate mail.",
    ],
    advice: "The count resets within minutes, and the client retries.",
    steps: [
      .clients, .limits,
      PlaybookStep(
        "who-are-they", .look, "Is the client legitimate?",
        "A known sender with a lot of mail deserves an exception. Errors for unknown recipients mean"
          + " that somebody is guessing addresses.",
        exim: ["grep -F '{client}' /var/log/exim4/mainlog | tail"],
        postfix: ["grep -F '{client}' /var/log/mail.log | tail"]),
      .blockClient,
      PlaybookStep(
        "exception", .change, "Exempt a legitimate client",
        "An exception for one client is safer than a higher limit for all.",
        .configuration(.exemptClient)),
      .inboundRecovered,
    ],
    mistakes: ["Turn the limit off: it keeps address guessers out."],
    reassurance: comesBack,
    escalation: "Tell a legitimate sender your limits, so that they can pace their mail.")

  static let inboundResource = Playbook(
    heading: "We defer clients: our server is short of resources",
    title: "We deferred {client}: this server is short of resources",
    meaning: [
      "This is our own shortage: disk, memory, CPU or processes.",
      "It affects every client, and often our own queue too.",
    ],
    advice: "Do not wait: incoming mail is stopped until it is fixed.",
    steps: [
      .queueRunner, .load,
      PlaybookStep(
        "load", .look, "What causes the load?",
        "It may be a virus filter, a queue run or another job on this host.",
        commands: ["uptime", "top -b -n 1 | head -20", "iostat -x 1 3"]),
      .limits, .clients,
      PlaybookStep(
        "room", .change, "Free up resources",
        "Free disk space or inodes, stop the job that uses the memory, stagger queue runs."),
      PlaybookStep(
        "raise-limit", .change, "If the machine has capacity to spare: raise the limit",
        "The process limit is a fixed number, however powerful the machine.",
        .configuration(.acceptMore)),
      .inboundRecovered,
    ],
    mistakes: [
      "Delete spool files by hand: that loses mail and confuses the running {mta}.",
      "Raise process limits on a machine without free memory.",
    ],
    reassurance: comesBack,
    escalation: "If the disk or the memory is failing, call the machine's administrator now.")

  static let inboundGreylisting = Playbook(
    heading: "We greylist clients",
    title: "We greylisted {client}: expected and harmless",
    meaning: [
      "Our own greylisting defers senders it does not know yet.",
      "A real mail server retries and is accepted. Most spam software does not.",
    ],
    advice: "Nothing to do: its next attempt after our delay is accepted.",
    steps: [
      PlaybookStep(
        "came-back", .look, "Did it come back?",
        "If the same sender retries from another address each time, it is never accepted: large"
          + " providers do that.",
        exim: ["grep -F '{client}' /var/log/exim4/mainlog | tail"],
        postfix: ["grep -F '{client}' /var/log/mail.log | tail"]),
      PlaybookStep(
        "allow", .change, "Accept known senders without the delay",
        "Add their network to your greylisting service's list of known clients."),
      .inboundRecovered,
    ],
    mistakes: ["Ask the sender to send it again by hand: that restarts the delay."],
    reassurance: comesBack,
    escalation: "If legitimate mail is late every day, shorten the delay to five minutes.")

  static let inboundTimeout = Playbook(
    heading: "Clients time out",
    title: "{client} timed out, so we closed the connection",
    meaning: [
      "The client was silent for so long that our {mta} closed the connection (4.4.2).",
      "Usually it is spam software, a probe, or a broken network on their side.",
    ],
    advice: "Single cases are normal. Act if it happens to many clients at once.",
    steps: [
      PlaybookStep(
        "at-which-command", .look, "At which command do they time out?",
        "After DATA with many clients: our network path drops large packets, or our filter is slow.",
        exim: ["grep 'timeout on connection' /var/log/exim4/mainlog | tail"],
        postfix: ["grep 'timeout after' /var/log/mail.log | tail"]),
      .queueRunner, .limits, .inboundRecovered,
    ],
    mistakes: ["Shorten the timeout: slow but legitimate servers would fail."],
    reassurance: comesBack,
    escalation: "If one legitimate sender always fails, send their postmaster the times.")
}
