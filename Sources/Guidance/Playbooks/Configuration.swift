// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// This server's own settings or services are at fault.
extension Playbook {
  static let configuration = Playbook(
    heading: "Configuration of this server",
    title: "A setting or service on this server blocks mail to {destination}",
    meaning: [
      "The fault is on this server, not at {destination}: a login that the relay host refuses, a service or"
        + " socket that is missing, a table or an expansion that fails, or a mail loop.",
      "All mail on the same route waits until it is fixed here.",
    ],
    advice: "{mta} keeps retrying, with the same result until it is fixed here.",
    steps: [
      .reply,
      PlaybookStep(
        "log-around", .look, "What did {mta} log just before?",
        "Warning or panic lines in the same minute name the file, the line or the service.",
        exim: ["tail -n 50 /var/log/exim4/paniclog", "grep {id} /var/log/exim4/mainlog | tail"],
        postfix: ["grep -E 'warning|error|fatal|panic' /var/log/mail.log | tail -n 30"]),
      .service,
      PlaybookStep(
        "route", .look, "Where does {mta} send this mail?",
        "The route determines the relay host, port, login and filter.",
        exim: ["exim -bt RECIPIENT", "exim -bP routers", "exim -bP transports"],
        postfix: [
          "postconf relayhost transport_maps default_transport",
          "postconf content_filter mailbox_transport virtual_transport", "postconf -M",
        ]),
      PlaybookStep(
        "self-check", .look, "Does {mta} accept its own configuration?",
        "It reports unknown settings, unreadable files and wrong owners.",
        exim: ["exim -bV", "exim -bP configure_file"],
        postfix: ["postfix check", "postconf -n >/dev/null"]),
      PlaybookStep(
        "login", .look,
        "If the relay host refused the login: is the login correct?",
        "Providers may require an app password, or expire old ones. \"No mechanism available\" means"
          + " that the SASL library has no plug-in for what the relay host offers (Debian: libsasl2-modules).",
        exim: ["exim -bP authenticators", "ls -l /etc/exim4/passwd.client"],
        postfix: [
          "postconf smtp_sasl_auth_enable smtp_sasl_password_maps",
          "postconf smtp_sasl_mechanism_filter smtp_sasl_security_options",
          "ls -l /etc/postfix/sasl_passwd*",
        ]),
      PlaybookStep(
        "services", .look, "Are the services behind it running?",
        "A stopped filter, policy service or mailbox server keeps mail waiting.",
        commands: ["systemctl --failed", "ss -ltnp", "ss -lxp | grep -E 'postfix|dovecot|amavis'"]),
      .fixSetting, .retryOnce, .recovered,
    ],
    mistakes: [
      "Write to the recipient's postmaster: nothing is wrong there.",
      "Flush the whole queue before one message has been delivered.",
    ],
    reassurance: "The message is queued here, not lost.",
    escalation:
      "If the relay host refuses a correct user and password, ask its"
      + " operator: the account may be locked, or limited to other addresses.")

  static let inboundConfiguration = Playbook(
    heading: "One of our settings or services is at fault",
    title: "We are deferring {client} because of a fault in our own settings",
    meaning: [
      "An unreadable table, a failed expansion or a missing service made our {mta}"
        + " answer with a temporary code.",
      "Every client on the same path gets this answer.",
    ],
    advice: "Do not wait: incoming mail is stopped until it is fixed.",
    steps: [
      .ourLog,
      PlaybookStep(
        "self-check", .look, "Does {mta} accept its own configuration?",
        "It reports unknown settings, unreadable files and wrong owners.",
        exim: ["exim -bV", "tail -n 50 /var/log/exim4/paniclog"],
        postfix: ["postfix check", "grep -E 'warning|fatal' /var/log/mail.log | tail -n 30"]),
      .fixSetting, .inboundRecovered,
    ],
    mistakes: ["Restart again and again without reading the log."],
    reassurance: "Clients retry on their own, and their mail is not lost.",
    escalation: "If it started with an update, read that package's release notes first.")
}

extension PlaybookStep {
  fileprivate static let fixSetting = PlaybookStep(
    "fix", .change, "Fix the setting, or restart the service",
    "Change one thing at a time, then reload {mta}.",
    exim: ["exim -bV && systemctl reload exim4"], postfix: ["postfix check && postfix reload"])
}
