// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Distrust that is said plainly: lists, reputation, spam, complaints.
  static let reputation: [Rule] = [
    Rule(
      "block-list", .policy,
      [
        "blocked using|blocked by .. rbl|list|spamhaus|spamcop|sorbs|barracuda|dns|cbl|xbl|sbl|zen|@zen"
          + "|@bl|@dnsbl|@rbl",
        "listed in + !mx.",
        "listed on|listed at|listed by|is listed|are listed|been listed|blocked using",
        "blacklist|black list|blocklist|block list|dnsbl|rbl.|dnsbls|rbls|denylist|deny list"
          + "|blackhole|liste noire|lista negra|lista nera|schwarze liste|sperrliste|zwarte lijst"
          + "|czarna lista|ブラックリスト|黑名单|@spamhaus|@spamcop|@sorbs|@barracudacentral|@uceprotect"
          + "|spamhaus|spamcop|senderbase|uceprotect|@abuseat|@surriel|@psbl|@abusix|@invaluement"
          + " + !error + !lookup fail + !lookup failure + !temporary lookup",
      ], wait: .minutes(15, 60),
      "Our address or domain is on a block list that they use. Find the reason there, fix it, then request removal.",
      samples: [
        "421 4.7.1 Service unavailable; client host [192.0.2.8] blocked using zen.spamhaus.org",
        "454 4.7.1 Service unavailable; Client host [192.0.2.54] blocked using dnsbl.sorbs.net; Currently Sending Spam See: http://www.sorbs.net/lookup.shtml?192.0.2.54",
      ]),
    Rule(
      "reputation", .policy,
      [
        "reputation|reputacion|reputacao|sender score|senderscore|trust level|untrusted|poor rep"
          + "|réputation|low score|@talosintelligence|@ipcheck|信誉|信譽|bad score|risk score + !too many messages + !too many mails"
      ], wait: .minutes(15, 60),
      "Our address or domain has a poor reputation there. Find the reason, and send a low volume of legitimate mail.",
      samples: ["421 4.7.0 Your IP has a poor reputation, try again later"]),
    Rule(
      "spam", .policy,
      [
        "spam|spams|spammer|spamming|unsolicited|junk mail|bulk mail|suspicious.|suspiciously|suspicion|suspected|phish"
          + "|malware|virus|malicious|abuse|abusive|abusing|complaint|complain|spamtrap|spam trap"
          + "|垃圾|迷惑|спам|pourriel|unerwunscht|unerwuenscht|correo no deseado|nevyzadan"
          + " + !spam queue + !too many concurrent",
        "content .. reject|denied|not accept|block|refus|violat|filter|policy|unaccept + !filter at + !connection",
        "unusual|unexpected|anomal .. traffic|activity|behavio|pattern|volume + !error",
      ], wait: .minutes(15, 60),
      "They consider this mail, its content or its sender spam. Check who sends it and what users complain about.",
      samples: [
        "421 Too many spams from your IP",
        "450 4.7.1 Message content rejected, id=123 - looks suspicious",
      ]),
    Rule(
      "open-proxy", .policy,
      ["open proxy|open relay|compromised|infected|botnet|bot net|hijack|trojan"],
      wait: .minutes(15, 60), "They consider our host an open proxy or a compromised machine.",
      samples: ["421 4.7.0 mx.example.net Rejecting open proxy mail.example.org [192.0.2.2]"]),
    Rule(
      "local-policy", .policy,
      [
        "client host|your host|your ip|sending host|your server .. currently held|is held|on hold|quarantined|restricted",
        "policy|policies + !policy service + !policy server + !policy daemon + !size + !temporary + !lookup"
          + " + !rate limit + !too many + !connection limit + !quota + !tls + !starttls + !certificate + !encrypt",
        "client host rejected|client rejected|connection rejected .. service unavailable|temporarily unavailable + !dns + !lookup",
        "sender address blocked|sender blocked|blocked sender|ip blocked|ip is blocked|banned|ban list",
        "whitelist|white list|allowlist|allow list|not whitelisted",
        "is filtered|been filtered|administratively|administrative prohib|access list|acl.",
      ], wait: .minutes(15, 60),
      "One of their rules defers this mail. Ask their postmaster if it lasts.",
      samples: [
        "452 <user@zoho.com> Mailbox delivery restricted by policy error",
        "421 Sender address blocked",
      ]),
  ]
}
