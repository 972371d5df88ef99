// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Refused for good because of who we are, what we may do there, or how long it took; and what is no failure.
extension Playbook {
  static let refusedReputation = Playbook(
    heading: "Policy and reputation, for good",
    title: "{party} distrusts this mail and refused it for good",
    meaning: [
      "A block list, a spam filter or a rule of theirs refused the mail, its sender or our address.",
      "The message is returned to its sender, not tried again.",
    ],
    advice: "Sending it again makes it worse. Fix what the reply names first.",
    steps: [
      PlaybookStep(
        "which-list", .look, "What does the reply name: a list, a rule, a link?",
        "Most replies name the list or a page that says why. Only what they name can be fixed."),
      .blockLists,
      .identity,
      .authentication,
      .senders,
      PlaybookStep(
        "stop-source", .change, "Stop what sends it",
        "A bulk job or an account that was taken over must stop before you ask to be taken off a list."
      ),
      PlaybookStep(
        "delisting", .change, "Ask the list or the provider to take us off",
        "Once, after the cause is fixed: a listing that comes back is harder to remove."),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender why it was refused",
        "If only this message was refused, a link or an attachment in it may be the reason."),
    ],
    mistakes: [
      "Sending it again: it confirms their suspicion.",
      "Changing the address to get around it.",
    ],
    reassurance: nil,
    escalation: "After the fix, write to their postmaster with the full reply and what you changed."
  )

  static let refusedAuthentication = Playbook(
    heading: "Sender not authenticated, for good",
    title: "{party} refused {senderDomain} as not authenticated",
    meaning: [
      "SPF, DKIM or DMARC of the sender's domain do not cover this message.",
      "Forwarded mail and mail that programs send in the name of others fail first.",
    ],
    advice: "Waiting changes nothing. Fix SPF, DKIM or DMARC, then send the message anew.",
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
        "Whoever runs the DNS of {senderDomain} does it. Let one of the two pass and be aligned."),
      PlaybookStep(
        "tell-sender", .change, "Tell the sender to send it anew after that",
        "The message is not in our queue any more."),
    ],
    mistakes: [
      "Sending it again before the records are there.",
      "Setting DMARC to none for good: it hides the fault.",
    ],
    reassurance: nil,
    escalation: "If all three pass elsewhere, send their postmaster the headers and the full reply."
  )

  static let refusedLogin = Playbook(
    heading: "Login refused",
    title: "The server wants another login from us",
    meaning: [
      "It takes our mail only after a login, or over TLS, and did not get what it wants.",
      "Mail exchangers ask for no login: a relay or a submission port does.",
    ],
    advice: "Waiting changes nothing. Fix user name, password or encryption of the relay.",
    steps: [
      PlaybookStep(
        "relay-settings", .look, "Which relay, which user, and over TLS?",
        "Compare with what the relay's owner says: many passwords end, and many want TLS first.",
        exim: ["exim -bt POSTMASTER@{destination}", "exim -bP authenticators"],
        postfix: [
          "postconf relayhost smtp_sasl_auth_enable smtp_sasl_password_maps",
          "postconf smtp_tls_security_level smtp_sasl_security_options",
        ]),
      PlaybookStep(
        "try-login", .look, "Does the login work by hand?",
        "It shows which kinds of login they offer, and what they answer.",
        commands: ["swaks --server {host} --port 587 --tls --auth --quit-after AUTH"]),
      PlaybookStep(
        "fix-login", .change, "Correct the login, and reload",
        "A table of passwords has to be made anew after the change.",
        exim: ["update-exim4.conf", "systemctl reload exim4"],
        postfix: ["postmap FILE", "postfix reload"]),
    ],
    mistakes: [
      "Trying passwords: the account is locked.",
      "Changing SPF, DKIM or DNS: they are not what was refused.",
    ],
    reassurance: nil,
    escalation: "Ask whoever runs the relay, with the full reply and the time.")

  static let refusedRelaying = Playbook(
    heading: "Relaying denied",
    title: "The server takes no mail for {destination} from us",
    meaning: [
      "It is not responsible for the recipient's domain, or passes mail on only for its own users.",
      "Either the mail went to a wrong server, or a relay wants a login.",
    ],
    advice: "Waiting changes nothing. Fix the route, the login or the MX record first.",
    steps: [
      .mailExchangers,
      PlaybookStep(
        "routing", .look, "Where does this server send it, and why there?",
        "A route of ours, an old MX in a cache or a relay host may lead to the wrong server.",
        exim: ["exim -bt POSTMASTER@{destination}"],
        postfix: ["postconf relayhost transport_maps smtp_sasl_auth_enable"]),
      PlaybookStep(
        "fix-route", .change, "Correct the route, or log in at the relay",
        "A relay that knows our address or login takes the mail."),
      PlaybookStep(
        "tell-owner", .change, "If the MX is right: tell the domain's owner",
        "Their mail exchanger does not know the domain: nobody can send them mail."),
    ],
    mistakes: ["Changing SPF or DKIM: they are not what was refused."],
    reassurance: nil,
    escalation: "Send the full reply to the owner of the server that said so.")

  static let expired = Playbook(
    heading: "Given up",
    title: "Mail to {destination} was tried until its time was over",
    meaning: [
      "It was deferred until the queue's lifetime ended, and then returned to its sender.",
      "The last reply says why it was deferred; that cause has to be fixed before it is sent anew.",
    ],
    advice: "Nothing is tried again. Fix the cause of the deferrals, then send the message anew.",
    steps: [
      PlaybookStep(
        "all-attempts", .look, "What did every attempt end with?",
        "The same reply for days is a cause of its own; changing ones point to the network.",
        exim: ["exigrep {destination} /var/log/exim4/mainlog"],
        postfix: ["grep {destination} /var/log/mail.log | grep status="]),
      .scope,
      .mailExchangers,
      .port25,
      .retryPolicy,
      PlaybookStep(
        "tell-sender", .change, "Tell the sender to send it anew once mail gets through",
        "The message is not in our queue any more."),
    ],
    mistakes: [
      "Waiting: nothing is on its way.",
      "Making the queue's lifetime longer: senders learn of a failure later.",
    ],
    reassurance: nil,
    escalation: "Send the recipient's postmaster the last reply and how long it was tried.")

  static let complaint = Playbook(
    heading: "Called spam by its recipient",
    title: "A recipient at {destination} called the message spam",
    meaning: ["The message was delivered; this report is a complaint about it, and no deferral."],
    advice: "Take the address off the list, or find out who sends it.",
    steps: [
      PlaybookStep(
        "which-message", .look, "Which message, list or account was it?",
        "The report has the message's header below it."),
      .senders,
      PlaybookStep(
        "unsubscribe", .change, "Take the recipient off the list at once",
        "From 0.1 % of complaints on, providers defer and refuse the rest."),
      PlaybookStep(
        "stop-source", .change, "If nobody asked for the mail: stop what sends it",
        "Change the password of an account that was taken over."),
    ],
    mistakes: ["Writing to the recipient: it is one more message that they did not want."],
    reassurance: nil,
    escalation: "If complaints go on, ask the provider's postmaster page for our address.")

  static let accepted = Playbook(
    heading: "Accepted",
    title: "{party} agreed: this is no failure",
    meaning: ["A reply that begins with 2 or 3 says that all is well."],
    advice: "There is nothing to do.",
    steps: [
      PlaybookStep(
        "where-now", .look, "Is the message missing all the same?",
        "They took it and answer for it: their log or their spam folder has it.")
    ],
    mistakes: ["Sending it again: it arrives twice."],
    reassurance: nil,
    escalation: "If it does not arrive, send their postmaster this reply and its time.")
}
