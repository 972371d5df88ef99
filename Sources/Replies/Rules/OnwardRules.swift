// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
  /// The server that answered does not reach the one behind it.
  static let onwards: [Rule] = [
    Rule(
      "onward-down", .downstream,
      [
        "relay to|relaying to|forwarding to|hand off to|handoff to|proxy to|transfer to .. failed|failure|error|refused",
        "routing table|route table|directory service|account database|user database|recipient database|transport table|address book .. unavailable|not available|offline|down.|not reachable",
        "remote server|remote host|remote mail|remote mta|remote system|remote smtp|destination server|destination host|destination mail|target server"
          + "|target host|internal server|internal mail server|final server|recipient server|recipient mail server|end server|customer server"
          + "|customer s server|customer mail server|mailbox server|backend server|home server|primary server"
          + " .. unavailable|not available|not answer|not respond|isn t respond|doesn t respond|no answer|no response|down.|offline"
          + "|unreachable|not reachable|could not be reached|cannot be reached|refused + !socket + !responded with + !response was",
        "problem|problems|trouble|difficulty|difficulties .. connecting|contacting|reaching|communicating|talking|connection to"
          + " + !error code + !your",
        "cannot|can t|could not|couldn t|unable to|failed to|can not .. connect to @|reach @|contact @|connect to remote|connect to destination"
          + "|connect to mailbox|connect to internal|connect to backend|connect to end|connect to the destination"
          + "|connect to the remote|connect to recipient|connect to customer|connect to upstream|connect to next"
          + " + !socket error + !socketerror",
      ], wait: .minutes(15, 60),
      "The server that answered cannot reach the one behind it. Wait; if it lasts for hours, tell their postmaster.",
      samples: [
        "451 4.4.0 Remote server unavailable",
        "450 4.0.0 Problem when connecting. Please try again later.",
        "451 Can't connect to example.com - psmtp", "451 4.4.0 Remote server not answering",
      ]),
    Rule(
      "onward-timeout", .timeout, on: .theirs,
      [
        "timeout|timed out .. connecting to|connect to|contacting|talking to|waiting for response|waiting for server|waiting for remote|waiting for reply"
          + " + !your"
      ], wait: .minutes(5, 30),
      "The server that answered got no response from the one behind it.",
      samples: ["451 4.4.1 Timeout connecting to mail.example.com"]),
    Rule(
      "waited-for-us", .timeout, on: .ours,
      [
        "idle|silent|silence|stalled|inactiv|no activity|no command|no data|nothing received|without activity|too slow|talk faster|took too long|taking too long"
          + "|waited too long|waiting for command|waiting for data|waiting for client|waiting for input|waiting for your|waiting for the client"
          + "|command timeout|data timeout|input timeout|client timed out|client timeout|inattivita|inaktiv|inactivite|inactividad"
          + " + !backend + !upstream + !server did not + !lookup"
      ], wait: .minutes(5, 30),
      "They waited too long for us. Check the load here, the path and its MTU, scanners in between, and reused idle connections.",
      samples: [
        "421 4.3.0 too long idle time. you are disconnected",
        "421 Idle time limit exceeded, goodbye",
        "421 mx.example.net: SMTP command timeout - closing connection",
        "451 4.4.2 Timeout waiting for data from client.",
      ]),
  ]
}
