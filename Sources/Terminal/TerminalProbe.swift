// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CTerminal
package import Canvas
import Glibc

/// What the terminal can do, found without taking the screen.
package struct TerminalProbe: Hashable, Sendable {
  /// The value of TERM; empty if it is not set.
  package let name: String
  /// Whether standard input and output are a terminal, as a full screen needs.
  package let isTerminal: Bool
  /// Whether this machine has a description of the type, or of one that it resembles.
  package let isKnown: Bool
  /// Whether its cursor can be moved, as a full screen needs.
  package let movesCursor: Bool
  /// The description that is used, where it is another one's.
  package let substitute: String?
  /// 0 for none.
  package let colors: Int
  package let isUTF8: Bool
  package let size: Size

  package init() {
    name = getenv("TERM").map { String(cString: $0) } ?? ""
    isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    isUTF8 = CharacterSet.isUTF8
    do throws(TerminalType.Failure) {
      let type = try TerminalType(name)
      (isKnown, movesCursor, colors) = (true, true, type.colors)
      substitute = type.description == name ? nil : type.description
    } catch {
      (isKnown, movesCursor, colors, substitute) = (error == .cannotMoveCursor, false, 0, nil)
    }
    var window = winsize()
    let isSized = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0
    size =
      isSized
      ? Size(columns: Int(window.ws_col), rows: Int(window.ws_row)) : Size(columns: 0, rows: 0)
  }
}
