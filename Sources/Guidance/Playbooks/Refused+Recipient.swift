// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Refused permanently because of whom the mail was for, or of the message itself.
extension Playbook {
  static let refusedRecipient = Playbook(
    heading: "Recipient refused",
    title: "{party} refused this recipient permanently: this is not a deferral",
    meaning: [
      "The mailbox does not exist, was closed, or accepts no outside mail.",
      "The message bounces and is not retried.",
    ],
    advice: "Waiting does not help. Correct the address, then send the message again.",
    steps: [
      PlaybookStep(
        "spelling", .look, "Is the address spelled correctly?",
        "Compare it with an older message from the same person: a typo before or after the"
          + " @ is the usual reason."),
      .deliveredBefore,
      PlaybookStep(
        "where-from", .look, "Which of our lists, aliases or forwards contains it?",
        "It will be used again, and each attempt costs reputation with {party}.",
        exim: ["exim -bt POSTMASTER@{destination}", "grep -Fi '@{destination}' /etc/aliases"],
        postfix: [
          "postconf alias_maps virtual_alias_maps", "grep -Fi '@{destination}' /etc/aliases",
        ]),
      PlaybookStep(
        "remove-address", .change, "Remove the address from lists, aliases and forwards",
        "Providers treat mail to many nonexistent addresses as a sign of spam."),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender which address failed",
        "They can get the right one another way."),
    ],
    mistakes: [
      "Send it again to the same address: the answer stays the same.",
      "Change SPF, DKIM or DNS: they are not the reason.",
    ],
    reassurance:
      "Nothing is wrong with our server: mail to others at {destination} is not affected.",
    escalation: "If you are sure that the mailbox exists, send the full reply to their postmaster.")

  static let refusedMailbox = Playbook(
    heading: "Mailbox full, refused permanently",
    title: "The mailbox at {destination} is full: refused permanently",
    meaning: [
      "They refuse mail to a full mailbox instead of deferring it.",
      "Only the recipient or their administrator can make room.",
    ],
    advice: "The message is not retried. Send it again when there is room.",
    steps: [
      .oneRecipient,
      PlaybookStep(
        "tell-sender", .change, "Tell the sender, and reach the recipient another way",
        "The recipient may not know that the mailbox is full, and mail cannot reach them."),
      PlaybookStep(
        "send-anew", .change, "Send it again when the mailbox has room",
        "The message is no longer in our queue: its sender must send it again."),
    ],
    mistakes: [
      "Send it again and again: a full mailbox stays full.",
      "Change SPF, DKIM or DNS: they are not the reason.",
    ],
    reassurance: "Nothing is wrong with our server.",
    escalation: "If many mailboxes at {destination} are \"full\" at once, their storage is: tell"
      + " their postmaster.")

  static let refusedSize = Playbook(
    heading: "Message too large",
    title: "The message is too large for {party}: refused permanently",
    meaning: [
      "It exceeds their size limit, or the space left in the mailbox.",
      "In transit an attachment is about a third larger than its file.",
    ],
    advice: "Waiting does not help. Send smaller messages.",
    steps: [
      .message,
      PlaybookStep(
        "announced-size", .look, "Which size limit do they announce?",
        "A session up to RCPT shows the number after SIZE in the answer to EHLO.",
        .check(.conversation)),
      PlaybookStep(
        "smaller", .change, "Send a link, or several smaller messages",
        "The sender has to do that; the bounce only says that it was too large."),
      PlaybookStep(
        "own-limit", .change, "Only if our own limit refused it: raise ours",
        "A limit above theirs does not help: they would refuse it.",
        exim: ["exim -bP message_size_limit"],
        postfix: ["postconf message_size_limit mailbox_size_limit"]),
    ],
    mistakes: [
      "Send the same message again.",
      "Raise our limit when theirs refused it.",
    ],
    reassurance: "Smaller mail to {destination} is not affected.",
    escalation: "If it is below their announced size, send the reply to their postmaster.")

  static let refusedDomain = Playbook(
    heading: "Domain accepts no mail",
    title: "{destination} does not exist or accepts no mail: refused permanently",
    meaning: [
      "The domain has no mail exchanger and no address, or a null MX: it accepts no mail.",
      "A misspelled domain is the usual reason.",
    ],
    advice: "Waiting does not help. Correct the domain, then send the message again.",
    steps: [
      PlaybookStep(
        "spelling", .look, "Is the domain spelled correctly?",
        "Two swapped letters, or .con for .com, are the usual reason."),
      .mailExchangers,
      PlaybookStep(
        "resolver", .look, "Does another resolver find it?",
        "If it does, this server's DNS is at fault, and other domains fail too.",
        commands: ["dig +short MX {destination}", "dig +short MX {destination} @9.9.9.9"]),
      PlaybookStep(
        "expired-domain", .look, "Did the domain expire?",
        "An expired domain receives no mail.", commands: ["whois {destination}"]),
      PlaybookStep(
        "remove-address", .change, "Correct the address, or remove it from lists and aliases",
        "Otherwise it will be used again."),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender which domain failed",
        "They can get the right address another way."),
    ],
    mistakes: [
      "Add a manual route for the domain: the mail would go to a server that does not want it.",
      "Change SPF or DKIM: they are not the reason.",
    ],
    reassurance: nil,
    escalation: "If the domain exists, send its DNS operator the output of dig.")

  static let refusedLoop = Playbook(
    heading: "Mail loop",
    title: "Mail to {destination} loops: refused permanently",
    meaning: [
      "The message reached the same server again, or passed through too many servers.",
      "A forward, an alias or an MX record leads back to where the mail came from.",
    ],
    advice: "Waiting does not help. Break the loop, then send the message again.",
    steps: [
      PlaybookStep(
        "received-lines", .look, "Which servers appear twice?",
        "The Received lines in the bounce show the path, newest first: the loop is between the"
          + " two that alternate."),
      PlaybookStep(
        "mx", .look, "Do the mail exchangers of {destination} point back to us?",
        "If they name this server, it must accept the mail itself and not relay it.",
        .check(.mailExchangers)),
      PlaybookStep(
        "routing", .look, "Where does this server send it?",
        "A domain that we are the MX for must be one of our local or relay domains.",
        exim: ["exim -bt POSTMASTER@{destination}", "exim -bP '+local_domains'"],
        postfix: [
          "postconf mydestination virtual_mailbox_domains relay_domains",
          "postconf virtual_alias_maps transport_maps relayhost",
        ]),
      PlaybookStep(
        "break-loop", .change, "Remove the forward, alias or route that sends it back",
        "If two mailboxes forward to each other, stop one of them."),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender to send it again",
        "The message is no longer in our queue."),
    ],
    mistakes: [
      "Raise the hop limit: the loop only gets longer.",
      "Change SPF, DKIM or DNS before you know where the loop is.",
    ],
    reassurance: nil,
    escalation:
      "If the loop is between their own servers, send their postmaster the Received lines.")
}

extension PlaybookStep {
  static let deliveredBefore = Self(
    "delivered-before", .look, "Has mail to it been delivered before?",
    "If so, the mailbox was closed or renamed. If others at {destination} get mail, only this"
      + " address is wrong.",
    exim: ["exigrep {destination} /var/log/exim4/mainlog"],
    postfix: ["grep {destination} /var/log/mail.log | grep status="])

  static let oneRecipient = Self(
    "one-recipient", .look, "Is it this recipient alone?",
    "If other recipients at {destination} get mail, their server is fine.",
    exim: ["exigrep {destination} /var/log/exim4/mainlog"],
    postfix: ["grep {destination} /var/log/mail.log | grep status="])
}
