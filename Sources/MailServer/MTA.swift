// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The mail transfer agent whose queue is read.
///
/// It only names one: what differs is in its own folder of each target, `Exim` or `Postfix`.
package enum MTA: String, CaseIterable, Hashable, Sendable {
  case exim
  case postfix

  /// What is peculiar to it, as far as texts and words go.
  var agent: any MailTransferAgent.Type {
    switch self {
    case .exim: Exim.self
    case .postfix: Postfix.self
    }
  }

  /// The one that is wanted, or all of them.
  static func those(_ wanted: MTA?) -> [MTA] { wanted.map { [$0] } ?? allCases }

  /// The name as its makers write it.
  package var name: String { agent.name }
  /// Its own words for keeping a message from being tried.
  package var holdWords: HoldWords { agent.holdWords }
  /// Whether an attempt may be requested while a message is frozen or on hold.
  package var retriesHeld: Bool { agent.retriesHeld }
  /// Whether it keeps a log for each message in the queue.
  package var keepsMessageLogs: Bool { agent.keepsMessageLogs }
  /// Whether a rule for the recipient says how long a message is tried.
  package var hasRetryRules: Bool { agent.hasRetryRules }
  /// A queue ID for examples, of no message.
  package var exampleID: String { agent.exampleID }
}

/// An MTA's own words for keeping a message from being tried, and for taking that back.
package struct HoldWords: Hashable, Sendable {
  /// `freeze`.
  package let hold: String
  /// `freezing`.
  package let holding: String
  /// What was done: `froze`.
  package let held: String
  /// `thaw`.
  package let release: String
  /// `thawing`.
  package let releasing: String
  /// What was done: `thawed`.
  package let released: String
  /// What such a message is: `frozen`.
  package let state: String
  /// The same in a table: `FROZEN`.
  package let label: String
}
