// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Terminal
import Testing

@Suite struct LookTests {
  private let amber = Style(
    foreground: .rgb(red: 255, green: 175, blue: 0), background: .rgb(red: 0, green: 0, blue: 0),
    foreground16: 11, background16: 8)

  @Test(
    arguments: [
      (.many, 214, 16, false), (.sixteen, 11, 8, false), (.eight, 3, 0, true),
      (.mono, -1, -1, false),
    ] as [(Terminal.ColorDepth, Int, Int, Bool)])
  func fallsBack(depth: Terminal.ColorDepth, foreground: Int, background: Int, bold: Bool) {
    let look = Look(amber, depth: depth)
    #expect(look.foreground == foreground)
    #expect(look.background == background)
    #expect(look.bold == bold)
  }

  @Test(arguments: [.many, .sixteen, .eight, .mono] as [Terminal.ColorDepth])
  func theTerminalsOwnStays(depth: Terminal.ColorDepth) {
    let look = Look(Style(), depth: depth)
    #expect(look.foreground == -1)
    #expect(look.background == -1)
  }

  @Test(
    arguments: [
      (0, .mono), (2, .mono), (8, .eight), (16, .sixteen), (88, .sixteen), (256, .many),
      (16_777_216, .many),
    ] as [(Int, Terminal.ColorDepth)])
  func depths(colors: Int, depth: Terminal.ColorDepth) {
    #expect(Terminal.ColorDepth(colors: colors) == depth)
  }

  @Test(
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"),
      ("é\n", "w6kK"),
    ])
  func clipboardIsBase64(text: String, encoded: String) {
    #expect(Clipboard.sequence(for: text) == Array("\u{1B}]52;c;\(encoded)\u{7}".utf8))
  }

  @Test func clipboardHasALimit() {
    #expect(Clipboard.sequence(for: String(repeating: "a", count: 56_244)) != nil)
    #expect(Clipboard.sequence(for: String(repeating: "a", count: 56_248)) == nil)
  }
}
