// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing

@Suite struct WindowTitleTests {
  @Test func theTitleIsAnOSC2() {
    #expect(WindowTitle.sequence(for: "mx1: 3 queued") == Array("\u{1B}]2;mx1: 3 queued\u{7}".utf8))
  }

  /// A title must not end early, nor begin its own sequence.
  @Test(arguments: ["a\u{7}b", "a\u{1B}]52;c;YQ==\u{7}", "a\u{9C}b", "a\nb\r\0", "a\u{7F}b"])
  func noControlCharacterGetsIn(text: String) {
    let body = WindowTitle.sequence(for: text).dropFirst(4).dropLast()
    let scalars = String(decoding: body, as: UTF8.self).unicodeScalars
    #expect(scalars.allSatisfy { $0.properties.generalCategory != .control })
    #expect(scalars.first == "a")
  }

  @Test func aTitleIsBounded() {
    let sequence = WindowTitle.sequence(for: String(repeating: "a", count: 10_000))
    #expect(sequence.count == WindowTitle.limit + 5)
  }
}
