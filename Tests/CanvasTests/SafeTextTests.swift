// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import TestSupport
import Testing

@Suite struct SafeTextTests {
  @Test(
    arguments: [
      ("plain text", "plain text", 10),
      ("", "", 0),
      ("\u{1B}[2J", #"\u{1B}[2J"#, 9),
      ("\u{9B}31m", #"\u{9B}31m"#, 9),
      ("\u{7F}", #"\u{7F}"#, 6),
      ("a\0b", #"a\u{0}b"#, 7),
      ("a\tb", "a b", 3),
      ("a\nb\r\n", #"a\nb\r\n"#, 8),
      ("\u{202E}gnp.exe", #"\u{202E}gnp.exe"#, 15),
      ("\u{2066}x\u{2069}", #"\u{2066}x\u{2069}"#, 17),
      ("pay\u{200B}pal", #"pay\u{200B}pal"#, 14),
      ("soft\u{AD}hyphen", #"soft\u{AD}hyphen"#, 16),
      ("\u{FEFF}x", #"\u{FEFF}x"#, 9),
      ("\u{E0041}", #"\u{E0041}"#, 9),
      ("\u{E000}", #"\u{E000}"#, 8),
      ("\u{0378}", #"\u{378}"#, 7),
      ("\u{2028}", #"\u{2028}"#, 8),
      ("\u{3164}", #"\u{3164}"#, 8),
      ("a\u{A0}b\u{3000}c", "a b  c", 6),
      ("e\u{301}", "e\u{301}", 1),
      ("\u{301}e", #"\u{301}e"#, 8),
      ("e\u{301}\u{302}\u{303}", "e\u{301}\u{302}" + #"\u{303}"#, 8),
      ("作者", "作者", 4),
      ("한글", "한글", 4),
      ("\u{1112}\u{1161}\u{11AB}", "\u{1112}\u{1161}\u{11AB}", 2),
      ("⚠\u{FE0F} x", "⚠ x", 3),
      ("\u{FE0F}", #"\u{FE0F}"#, 8),
      ("a\u{FE00}", #"a\u{FE00}"#, 9),
      ("😀!", "😀!", 3),
      ("👩\u{200D}👩", #"👩\u{200D}👩"#, 12),
      ("\u{FFFD}", "\u{FFFD}", 1),
      ("é ▌━…", "é ▌━…", 5),
    ])
  func showsWhatItIs(text: String, shown: String, width: Int) {
    let safe = SafeText(text)
    #expect(Array(safe.string.unicodeScalars) == Array(shown.unicodeScalars))
    #expect(safe.width == width)
  }

  @Test func isStable() {
    for text in ["\u{1B}]0;x\u{7}", "a\u{301}\u{301}\u{301}", "作\u{FE0F}", "\r\n"] {
      let once = SafeText(text)
      #expect(SafeText(once.string) == once)
    }
  }

  /// Any scalars at all: what comes out is printable, and the grid agrees on its width.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func leavesNothingUnsafe(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let text = random.text(length: Int.random(in: 0...12, using: &random))
      let safe = SafeText(text)
      for scalar in safe.string.unicodeScalars {
        let properties = scalar.properties
        #expect(!properties.isDefaultIgnorableCodePoint, "seed \(seed)")
        switch properties.generalCategory {
        case .control, .format, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
          Issue.record("\(scalar.value) is left, seed \(seed)")
        default: break
        }
      }
      var grid = Grid(size: Size(columns: 200, rows: 1))
      #expect(grid.put(text, x: 0, y: 0) == safe.width, "seed \(seed)")
      #expect(
        grid.textRows[0].unicodeScalars.elementsEqual(
          safe.string.trimmingBlanks.unicodeScalars), "seed \(seed)")
    }
  }
}

extension SafeTextTests {
  /// In Latin-1 and its like the second byte of `Û` is CSI.
  @Test(arguments: [
    ("plain", "plain"), ("Û2J", #"\u{DB}2J"#), ("a→b…", "a>b..."),
    ("例\u{1B}e\u{301}", #"\u{4F8B}\u{1B}e\u{301}"#),
    ("📨", #"\u{1F4E8}"#), ("", ""),
  ])
  func asciiHoldsNoOtherByte(text: String, shown: String) {
    #expect(SafeText(text).ascii == shown)
  }

  @Test func asciiIsAlwaysASCII() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      let text = SafeText(generator.text(length: 40)).ascii
      #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(text)")
    }
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var copy = self
    while copy.unicodeScalars.last == " " { copy.unicodeScalars.removeLast() }
    return copy
  }
}
