// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Canvas

/// What came from the terminal or from a signal.
package enum TerminalEvent: Hashable, Sendable {
  case key(Key)
  case resize(Size)
  /// The screen was left (Ctrl-Z) and is back: draw it anew.
  case resumed
  /// The terminal is gone (closed pty, SIGHUP).
  case hangup
  /// SIGTERM, SIGINT or SIGQUIT, with its number.
  case terminate(Int32)
  /// The descriptor that `wait` was told of is readable.
  case wake
}

/// The one full-screen terminal.
///
/// Lives and dies on the main thread; restores the terminal when it ends.
package struct Terminal: ~Copyable {
  package enum Failure: Error, Hashable {
    case notATerminal
    case unknownTerminal(String)
  }

  /// How many colours may be used.
  package enum ColorDepth: Int, Hashable, Sendable {
    case mono = 0
    case eight = 8
    case sixteen = 16
    case many = 256
  }

  package let lines: LineSet
  package let colors: ColorDepth

  /// Opens the screen.
  ///
  /// - Parameters:
  ///   - ascii: draw lines in ASCII even where the locale is UTF-8.
  ///   - color: false for a monochrome screen (`--no-color`, `NO_COLOR`).
  package init(ascii: Bool, color: Bool) throws(Failure) { throw .notATerminal }

  package var size: Size { Size(columns: 80, rows: 24) }

  /// Blocks until a key, a signal, `descriptor` or the timeout (milliseconds; nil for none), and returns all
  /// that is there.
  package func wait(alsoFor descriptor: Int32, timeout: Int?) -> [TerminalEvent] { [] }

  /// Shows a frame; only rows that differ from the one before are touched.
  package mutating func present(_ grid: Grid, theme: Theme) {}

  /// Leaves the screen, stops the process as Ctrl-Z does, and comes back.
  package mutating func suspend() {}

  /// Sends text to the terminal's clipboard (OSC 52).
  package func copy(_ text: String) {}
}
