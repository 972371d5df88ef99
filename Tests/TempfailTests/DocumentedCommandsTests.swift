// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import tempfail

/// Every command line of the documents is run, or is in a list that says what runs it.
@Suite(.timeLimit(.minutes(4)))
struct DocumentedCommandsTests {
  static let all = DocumentedCommands().lines
  static let ours = all.filter { WrittenCommand($0.text) != nil }

  /// What a test cannot run unattended, and what covers it.
  private static let elsewhere: [(prefix: String, because: String)] = [
    (
      "make ", "builds or changes the machine; its target is looked up below, Tests/Package runs it"
    ),
    ("sudo make install", "writes below /usr; Packaging/install is run for every package"),
    ("sudo apt install ./.build/", "installs for good; Tests/Package/run does it for a test"),
    ("sudo tar -C / ", "unpacks for good; Tests/Package/run unpacks it elsewhere"),
    ("sudo apt purge tempfail", "removes for good; Tests/Package/run does it in a fresh Debian"),
    ("man tempfail", "opens a pager; Tests/Package/run formats both pages and wants no warning"),
    ("dnf install ", "needs RHEL; the page says that it was not tried"),
    ("swift test ", "runs these tests; the names of its filter are looked up below"),
    ("UPDATE_DOCS=1 swift test", "the same tests, which make test runs without the variable"),
    ("UPDATE_SCREENS=1 swift test", "the same tests, which make test runs without the variable"),
    ("sudo -n", "speaks of how Tempfail itself calls sudo"),
    ("read_only = true", "is a setting"),
  ]

  @Test func everyLineIsRunOrSaysWhatRunsIt() {
    var unused = Set(Self.elsewhere.map(\.prefix))
    for line in Self.all where WrittenCommand(line.text) == nil {
      guard let known = Self.elsewhere.first(where: { line.text.hasPrefix($0.prefix) }) else {
        Issue.record("\(line) is neither run nor in the list")
        continue
      }
      unused.remove(known.prefix)
    }
    #expect(unused.isEmpty, "no document shows these any more")
    #expect(Self.ours.count > 40)
  }

  /// `make -n` builds nothing and says whether there is such a target.
  @Test(arguments: all.filter { $0.text.contains("make ") && !$0.text.contains("dnf") })
  func theTargetIsThere(line: DocumentedCommands.Line) async throws {
    let words = line.text.split(separator: " ").drop { $0 == "sudo" }.dropFirst().map(String.init)
    let outcome = try await outcome(
      of: "/usr/bin/make", ["-n", "-C", Place.repository("")] + words)
    #expect(outcome.status == 0, "\(line): \(outcome.complaints)")
  }

  @Test(arguments: all.filter { $0.text.contains("--filter ") && !$0.text.contains("tempfail ") })
  func theTestsAreThere(line: DocumentedCommands.Line) {
    let tests = Place.files(inFolder: "Tests")
    let suites = tests.flatMap { Place.files(inFolder: "Tests/\($0)") }
    let filter = line.text.split(separator: "--filter ").last ?? ""
    for name in filter.split(whereSeparator: { "'| ".contains($0) }) {
      let parts = name.split(separator: ".")
      #expect(
        parts.allSatisfy { tests.contains(String($0)) || suites.contains("\($0).swift") },
        "\(line): there is no \(name)")
    }
  }

  /// Folders and files of the repository that a page refers to.
  @Test(arguments: ["README.md", "Docs/Contributing.md", "Docs/Architecture.md", "Docs/Install.md"])
  func theFilesAreThere(page: String) {
    let parts = (contents(of: Place.repository(page)) ?? "").split(separator: "`")
    let roots = ["Sources/", "Tests/", "Docs/", "Themes/", "Packaging/"]
    for path in parts
    where roots.contains(where: path.hasPrefix) && !path.contains(where: { "*…| ".contains($0) }) {
      #expect(access(Place.repository(String(path)), F_OK) == 0, "\(page): there is no \(path)")
    }
  }

  /// As it is written, without a mail server and with each.
  @Test(
    arguments: ours.filter { WrittenCommand($0.text)?.isFullScreen == false },
    [nil] + LabMTA.allCases)
  func theCommandRuns(line: DocumentedCommands.Line, mta: LabMTA?) async throws {
    let command = try #require(WrittenCommand(line.text))
    guard mta == nil || command.needsServer, command.isFor(mta) else { return }
    let folder = try CommandFolder(playing: mta)
    let outcome = try await outcome(
      of: "/bin/sh", ["-c", folder.line(command)], environment: folder.environment)
    let words = Comment("\(line), \(mta?.rawValue ?? "no server"): \(outcome)")
    if command.needsServer, mta == nil {
      guard !CommandFolder.machineHasServer else { return }
      #expect(outcome.status == command.statusWithoutServer, words)
      #expect((outcome.output + outcome.complaints).contains("found"), words)
    } else {
      #expect(command.statuses.contains(outcome.status), words)
      #expect(!outcome.output.isEmpty || !outcome.complaints.isEmpty || command.isJSON, words)
    }
    if command.isJSON { #expect(outcome.objects != nil, words) }
  }
}

extension OnScreen {
  @Suite struct DocumentedScreens {
    @Test(
      arguments: DocumentedCommandsTests.ours.filter {
        WrittenCommand($0.text)?.isFullScreen == true
      }, [nil] + LabMTA.allCases)
    func theScreenOpensAndEnds(line: DocumentedCommands.Line, mta: LabMTA?) async throws {
      let command = try #require(WrittenCommand(line.text))
      guard mta == nil || command.needsServer, command.isFor(mta) else { return }
      let folder = try CommandFolder(playing: mta)
      try await Pane.running(
        ["/bin/sh", "-c", folder.line(command)], environment: folder.variables
      ) { pane in
        try await pane.waits(for: "1 Queue")
        if !command.needsServer || mta != nil {
          try await pane.waits(for: "queued")
        } else if !CommandFolder.machineHasServer {
          try await pane.waits(for: "found")
        }
        try await pane.press("q")
        #expect(try await pane.exitStatus() == 0, "\(line)")
      }
    }
  }

  /// The same in the lab, where a real Exim and a real Postfix answer.
  @Suite(.tags(.lab), .enabled(if: Lab.isRunning, "make test starts the lab, as root"))
  struct LabDocumentedCommands {
    @Test(
      arguments: DocumentedCommandsTests.ours.filter {
        WrittenCommand($0.text)?.needsServer == true
      }, LabMTA.allCases)
    func theCommandRunsOnAServer(line: DocumentedCommands.Line, mta: LabMTA) async throws {
      var command = try #require(WrittenCommand(line.text))
      guard command.isFor(mta) else { return }
      if !command.arguments.contains("--mta") { command.arguments += ["--mta", mta.rawValue] }
      let folder = try CommandFolder()
      let call = [Place.lab("enter"), "/bin/sh", "-c", folder.line(command)]
      guard command.isFullScreen else {
        let outcome = try await outcome(
          of: call[0], Array(call.dropFirst()), environment: folder.environment)
        #expect(command.statuses.contains(outcome.status), "\(line): \(outcome)")
        return
      }
      try await Pane.running(call, environment: folder.variables) { pane in
        try await pane.waits(for: "queued")
        try await pane.press("q")
        #expect(try await pane.exitStatus() == 0, "\(line)")
      }
    }
  }
}
