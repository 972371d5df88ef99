// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// A page in the language of man(7).
struct Roff {
  private(set) var text: String

  init(name: String, section: Int, title: String) {
    text = """
      .\\" Written by UPDATE_DOCS=1 swift test --filter ManualTests; changes here are lost.
      .TH \(name.uppercased()) \(section) "" "Tempfail \(Version.number)" "\(title)"

      """
  }

  mutating func section(_ heading: String) { text += ".SH \(heading)\n" }
  mutating func subsection(_ heading: String) { text += ".SS \(Self.safe(heading))\n" }

  mutating func paragraph(_ words: String) { text += ".PP\n\(Self.safe(words))\n" }

  /// A term and what is said of it.
  mutating func item(_ term: String, _ words: String) {
    text += ".TP\n.B \(Self.safe(term))\n\(Self.safe(words))\n"
  }

  /// Lines as they are.
  mutating func literal(_ lines: [String]) {
    text += ".PP\n.RS 4\n.nf\n" + lines.map { Self.safe($0) + "\n" }.joined() + ".fi\n.RE\n"
  }

  /// Text in which nothing is a request or an escape.
  static func safe(_ words: String) -> String {
    words.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var safe = ""
      for character in line {
        switch character {
        case "\\": safe += "\\e"
        case "-": safe += "\\-"
        case "…": safe += "..."
        default: safe.append(character)
        }
      }
      return safe.hasPrefix(".") || safe.hasPrefix("'") ? "\\&" + safe : safe
    }.joined(separator: "\n")
  }
}
