// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
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
