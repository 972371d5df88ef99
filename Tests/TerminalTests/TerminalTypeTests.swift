// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Testing

@testable import Terminal

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

  /// A name, the descriptions that the machine has with their colors (-2: cannot move its cursor),
  /// and the one that is used.
  @Test(
    arguments: [
      ("xterm-ghostty", ["xterm": 8, "xterm-256color": 256], "xterm-256color"),
      ("xterm-kitty", ["xterm": 8], "xterm"), ("xterm-kitty", ["xterm-kitty": 256], "xterm-kitty"),
      ("alacritty", ["xterm-256color": 256], "xterm-256color"),
      ("tmux-256color", ["screen": 8, "screen-256color": 256], "screen-256color"),
      ("foot", ["xterm-256color": 256], "xterm-256color"),
      ("vt220", ["vt220": 0, "xterm": 8], "vt220"), ("no-such-terminal", ["xterm": 8], nil),
      ("xterm-ghostty", [:], nil), ("", ["": 8, "xterm": 8], nil), ("dumb", ["dumb": -2], nil),
    ] as [(String, [String: Int], String?)])
  func aRelativeStandsInForATypeThatIsMissing(
    _ name: String, _ known: [String: Int], _ used: String?
  ) {
    let type = try? TerminalType(name) { known[$0] ?? -1 }
    #expect(type?.description == used)
  }

  @Test func whatCannotMoveItsCursorIsNotUnknown() {
    #expect(throws: TerminalType.Failure.cannotMoveCursor) {
      try TerminalType("dumb") { $0 == "dumb" ? -2 : -1 }
    }
    #expect(throws: TerminalType.Failure.unknown) { try TerminalType("foo") { _ in -1 } }
  }
}
