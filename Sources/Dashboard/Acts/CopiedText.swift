// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas

/// Text for the clipboard or for its own file, which somebody will paste: into a ticket, an editor, a shell.
///
/// It holds no control character but the line ends that were written here: in a terminal a line end or an escape sequence that
/// a stranger wrote would be a key that is pressed.
package struct CopiedText: Hashable, Sendable {
  package let text: String

  /// Text in which every line end is our own.
  init(lines: some Sequence<some StringProtocol>) {
    text = lines.map { SafeText($0).string }.joined(separator: "\n")
  }

  /// A letter that was put together here, line by line.
  init(letter: String) {
    self.init(lines: letter.split(separator: "\n", omittingEmptySubsequences: false))
  }

  /// One line, whatever it holds.
  init(line: String) { self.init(lines: [line]) }

  var isEmpty: Bool { text.isEmpty }
}
