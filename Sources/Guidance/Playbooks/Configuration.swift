// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// This server's own settings or services are at fault.
extension Playbook {
  static let configuration = Playbook(
    heading: "Configuration of this server",
    title: "A setting or service of this server keeps mail to {destination} here",
    meaning: [
      "The fault is on this server, not at {destination}: a login that the relay refuses, a service or"
        + " socket that is not there, a table or an expansion that fails, or a mail loop.",
      "All mail that takes the same way waits, until somebody fixes it here.",
    ],
    advice: "{mta} keeps the message and tries again, with the same result until it is fixed here.",
    steps: [
      .reply,
      PlaybookStep(
        "log-around", .look, "What did {mta} log just before?",
        "The warning or panic lines of the same minute name the file, the line or the service.",
        exim: ["tail -n 50 /var/log/exim4/paniclog", "grep {id} /var/log/exim4/mainlog | tail"],
        postfix: ["grep -E 'warning|error|fatal|panic' /var/log/mail.log | tail -n 30"]),
      .service,
      PlaybookStep(
        "route", .look, "Where does {mta} send this mail?",
        "The route decides which relay, port, login and filter are used.",
        exim: ["exim -bt RECIPIENT", "exim -bP routers", "exim -bP transports"],
        postfix: [
          "postconf relayhost transport_maps default_transport",
          "postconf content_filter mailbox_transport virtual_transport", "postconf -M",
        ]),
      PlaybookStep(
        "self-check", .look, "Does {mta} accept its own configuration?",
        "It names settings it does not know, files it cannot read, and wrong owners.",
        exim: ["exim -bV", "exim -bP configure_file"],
        postfix: ["postfix check", "postconf -n >/dev/null"]),
      PlaybookStep(
        "login", .look, "If the relay refused the login: are name, password and mechanism right?",
        "Providers want an application password, or end the old ones. \"No mechanism available\" means"
          + " that the SASL library has no plug-in for what the relay offers (Debian: libsasl2-modules).",
        exim: ["exim -bP authenticators", "ls -l /etc/exim4/passwd.client"],
        postfix: [
          "postconf smtp_sasl_auth_enable smtp_sasl_password_maps",
          "postconf smtp_sasl_mechanism_filter smtp_sasl_security_options",
          "ls -l /etc/postfix/sasl_passwd*",
        ]),
      PlaybookStep(
        "services", .look, "Do the services behind it run?",
        "A filter, a policy service or the mailbox server that has stopped keeps mail waiting.",
        commands: ["systemctl --failed", "ss -ltnp", "ss -lxp | grep -E 'postfix|dovecot|amavis'"]),
      .fixSetting, .retryOnce, .recovered,
    ],
    mistakes: [
      "Writing to the recipient's postmaster: nothing is wrong there.",
      "Flushing the whole queue before one message has gone through.",
    ],
    reassurance: "The message is queued here, not lost.",
    escalation:
      "If the relay refuses the login although name and password are right, ask whoever runs the"
      + " relay: the account may be locked, or bound to other addresses.")

  static let inboundConfiguration = Playbook(
    heading: "A setting or service of ours is at fault",
    title: "We defer {client} because of a fault in our own settings",
    meaning: [
      "A table that cannot be read, an expansion that fails, or a service that is not there made our {mta}"
        + " answer with a temporary code.",
      "Every client that takes the same way gets this answer.",
    ],
    advice: "Do not wait: incoming mail stands still until it is fixed.",
    steps: [
      .ourLog,
      PlaybookStep(
        "self-check", .look, "Does {mta} accept its own configuration?",
        "It names settings it does not know, files it cannot read, and wrong owners.",
        exim: ["exim -bV", "tail -n 50 /var/log/exim4/paniclog"],
        postfix: ["postfix check", "grep -E 'warning|fatal' /var/log/mail.log | tail -n 30"]),
      .fixSetting, .inboundRecovered,
    ],
    mistakes: ["Restarting again and again without reading the log."],
    reassurance: "Clients come back by themselves, and their mail is not lost.",
    escalation: "If it came with an update, look at that package's news first.")
}

extension PlaybookStep {
  fileprivate static let fixSetting = PlaybookStep(
    "fix", .change, "Fix the setting, or start the service again",
    "One change at a time. Then let {mta} read it.",
    exim: ["exim -bV && systemctl reload exim4"], postfix: ["postfix check && postfix reload"])
}
