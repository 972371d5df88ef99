// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import TestSupport
import Testing

@Suite struct TextLayoutTests {
  @Test(
    arguments: [
      ("", 10, [""]),
      ("short", 10, ["short"]),
      ("one two three", 7, ["one two", "three"]),
      ("one  two", 20, ["one two"]),
      ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
      ("a abcdefghij b", 4, ["a", "abcd", "efgh", "ij b"]),
      ("first\n\nsecond", 10, ["first", "", "second"]),
      ("作者作者", 5, ["作者", "作者"]),
      ("x", 0, ["x"]),
      ("a\u{1B}b", 20, [#"a\u{1B}b"#]),
    ])
  func wraps(text: String, width: Int, lines: [String]) {
    #expect(wrap(text, width: width) == lines)
  }

  /// Text is broken at the same places whether it is ASCII or has another letter in it.
  @Test(arguments: 0..<200 as Range<UInt64>) func wrapsASCIIAsOtherText(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let signs = (0..<Int.random(in: 1...120, using: &random)).map { _ in
      "aab.-   ".randomElement(using: &random) ?? "a"
    }
    let text = String(signs)
    let width = Int.random(in: 2...30, using: &random)
    let other = wrap(text.replacing("a", with: "é"), width: width)
    #expect(wrap(text, width: width) == other.map { $0.replacing("é", with: "a") })
  }

  @Test(
    arguments: [
      ("mail.example.org", 20, "mail.example.org"),
      ("mail.example.org", 9, "mail~.org"),
      ("mail.example.org", 1, "~"),
      ("mail.example.org", 0, ""),
      ("mail.example.org", -3, ""),
      ("作者作者作者", 6, "作~者"),
    ])
  func abbreviates(text: String, width: Int, shown: String) {
    #expect(abbreviate(text, width: width) == shown)
  }

  @Test(
    arguments: [
      (Color.terminal, nil), (.rgb(red: 0, green: 0, blue: 0), 16),
      (.rgb(red: 255, green: 255, blue: 255), 231), (.rgb(red: 255, green: 0, blue: 0), 196),
      (.rgb(red: 8, green: 8, blue: 8), 232), (.rgb(red: 128, green: 128, blue: 128), 244),
      (.rgb(red: 0x5F, green: 0x87, blue: 0xAF), 67),
    ] as [(Color, UInt8?)])
  func nearestOf256(color: Color, index: UInt8?) {
    #expect(color.index256 == index)
  }
}
