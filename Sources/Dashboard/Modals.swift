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

/// A message opened for reading.
package struct MessageReader: Hashable, Sendable {
  package var message: QueuedMessage
  /// Nil while it is being read.
  package var document: MessageDocument?
  package var problem: Problem?
  package var scroll = 0
}
