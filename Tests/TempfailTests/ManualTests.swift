// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Testing

@testable import tempfail

/// What is written from the program's own tables, and what these say.
@Suite(.timeLimit(.minutes(2)))
struct ManualTests {
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
    let path = Place.repository(page.rawValue)
    if getenv("UPDATE_DOCS") != nil {
      let file = try #require(fopen(path, "w"))
      fputs(page.text, file)
      fclose(file)
    }
    #expect(
      contents(of: path) == page.text,
      "UPDATE_DOCS=1 swift test --filter ManualTests renews it")
  }

  @Test(arguments: CommandLineTable().commands.map(\.name) + [""])
  func theHelpHasAnExample(command: String) {
    let table = CommandLineTable()
    let examples =
      command.isEmpty
      ? table.examples : table.commands.first { $0.name == command }?.examples ?? []
    #expect(!examples.isEmpty, "\(command) has no example")
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
}
