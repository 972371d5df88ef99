// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The connection broke, or something behind it did.
extension Playbook {
  static let timeout = Playbook(
    heading: "Timeout and lost connection",
    title: "The connection to {party} failed or went silent",
    meaning: [
      "Either no connection came about, or one side waited too long for the other.",
      "Codes: 4.4.1 (no answer), 4.4.2 (connection lost, timeout exceeded).",
      "Reasons: a firewall, a broken path, large packets that get lost, a slow or overloaded"
        + " server, a tarpit that answers slowly on purpose.",
    ],
    advice: "A short pause is enough where their server was only slow.",
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
        "no-reuse", .change, "Do not let connections sit idle",
        "Some servers drop a connection that waits for the next message.",
        .configuration(.noReuse)),
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Lowering our timeouts: a slow server then never gets the mail.",
      "Sending the message again: the first one is still queued, and both would arrive.",
    ],
    reassurance: "The message is queued here, not lost.",
    escalation: "If port 25 of every destination times out, ask our own provider: port 25 may be"
      + " blocked. If it is only theirs, write to their postmaster after four hours.")

  static let mailbox = Playbook(
    heading: "Mailbox full or switched off",
    title: "The recipient's mailbox at {destination} takes no mail now",
    meaning: [
      "The mailbox is full, or switched off for now (4.2.1, 4.2.2).",
      "Only the recipient or their administrator can change that.",
    ],
    advice: "{mta} keeps trying for some days, then tells the sender.",
    steps: [
      .reply,
      PlaybookStep(
        "one-recipient", .look, "Is it this recipient alone?",
        "If others at {destination} are delivered, their server is fine.",
        exim: ["exiqgrep -r {destination}"], postfix: ["postqueue -p | grep -B3 {destination}"]),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender",
        "They may know another way to reach the person: telephone, another address."),
      PlaybookStep(
        "give-up", .change, "Only if nobody can empty it: give up now",
        "The sender gets the message back at once, instead of in some days.", .act(.bounce)),
      .recovered,
    ],
    mistakes: [
      "Retrying by hand: a full mailbox stays full.",
      "Removing the message: the sender would never hear of it.",
    ],
    reassurance: "Nothing is wrong with our server. The message is queued, not lost.",
    escalation: "If many mailboxes at {destination} are \"full\" at once, their storage is: tell"
      + " their postmaster.")

  static let downstream = Playbook(
    heading: "Error behind their server",
    title: "Something behind {party} failed",
    meaning: [
      "{host} answered, but a server, filter or database behind it did not.",
      "Typical words: downstream server error, fork failed, unexpected failure, internal error.",
      "It happens between their front server and the mailbox, out of our reach.",
    ],
    advice: "Their own people mostly know of it already.",
    steps: [
      .reply,
      PlaybookStep(
        "deferred-not-rejected", .look, "Is it deferred, and not rejected?",
        "Deferred means that we try again. Failed or rejected is another case. In cPanel: Email,"
          + " Track Delivery. In Plesk: the domain, Mail, Track Email Delivery.",
        exim: ["exigrep {destination} /var/log/exim4/mainlog"],
        postfix: ["grep {destination} /var/log/mail.log | grep status="]),
      .scope,
      .port25,
      .status,
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Changing our configuration for a fault that is theirs.",
      "Sending the message again: if the first one was taken after all, it arrives twice.",
    ],
    reassurance: "This does not point to our hosting or our mail configuration.",
    escalation: "If it lasts more than four hours, ask the recipient's mail provider, and send the"
      + " full reply: it often holds a number that they can look up.")

  static let general = Playbook(
    heading: "When the reply does not say why",
    title: "{party} deferred this mail and does not say why",
    meaning: [
      "A 4xx reply is temporary: a soft bounce. {mta} keeps the message and tries again.",
      "The reply names no reason, or several at once. So look at the evidence in order.",
      "Most often it is a busy server, greylisting, or a limit on connections.",
    ],
    advice: "Most deferrals end within 15 to 30 minutes, without any change here.",
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
        "log", .look, "What does the log say around it?",
        "Which domains say 421, how often, and whether it goes with high load. Deferred is a"
          + " delay; failed or rejected is another case.",
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
        "less", .change, "In bulk: fewer connections, smaller batches, pauses",
        "High volume is among the most common reasons for a 421.",
        .configuration(.fewerConnections)),
      .retryPace,
      .retryOnce, .recovered,
    ],
    mistakes: [
      "Resending at once, without the wait.",
      "Ignoring batch limits.",
      "Taking a soft bounce for a permanent failure.",
      "Flushing the whole queue.",
      "Deleting in bulk before it is sure that the mail cannot be delivered.",
    ],
    reassurance: "Deferred mail is queued and tried again, not lost. A 421 says nothing about"
      + " hosting, domain registration or stored mailboxes, and a domain is seldom blocked by it.",
    escalation:
      "If it persists, write to the recipient's postmaster, with times, our address, their"
      + " host and the full reply.")
}
