// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// The line in which a filter is typed; it works while it is typed.
package struct FilterPrompt: Hashable, Sendable {
  package var pane: PaneID
  package var text: String
  /// What Esc brings back.
  var before: String
}

/// A question before an act.
///
/// Cancel has the focus; keys typed ahead are ignored.
package struct Confirmation: Hashable, Sendable {
  /// Milliseconds in which keys are taken for typed ahead.
  static let typeAhead: Int64 = 300

  package enum Button: CaseIterable, Hashable, Sendable {
    case cancel, alternative, go
  }

  package var act: Act
  package var mta: MTA
  /// What was selected when the dialog opened: nothing that arrives later is touched.
  package var targets: [QueuedMessage]
  package var focus = Button.cancel
  /// The act that is offered in its place, where there is a gentler one.
  package var alternative: Act?
  /// What to know before saying yes, a line each.
  package var warnings: [String]
  var openedAt: Int64

  var references: [MessageReference] { targets.compactMap(\.reference) }
  var buttons: [Button] { alternative == nil ? [.cancel, .go] : Button.allCases }
}

/// A message opened for reading.
package struct MessageReader: Hashable, Sendable {
  package var message: QueuedMessage
  /// Nil while it is being read.
  package var document: MessageDocument?
  package var problem: Problem?
  package var scroll = 0
}
