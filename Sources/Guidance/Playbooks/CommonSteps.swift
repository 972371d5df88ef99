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
    "Without an MX record or an address, mail cannot be delivered.", .check(.mailExchangers))

  static let port25 = Self(
    "port25", .look, "Does port 25 of {destination} answer?",
    "The greeting shows whether their server is up, and whether it defers everybody or only us.",
    .check(.port25))

  static let service = Self(
    "service", .look, "Does {end} answer?",
    "The mail was handed to it. Its greeting on the port that was used shows whether it is running.",
    .check(.service), commands: ["ss -ltnp", "nc -v -w 10 {host} {port}"])

  static let path = Self(
    "path", .look, "Is {host} reachable over the network?",
    "Packet loss, or a path that ends early, shows where the connection breaks.", .check(.path))

  static let identity = Self(
    "identity", .look, "Do our address, its PTR record and our HELO name match?",
    "Many servers distrust an address whose reverse DNS is missing or does not match.",
    .check(.identity))

  static let authentication = Self(
    "authentication", .look, "Do SPF, DKIM and DMARC of {senderDomain} cover this server?",
    "Mail that fails them is deferred first. Alignment matters: the domain in From must"
      + " match the one that passed.", .check(.authentication))

  static let blockLists = Self(
    "block-lists", .look, "Is our address on a block list?",
    "A listing explains deferrals at many destinations at once. Only the block lists that you"
      + " configured are queried.", .check(.blockLists))

  static let conversation = Self(
    "conversation", .look, "How does an SMTP session go?",
    "A session up to RCPT, sending nothing, shows at which command they stop us, and whether TLS"
      + " works.",
    .check(.conversation))

  static let limits = Self(
    "limits", .look, "Which of our own limits are nearly exhausted?",
    "Above 80% of a limit, the next burst is refused.", .check(.limits))

  static let queueRunner = Self(
    "queue-runner", .look, "Is {mta} processing its queue?",
    "A stopped runner, a full disk, a firewall, or too little CPU or memory here keeps mail"
      + " waiting.", .check(.queueRunner))

  static let retryPolicy = Self(
    "retry-policy", .look, "What is the retry schedule of {mta}?",
    "Recommended: 15 to 30 minutes at first, then longer intervals, for several days.",
    .check(.retryPolicy))

  static let scope = Self(
    "scope", .look, "Who else is affected?",
    "Only {destination}: most likely their side. Several domains at one provider: that"
      + " provider. Every destination: our network, DNS, load or reputation.",
    .check(.scope))

  /// The same for what was held up before it could reach the destination.
  static let scopeOnItsWay = Self(
    "scope", .look, "Who else is affected?",
    "All mail through {party} waits, whatever its destination. If other mail waits too: our network, DNS or load.",
    .check(.scope))

  static let senders = Self(
    "senders", .look, "Which sender has most of the queue?",
    "If a bulk mailing or a compromised account fills the queue, slow or stop it first.",
    .check(.senders))

  static let reply = Self(
    "reply", .look, "Read the full reply",
    "The text and the enhanced code say more than 421 alone. A 550, 552, 554 or 535 is a different"
      + " case: it will not be retried.")

  static let status = Self(
    "status", .look, "Do they report maintenance or an outage?",
    "Check their status page. Large providers also defer mail at peak times.")

  static let retryPace = Self(
    "retry-pace", .change, "Set sensible retry intervals",
    "15 to 30 minutes at first for short problems, then longer and longer.",
    .configuration(.retryPace))

  static let retryOnce = Self(
    "retry", .change, "After waiting, retry once",
    "One attempt shows whether the problem is over. Then leave it to {mta}: every early retry counts"
      + " against us.", .act(.retry))

  static let recovered = Self(
    "recovered", .check, "Is mail to {destination} delivered again?",
    "A delivery after the last deferral in the log means that it is over. Then check that no"
      + " message is stuck in the queue.", .check(.recovered))

  static let rate = Self(
    "rate", .look, "Was there a burst before the first 421?",
    "Compare the messages per minute before it with the usual rate. A burst would be the cause.",
    .check(.rate))

  static let load = Self(
    "our-load", .look, "Do the deferrals rise when this server is busy?",
    "If they rise with our own load, the cause is here.", .check(.load))

  static let message = Self(
    "message", .look, "Is the message within the limits?",
    "Compare its size, recipients and format with the SIZE that they"
      + " announce and with our own limit.", .check(.message),
    exim: ["exim -bP message_size_limit", "exim -Mvh {id}"],
    postfix: ["postconf message_size_limit", "postcat -qh {id}"])

  static let testMessage = Self(
    "plain-test", .change, "Send one plain test message",
    "Plain text, one recipient, no attachment, no image. If it is accepted, they accept mail: the other"
      + " message hit a size, rate or filter limit.", .testMessage,
    commands: [
      "swaks --to POSTMASTER@{destination} --server {host} \\",
      "  --header 'Subject: Test' --body 'A plain test.'",
    ])

  static let clients = Self(
    "clients", .look, "Which clients use the connections?",
    "One client with many: stop or limit it. Many clients with one each: the limit may be too low.",
    commands: ["ss -tn sport = :25", "netstat -anp | grep :25", "lsof -i :25"])

  static let ourLog = Self(
    "log", .look, "Which of our rules did this?",
    "The line in the log names the rule, the client and the address.",
    exim: ["grep -F '{client}' /var/log/exim4/mainlog | tail"],
    postfix: ["grep -F '{client}' /var/log/mail.log | tail"])

  static let blockClient = Self(
    "block-client", .change, "Block a client that abuses it",
    "This frees connections for the others. First make sure that it is not one of your customers.",
    .configuration(.refuseClient))

  static let inboundRecovered = Self(
    "recovered", .check, "Do the refusals stop?",
    "Watch the log pane for ten minutes. Clients retry on their own.")
}
