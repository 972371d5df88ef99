// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Distrust that is said without a reason.
  static let distrust: [Rule] = [
    Rule(
      "held-back", .policy,
      [
        "temporarily|temporary|tempor .. reject|deferred|block|denied|refus|deny|suspend|greeted|rate"
          + "|abgelehnt|abgewiesen|zuruckgewiesen|rechaz|rejet|rifiut|recus|geweigerd",
        "block|blocked|blocking|blokced|blockiert|bloque|bloqueado|bloccat|geblokkeerd|zablokowan"
          + "|заблокирован|拒绝|拒絕|拒否|ブロック",
        "gesperrt|verweigert|zugriff|acces refuse|acceso denegado|acesso negado|accesso negato|toegang"
          + "|odmowa|доступ|запрещ|geblockt|interdit|prohibido|proibid|vietato|verboden|不允许|受限|禁止",
        "go away|not welcome|access denied|not authorized|unauthorized|not authorised|not allowed|not permitted|prohibited|forbidden|refused by"
          + "|permission denied|access refused|not accepted|not acceptable|unacceptable",
        "message|mail|email|connection|sender|client|host|ip. .. reject|refused|denied|deferred|disallow|restricted",
        "rejected|refused|denied|deferred|deferring|rejecting|disallowed|restricted|abgelehnt|abgewiesen"
          + "|rejete|refuse|rechazado|rejeitad|recusad|rifiutat|rifiuto|odrzucon|geweigerd|отклонен|reddedildi|odmitnut",
      ], wait: .minutes(15, 60),
      "They defer this mail without a reason: usually they do not trust our address or the content. Check reputation and authentication.",
      samples: [
        "421 Temporarily rejected", "421 IP<192.0.2.16> rejected",
        "421 4.7.1 This email has been temporarily blocked",
        "450 4.7.1 Access denied",
      ])
  ]
}
