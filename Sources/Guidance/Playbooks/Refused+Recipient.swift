// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Refused for good because of whom the mail was for, or of the message itself.
extension Playbook {
  static let refusedRecipient = Playbook(
    heading: "Recipient refused",
    title: "{party} refused this recipient for good: this is no deferral",
    meaning: [
      "The mailbox does not exist, was closed, or takes no mail from outside.",
      "The message is returned to its sender, not tried again.",
    ],
    advice: "Waiting changes nothing. Correct the address, then send the message anew.",
    steps: [
      PlaybookStep(
        "spelling", .look, "Is the address spelled right?",
        "Compare it with an older message from the same person: a wrong letter before or after the"
          + " @ is the usual reason."),
      .deliveredBefore,
      PlaybookStep(
        "where-from", .look, "Which list, alias or forward of ours names it?",
        "What names it sends to it again, and each attempt costs reputation with {party}.",
        exim: ["exim -bt POSTMASTER@{destination}", "grep -Fi '@{destination}' /etc/aliases"],
        postfix: [
          "postconf alias_maps virtual_alias_maps", "grep -Fi '@{destination}' /etc/aliases",
        ]),
      PlaybookStep(
        "remove-address", .change, "Take the address off lists, aliases and forwards",
        "Providers take mail to many addresses that do not exist as a sign of spam."),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender which address failed",
        "They can ask for the right one by another way."),
    ],
    mistakes: [
      "Sending it again to the same address: the answer stays the same.",
      "Changing SPF, DKIM or DNS: they are not what was refused.",
    ],
    reassurance:
      "Nothing is wrong with our server: mail to others at {destination} is not affected.",
    escalation: "If the mailbox exists for certain, send the whole reply to their postmaster.")

  static let refusedMailbox = Playbook(
    heading: "Mailbox full for good",
    title: "The mailbox at {destination} is full: refused for good",
    meaning: [
      "They return mail to a full mailbox at once, instead of deferring it.",
      "Only the recipient or their administrator can make room.",
    ],
    advice: "The message is not tried again. Send it anew when there is room.",
    steps: [
      .oneRecipient,
      PlaybookStep(
        "tell-sender", .change, "Tell the sender, and reach the recipient by another way",
        "The recipient may not know that the mailbox is full: no mail can tell them."),
      PlaybookStep(
        "send-anew", .change, "Send it anew when the mailbox has room",
        "The message is not in our queue any more: it has to come from its sender again."),
    ],
    mistakes: [
      "Sending it again and again: a full mailbox stays full.",
      "Changing SPF, DKIM or DNS: they are not what was refused.",
    ],
    reassurance: "Nothing is wrong with our server.",
    escalation: "If many mailboxes at {destination} are \"full\" at once, their storage is: tell"
      + " their postmaster.")

  static let refusedSize = Playbook(
    heading: "Message too large",
    title: "The message is larger than {party} takes: refused for good",
    meaning: [
      "They take messages up to a size of their own, or the mailbox has room for smaller ones only.",
      "In transit an attachment is about a third larger than its file.",
    ],
    advice: "Waiting changes nothing. Send less in one message.",
    steps: [
      .message,
      PlaybookStep(
        "announced-size", .look, "Which size do they announce?",
        "A conversation up to RCPT shows the number behind SIZE in the answer to EHLO.",
        .check(.conversation)),
      PlaybookStep(
        "smaller", .change, "Send a link, or several smaller messages",
        "The sender has to do that; the bounce tells them only that it was too large."),
      PlaybookStep(
        "own-limit", .change, "Only if our own limit refused it: raise ours",
        "A limit of ours above theirs does not help: then they refuse it.",
        exim: ["exim -bP message_size_limit"],
        postfix: ["postconf message_size_limit mailbox_size_limit"]),
    ],
    mistakes: [
      "Sending the same message again.",
      "Raising our limit when theirs refused it.",
    ],
    reassurance: "Smaller mail to {destination} is not affected.",
    escalation: "If it is below the size that they announce, send the reply to their postmaster.")

  static let refusedDomain = Playbook(
    heading: "Domain takes no mail",
    title: "{destination} does not exist or takes no mail: refused for good",
    meaning: [
      "The domain has no mail exchanger and no address, or says with a null MX that it takes no mail.",
      "A domain that is spelled wrong is the usual reason.",
    ],
    advice: "Waiting changes nothing. Correct the domain, then send the message anew.",
    steps: [
      PlaybookStep(
        "spelling", .look, "Is the domain spelled right?",
        "Two letters that changed places, or .con for .com, are the usual reason."),
      .mailExchangers,
      PlaybookStep(
        "resolver", .look, "Does another resolver find it?",
        "If it does, the DNS of this server is at fault, and other domains fail too.",
        commands: ["dig +short MX {destination}", "dig +short MX {destination} @9.9.9.9"]),
      PlaybookStep(
        "expired-domain", .look, "Did the domain expire?",
        "A domain that was given up takes its mail with it.", commands: ["whois {destination}"]),
      PlaybookStep(
        "remove-address", .change, "Correct the address, or take it off lists and aliases",
        "What names it sends to it again."),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender which domain failed",
        "They can ask for the right address by another way."),
    ],
    mistakes: [
      "Writing a route for the domain by hand: mail goes to a server that does not want it.",
      "Changing SPF or DKIM: they are not what was refused.",
    ],
    reassurance: nil,
    escalation: "If the domain exists, tell whoever runs its DNS what dig prints.")

  static let refusedLoop = Playbook(
    heading: "Mail loop",
    title: "Mail to {destination} goes round in circles: refused for good",
    meaning: [
      "The message came by the same server again, or passed too many servers.",
      "A forward, an alias or an MX record leads back to where the mail came from.",
    ],
    advice: "Waiting changes nothing. Break the loop, then send the message anew.",
    steps: [
      PlaybookStep(
        "received-lines", .look, "Which servers are named twice?",
        "The Received lines in the bounce show the way, the newest first: the loop is between the"
          + " two that take turns."),
      PlaybookStep(
        "mx", .look, "Do the mail exchangers of {destination} lead back to us?",
        "If they name this server, it must take the mail itself and not pass it on.",
        .check(.mailExchangers)),
      PlaybookStep(
        "routing", .look, "Where does this server send it?",
        "A domain that we are MX for must be among our local or relayed domains.",
        exim: ["exim -bt POSTMASTER@{destination}", "exim -bP '+local_domains'"],
        postfix: [
          "postconf mydestination virtual_mailbox_domains relay_domains",
          "postconf virtual_alias_maps transport_maps relayhost",
        ]),
      PlaybookStep(
        "break-loop", .change, "Take away the forward, alias or route that sends it back",
        "Two mailboxes that forward to each other need one of them to stop."),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender that it has to be sent anew",
        "The message is not in our queue any more."),
    ],
    mistakes: [
      "Raising the limit of hops: the loop only gets longer.",
      "Changing SPF, DKIM or DNS before it is known where the loop is.",
    ],
    reassurance: nil,
    escalation:
      "If the loop is between servers of theirs, send their postmaster the Received lines.")
}

extension PlaybookStep {
  static let deliveredBefore = Self(
    "delivered-before", .look, "Was mail to it delivered before?",
    "If so, the mailbox was closed or renamed. If others at {destination} are delivered, only this"
      + " address is wrong.",
    exim: ["exigrep {destination} /var/log/exim4/mainlog"],
    postfix: ["grep {destination} /var/log/mail.log | grep status="])

  static let oneRecipient = Self(
    "one-recipient", .look, "Is it this recipient alone?",
    "If others at {destination} are delivered, their server is fine.",
    exim: ["exigrep {destination} /var/log/exim4/mainlog"],
    postfix: ["grep {destination} /var/log/mail.log | grep status="])
}
