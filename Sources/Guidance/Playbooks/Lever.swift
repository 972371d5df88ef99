// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// A change of configuration that a playbook proposes.
enum Lever: CaseIterable, Sendable {
  /// Fewer parallel connections to one destination.
  case fewerConnections
  /// Fewer messages a minute to one destination.
  case slowDown
  /// No connection that sits idle between messages.
  case noReuse
  /// TLS without requirements for one destination.
  case tlsException
  /// Longer and longer pauses between attempts.
  case retryPace
  /// More connections from clients.
  case acceptMore
  /// One client without limits.
  case exemptClient
  /// One client is blocked.
  case refuseClient
}

/// What a lever is set for.
struct LeverContext {
  /// Valid as text in a configuration, or a name that stands for it.
  var destination: String
  var client: String
  /// Connections that the provider is known to allow.
  var connections: Int?
  /// Messages in one connection that the provider is known to allow.
  var messagesPerConnection: Int?
  /// Values found on this server, by the name of the setting.
  var present: [String: String]
  /// The relay that the mail goes by, `[smtp.example.net]:587`; nil if it goes to the destination's own servers.
  var nextHop: String?

  /// Its host.
  var relayHost: String? {
    nextHop.map { $0.dropFirst().prefix { $0 != "]" } }.map(String.init)
  }

  /// The present value of a whole number, or its default.
  func number(_ setting: String, default value: Int) -> Int {
    present[setting].flatMap { Int($0) }.map { Swift.min(Swift.max($0, 1), 100_000) } ?? value
  }

  /// Half as much again: one step, not a leap.
  func raised(_ setting: String, default value: Int) -> Int {
    let present = number(setting, default: value)
    return present + Swift.max(1, present / 2)
  }
}

extension Lever {
  /// The exact changes, in the order in which they are to be made.
  func advice(for mta: MTA, _ context: LeverContext) -> [ConfigurationAdvice] {
    mta.advice.changes(for: self, context).map { Self.onThisServer($0, context.present) }
  }

  /// The same with the present values, and the file by the name that it has here.
  private static func onThisServer(
    _ advice: ConfigurationAdvice, _ present: [String: String]
  ) -> ConfigurationAdvice {
    guard !present.isEmpty else { return advice }
    var advice = advice
    advice.present = advice.lines.compactMap { line in
      // Lines that begin with a blank are of a transport, whose values are not known.
      guard !line.hasPrefix(" "), let name = line.split(separator: " = ").first.map(String.init)
      else { return nil }
      return present[name].map { "\(name) = \($0)" }
    }
    if let file = path(present["configure_file"]) {
      advice.file = advice.file.replacing(eximFile, with: file)
    }
    if let folder = path(present["config_directory"]), folder != postfixFolder {
      func moved(_ text: String) -> String {
        text.replacing("\(postfixFolder)/", with: "\(folder)/")
      }
      advice.file = moved(advice.file)
      advice.lines = advice.lines.map(moved)
      (advice.reload, advice.undo) = (moved(advice.reload), moved(advice.undo))
    }
    return advice
  }

  static let eximFile = "exim.conf (exim -bP configure_file names it)"
  static let postfixFolder = "/etc/postfix"

  /// A path that can be shown and copied into a shell as it is.
  private static func path(_ text: String?) -> String? {
    guard let text, text.hasPrefix("/"),
      text.utf8.allSatisfy({ byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte) || "/._-".utf8.contains(byte)
      })
    else { return nil }
    return text
  }
}
