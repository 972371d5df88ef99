// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance

extension DemoDestination {
  /// What it answers to a look at how it answers.
  func answers(to script: SMTPScript) -> SMTPTranscript {
    var refusal: (stage: DemoStage, reply: String)?
    switch behaviour {
    case .timesOut: return SMTPTranscript(exchanges: [], failure: .timedOut)
    case .defers(let reply, let stage, _), .limitsBulk(let reply, let stage, _):
      refusal = (stage, reply)
    case .greylists(let reply, _): refusal = (.recipient, reply)
    case .accepts, .limitsConnections: break
    }
    let all: [(DemoStage?, String, String)] = [
      (.greeting, "greeting", "220 \(host) ESMTP"),
      (nil, "EHLO", "250-\(host)\n250-SIZE 35882577\n250 8BITMIME"),
      (.mail, "MAIL FROM", "250 2.1.0 OK"), (.recipient, "RCPT TO", "250 2.1.5 OK"),
    ]
    var exchanges: [SMTPTranscript.Exchange] = []
    for (stage, command, agreement) in all.prefix(1 + script.commands.count) {
      let isRefused = stage != nil && refusal?.stage == stage
      exchanges.append(
        SMTPTranscript.Exchange(
          command: command, reply: isRefused ? refusal?.reply ?? agreement : agreement))
      if isRefused { break }
    }
    return SMTPTranscript(exchanges: exchanges)
  }
}
