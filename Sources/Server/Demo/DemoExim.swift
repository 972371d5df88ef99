// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The simulated server as an Exim.
enum DemoExim: DemoDialect {
  static let mta = MTA.exim
  static let logPath = "/var/log/exim4/mainlog"
  static let executables: Set<String> = ["exim4", "exim"]

  /// The form up to 4.96: seconds in base 62, the process, a fraction.
  static func makeID(arrival: Int64, random: inout DemoRandom) -> String {
    let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    func base62(_ number: Int64, width: Int) -> String {
      var number = number
      var text: [Character] = []
      for _ in 0..<width {
        text.append(digits[Int(number % 62)])
        number /= 62
      }
      return String(text.reversed())
    }
    let process = Int64.random(in: 60_000...900_000, using: &random)
    let fraction = Int64.random(in: 0..<3000, using: &random)
    return "\(base62(arrival, width: 6))-\(base62(process, width: 6))-\(base62(fraction, width: 2))"
  }

  static func lines(for event: DemoEvent, at time: Int64, utcOffset: Int) -> [String] {
    let stamp = DemoStamp.exim(time, utcOffset: utcOffset)
    switch event {
    case .received(let message):
      let sender = message.sender.isEmpty ? "<>" : message.sender
      return [
        "\(stamp) \(message.id) <= \(sender) H=app.corp.example [198.51.100.20] P=esmtp S=\(message.size)"
      ]
    case .deferred(let message, let index, let reply, _):
      return [
        "\(stamp) \(message.id) == \(message.recipients[index].address) R=dnslookup "
          + "T=remote_smtp \(failure(reply, message, index))"
      ]
    case .delivered(let message, let index, _):
      let place = destination(message.recipients[index].destination)
      return [
        "\(stamp) \(message.id) => \(message.recipients[index].address) R=dnslookup "
          + "T=remote_smtp H=\(place.host) [\(place.address)] C=\"250 2.0.0 OK\""
      ]
    case .completed(let message): return ["\(stamp) \(message.id) Completed"]
    case .refused(let client, let connections):
      return [
        "\(stamp) Connection from [\(client)]:\(40_000 + connections) refused: "
          + "too many connections from that IP address"
      ]
    case .note(let message, let text): return ["\(stamp) \(message.id) \(text)"]
    }
  }

  private static func failure(_ reply: DemoReply, _ message: DemoMessage, _ index: Int) -> String {
    let place = destination(reply.destination)
    let host = "H=\(place.host) [\(place.address)]"
    switch reply.origin {
    case .timeout:
      return
        "defer (110): Connection timed out \(host) DT=30s: SMTP timeout after initial connection"
    case .remote(let text, let stage):
      let line = text.split(separator: "\n").joined(separator: "\\n")
      let (number, command) =
        switch stage {
        case .greeting: (0, "initial connection")
        case .mail: (-45, "pipelined MAIL FROM:<\(message.sender)> SIZE=\(message.size)")
        case .recipient: (-44, "RCPT TO:<\(message.recipients[index].address)>")
        case .data: (-46, "end of data")
        }
      return
        "defer (\(number)) \(host): SMTP error from remote mail server after \(command): \(line)"
    }
  }

  static func answer(
    _ executable: String, _ arguments: [String], _ simulation: DemoSimulation
  ) -> CommandResult? {
    switch arguments.first {
    case "-bp":
      let wanted = Set(arguments.dropFirst())
      return result(
        simulation.messages.filter { wanted.isEmpty || wanted.contains($0.id) }
          .sorted { $0.arrival < $1.arrival }
          .map { listing($0, now: simulation.now) }.joined())
    case "-bV": return result("Exim version 4.96 #2 built 21-Nov-2026 12:00:00\n")
    case "-brt": return result("Retry rule: *  *  F,2h,15m; G,16h,1h,1.5; F,4d,6h; \n")
    case "-bP": return result(options(Array(arguments.dropFirst())))
    case "-Mvh", "-Mvb", "-Mvl":
      guard let id = arguments.last, let index = simulation.index(of: id) else {
        return result(
          "Spool read error for \(arguments.last ?? "")-H: No such file or directory\n", status: 1)
      }
      return result(part(arguments[0], of: simulation.messages[index], now: simulation.now))
    default: return nil
    }
  }

  private static func listing(_ message: DemoMessage, now: Int64) -> String {
    let minutes = (now - message.arrival) / 60
    let hours = (minutes + 30) / 60
    let age =
      minutes <= 90
      ? padded("\(minutes)m", 3)
      : hours <= 72 ? padded("\(hours)h", 3) : padded("\((hours + 12) / 24)d", 3)
    var frozen = ""
    if case .held = message.phase { frozen = " *** frozen ***" }
    let recipients = message.recipients.map {
      "        \($0.isDelivered ? "D" : " ") \($0.address)\n"
    }
    return "\(age) \(size(message.size)) \(message.id) <\(message.sender)>\(frozen)\n"
      + recipients.joined() + "\n"
  }

  /// A size as Exim prints it: five columns.
  private static func size(_ bytes: Int64) -> String {
    if bytes < 1024 { return padded("\(bytes)", 5) }
    let tenths = bytes * 10 / 1024
    return tenths < 100
      ? padded("\(tenths / 10).\(tenths % 10)K", 5) : padded("\(bytes / 1024)K", 5)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func options(_ names: [String]) -> String {
    let values = [
      "log_file_path": "/var/log/exim4/%slog", "spool_directory": "/var/spool/exim4",
      "smtp_accept_max": "20", "smtp_accept_max_per_host": "10", "remote_max_parallel": "2",
      "queue_run_max": "5",
    ]
    return names.map { "\($0) = \(values[$0] ?? "")\n" }.joined()
  }

  private static func part(_ option: String, of message: DemoMessage, now: Int64) -> String {
    switch option {
    case "-Mvh":
      let headers = headers(of: message).map { "\(String($0.utf8.count + 1)) \($0)" }
      return
        (["\(message.id)-H", "mail 8 8", "<\(message.sender)>", "\(message.arrival) 0"]
        + ["XX", "\(message.recipients.count)"] + message.recipients.map(\.address) + [""] + headers)
        .joined(separator: "\n") + "\n"
    case "-Mvb": return "\(message.id)-D\n\(body)"
    default:
      return message.recipients.indices.compactMap { index in
        message.recipients[index].reply.map {
          "\(DemoStamp.exim(now, utcOffset: 0)) \(message.recipients[index].address) "
            + "R=dnslookup T=remote_smtp "
            + failure($0, message, index) + "\n"
        }
      }.joined()
    }
  }
}
