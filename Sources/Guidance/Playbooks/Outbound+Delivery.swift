// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The connection broke, or something behind it did.
extension Playbook {
  static let timeout = Playbook(
    heading: "Timeout and lost connection",
    title: "The connection to {party} failed or timed out",
    meaning: [
      "Either the connection failed, or one side waited too long for the other.",
      "Codes: 4.4.1 (no answer), 4.4.2 (connection lost, timeout exceeded).",
      "Reasons: a firewall, a broken path, lost large packets, a slow or overloaded"
        + " server, a tarpit that answers slowly on purpose.",
    ],
    advice: "A short wait is enough if their server was only slow.",
    steps: [
      .port25,
      .mailExchangers,
      .path,
      .conversation,
      .scope,
      .queueRunner,
      PlaybookStep(
        "stage", .look, "At which command did it stop?",
        "Before the greeting: firewall or load. After DATA: packet size (MTU), their filter, or a"
          + " large message. After a pause between messages: a reused connection sat idle.",
        exim: ["exim -Mvl {id}"], postfix: ["grep {id} /var/log/mail.log"]),
      PlaybookStep(
        "packet-size", .look, "Do large packets get through?",
        "If small ones pass and large ones vanish, the path has an MTU problem.",
        commands: ["ping -M do -s 1472 -c 3 {host}", "tracepath {host}"]),
      .testMessage,
      PlaybookStep(
        "no-reuse", .change, "Do not keep idle connections open",
        "Some servers close a connection that waits for the next message.",
        .configuration(.noReuse)),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Lower our timeouts: a slow server would never get the mail.",
      "Send the message again: the first one is still queued, and both would arrive.",
    ],
    reassurance: "The message is queued here, not lost.",
    escalation: "If port 25 times out for every destination, ask our own provider: port 25 may be"
      + " blocked. If only for theirs, write to their postmaster after four hours.")

  static let mailbox = Playbook(
    heading: "Mailbox full or disabled",
    title: "The recipient's mailbox at {destination} accepts no mail now",
    meaning: [
      "The mailbox is full, or disabled for now (4.2.1, 4.2.2).",
      "Only the recipient or their administrator can change that.",
    ],
    advice: "{mta} retries for several days, then bounces the message.",
    steps: [
      .reply,
      PlaybookStep(
        "one-recipient", .look, "Is it this recipient alone?",
        "If other recipients at {destination} get mail, their server is fine.",
        exim: ["exiqgrep -r {destination}"], postfix: ["postqueue -p | grep -B3 {destination}"]),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender",
        "They may know another way to reach the person: phone, another address."),
      PlaybookStep(
        "give-up", .change, "Only if nobody can empty it: bounce it now",
        "The sender gets the message back now instead of in several days.", .act(.bounce)),
      .recovered,
    ],
    mistakes: [
      "Retry by hand: a full mailbox stays full.",
      "Remove the message: the sender would never know.",
    ],
    reassurance: "Nothing is wrong with our server. The message is queued, not lost.",
    escalation: "If many mailboxes at {destination} are \"full\" at once, their storage is: tell"
      + " their postmaster.")

  static let downstream = Playbook(
    heading: "Internal error behind their server",
    title: "A system behind {party} failed",
    meaning: [
      "{host} answered, but a server, filter or database behind it did not.",
      "Typical words: downstream server error, fork failed, unexpected failure, internal error.",
      "It happens between their front server and the mailbox; we cannot fix it.",
    ],
    advice: "Their admins usually know already.",
    steps: [
      .reply,
      PlaybookStep(
        "deferred-not-rejected", .look, "Is it deferred, not rejected?",
        "Deferred means that we will retry. Failed or rejected is a different case. In cPanel: Email,"
          + " Track Delivery. In Plesk: the domain, Mail, Track Email Delivery.",
        exim: ["exigrep {destination} /var/log/exim4/mainlog"],
        postfix: ["grep {destination} /var/log/mail.log | grep status="]),
      .scope,
      .port25,
      .status,
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Change our configuration for their fault.",
      "Send the message again: if the first one was accepted after all, it arrives twice.",
    ],
    reassurance: "This is not caused by our hosting or our mail configuration.",
    escalation: "If it lasts more than four hours, ask the recipient's mail provider, and send the"
      + " full reply: it often has an ID that they can look up.")

  static let general = Playbook(
    heading: "The reply does not say why",
    title: "{party} deferred this mail without a reason",
    meaning: [
      "A 4xx reply is temporary: a soft bounce. {mta} keeps the message and retries it.",
      "The reply gives no reason, or several. Go through the evidence in order.",
      "Most often it is a busy server, greylisting, or a connection limit.",
    ],
    advice: "Most deferrals end within 15 to 30 minutes without any change here.",
    steps: [
      .reply,
      .scope,
      .senders,
      .mailExchangers,
      .port25,
      .path,
      .identity,
      .authentication,
      .load,
      .status,
      PlaybookStep(
        "log", .look, "What else is in the log?",
        "Which domains send 421, how often, and whether it coincides with high load. Deferred is a"
          + " delay; failed or rejected is a different case.",
        exim: [
          "grep 421 /var/log/exim_mainlog", "grep 421 /var/log/exim4/mainlog",
          "tail -f /var/log/exim4/mainlog",
        ], postfix: ["grep 421 /var/log/maillog", "grep 421 /var/log/mail.log"]),
      .message,
      .limits,
      .queueRunner,
      .retryPolicy,
      .conversation,
      .testMessage,
      PlaybookStep(
        "less", .change, "For bulk mail: fewer connections, smaller batches, pauses",
        "High volume is one of the most common reasons for a 421.",
        .configuration(.fewerConnections)),
      .retryPace,
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Resend at once, without waiting.",
      "Ignore batch limits.",
      "Mistake a soft bounce for a permanent failure.",
      "Flush the whole queue.",
      "Delete in bulk before you are sure that the mail cannot be delivered.",
    ],
    reassurance: "Deferred mail is queued and retried, not lost. A 421 has nothing to do with"
      + " hosting, domain registration or stored mailboxes, and it rarely means that a domain is blocked.",
    escalation:
      "If it persists, write to the recipient's postmaster, with times, our address, their"
      + " host and the full reply.")
}
