// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// How one MTA would present the simulated server: its IDs, its log lines, the answers of its commands.
protocol DemoDialect: Sendable {
  static var mta: MTA { get }
  static var logPath: String { get }
  /// Names of the MTA's executables that the simulated server has.
  static var executables: Set<String> { get }

  static func makeID(arrival: Int64, random: inout DemoRandom) -> String
  /// The log lines of an event; `stamp` is its time as UTC and local parts.
  static func lines(for event: DemoEvent, at time: Int64, utcOffset: Int) -> [String]
  /// The answer of a command, or nil if the simulated server does not know it.
  static func answer(
    _ executable: String, _ arguments: [String], _ simulation: DemoSimulation
  ) -> CommandResult?
}

extension DemoDialect {
  static func result(_ output: String, status: Int32 = 0, complaint: String = "") -> CommandResult {
    CommandResult(status: status, output: Array(output.utf8), complaint: complaint)
  }

  static func headers(of message: DemoMessage) -> [String] {
    [
      "From: \(message.sender.isEmpty ? "MAILER-DAEMON@\(DemoWorld.hostName)" : message.sender)",
      "To: \(message.recipients.map(\.address).joined(separator: ", "))",
      "Subject: \(message.isBulk ? "This week at the shop" : "Re: Thursday")",
      "Message-ID: <\(message.id.lowercased())@\(DemoWorld.hostName)>",
    ]
  }

  static var body: String { "This is a message on the simulated server.\nNobody receives it.\n" }

  static func destination(_ index: Int) -> DemoDestination { DemoWorld.destinations[index] }
}

extension DemoReply {
  /// The enhanced code of the reply, or one of the reply's class where it has none.
  var status: String {
    switch origin {
    case .timeout: return "4.4.1"
    case .remote(let text, _):
      let words = text.split { $0 == " " || $0 == "-" }
      let code = words.dropFirst().first.map(String.init) ?? ""
      return code.split(separator: ".").count == 3 && code.first == "4" ? code : "4.0.0"
    }
  }
}
