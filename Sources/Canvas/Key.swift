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
  case mouse(Mouse)
}

/// What the mouse did, and at which cell.
package struct Mouse: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    /// The left button went down.
    case press
    case wheelUp, wheelDown
  }

  package var action: Action
  package var place: Point

  package init(_ action: Action, at place: Point) {
    self.action = action
    self.place = place
  }
}
