// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// Steps that several playbooks share.
extension PlaybookStep {
  /// Whether the step is of no use where the destination's own servers are asked.
  var isOnlyOnItsWay: Bool {
    if case .check(.service, _) = action { return true }
    return false
  }

  static let mailExchangers = Self(
    "mx", .look, "Does {destination} have mail exchangers?",
    "Without an MX record or an address there is nowhere to deliver to.", .check(.mailExchangers))

  static let port25 = Self(
    "port25", .look, "Does port 25 of {destination} answer?",
    "The greeting shows whether they are up, and whether they defer everybody or only us.",
    .check(.port25))

  static let service = Self(
    "service", .look, "Does {end} answer?",
    "The mail was handed to it, so it is asked at the port that was used: its greeting shows whether it runs.",
    .check(.service), commands: ["ss -ltnp", "nc -v -w 10 {host} {port}"])

  static let path = Self(
    "path", .look, "Is the network path to {host} whole?",
    "Loss, or a path that ends early, shows where the connection breaks.", .check(.path))

  static let identity = Self(
    "identity", .look, "Do our address, its PTR and our HELO name agree?",
    "Many servers distrust an address whose reverse DNS is missing or points elsewhere.",
    .check(.identity))

  static let authentication = Self(
    "authentication", .look, "Do SPF, DKIM and DMARC of {senderDomain} cover this server?",
    "Mail that does not pass them is deferred first. Alignment counts: the domain in From must"
      + " match the one that passed.", .check(.authentication))

  static let blockLists = Self(
    "block-lists", .look, "Does a block list name our address?",
    "A listing explains deferrals at many destinations at once. It is asked only where you have"
      + " configured lists.", .check(.blockLists))

  static let conversation = Self(
    "conversation", .look, "What do they answer, command by command?",
    "A conversation up to RCPT, with nothing sent, shows where they stop us, and whether encryption"
      + " comes about.",
    .check(.conversation))

  static let limits = Self(
    "limits", .look, "Which of our own limits are nearly used up?",
    "From 80 % of a limit on, the next burst is turned away.", .check(.limits))

  static let queueRunner = Self(
    "queue-runner", .look, "Does {mta} work through its queue?",
    "A stopped runner, a full disk, a firewall, or too little CPU or memory here keeps mail"
      + " waiting.", .check(.queueRunner))

  static let retryPolicy = Self(
    "retry-policy", .look, "When does {mta} try again?",
    "Good: 15 to 30 minutes between the first attempts, then growing pauses, for some days.",
    .check(.retryPolicy))

  static let scope = Self(
    "scope", .look, "Who else is affected?",
    "Only {destination}: their side, most likely. Several domains behind one provider: that"
      + " provider. Every destination: our network, DNS, load or reputation.",
    .check(.scope))

  /// The same for what was held up before it could reach the destination.
  static let scopeOnItsWay = Self(
    "scope", .look, "Who else is affected?",
    "Whatever goes by {party} waits for it, whatever its destination. If other mail waits too: our network, DNS or load.",
    .check(.scope))

  static let senders = Self(
    "senders", .look, "Which sender makes most of it?",
    "A bulk job or a stolen account behind most of the queue must be slowed or stopped first.",
    .check(.senders))

  static let reply = Self(
    "reply", .look, "Read the whole reply",
    "The words and the enhanced code say more than 421 alone. A 550, 552, 554 or 535 is another"
      + " case: it will not be tried again.")

  static let status = Self(
    "status", .look, "Do they announce maintenance or trouble?",
    "Look at their status page. Big providers defer mail at peak times too.")

  static let retryPace = Self(
    "retry-pace", .change, "Set sensible retry intervals",
    "Short pauses of 15 to 30 minutes for passing trouble, then longer and longer ones.",
    .configuration(.retryPace))

  static let retryOnce = Self(
    "retry", .change, "After the wait, retry once",
    "One attempt shows whether it is over. Then leave it to {mta}: every early retry counts"
      + " against us.", .act(.retry))

  static let recovered = Self(
    "recovered", .check, "Is mail to {destination} delivered again?",
    "A delivery after the last deferral in the log means that it is over. Then see that no"
      + " message is left stuck in the queue.", .check(.recovered))

  static let rate = Self(
    "rate", .look, "Was there a burst before the first 421?",
    "Messages per minute before it, against what is usual. A burst is the cause.", .check(.rate))

  static let load = Self(
    "our-load", .look, "Do the deferrals come when this server is busy?",
    "If they rise with our own load, the cause is here and not there.", .check(.load))

  static let message = Self(
    "message", .look, "Is the message within the limits?",
    "Size, number of recipients and format, from its header: compare with the SIZE that they"
      + " announce and with our own limit.", .check(.message),
    exim: ["exim -bP message_size_limit", "exim -Mvh {id}"],
    postfix: ["postconf message_size_limit", "postcat -qh {id}"])

  static let testMessage = Self(
    "plain-test", .change, "Send one plain test message",
    "Plain text, one recipient, no attachment, no image. If it is taken, they take mail: the other"
      + " message met a size, rate or filter limit.", .testMessage,
    commands: [
      "swaks --to POSTMASTER@{destination} --server {host} \\",
      "  --header 'Subject: Test' --body 'A plain test.'",
    ])

  static let clients = Self(
    "clients", .look, "Which clients use the connections?",
    "One client with many: stop or limit that one. Many with one each: the limit may be too low.",
    commands: ["ss -tn sport = :25", "netstat -anp | grep :25", "lsof -i :25"])

  static let ourLog = Self(
    "log", .look, "Which of our rules said so?",
    "The line in the log names the rule, the client and the address.",
    exim: ["grep -F '{client}' /var/log/exim4/mainlog | tail"],
    postfix: ["grep -F '{client}' /var/log/mail.log | tail"])

  static let blockClient = Self(
    "block-client", .change, "Turn away a client that abuses it",
    "It leaves the room to the others. Be sure that it is no customer of yours first.",
    .configuration(.refuseClient))

  static let inboundRecovered = Self(
    "recovered", .check, "Do the refusals stop?",
    "Watch the log pane for ten minutes. Clients come back by themselves.")
}
