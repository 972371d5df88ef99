// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Too much in too short a time.
  static let rates: [Rule] = [
    Rule(
      "recipient-rate", .rateLimit, on: .recipient,
      [
        "receiving|receives|received .. too quickly|too fast|too rapidly|too many|at a rate|too much"
          + "|too often + !from a new + !untrusted",
        "recipient|mailbox|user|addressee|for this account .. rate limit|message rate|mail rate|too fast"
          + "|too quickly|too many messages|too much mail|too many mails|hourly|messages per|throttl"
          + " + !address rejected + !outgoing + !outbound + !sent + !sending",
      ], wait: .minutes(15, 60),
      "One mailbox is getting mail too fast. This is not about our reputation.",
      samples: [
        "450 User is receiving mail too quickly",
        "450 4.2.1 The recipient has exceeded message rate limit. Try again later.",
      ]),
    Rule(
      "rate", .rateLimit,
      [
        "quota|allowance|allotment|budget .. outgoing|outbound|sending|mail spent",
        "outgoing|outbound|sending|message|recipient|daily|hourly|monthly .. allowance|allotment|budget",
        "slower|captcha|numerous attempts|allowable number|too rapidly",
        "每小时|每天|每分钟|每日|发送上限|超过限|超出限|上限|매시간|발송|한도|1時間|送信上限",
        "rate limit|ratelimit|rate limited|throttl|rate control|rate exceed|sending rate|mail rate"
          + "|message rate|rate is|rate of|high rate|send rate|rate too|rate threshold|ratelimited|rate.",
        "hourly|daily|per hour|per day|per minute|per second|each hour|per user|per sender"
          + "|per domain|pro stunde|pro tag|pro minute|par heure|par jour|por hora|por dia|all ora"
          + "|per uur|na godzine",
        "too many|too much|excessive|large number|to many|exceed|limit|high volume|number of|max"
          + " .. message|mail|email|e mail|volume|traffic|recipient|sent|delivery|deliveries|submission"
          + "|rcpt|transaction|letters + !size + !too large + !loop + !queued + !in queue + !in the queue",
        "sent|sending|send|submitted|volume|outgoing|outbound .. too many|too much|too fast|too quickly"
          + "|limit|exceed|quota|too often|too frequently|excessive",
        "message|mail|email|sending|send|transfer|sender|outbound|outgoing .. limit|quota|frequency|volume"
          + " + !mailbox + !size + !full. + !storage + !over quota + !quota exceed + !user quota + !disk"
          + " + !lookup",
        "too frequent|too often|slow down|slow it down|back off|backoff|mail bomb|mailbomb|flood|burst|too fast|too quickly"
          + "|too rapid|frequency|frequently|excessive",
        "zu viele|zuviele|zu viel .. mail|nachricht|e mail|empfanger|empfaenger|anfragen",
        "trop de|trop .. mail|message|courriel|envoi|destinataires|requete",
        "limite|plafond|quota .. envoi|messages|mails|courriel|debit",
        "demasiad|muitas|muitos|excesso|limite .. mensaje|correo|mensag|email|envio|destinat",
        "troppi|troppe|limite .. messagg|email|mail|invi|destinatari",
        "te veel|teveel .. bericht|mail|ontvangers", "zbyt wiele|za duzo .. wiadomosc|mail|list",
        "送信数|通数|送信制限|流量|频率|頻率|频繁|頻繁|超过限制|слишком много|лимит",
        "versandrate|senderate|sende rate|verlangsam|langsamer|ralentir|mas despacio",
        "begrenz|beschrankt|beschraenkt|ratenbegrenzung|limitee|limitado|limitato",
      ], wait: .minutes(30, 60),
      "We send too much mail in too short a time. Send fewer messages per minute; check who sends the volume.",
      samples: [
        "451 4.7.1 Ratelimit \"to_ip_from\" exceeded",
        "454 Throttling failure: Maximum sending rate exceeded.", "470 you sent too many e-mails",
        "421 4.7.1 <DATA>: Data command rejected: Tu as envoye trop de mails recement.",
        "450 4.3.2 Too many mails (mail bomb), try again in 1 hour(s) 25 minute(s)",
        "450 4.7.1 Error: too many recipients from 192.0.2.1",
        "450 4.7.1 <user@example.org>: Sender address rejected: Policy: hourly quota exceeded",
        "450 Zu viele E-Mails in kurzer Zeit",
      ]),
  ]
}
