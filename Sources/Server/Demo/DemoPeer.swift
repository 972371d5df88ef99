// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Guidance

extension DemoDestination {
  /// Its answers to an SMTP check.
  func answers(to script: SMTPScript) -> SMTPTranscript { answers(after: script.commands.count) }

  /// - Parameter commands: how many are said, as long as it agrees: 3 end with RCPT, 5 send a message.
  fileprivate func answers(after commands: Int) -> SMTPTranscript {
    var refusal: (stage: DemoStage, reply: String)?
    switch behavior {
    case .timesOut: return SMTPTranscript(exchanges: [], failure: .timedOut)
    case .defers(let reply, let stage, _): refusal = (stage, reply)
    case .limitsBulk(let reply, let stage, _): if stage == .mail { refusal = (stage, reply) }
    case .greylists(let reply, _): refusal = (.recipient, reply)
    case .accepts, .limitsConnections: break
    }
    let all: [(DemoStage?, String, String)] = [
      (.greeting, "greeting", "220 \(host) ESMTP"),
      (nil, "EHLO", "250-\(host)\n250-SIZE 35882577\n250 8BITMIME"),
      (.mail, "MAIL FROM", "250 2.1.0 OK"), (.recipient, "RCPT TO", "250 2.1.5 OK"),
      (nil, "DATA", "354 Go ahead"), (.data, ".", "250 2.0.0 OK: queued"),
    ]
    var exchanges: [SMTPTranscript.Exchange] = []
    for (stage, command, agreement) in all.prefix(1 + commands) {
      let isRefused = stage != nil && refusal?.stage == stage
      exchanges.append(
        SMTPTranscript.Exchange(
          command: command, reply: isRefused ? refusal?.reply ?? agreement : agreement))
      if isRefused { break }
    }
    return SMTPTranscript(exchanges: exchanges)
  }
}

/// What `swaks` would print of a conversation with one of the demo's destinations.
enum DemoPeer {
  static func answer(_ arguments: [String]) -> CommandResult {
    let server = arguments.firstIndex(of: "--server").map { arguments[$0 + 1] } ?? ""
    let place = DemoWorld.destinations.first { IPAddress($0.address) == IPAddress(server) }
    let transcript = place?.answers(after: arguments.contains("--quit-after") ? 3 : 5)
    let lines = (transcript?.exchanges ?? []).flatMap { exchange in
      (exchange.command == "greeting" ? [] : [" -> \(exchange.command)"])
        + exchange.reply.split(separator: "\n").map { "<-  \($0)" }
    }
    let output =
      lines.isEmpty ? ["*** Error connecting to \(server):25:", "*** \tconnect: timeout"] : lines
    return CommandResult(
      status: 0, output: Array((output.joined(separator: "\n") + "\n").utf8), complaint: "")
  }
}
