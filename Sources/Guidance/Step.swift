// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// One step of a guided fix.
package struct Step: Hashable, Sendable, Identifiable {
  package enum Kind: String, Hashable, Sendable {
    /// Looks at something, read-only.
    case look = "CHECK"
    /// Changes the queue (behind a confirmation), or shows a change of configuration that the admin makes.
    case change = "CHANGE"
    /// Sees whether it is better now.
    case check = "VERIFY"
  }

  package enum Action: Hashable, Sendable {
    /// Something for the admin to read or do; nothing runs.
    case read
    case check(CheckRequest)
    case act(Act, on: ActScope = .message)
    /// A plain message to a mailbox of a domain, once it is confirmed.
    case testMessage(domain: String)
    /// Lines of configuration to show and copy.
    case configuration(ConfigurationAdvice)
  }

  /// Stable within its playbook: `mx`, `wait`, `slow-down`.
  package var id: String
  package var kind: Kind
  package var title: String
  /// Why this step, in one or two short sentences.
  package var why: String
  package var action: Action
  /// Commands that show the same by hand: to read and copy, never run from here.
  package var commands: [String]

  package init(
    id: String, kind: Kind, title: String, why: String, action: Action, commands: [String] = []
  ) {
    self.id = id
    self.kind = kind
    self.title = title
    self.why = why
    self.action = action
    self.commands = commands
  }
}

/// Which messages a step's act is for: what its title says.
package enum ActScope: Hashable, Sendable {
  /// The message that is explained.
  case message
  /// Everything that is queued from an address.
  case sender(String)
  /// What waits for a domain, of the sender that has most of it.
  case busiestSender(to: String)
}

/// A change of the MTA's configuration, as exact text.
///
/// Tempfail shows it and never makes it.
package struct ConfigurationAdvice: Hashable, Sendable {
  package var file: String
  /// The lines to put there.
  package var lines: [String]
  /// The command that makes them count.
  package var reload: String
  package var undo: String
  /// The command that shows the present value; empty if there is none.
  package var show: String
  /// Lines with the values found on this server of what `lines` sets; empty if none is known.
  package var present: [String]

  package init(
    file: String, lines: [String], reload: String, undo: String, show: String = "",
    present: [String] = []
  ) {
    self.present = present
    self.file = file
    self.lines = lines
    self.reload = reload
    self.undo = undo
    self.show = show
  }
}
