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
  /// One client turned away.
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
    switch mta {
    case .exim: exim(context)
    case .postfix: postfix(context)
    }
  }
}
