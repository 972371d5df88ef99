// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

@testable import tempfail

/// Every command line that the documents, the manual pages and the help texts show.
struct DocumentedCommands {
  struct Line: Hashable, CustomStringConvertible {
    var text: String
    /// Where it stands first.
    var source: String

    var description: String { "\(source): \(text)" }
  }

  /// Each once, in the order of the documents.
  let lines: [Line]

  /// What a text between backquotes begins with where it is a command line.
  private static let programs = ["tempfail ", "make ", "sudo ", "apt ", "man ", "swift test "]
  /// They do not run without an argument: alone they are the command's name.
  private static let incomplete = ["tempfail record", "tempfail replay", "tempfail restore"]

  init() {
    var lines: [Line] = []
    for path in Self.pages {
      let text = contents(of: Place.repository(path)) ?? ""
      let found = path.hasSuffix(".md") ? Self.lines(ofMarkdown: text) : Self.lines(ofRoff: text)
      lines += found.map { Line(text: $0, source: path) }
    }
    let table = CommandLineTable()
    for example in table.examples + table.commands.flatMap(\.examples) {
      lines.append(Line(text: example.line, source: "--help"))
    }
    var seen: Set<String> = []
    self.lines = lines.filter {
      !Self.incomplete.contains($0.text) && seen.insert($0.text).inserted
    }
  }

  /// The steps of Docs/Fixes are text for the shell of an administrator; the lab runs them.
  static let pages: [String] = {
    let documents = Place.files(inFolder: "Docs").filter { $0.hasSuffix(".md") }
    return ["README.md"] + documents.sorted().map { "Docs/\($0)" }
      + ["Docs/man/tempfail.1", "Docs/man/tempfail.toml.5"]
  }()

  /// Of blocks that are indented or fenced as a shell's, and of what is between backquotes.
  private static func lines(ofMarkdown text: String) -> [String] {
    var lines: [String] = []
    var fence: Substring?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        fence = fence == nil ? line.dropFirst(3) : nil
      } else if let fence {
        if ["sh", "bash", "shell", "console"].contains(fence) { lines.append(command(in: line)) }
      } else if line.hasPrefix("    ") {
        lines.append(command(in: line.dropFirst(4)))
      } else if !line.hasPrefix("#") {
        let parts = line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        lines += parts.filter { part in
          !part.offset.isMultiple(of: 2)
            && (programs.contains { part.element.hasPrefix($0) }
              || part.element.contains(" swift "))
        }.map { command(in: $0.element) }
      }
    }
    return lines.filter { !$0.isEmpty }
  }

  /// Of the literal blocks (`.nf` to `.fi`).
  private static func lines(ofRoff text: String) -> [String] {
    var lines: [String] = []
    var isLiteral = false
    for line in text.split(separator: "\n") {
      if line == ".nf" || line == ".fi" {
        isLiteral = line == ".nf"
      } else if isLiteral {
        lines.append(
          command(in: line.replacing("\\-", with: "-").replacing("\\e", with: "\\")[...]))
      }
    }
    return lines.filter { $0.hasPrefix("tempfail") || $0.contains("| tempfail") }
  }

  /// Without a comment behind it, which a wide gap parts from it, and without white space at its end.
  private static func command(in line: Substring) -> String {
    guard !line.hasPrefix("#") else { return "" }
    let end = line.firstRange(of: "  ")?.lowerBound ?? line.endIndex
    return String(line[..<end])
  }
}
