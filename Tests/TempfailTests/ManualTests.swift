// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import SystemPackage
import Testing

@testable import tempfail

/// What is written from the program's own tables, and what these say.
@Suite(.timeLimit(.minutes(2)))
struct ManualTests {
  private static let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()

  enum Page: String, CaseIterable {
    case options = "Docs/Options.md"
    case command = "Docs/man/tempfail.1"
    case configuration = "Docs/man/tempfail.toml.5"

    var text: String {
      switch self {
      case .options: Manual.optionsPage
      case .command: Manual.commandPage
      case .configuration: Manual.configurationPage
      }
    }
  }

  @Test(arguments: Page.allCases) func thePageIsFresh(page: Page) throws {
    let file = Self.root.appending(page.rawValue)
    if getenv("UPDATE_DOCS") != nil {
      let written = try FileDescriptor.open(
        file, .writeOnly, options: [.create, .truncate],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try written.closeAfter { _ = try written.writeAll(Array(page.text.utf8)) }
    }
    #expect(
      contents(of: file.string) == page.text,
      "UPDATE_DOCS=1 swift test --filter ManualTests renews it")
  }

  /// Each command line in a help text is one that the program understands.
  @Test(arguments: CommandLineTable().commands.map(\.name) + [""])
  func theExamplesOfTheHelpAreUnderstood(command: String) throws {
    let table = CommandLineTable()
    let examples =
      command.isEmpty
      ? table.examples : table.commands.first { $0.name == command }?.examples ?? []
    #expect(!examples.isEmpty, "\(command) has no example")
    for example in examples { try Self.understands(example.line) }
  }

  /// Each command line in the documents, too.
  @Test(
    arguments: [
      "README.md", "Docs/Install.md", "Docs/Security.md", "Docs/Options.md", "Docs/Filters.md",
      "Docs/Configuration.md", "Docs/Contributing.md", "Docs/Themes.md",
    ])
  func theCommandsOfTheDocsAreUnderstood(path: String) throws {
    guard let text = contents(of: Self.root.appending(path).string) else { return }
    for line in Self.commandLines(in: text) { try Self.understands(line) }
  }

  @Test func theVersionSaysWhatABugReportNeeds() async throws {
    let outcome = try await tempfail("--version")
    #expect(outcome.status == 0)
    for word in ["tempfail \(Version.number)", "commit", "Exim", "Postfix"] {
      #expect(outcome.output.contains(word))
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completes(shell: String) async throws {
    let outcome = try await tempfail("--generate-completion-script", shell)
    #expect(outcome.status == 0)
    for command in CommandLineTable().commands {
      #expect(outcome.output.contains(command.name), "\(command.name) is missing")
    }
  }

  /// In code blocks and in `code`: what begins with `tempfail`, after `sudo`, variables and pipes.
  private static func commandLines(in text: String) -> [String] {
    var lines: [String] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("    ") {
        lines.append(String(line.dropFirst(4)))
      } else {
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        lines += parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
      }
    }
    return lines.filter { line in
      line.hasPrefix("tempfail ") || line.contains("| tempfail ") || line.contains("sudo tempfail ")
    }
  }

  private static func understands(_ line: String) throws {
    let words = ShellWords.split(line)
    guard let start = words.lastIndex(of: "tempfail") else {
      Issue.record("\(line) does not call tempfail")
      return
    }
    let arguments = words[(start + 1)...].filter { $0 != "…" && $0 != "[FILE…]" }
      .map { $0 == "COMMAND" ? "queue" : $0 }
    // A text may name a command without its arguments.
    if let only = arguments.first, arguments.count == 1,
      CommandLineTable().commands.contains(where: { $0.name == only })
    {
      return
    }
    do {
      _ = try Tempfail.parseAsRoot(Array(arguments))
    } catch {
      // Help and the version are no faults.
      #expect(
        Tempfail.exitCode(for: error).isSuccess,
        "\(line): \(Tempfail.message(for: error))")
    }
  }
}

/// Words as a shell parts them, for the simple lines that documents have: quotes, a comment, no more.
enum ShellWords {
  static func split(_ line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isOpen = false
    var quote: Character?
    // A wide gap parts a command from what is said of it.
    let line = line.split(separator: "  ", maxSplits: 1).first.map(String.init) ?? line
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        isOpen = true
      } else if character == "#", !isOpen {
        break
      } else if character == " " {
        if isOpen { words.append(word) }
        (word, isOpen) = ("", false)
      } else {
        word.append(character)
        isOpen = true
      }
    }
    if isOpen { words.append(word) }
    return words
  }
}
