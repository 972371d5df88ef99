// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Replies

/// What to say where waiting is the wrong answer.
extension Playbook {
  /// A message on hold or frozen: it never moves by itself.
  static let held = Playbook(
    heading: "On hold or frozen",
    title: "This message is kept back: it will not be tried",
    meaning: [
      "Somebody, or a rule, told {mta} to keep it: on hold in Postfix, frozen in Exim.",
      "Nothing happens to it until it is released. Nobody is told that it waits.",
      "Exim freezes bounces that cannot be delivered. Postfix never expires held mail.",
    ],
    advice: "Waiting does not help. Decide: release, return or remove.",
    steps: [
      PlaybookStep(
        "why-held", .look, "Who kept it back, and when?",
        "The log names the user or the rule. If nobody knows, it was forgotten.",
        exim: ["exim -Mvl {id}", "grep {id} /var/log/exim4/mainlog"],
        postfix: ["grep {id} /var/log/mail.log"]),
      PlaybookStep(
        "look-inside", .look, "Is it wanted mail?",
        "Look at sender, recipients and subject before anything else.",
        exim: ["exim -Mvh {id}"], postfix: ["postcat -qh {id}"]),
      PlaybookStep(
        "release", .change, "Release it, if it is wanted",
        "It is tried at once. In Postfix a message older than the queue's lifetime may be returned"
          + " instead.", .act(.release)),
      PlaybookStep(
        "remove", .change, "Remove it, if it is not",
        "For instance a bounce to a forged sender. The sender is not told.", .act(.remove)),
      PlaybookStep(
        "recovered", .check, "Is anything else still kept back?",
        "A forgotten hold comes back as a finding until the last one is gone.",
        exim: ["exiqgrep -z -i | wc -l"], postfix: ["postqueue -p | grep -c '^[0-9A-Za-z]*!'"]),
    ],
    mistakes: [
      "Retrying: a message that is kept back is not tried.",
      "Removing all frozen mail at once without a look inside.",
    ],
    reassurance: "It is safe where it is.",
    escalation: "Ask whoever put it on hold before you remove it.")

  /// No temporary failure, and of no kind that `Refusal` knows: `PermanentFailure` says what it is instead.
  static let notTemporary = Playbook(
    heading: "Not a temporary failure",
    title: "{party} refused this mail for good: this is no deferral",
    meaning: ["A 5xx reply is final: the message is returned to its sender, not tried again."],
    advice: "Waiting changes nothing. Fix what the reply names, then send it anew.",
    steps: [
      PlaybookStep(
        "reply", .look, "Read the whole reply",
        "It names no reason that Tempfail knows. A page or a code in it may say more."),
      .oneRecipient,
      .scope,
      .conversation,
      .testMessage,
      PlaybookStep(
        "tell-sender", .change, "Tell the sender what to fix",
        "The bounce holds the whole reply. Point out the sentence that counts."),
    ],
    mistakes: [
      "Retrying: a final answer stays the same.",
      "Treating it as a delay: nothing is on its way.",
    ],
    reassurance: nil,
    escalation: "If the reply is wrong, send it to the recipient's postmaster in full.")
}

/// What a reply is that is no temporary failure.
enum PermanentFailure {
  /// The codes of RFC 5321, section 4.2.3, and RFC 4954, with their meaning.
  static let table: [(codes: ClosedRange<Int>, meaning: String)] = [
    (200...399, "It is no failure at all: the other side agreed."),
    (500...504, "They did not understand a command: a matter of software or a filter between."),
    (521...521, "That host takes no mail at all. Look at the MX records."),
    (530...530, "They want us to log in or to encrypt first. Look at the relay's settings."),
    (534...534, "They want another way to log in."),
    (535...535, "The login failed. Check user name and password of the relay."),
    (538...538, "They want encryption before the login."),
    (550...550, "The mailbox does not exist, or their rules refuse the mail for good."),
    (551...551, "The recipient is not there; the reply may name another address."),
    (552...552, "The mailbox is over its quota for good, or the message is too large."),
    (553...553, "The address is not written as they allow it."),
    (554...554, "They refuse the message or the connection: content, reputation or a rule."),
    (555...555, "They do not know a parameter that we sent."),
    (556...556, "The domain takes no mail (null MX)."),
    (500...599, "It is a permanent failure of another kind."),
  ]

  /// What `code` means, or that there is none.
  static func meaning(of code: Int?) -> String {
    guard let code else { return "It holds no reply of another server." }
    return table.first { $0.codes.contains(code) }.map { "\(code): \($0.meaning)" }
      ?? "\(code) is no code of the mail protocol."
  }
}
