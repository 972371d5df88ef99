// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Glibc
import Testing

@testable import tempfail

/// What is missing, odd or broken never turns watch mode into one that acts.
@Suite(.timeLimit(.minutes(5))) struct ReadOnlyTests {
  /// Its own folder for each test, gone with it.
  private func withFolder(_ work: (String) async throws -> Void) async throws {
    var template = Array("/tmp/tempfail-read-only-XXXXXX\0".utf8CString)
    let made = try #require(mkdtemp(&template))
    let path = String(cString: made)
    chmod(path, 0o755)
    try await work(path)
    _ = try await outcome(of: "/bin/rm", ["-rf", "--", path])
  }

  private func put(_ text: String, _ path: String) throws {
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
  }

  // MARK: The administrator's file

  @Test(arguments: [
    "dangling link", "link to itself", "folder is a dangling link", "folder is a file", "folder",
    "pipe", "socket",
    "too large", "nothing to be read", "others may write",
  ])
  func whatIsInThePlaceOfTheAdministratorsFileForbids(_ kind: String) async throws {
    try await withFolder { root in
      let (folder, path) = ("\(root)/tempfail", "\(root)/tempfail/config.toml")
      if !kind.hasPrefix("folder is") { mkdir(folder, 0o755) }
      switch kind {
      case "dangling link": symlink("\(root)/nowhere/config.toml", path)
      case "link to itself": symlink(path, path)
      case "folder is a dangling link": symlink("\(root)/nowhere", folder)
      case "folder is a file": try put("", folder)
      case "folder": mkdir(path, 0o755)
      case "pipe": mkfifo(path, 0o644)
      case "socket":
        let made = try await outcome(
          of: "/usr/bin/python3",
          ["-c", "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])", path])
        try #require(made.status == 0, "\(made.complaints)")
      case "too large": try put(String(repeating: "# x\n", count: 1 << 19), path)
      case "nothing to be read":
        try put("read_only = true\n", path)
        // Root reads everything: what fails for others is tried as one of them.
        guard geteuid() != 0 else { return }
        chmod(path, 0)
      case "others may write":
        guard geteuid() == 0 else { return }
        try put("", path)
        chmod(path, 0o666)
      default: Issue.record("no such case")
      }
      let file = try #require(TrustedFile.read(path), "it counts as absent")
      let configuration = Configuration(administrator: file)
      #expect(configuration.readOnlyReason?.contains(path) == true)
      #expect(configuration.faults.count == 1)
    }
  }

  @Test func whatIsNotThereForbidsNothing() async throws {
    try await withFolder { root in
      #expect(TrustedFile.read("\(root)/tempfail/config.toml") == nil)
      mkdir("\(root)/tempfail", 0o755)
      #expect(TrustedFile.read("\(root)/tempfail/config.toml") == nil)
      symlink("\(root)/tempfail", "\(root)/link")
      #expect(TrustedFile.read("\(root)/link/config.toml") == nil)
    }
  }

  // MARK: The user's

  static let commands = [
    ["--once", "--mta", "postfix"], ["watch", "--once", "--mta", "postfix"], ["demo", "--once"],
    ["config"],
    ["doctor", "--mta", "postfix"], ["log", "--all", Place.fixture("postfix-mail.log")],
    ["log", "--all", "--mta", "postfix"], ["queue", "--from", Place.fixture("postqueue-j.txt")],
    ["queue", "--mta", "postfix"], ["connections"], ["restore", "1tABCD-000000001ab-0000"],
  ]

  @Test(arguments: commands) func everyCommandTellsOfABrokenConfiguration(_ arguments: [String])
    async throws
  {
    let server = try CommandFolder(playing: .postfix)
    try await withFolder { root in
      mkdir("\(root)/tempfail", 0o755)
      try put("read_only = true\nthem = \"nord\"\n", "\(root)/tempfail/config.toml")
      var environment = server.environment
      environment["XDG_CONFIG_HOME"] = root
      let result = try await outcome(of: Place.program, arguments, environment: environment)
      let said = result.complaints + (arguments[0] == "doctor" ? result.output : "")
      #expect(said.contains("\(root)/tempfail/config.toml:2: unknown setting \"them\""), "\(said)")
    }
  }

  @Test func aMistakeBesideTheRestrictionDoesNotLoosenIt() async throws {
    let server = try CommandFolder(playing: .postfix)
    try await withFolder { root in
      mkdir("\(root)/tempfail", 0o755)
      try put("read_only = true\n= broken\n", "\(root)/tempfail/config.toml")
      var environment = server.environment
      environment["XDG_CONFIG_HOME"] = root
      let result = try await outcome(of: Place.program, ["restore", "x"], environment: environment)
      #expect(result.status == 77)
      #expect(
        result.complaints.contains("read-only here: nothing can be changed until this is fixed"))
      // The home of the account is asked where nobody says one.
      #expect(Configuration.userFolder != nil)
    }
  }

  // MARK: Arguments

  /// Swift's own CommandLine reads /proc.
  @Test(.enabled(if: geteuid() == 0)) func withoutProcTheArgumentsAreKnown() async throws {
    let hidden = [
      "-m", "/bin/sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh", Place.program,
    ]
    let version = try await outcome(of: "/usr/bin/unshare", hidden + ["--version"])
    #expect(
      version.status == 0 && version.output.contains("tempfail \(Version.number)"),
      "\(version.complaints)")
    let wrong = try await outcome(of: "/usr/bin/unshare", hidden + ["bogus"])
    #expect(wrong.status == 2 && wrong.complaints.contains("Unknown command bogus"))
    try await Pane.running(["/usr/bin/unshare"] + hidden + ["watch"]) { pane in
      let screen = try await pane.waits(for: "WATCH")
      #expect(!screen.rows.contains { $0.contains("OPERATE") })
      try await pane.press("q")
    }
  }

  @Test func withoutAnyArgumentNothingBegins() async throws {
    let code = "import os,sys; os.execve(sys.argv[1], [], {})"
    let result = try await outcome(of: "/usr/bin/python3", ["-c", code, Place.program])
    // Linux puts an empty name there since 5.18, Python refuses before that.
    #expect(result.status != 0)
    #expect(!result.output.contains("OPERATE"))
  }
}
