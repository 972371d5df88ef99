// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// Greylisting: the word itself in any language, and what servers say instead of it.
  static let greylisting: [Rule] = [
    Rule(
      "greylisted", .greylisting,
      [
        "greylist|graylist|grey list|gray list|greylst|greylit|gerylist|greyliste|grelist|greyslist",
        "liste grise|lista gris|lista grigia|liste gris|lista cinza|szara lista|szarej liscie",
        "gralist|gra list|harmaalist|harmaa list|szurkelist|sedy list|gri liste|lista gri|graue liste|grauliste|grijze lijst|greytrap|greytemp|tempgrey|grey trap|grey listing",
        "серы|灰名单|灰名單|グレイリスト|グレーリスト|postgrey|@postgrey|sqlgrey|gross|greyd",
        "@greylisting|@greylist",
      ], wait: .minutes(15, 60),
      "Greylisting: they ask unknown senders to retry later. Do nothing; the retry from the same address is accepted.",
      samples: [
        "450 <user@example.net>: Recipient address rejected: Greylisted for 5 minutes",
        "451 4.7.1 Greylisting in action, please come back later",
        "450 4.7.1 <user@example.de>: Recipient address rejected: Auf der Greyliste, bitte in 5 Minuten erneut versuchen",
        "450 4.2.0 Adresse en liste grise, reessayez dans 5 minutes",
      ]),
    Rule(
      "greylisted-quoted", .greylisting,
      ["greylisted|graylisted|greylisting|grey listed .. try again|again in|come back|retry|later"],
      in: .own, wait: .minutes(15, 60),
      "Greylisting: they ask unknown senders to retry later. Do nothing; the retry is accepted.",
      samples: ["You are graylisted, try again in 300 seconds"]),
    Rule(
      "rejected-for-now", .greylisting,
      [
        "temporarily rejected|temporarily refused|temporarily denied|temporary reject|rejected temporarily .. try again|try later|again later|come back|retry"
          + " + !policy + !spam + !reputation + !spf + !dkim + !dmarc + !dns + !ptr. + !block + !list + !content + !virus + !rate"
          + " + !too many + !exceed + !quota + !complain + !suspicio + !sender"
      ], codes: [450, 451, 452], wait: .minutes(15, 60),
      "They defer the mail without a reason and ask us to retry: usually greylisting.",
      samples: ["451 4.7.1 Temporarily rejected. Try again later."]),
    Rule(
      "greylisting-words", .greylisting,
      [
        "not yet authorized|not yet authorised .. deliver|send",
        "triplet|first contact|first time sender|first time seen|new to us|unknown to us|not known to us"
          + "|never seen|not seen before|not seen you|not know you|don t know you|haven t seen|have not seen|yet unknown",
        "deferred|deferring|delayed|delaying|held .. for .. minute|second|sec.|min.|moment + !policy + !spam + !reputation + !too many"
          + " + !rate + !exceed + !suspend + !volume + !complaint",
        "temporary envelope failure|temporary delay for unknown",
        "retry|try .. too soon|too early",
        "too soon|too early|too quick .. retry|retried|try again|wait",
        "please|must|you .. wait .. second|minute|before + !connect + !rate + !too many + !quota",
        "delayed|delaying|defer|deferred .. first|unknown|new .. sender|client|host|connection|time",
        "come back|try again|retry|try later|returns .. in|after + second|minute|sec.|min.|minuten|0s.|mins."
          + " + temporarily rejected|recipient address rejected|sender address rejected|not known|unknown|first",
        "to prevent spam|to reduce spam|anti spam .. delay|try again|retry|tempor|wait",
        "antispam delay|spam delay|delay imposed|verzoger|verzoeger",
      ], wait: .minutes(15, 60),
      "Probably greylisting: unknown senders are asked to retry later. The MTA's normal retry will be accepted.",
      samples: [
        "451-192.0.2.2 is not yet authorized to deliver mail from\\n451-<user@example.org> to <user@example.com>.\\n451 Please try later.",
        "451 4.7.1 Temporary envelope failure, please retry in 5 minutes",
        "450 4.7.1 You must wait 300 seconds before sending again",
      ]),
  ]
}
