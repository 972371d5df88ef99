// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Words that distinguish delivery reports from other mail; all in small letters.
enum BouncePhrases {
  /// A recipient who failed is named after these words, or beside them.
  static let failure: [StaticString] = [
    "could not be delivered", "couldn't be delivered", "can't be delivered", "cannot be delivered",
    "not able to be delivered", "could not deliver", "couldn't deliver", "cannot deliver",
    "wasn't able to deliver", "was not able to deliver", "unable to deliver", "not delivered to",
    "wasn't delivered", "was not delivered", "hasn't been delivered", "not been delivered",
    "did not reach", "could not be reached", "not be sent", "couldn't be sent",
    "delivery to the following", "delivery to these", "delivery is delayed", "delivery has failed",
    "delivery failed", "failed to deliver", "failed delivery", "failure delivering",
    "undeliverable", "undelivered", "addresses had", "address had", "fatal errors",
    "non-fatal errors", "following address", "failed addresses follow", "addresses follow",
    "failure reason", "been delayed", "error delivering", "attempting to deliver",
    "recipients were affected", "following recipient", "trouble delivering", "rejected recipient",
    "permanent error", "transcript of session", "delivery problem", "error sending",
    "delivery error",
    "problem delivering", "returned to sender", "returning message", "bounced", "non-delivery",
    "nondelivery", "unknown user", "user unknown", "invalid final delivery", "exceeds allowed size",
    "unknown host", "not listed in", "rejected by", "errors occurred", "error occurred",
    "was undeliverable", "mail system", "did not receive this message", "not accepted for",
    "incorrectly constructed", "message details:", "transcript of the attempts",
    "account is disabled",
    "account is temporarily", "was not delivered within", "no longer valid", "can not be delivered",
    "has been rejected", "was rejected", "not a member of", "duplicated message-id",
    "no puede ser entregado", "no pudo ser entregado", "no se pudo entregar",
    "no se ha podido entregar",
    "não pôde ser entregue", "não foi possível entregar", "non può essere consegnato",
    "impossibile recapitare", "non remis", "n'a pas pu être", "n’a pas pu être", "konnte nicht",
    "konnten nicht", "nicht zugestellt", "unzustellbar", "niet worden afgeleverd", "niet bezorgd",
    "не может быть доставлено", "не доставлено", "не удалось доставить", "не було доставлено",
    "nie można dostarczyć", "nie została dostarczona", "kunne ikke leveres", "kunde inte levereras",
    "配信できません", "配信に失敗", "送信に失敗", "届けできません", "送信できません", "配送できません",
    "届きませんでした", "無法傳遞", "无法投递", "无法送达", "退信", "投递失败", "전달되지", "보내지 못",
  ]

  /// Subjects that only reports have.
  static let title: [StaticString] = [
    "undeliverable:", "undeliverable mail", "undeliverable message", "undelivered mail",
    "failure notice", "returned mail", "delivery status notification", "delivery failure",
    "mail delivery failed", "mail delivery failure", "delivery notification", "non-delivery",
    "non delivery", "there was an error sending your mail", "mail system error",
    "mail delivery status",
    "message delivery has failed", "delivery has failed", "message delivery failure",
    "email delivery failure",
    "returning message to sender", "returned to sender", "unzustellbar:", "non remis :",
    "non remis\u{A0}:",
    "no se puede entregar:", "não é possível entregar:", "não entregue:", "non recapitabile:",
    "удается доставить", "удалось доставить", "недоставленное сообщение", "недоставлено", "系统退信",
    "退信通知", "配信不能", "配信エラー",
  ]

  /// Subjects and senders of reports.
  static let subject: [StaticString] = [
    "undeliver", "undelivered", "deliver", "failure notice", "returned mail", "returned to sender",
    "mail failure", "mail failed", "mail error", "bounce", "non-remis", "failed mail", "non remis",
    "unzustellbar", "nicht zugestellt", "failure", "message you sent blocked", "warning: message",
    "message frozen", "error sending your mail", "not delivered", "returning message",
    "mail system error",
    "there was an error sending", "are not member", "not member article", "loop alert",
    "system error message", "security alert", "automatically rejected",
    "loop back warning", "reject mail", "no se puede entregar", "não entregue", "non recapitabile",
    "メール", "エラー", "配信", "退信", "投递", "доставл",
  ]

  static let sender: [StaticString] = [
    "mailer-daemon", "postmaster", "mail delivery", "mailerdaemon", "mailer_daemon", "post_master",
    "mdaemon", "microsoftexchange", "administrator", "daemon", "mailer@", "mail system",
    "mailsystem",
    "deliver", "mmsc", "mail server", "mailserver",
  ]

  /// The message is still kept (RFC 3464, section 2.3.3: delayed).
  static let delay: [StaticString] = [
    "has been delayed", "is delayed", "delivery delayed", "warning only", "warning message only",
    "not yet been delivered", "hasn't been delivered yet", "has not been delivered yet",
    "will be retried", "will keep trying", "attempts will continue",
    "will continue to be attempted",
    "still undelivered", "no action is required on your part", "delays in delivering",
    "do not need to resend", "don't need to resend",
  ]

  /// It is not.
  static let end: [StaticString] = [
    "permanent error", "failed permanently", "permanent failure", "permanent fatal", "given up",
    "giving up", "gave up", "no further delivery attempts", "returned to sender",
    "not going to try again", "has failed", "delivery failed", "could not be delivered to",
  ]

  static func holds(_ text: [UInt8], _ phrases: [StaticString]) -> Bool {
    phrases.contains { text.holds($0) }
  }
}
