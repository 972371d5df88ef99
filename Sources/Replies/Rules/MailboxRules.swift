// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// The recipient's mailbox: full, off, or locked.
  static let mailboxes: [Rule] = [
    Rule(
      "mailbox-full", .mailbox,
      [
        "quota|overquota + !of the server + !sending + !send + !sent + !hourly + !daily + !message quota + !transfer"
          + " + !outgoing + !outbound + !rate + !recipients + !messages + !mails + !emails + !sender",
        "mailbox|inbox|mail box|account|user|recipient|postfach|mail folder|maildir|mailfolder"
          + " .. full.|is full|storage|over limit|size limit|exceed|too large|no space|out of space"
          + "|too big|space|overdrawn|maximum|overflow"
          + " + !rate + !messages + !mails + !emails + !hour + !recipients + !sending + !connection + !recipient count"
          + " + !number of + !recipient limit",
        "exceeded|insufficient|out of|not enough|no more .. storage allocation|mailbox|inbox|user space"
          + "|space for user|account storage|mail storage|mailbox space + !rate + !throttl",
        "domain size limit|account storage|storage limit|mailbox size|maximum mailbox",
        "speicher .. empfanger|empfaenger|postfach",
        "postfach .. voll|uberfullt|ueberfuellt|uberschritten|ueberschritten|speicher",
        "boite .. pleine|plein|quota|depass", "buzon|casilla|cuota .. llen|exced|super|lleno",
        "caixa|cota .. cheia|exced|lotad", "casella|mailbox .. piena|pieno|superat",
        "mailbox .. vol.|postvak .. vol", "skrzynka|skrzynki .. pelna|przepeln|przekrocz",
        "メールボックス|容量|邮箱|郵箱|已满|已滿|переполнен|ящик|квота|пълна|postalada dolu|kvot",
      ], wait: .hours(1, 4),
      "The recipient's mailbox is full. Nothing to fix here: tell the sender; it is retried for days.",
      samples: [
        "452 4.2.2 <user@example.com> Quota exceeded (mailbox for user is full)",
        "450 Disk quota exceed for user@example.com", "452 4.2.2 account storage full",
        "452 <user@example.com> Domain size limit exceeded",
        "452 4.1.1 <user@comcast.net> user over quota", "452 Das Postfach des Empfängers ist voll",
        "452 La boîte de réception est pleine",
      ]),
    Rule(
      "mailbox-off", .mailbox,
      [
        "boite|compte|destinataire|buzon|casella|konto|postfach .. archiv|suspend|desactiv|inactiv|ferme|bloqu|disattiv|sospes|deaktiv|inaktiv|stillgelegt + !inactivite",
        "mailbox|recipient|user|account|inbox|mail box|addressee|postfach|empfanger|empfaenger|destinataire"
          + "|destinatario .. unavailable|not available|disabled|locked|busy|inactive|suspend|temporar"
          + "|not active|deactivated|in use|moved|offline|frozen|maintenance|not accepting|blocked"
          + "|closed|inaccessible|not ready|cannot receive|can not receive|unable to receive|dormant"
          + "|migrat|indispon|nicht|gesperrt|non disponib|over"
          + " + !lookup + !too many + !verif + !rate + !sender + !server + !storage unavail + !resolve"
          + " + !directory + !throttl + !volume + !database + !try again later + !internal",
        "konto|benutzer|compte|cuenta|conta|cassetta .. gesperrt|deaktiviert|suspendu|desactive|suspendid"
          + "|bloquead|desactivad|bloccat|sospes",
        "account temporarily unavailable|account is temporarily|mailbox unavailable|mailbox busy|mailbox locked|mailbox is|mailbox temporarily|mailbox disabled"
          + "|mail action not taken mailbox + !throttl + !volume",
        "recipient|user .. temporarily unavailable|temporarily disabled|temporarily suspended|currently",
        "locked mailbox|lock mailbox|unable to lock|mailbox lock|maildrop|cannot lock",
      ], wait: .hours(1, 4),
      "The recipient's mailbox accepts no mail for now: locked, moved or disabled. Tell the sender if it lasts.",
      samples: [
        "450 4.2.0 <user@comcast.net> - Recipient temporarily unavailable",
        "450 Requested mail action not taken: mailbox unavailable",
      ]),
  ]
}
