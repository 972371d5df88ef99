// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Terminal
import Testing

@Suite struct TerminalTypeTests {
  @Test(
    arguments: [
      ("xterm-256color", 256, LineSet.unicode, GraphSet.braille),
      ("tmux-256color", 256, .unicode, .braille), ("xterm-kitty", 32768, .unicode, .braille),
      ("putty-256color", 256, .unicode, .blocks), ("xterm", 8, .unicode, .blocks),
      ("screen", 8, .unicode, .blocks), ("vt220", 0, .unicode, .blocks),
      ("linux", 8, .console, .ascii), ("linux-16color", 16, .console, .ascii),
    ])
  func aTypeTellsWhatItCanShow(name: String, colors: Int, lines: LineSet, graphs: GraphSet) {
    let found = LineSet(terminal: name, isUTF8: true)
    #expect(found == lines)
    #expect(GraphSet(terminal: name, colors: colors, lines: found) == graphs)
    #expect(LineSet(terminal: name, isUTF8: false) == .ascii)
    #expect(GraphSet(terminal: name, colors: colors, lines: .ascii) == .ascii)
  }
}
