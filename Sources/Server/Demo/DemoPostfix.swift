// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import MailServer

/// The simulated server as a Postfix.
enum DemoPostfix: DemoDialect {
  static let mta = MTA.postfix
  static let logPath = "/var/log/mail.log"
  static let executables: Set<String> = ["postqueue", "postconf", "postcat", "postsuper"]

  private static let version = "3.7.11"

  /// A short queue ID: five hexadecimal digits of microseconds, and the inode.
  static func makeID(arrival: Int64, random: inout DemoRandom) -> String {
    let digits = Array("0123456789ABCDEF")
    return String((0..<10).map { _ in digits[Int.random(in: 0..<16, using: &random)] })
  }

  static func lines(for event: DemoEvent, at time: Int64, utcOffset: Int) -> [String] {
    let stamp =
      DemoStamp.rfc3339(time) + " "
      + DemoWorld.hostName.prefix { $0 != "." } + " postfix/"
    switch event {
    case .received(let message):
      let count = message.recipients.count
      return [
        stamp + "qmgr[912]: \(message.id): from=<\(message.sender)>, size=\(message.size), "
          + "nrcpt=\(count) (queue active)"
      ]
    case .deferred(let message, let index, let reply, let seconds):
      let place = destination(reply.destination)
      let relay =
        switch reply.origin {
        case .timeout: "none"
        case .remote: "\(place.host)[\(place.address)]:25"
        }
      return [
        stamp + "smtp[\(2000 + reply.destination)]: \(message.id): "
          + "to=<\(message.recipients[index].address)>, relay=\(relay), delay=\(seconds), "
          + "delays=\(seconds)/0/1.2/0.8, dsn=\(reply.status), status=deferred "
          + "(\(reason(reply)))"
      ]
    case .delivered(let message, let index, let seconds):
      let place = destination(message.recipients[index].destination)
      return [
        stamp + "smtp[\(2000 + message.recipients[index].destination)]: \(message.id): "
          + "to=<\(message.recipients[index].address)>, relay=\(place.host)[\(place.address)]:25, "
          + "delay=\(seconds), delays=\(seconds)/0/0.3/0.4, dsn=2.0.0, status=sent (250 2.0.0 OK)"
      ]
    case .completed(let message): return [stamp + "qmgr[912]: \(message.id): removed"]
    case .refused(let client, let connections):
      return [
        stamp + "smtpd[1204]: warning: Connection concurrency limit exceeded: \(connections) "
          + "from unknown[\(client)] for service smtp"
      ]
    case .note(let message, let text): return [stamp + "postsuper[3301]: \(message.id): \(text)"]
    }
  }

  /// The reason that Postfix keeps with a recipient: lines joined by blanks.
  private static func reason(_ reply: DemoReply) -> String {
    let place = destination(reply.destination)
    switch reply.origin {
    case .timeout: return "connect to \(place.host)[\(place.address)]:25: Connection timed out"
    case .remote(let text, let stage):
      let line = text.split(separator: "\n").joined(separator: " ")
      let host = "host \(place.host)[\(place.address)]"
      switch stage {
      case .greeting: return "\(host) refused to talk to me: \(line)"
      case .mail: return "\(host) said: \(line) (in reply to MAIL FROM command)"
      case .recipient: return "\(host) said: \(line) (in reply to RCPT TO command)"
      case .data: return "\(host) said: \(line) (in reply to end of DATA command)"
      }
    }
  }

  static func answer(
    _ executable: String, _ arguments: [String], _ simulation: DemoSimulation
  ) -> CommandResult? {
    switch (executable, arguments.first) {
    case ("postqueue", "-j"): return result(listing(simulation))
    case ("postconf", _): return result(parameters(arguments.filter { !$0.hasPrefix("-") }))
    case ("postcat", let option?):
      guard let id = arguments.last, let index = simulation.index(of: id) else {
        return result(
          "", status: 1,
          complaint:
            "postcat: fatal: open queue file \(arguments.last ?? ""): No such file or directory")
      }
      return result(part(option, of: simulation.messages[index]))
    default: return nil
    }
  }

  private static func listing(_ simulation: DemoSimulation) -> String {
    simulation.messages.map { message in
      let recipients = message.recipients.filter { !$0.isDelivered }.map { recipient -> JSON in
        var members: [JSON.Member] = [JSON.Member("address", .string(recipient.address))]
        if let reply = recipient.reply {
          members.append(JSON.Member("delay_reason", .string(reason(reply))))
        }
        return .object(members)
      }
      let queue =
        switch message.phase {
        case .waiting: message.attempts == 0 ? "incoming" : "deferred"
        case .held: "hold"
        case .active: "active"
        }
      let object: JSON = [
        "queue_name": .string(queue), "queue_id": .string(message.id),
        "arrival_time": .integer(message.arrival), "message_size": .integer(message.size),
        "forced_expire": false,
        "sender": .string(message.sender.isEmpty ? "MAILER-DAEMON" : message.sender),
        "recipients": .array(recipients),
      ]
      return String(decoding: object.line, as: UTF8.self)
    }.joined()
  }

  private static func parameters(_ names: [String]) -> String {
    let values = [
      "mail_version": version, "queue_directory": "/var/spool/postfix", "syslog_name": "postfix",
      "minimal_backoff_time": "45s", "maximal_backoff_time": "700s", "queue_run_delay": "30s",
      "maximal_queue_lifetime": "5d", "default_process_limit": "100",
      "smtpd_client_connection_count_limit": "50", "default_destination_concurrency_limit": "20",
    ]
    return names.map { "\($0) = \(values[$0] ?? "")\n" }.joined()
  }

  private static func part(_ option: String, of message: DemoMessage) -> String {
    switch option {
    case "-qh": headers(of: message).joined(separator: "\n") + "\n"
    case "-qb": body
    default:
      (["sender: \(message.sender)"] + message.recipients.map { "recipient: \($0.address)" })
        .joined(separator: "\n") + "\n"
    }
  }
}
