// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// A message opened for reading.
package struct MessageReader: Hashable, Sendable {
  package var message: QueuedMessage
  /// Nil while it is being read.
  package var document: MessageDocument?
  package var problem: Problem?
  package var scroll = 0
}
