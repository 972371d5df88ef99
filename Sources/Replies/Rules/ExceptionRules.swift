// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Words that would mislead the rules after them: they are not about the one they name.
  static let exceptions: [Rule] = [
    Rule(
      "verification-incomplete", .other, on: .theirs,
      [
        "callout|call out|callback|sender verif|recipient verif|verify recipient|verify address"
          + " + could not|cannot|can t|not complete|defer|fail|unable|tempor|problem|unverified|progress|timed|timeout",
        "address verification in progress|unverified address|verification in progress",
        "address probe|recipient verification",
      ], wait: .minutes(15, 60),
      "They verify addresses with another server first, and that verification is not finished.",
      samples: [
        "451 Could not complete recipient verify callout",
        "450 4.1.1 <user@example.com>: Recipient address rejected: unverified address: Address verification in progress",
      ]),
    Rule(
      "loop", .other, on: .theirs,
      [
        "loop was found|mail looping|message looping|in a loop|forwarding loop|has looped",
        "too many .. hop|received header|loop", "mail loop|loop detected|routing loop|hop count",
      ],
      wait: .hours(1, 4),
      "The message loops between servers. Its Received headers show which two pass it to each other.",
      samples: ["450 4.4.6 Too many Received headers. Possible loop detected."]),
    Rule(
      "protocol-errors", .other, on: .ours,
      [
        "bad command|command sequence|sequence of commands|too many arguments|too few arguments|missing argument|invalid argument|invalid parameter|bad parameter|unsupported parameter|unexpected command|before greeting|before helo|before banner",
        "too many|max|exceed|limit .. error|bad command|invalid command|unrecogni|unknown command|syntax"
          + "|junk command|non mail|nonmail|protocol|failed auth|auth fail|failed login|bad smtp"
          + "|illegal|wrong command|commands|unimplemented|invalid auth|login attempt|noop|rset"
          + "|authentication + !downstream + !upstream + !backend",
        "command .. limit|out of sequence|not recogni|unrecogni|not implement|out of order|unexpected",
        "bad sequence|synchronization error|pipelining|protocol error|syntax error|improper command|protocol violation|violation of protocol|smtp violation|rfc violation"
          + " + !downstream + !upstream + !backend",
      ], wait: .minutes(15, 60),
      "They ended the session after too many errors or bad commands. Check the recipients and anything between the two servers.",
      samples: [
        "421 4.7.0 mail.postfix.example Error: too many errors",
        "421 4.7.0 mx.example.net Too many bad commands; closing connection",
        "421 4.7.0 Too many failed AUTH",
        "421 Exceeded bad SMTP command limit, disconnecting",
      ]),
    Rule(
      "line-endings", .other, on: .ours,
      [
        "malformed mime|mime .. malformed|invalid|error|nesting",
        "malformed message|malformed header|duplicate header|missing header|missing from|missing date",
        "bare cr|bare carriage|null byte|nul byte|nul character|8 bit in header|header too long|lines too long|message format|invalid header",
        "@smtplf|bare lf|bare linefeed|bare line feed|bare newline|line too long|lone lf|stray lf|stray newline",
      ],
      wait: .minutes(15, 60),
      "They do not accept the message's line endings or line lengths. It will not pass unchanged.",
      samples: ["451 See http://pobox.com/~djb/docs/smtplf.html."]),
    Rule(
      "relay-denied", .other, on: .theirs, atRelay: .configuration,
      [
        "relay|relaying .. denied|not permitted|not allowed|prohibited|refused|reject|not authori"
          + "|disallow + !ptr + !resolve + !dns + !lookup",
        "not permitted to relay|not allowed to relay|unable to relay|cannot relay|no relay + !internal + !moment + !remote",
        "not a local domain|not local .. domain|we do not relay",
      ], wait: .hours(1, 4),
      "That server does not accept mail for this domain from us. Check the MX and the route, or log in first.",
      samples: [
        "454 4.7.1 <user@example.com>: Relay access denied", "451 relay not permitted!",
      ]),
    Rule(
      "login-required", .other, on: .ours, atRelay: .configuration,
      [
        "require auth|authentication required|auth required|authenticate first|must authenticate"
          + "|authorization required|smtp auth|need to authenticate|login required|please log in",
        "authentication fail|fail authentication|failed authentication|authentication server"
          + "|could not authenticate|not authenticated|temporary authentication|authentication error"
          + "|authentication unavailable|authentication mechanism|smtp authentication|turn on smtp"
          + " + !spf + !dkim + !dmarc + !sender + !domain + !message + !encrypt + !tls",
        "account .. suspend|disabled|deactivat|locked|terminated + !mailbox + !recipient + !user + !temporar",
      ], wait: .hours(1, 4),
      "They require a login, or its account is disabled.",
      samples: [
        "421 REQUIRE_AUTH set without valid AUTH program.", "421 4.7.1 Account suspended",
      ]),
    Rule(
      "address-syntax", .other, on: .ours,
      [
        "bad|invalid|illegal|malformed|improper|wrong|incorrect .. address syntax|address format|mailbox syntax|recipient syntax|sender syntax",
        "syntax|malformed .. address|recipient|sender|mailbox + !too many + !dns. + !ptr. + !spf + !lookup + !reverse",
      ], wait: .hours(1, 4),
      "They cannot parse an address of this message. It will not pass unchanged: check its spelling.",
      samples: ["401 4.1.3 Bad recipient address syntax"]),
    Rule(
      "mailbox-path", .mailbox,
      [
        "user path|user directory|user home|home directory|maildir|mail directory|mailbox path|mailbox directory|spool directory"
          + " .. no exist|not exist|doesn t exist|does not exist|missing|not found|no such"
      ], wait: .hours(1, 4),
      "The recipient's mailbox directory is missing on their server. Tell the sender if it lasts.",
      samples: ["450 user path no exist"]),
    Rule(
      "recipient-unknown", .other, on: .recipient,
      [
        "no such person|nobody here|no one here|no user here|not a known user|no account here|no mailbox here",
        "user|recipient|mailbox|address|account|alias .. unknown|not found|does not exist|doesn t exist"
          + "|no such|invalid|not exist|undeliverable|not known"
          + " + !sender + !domain + !too many + !helo + !temporar + !dns. + !verif + !spf + !lookup"
          + " + !client + !ip. + !invalid format",
        "recipient|user|address .. not in route list|not in list|not in the list",
        "invalid|unknown|no such|nonexistent|illegal .. recipient|user.|mailbox|alias"
          + " + !sender + !too many + !domain + !spf + !dns. + !lookup + !excessive",
      ], wait: .hours(1, 4),
      "They do not know this recipient, but use a temporary code. It will bounce in the end: check the address.",
      samples: [
        "450 4.1.1 <user@example.com>: Recipient address rejected: User unknown in local recipient table"
      ]),
    Rule(
      "message-size", .other, on: .ours,
      [
        "message|mail|email|size|attachment .. too large|too big|size exceed|size limit|exceeds size"
          + "|exceeds the max|larger than + !mailbox + !quota + !rate + !domain size + !storage",
        "message size|mail size|size of the message",
      ], wait: .hours(1, 4),
      "The message is larger than they accept right now. If that does not change, the sender must make it smaller.",
      samples: ["450 Message size exceeds limit, try later"]),
    Rule(
      "license", .other, on: .theirs,
      ["license|licence|subscription .. expired|invalid|exceeded|limit"],
      wait: .hours(1, 4),
      "Their mail filter's license has expired. Their administrator must renew it.",
      samples: ["422 License Expired"]),
    Rule(
      "reconfiguration", .other, on: .theirs, ["reconfigur|being configured|under construction"],
      wait: .minutes(15, 60), "They are changing their server's configuration.",
      samples: ["421 Reconfiguration in progress"]),
    Rule(
      "bad-recipients", .policy,
      [
        "too many|excessive|high number|large number .. invalid|unknown|nonexist|non exist|not exist"
          + "|bad rcpt|bad recipient|wrong recipient|undeliver|illegal recipient",
        "dictionary attack|directory harvest|harvest",
      ], wait: .hours(1, 4),
      "Too many of our recipients do not exist there: it looks like address guessing to them. Clean the list.",
      samples: ["421 mx.example.it ESMTP - Too many invalid recipients from this IP"]),
    Rule(
      "message-recipients", .other,
      [
        "too many|number of|max|exceed|limit .. recipient|rcpt|addressees"
          + " + !from @ + !from. your + !from the sender + !from this sender + !from sender + !by the sender + !from your + !from client + !rate + !recent + !hour + !minute + !day + !daily + !connection + !session"
          + " + !today + !last + !24 hours + !short time + !too many emails + !too many mails + !too many messages + !account"
          + " + !per user + !quota + !ip. + !sent + !mailbox + !recipient address rejected",
        "zu viele empfanger|zu viele empfaenger|trop de destinataires|demasiados destinatarios"
          + "|muitos destinatarios|troppi destinatari|te veel ontvangers",
        "recipient|recipients|rcpt .. count|number .. exceed|reached|too high|too large",
        "out of allow rcpt|out of allowed rcpt",
        "recipients .. per message|in one message|single message|one transaction|per transaction",
      ], codes: [421, 450, 451, 452], wait: .minutes(5, 15),
      "Too many recipients in one message; the MTA sends the rest in the next transaction.",
      samples: ["452 4.5.3 Error: too many recipients"]),
    Rule(
      "scanner-down", .downstream,
      [
        "sieve|script|plugin|hook|lua|policy check .. fail|error|crash|exception|not reachable|timed out + !block + !javascript",
        "rspamd|clamd|clamav|spamd|milter|filter daemon|spam daemon .. not reachable|not running|is down",
        "spam|virus|antivirus|anti virus|antispam|content|malware|mail filter|filter|milter|clam"
          + "|prevention check|amavis|spamd|spamassassin|rspamd|policy service|policy server|policyd|dkim sign|scanner"
          + " .. unavailable|not available|error|failed|failure|timed out|timeout|down.|not respond"
          + "|could not|unable|cannot|can t|not running|problem|malfunction|crash|not reach"
          + " + !complain + !block + !suspicio + !unsolicited + !reput + !authent + !detected"
          + " + !content reject + !ptr + !spf",
        "error|failed|failure|problem|unable|could not|cannot|can t|timeout .. virus scan|spam scan"
          + "|content scan|scanner|virus check|spam check|clamd|clamav|amavis|spamd|milter|content filter"
          + "|content inspection|scan|virus filter|spam filter|policy service|policy server|policy daemon|policyd",
      ], wait: .minutes(15, 60),
      "Their spam or virus scanner is down, so they accept no mail. Their administrator must fix it if it lasts.",
      samples: [
        "451 4.3.0 Virus scanner unavailable, try again later",
        "451 4.5.0 Error in processing, id=1-2, virus_scan FAILED: All virus scanners failed",
      ]),
  ]
}
