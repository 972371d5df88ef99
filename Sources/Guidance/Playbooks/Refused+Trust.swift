// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Refused permanently because of who we are, what we may do there, or how long it took; and what is no failure.
extension Playbook {
  static let refusedReputation = Playbook(
    heading: "Policy and reputation, refused permanently",
    title: "{party} refused this mail permanently for policy or reputation",
    meaning: [
      "Their block list, spam filter or rule refused the mail, its sender or our address.",
      "The message bounces and is not retried.",
    ],
    advice: "Sending it again makes it worse. Fix what the reply names first.",
    steps: [
      PlaybookStep(
        "which-list", .look, "What does the reply name: a list, a rule, a link?",
        "Most replies name the list or a page that says why. Fix what they name."),
      .blockLists,
      .identity,
      .authentication,
      .senders,
      PlaybookStep(
        "stop-source", .change, "Stop its source",
        "Stop a bulk mailing or compromised account before you request delisting."
      ),
      PlaybookStep(
        "delisting", .change, "Request delisting",
        "Do it once, after the cause is fixed: a repeated listing is harder to remove."),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender why it was refused",
        "If only this message was refused, a link or an attachment in it may be the reason."),
    ],
    mistakes: [
      "Send it again: that confirms their suspicion.",
      "Change the sending address to get around it.",
    ],
    reassurance: nil,
    escalation: "After the fix, write to their postmaster with the full reply and what you changed."
  )

  static let refusedAuthentication = Playbook(
    heading: "Sender not authenticated, refused permanently",
    title: "{party} refused {senderDomain} as not authenticated",
    meaning: [
      "SPF, DKIM or DMARC of the sender's domain do not cover this message.",
      "Forwarded mail, and mail that programs send on behalf of others, fails first.",
    ],
    advice: "Waiting does not help. Fix SPF, DKIM or DMARC, then send the message again.",
    steps: [
      .authentication,
      PlaybookStep(
        "which-address", .look, "Which address sent it, and was it signed?",
        "The address in the reply must be in the SPF record, or the DKIM signature must match the"
          + " domain in From.",
        exim: ["exim -bP transports | grep -E 'transport:|dkim_|interface'"],
        postfix: ["postconf smtpd_milters non_smtpd_milters smtp_bind_address"]),
      .identity,
      PlaybookStep(
        "publish", .change, "Add our address to SPF and sign with DKIM",
        "The DNS operator of {senderDomain} has to do it. One of the two must pass and be aligned."),
      PlaybookStep(
        "tell-sender", .change, "Then tell the sender to send it again",
        "The message is no longer in our queue."),
    ],
    mistakes: [
      "Send it again before the records exist.",
      "Set DMARC to p=none permanently: that hides the fault.",
    ],
    reassurance: nil,
    escalation: "If all three pass elsewhere, send their postmaster the headers and the full reply."
  )

  static let refusedLogin = Playbook(
    heading: "Login refused",
    title: "The server requires a different login",
    meaning: [
      "It accepts our mail only after a login or over TLS.",
      "Mail exchangers require no login; a relay host or a submission port does.",
    ],
    advice: "Waiting does not help. Fix the relay host's user name, password or TLS settings.",
    steps: [
      PlaybookStep(
        "relay-settings", .look, "Which relay host, which user, and over TLS?",
        "Compare with the relay host's documentation: passwords expire, and many require TLS first.",
        exim: ["exim -bt POSTMASTER@{destination}", "exim -bP authenticators"],
        postfix: [
          "postconf relayhost smtp_sasl_auth_enable smtp_sasl_password_maps",
          "postconf smtp_tls_security_level smtp_sasl_security_options",
        ]),
      PlaybookStep(
        "try-login", .look, "Does the login work by hand?",
        "It shows which mechanisms they offer, and their reply.",
        commands: ["swaks --server {host} --port 587 --tls --auth --quit-after AUTH"]),
      PlaybookStep(
        "fix-login", .change, "Correct the login, then reload",
        "Rebuild the password table after the change.",
        exim: ["update-exim4.conf", "systemctl reload exim4"],
        postfix: ["postmap FILE", "postfix reload"]),
    ],
    mistakes: [
      "Try passwords: the account would be locked.",
      "Change SPF, DKIM or DNS: they are not the reason.",
    ],
    reassurance: nil,
    escalation: "Ask the relay host's operator, with the full reply and the time.")

  static let refusedRelaying = Playbook(
    heading: "Relaying denied",
    title: "The server accepts no mail for {destination} from us",
    meaning: [
      "It is not responsible for the recipient's domain, or relays only for its own users.",
      "Either the mail went to the wrong server, or a relay host requires a login.",
    ],
    advice: "Waiting does not help. Fix the route, the login or the MX record first.",
    steps: [
      .mailExchangers,
      PlaybookStep(
        "routing", .look, "Where does this server send it, and why there?",
        "Our own route, a cached old MX or a relay host may lead to the wrong server.",
        exim: ["exim -bt POSTMASTER@{destination}"],
        postfix: ["postconf relayhost transport_maps smtp_sasl_auth_enable"]),
      PlaybookStep(
        "fix-route", .change, "Correct the route, or log in to the relay host",
        "A relay host that knows our address or login accepts the mail."),
      PlaybookStep(
        "tell-owner", .change, "If the MX is right: tell the domain's owner",
        "Their mail exchanger does not accept the domain: nobody can send them mail."),
    ],
    mistakes: ["Change SPF or DKIM: they are not the reason."],
    reassurance: nil,
    escalation: "Send the full reply to the owner of that server.")

  static let expired = Playbook(
    heading: "Expired",
    title: "Mail to {destination} was retried until it expired",
    meaning: [
      "It was deferred until the queue lifetime ended, and then bounced.",
      "The last reply says why it was deferred; fix that before it is sent again.",
    ],
    advice: "It is not retried. Fix the cause of the deferrals, then send the message again.",
    steps: [
      PlaybookStep(
        "all-attempts", .look, "How did every attempt end?",
        "The same reply for days points to one cause; changing replies point to the network.",
        exim: ["exigrep {destination} /var/log/exim4/mainlog"],
        postfix: ["grep {destination} /var/log/mail.log | grep status="]),
      .scope,
      .mailExchangers,
      .port25,
      .retryPolicy,
      PlaybookStep(
        "tell-sender", .change, "Tell the sender to send it again once mail gets through",
        "The message is no longer in our queue."),
    ],
    mistakes: [
      "Wait: nothing is being delivered.",
      "Make the queue lifetime longer: senders would learn of failures later.",
    ],
    reassurance: nil,
    escalation: "Send the recipient's postmaster the last reply and how long it was retried.")

  static let complaint = Playbook(
    heading: "Reported as spam",
    title: "A recipient at {destination} reported the message as spam",
    meaning: ["The message was delivered; this report is a complaint about it, not a deferral."],
    advice: "Remove the address from the list, or find out who sends this mail.",
    steps: [
      PlaybookStep(
        "which-message", .look, "Which message, list or account was it?",
        "The report includes the message's header."),
      .senders,
      PlaybookStep(
        "unsubscribe", .change, "Remove the recipient from the list at once",
        "Above 0.1% complaints, providers defer and refuse the rest."),
      PlaybookStep(
        "stop-source", .change, "If nobody signed up for the mail: stop its source",
        "Change the password of a compromised account."),
    ],
    mistakes: ["Write to the recipient: it is one more message that they did not want."],
    reassurance: nil,
    escalation: "If complaints continue, check our address on the provider's postmaster page.")

  static let accepted = Playbook(
    heading: "Accepted",
    title: "{party} accepted it: this is not a failure",
    meaning: ["A reply that begins with 2 or 3 means success."],
    advice: "Nothing to do.",
    steps: [
      PlaybookStep(
        "where-now", .look, "Is the message missing anyway?",
        "They accepted it and are responsible for it: check their log or their spam folder.")
    ],
    mistakes: ["Send it again: it arrives twice."],
    reassurance: nil,
    escalation: "If it does not arrive, send their postmaster this reply and its time.")
}
