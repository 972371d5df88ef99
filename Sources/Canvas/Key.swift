// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A key, or a paste, as the terminal sent it.
package enum Key: Hashable, Sendable {
  case character(Character)
  /// Ctrl with a letter, in lower case.
  case control(Character)
  case enter, escape, tab, backTab, backspace, delete, insert
  case up, down, left, right, pageUp, pageDown, home, end
  case function(Int)
  /// Text pasted at once (bracketed paste); never run as commands.
  case paste(String)
}
