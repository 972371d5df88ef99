// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// What to say where waiting is the wrong answer.
extension Playbook {
  /// A message on hold or frozen: it never moves on its own.
  static let held = Playbook(
    heading: "On hold or frozen",
    title: "This message is on hold and will not be delivered",
    meaning: [
      "Somebody, or a rule, put it on hold (Postfix) or froze it (Exim).",
      "It stays until it is released. The sender is not notified.",
      "Exim freezes bounces that cannot be delivered. In Postfix, mail on hold never expires.",
    ],
    advice: "Waiting does not help. Release, bounce or remove it.",
    steps: [
      PlaybookStep(
        "why-held", .look, "Who put it on hold, and when?",
        "The log shows the user or the rule. If nobody knows, it was forgotten.",
        exim: ["exim -Mvl {id}", "grep {id} /var/log/exim4/mainlog"],
        postfix: ["grep {id} /var/log/mail.log"]),
      PlaybookStep(
        "look-inside", .look, "Is the mail legitimate?",
        "Check the sender, recipients and subject before anything else.",
        exim: ["exim -Mvh {id}"], postfix: ["postcat -qh {id}"]),
      PlaybookStep(
        "release", .change, "Release it, if it is legitimate",
        "It is tried at once. In Postfix, a message older than the queue lifetime may bounce"
          + " instead.", .act(.release)),
      PlaybookStep(
        "remove", .change, "Remove it, if it is not",
        "For example, a bounce to a forged sender. The sender is not notified.", .act(.remove)),
      PlaybookStep(
        "recovered", .check, "Is anything else still on hold?",
        "A finding remains until no message is on hold.",
        exim: ["exiqgrep -z -i | wc -l"], postfix: ["postqueue -p | grep -c '^[0-9A-Za-z]*!'"]),
    ],
    mistakes: [
      "Retry it: a message on hold is not tried.",
      "Remove all frozen mail at once without checking it.",
    ],
    reassurance: "Nothing is lost while it is on hold.",
    escalation: "Ask whoever put it on hold before you remove it.")

  /// No temporary failure, and of no kind that `Refusal` knows: `PermanentFailure` says what it is instead.
  static let notTemporary = Playbook(
    heading: "Not a temporary failure",
    title: "{party} refused this mail permanently: this is not a deferral",
    meaning: ["A 5xx reply is final: the message bounces and is not retried."],
    advice: "Waiting does not help. Fix what the reply names, then send it again.",
    steps: [
      PlaybookStep(
        "reply", .look, "Read the full reply",
        "Tempfail does not recognize its reason. A link or a code in it may say more."),
      .oneRecipient,
      .scope,
      .conversation,
      .testMessage,
      PlaybookStep(
        "tell-sender", .change, "Tell the sender what to fix",
        "The bounce has the full reply. Point out the sentence that matters."),
    ],
    mistakes: [
      "Retry it: a final answer stays the same.",
      "Treat it as a delay: nothing is being delivered.",
    ],
    reassurance: nil,
    escalation: "If the reply is wrong, send it to the recipient's postmaster in full.")
}

/// What a reply is that is no temporary failure.
enum PermanentFailure {
  /// The codes of RFC 5321, section 4.2.3, and RFC 4954, with their meaning.
  static let table: [(codes: ClosedRange<Int>, meaning: String)] = [
    (200...399, "This is not a failure: the other side accepted it."),
    (500...504, "They did not understand a command: software or a filter in between is at fault."),
    (521...521, "That host accepts no mail at all. Check the MX records."),
    (530...530, "They require a login or TLS first. Check the relay host's settings."),
    (534...534, "They require another login mechanism."),
    (535...535, "The login failed. Check the user name and password for the relay host."),
    (538...538, "They require TLS before the login."),
    (550...550, "The mailbox does not exist, or their rules refuse the mail permanently."),
    (551...551, "The recipient is not there; the reply may name another address."),
    (552...552, "The mailbox is over its quota, or the message is too large."),
    (553...553, "They do not allow an address in this form."),
    (554...554, "They refuse the message or the connection: content, reputation or a rule."),
    (555...555, "They do not recognize a parameter that we sent."),
    (556...556, "The domain accepts no mail (null MX)."),
    (500...599, "It is another permanent failure."),
  ]

  /// What `code` means, or that there is none.
  static func meaning(of code: Int?) -> String {
    guard let code else { return "It has no reply from another server." }
    return table.first { $0.codes.contains(code) }.map { "\(code): \($0.meaning)" }
      ?? "\(code) is not an SMTP code."
  }
}
