// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Configuration
import Testing

@Suite struct ThemeFileTests {
  /// A theme that is right, with one line replaced or added.
  private func theme(replacing line: String = "", with other: String = "") -> [UInt8] {
    var lines = [
      "name = \"mine\"", "background = \"light\"", "[palette]",
      "ink = [\"#102030\", \"bright-blue\"]", "paper = [\"#FFFFF0\", \"default\"]", "[roles]",
    ]
    lines += StyleRole.allCases.map { "\($0.name) = {}" }
    lines[6] = "text = { fg = \"ink\", bg = \"paper\" }"
    if let index = lines.firstIndex(of: line) { lines[index] = other } else { lines.append(other) }
    return Array(lines.joined(separator: "\n").utf8)
  }

  @Test func reads() throws {
    let line = "selection = { fg = \"paper\", bg = \"ink\", bold = true, underline = true }"
    let theme = try ThemeFile.read(theme(replacing: "selection = {}", with: line), file: "x")
    let ink = Color.rgb(red: 0x10, green: 0x20, blue: 0x30)
    let paper = Color.rgb(red: 0xFF, green: 0xFF, blue: 0xF0)
    #expect(theme.name == "mine")
    #expect(theme.ground == .light)
    #expect(
      theme[.selection]
        == Style(
          foreground: paper, background: ink, foreground16: nil, background16: 12, bold: true,
          underline: true))
    // What a role does not say is as in `text`.
    #expect(theme[.dim] == Style(foreground: ink, background: paper, foreground16: 12))
  }

  @Test(
    arguments: [
      ("dim = {}", "dimm = {}", 8, #"unknown role "dimm"; did you mean "dim"?"#),
      ("good = {}", "", nil, #"the role "good" is missing"#),
      (
        "bad = {}", #"bad = { fg = "inc" }"#, 20, #"unknown color "inc"; did you mean "ink"?"#
      ),
      ("bad = {}", "bad = { fgg = \"ink\" }", 20, #"unknown property "fgg"; did you mean "fg"?"#),
      ("bad = {}", "bad = { bold = 1 }", 20, "bold must be true or false"),
      ("bad = {}", "bad = { fg = 1 }", 20, "fg must be the name of a palette color, in quotes"),
      ("bad = {}", "bad = true", 20, "a role must be a table such as { bold = true }"),
      (
        ##"ink = ["#102030", "bright-blue"]"##, ##"ink = ["#10203", "bright-blue"]"##, 4,
        ##""#10203" is not a color: write #rrggbb"##
      ),
      (
        ##"ink = ["#102030", "bright-blue"]"##, ##"ink = ["#102030", "brigth-blue"]"##, 4,
        #"unknown color "brigth-blue"; did you mean "bright-blue"?"#
      ),
      (
        ##"ink = ["#102030", "bright-blue"]"##, ##"ink = "blue""##, 4,
        ##"a color must be ["#rrggbb", "name of the 16"]"##
      ),
      (
        #"background = "light""#, #"background = "grey""#, 2,
        #"background must be "dark" or "light""#
      ),
      (#"name = "mine""#, #"naem = "mine""#, 1, #"unknown key "naem"; did you mean "name"?"#),
      (#"name = "mine""#, "", nil, #"name = "…" is missing"#),
    ] as [(String, String, Int?, String)])
  func saysWhatIsWrong(line: String, other: String, number: Int?, message: String) {
    #expect {
      try ThemeFile.read(theme(replacing: line, with: other), file: "my.toml")
    } throws: { error in
      guard let diagnostic = error as? Diagnostic else { return false }
      #expect(diagnostic.message == message)
      if let number { #expect(diagnostic.line == number) }
      return diagnostic.file == "my.toml"
    }
  }

  /// Docs/Themes.md promises this.
  @Test func aMessageNamesFileAndLine() {
    #expect {
      try ThemeFile.read(theme(with: "selektion = {}"), file: "mine.toml")
    } throws: { error in
      "\(error)".hasSuffix(#": unknown role "selektion"; did you mean "selection"?"#)
        && "\(error)".hasPrefix("mine.toml:36: ")
    }
  }

  @Test func syntaxErrorsHaveTheirLine() {
    #expect {
      try ThemeFile.read(theme(replacing: "dim = {}", with: "dim = {"), file: "my.toml")
    } throws: { error in
      guard let diagnostic = error as? Diagnostic, let line = diagnostic.line else { return false }
      return (8...9).contains(line) && "\(diagnostic)".hasPrefix("my.toml:\(line): ")
    }
  }

  @Test(arguments: [
    "", "\0", "[roles", "roles = 1", "[[roles]]", "[palette.a.b]\nc=1", "=", "\u{FEFF}",
  ])
  func anyFileIsFine(text: String) {
    #expect(throws: Diagnostic.self) { try ThemeFile.read(Array(text.utf8), file: "x") }
  }

  @Test(
    arguments: [
      ("selction", "selection"), ("Selection", "selection"), ("hedaer", "header"),
      ("foo", nil), ("", nil), (String(repeating: "selection", count: 9), nil),
    ] as [(String, String?)])
  func nearest(word: String, name: String?) {
    #expect(nearestName(to: word, among: ["header", "selection", "text"]) == name)
  }
}
