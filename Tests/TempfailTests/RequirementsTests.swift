// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// What `make run` and `make test` need is installed, or named: on systems that lack one thing or another.
struct RequirementsTests {
  /// A toolchain that starts, with a compiler that finds the C++ headers.
  static let complete = ["swift": "exit 0", "clang": "exit 0"]
  /// One whose compiler finds them once something was installed.
  static let withoutHeaders = [
    "swift": "exit 0",
    "clang": """
    case $1 in --version | -v) exit 0 ;; esac
    [ -e "$folder/installed" ] || { echo "fatal error: 'cassert' file not found" >&2; exit 1; }
    """,
  ]
  static let withoutLibraries = [
    "swift": """
    [ -e "$folder/installed" ] && [ ! -e "$folder/useless" ] && exit 0
    echo 'swift: error while loading shared libraries: libsqlite3.so.0' >&2; exit 127
    """,
    "clang": "exit 0",
  ]
  static let root = ["id": "echo 0"]
  static let user = ["id": "echo 1000"]
  static let apt = [
    "apt-get": """
    echo "$@" >> "$folder/asked"
    case "$*" in *' install '*) touch "$folder/installed" ;; esac
    """
  ]
  static let brokenApt = ["apt-get": "echo 'E: Unable to locate package' >&2; exit 100"]
  static let sudo = ["sudo": "echo sudo >> \"$folder/asked\"; exec \"$@\""]

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var parts: [[String: String]]
    var status = 1
    /// What is reported.
    var words: [String] = []
    /// What apt and sudo were requested.
    var asked: [String] = []
  }

  static let cases = [
    Case(testDescription: "all is there", parts: [complete, user], status: 0),
    Case(testDescription: "no Swift", parts: [user], words: ["https://www.swift.org/install"]),
    Case(
      testDescription: "no C++ headers", parts: [withoutHeaders, root, apt], status: 0,
      words: ["Installing by apt, for the build: g++"], asked: ["update", "install", "g++"]),
    Case(
      testDescription: "no C++ headers, a user with sudo",
      parts: [withoutHeaders, user, apt, sudo], status: 0, words: ["Installing by apt"],
      asked: ["sudo", "g++"]),
    Case(
      testDescription: "no C++ headers, a user without sudo",
      parts: [withoutHeaders, user, apt],
      words: ["no sudo", "apt-get install --no-install-recommends g++"]),
    Case(
      testDescription: "no C++ headers, no apt", parts: [withoutHeaders, root],
      words: ["Missing for the build: g++", "Docs/Install.md"]),
    Case(
      testDescription: "apt fails", parts: [withoutHeaders, root, brokenApt],
      words: ["Unable to locate package", "apt-get install --no-install-recommends g++"]),
    Case(
      testDescription: "the toolchain lacks its libraries", parts: [withoutLibraries, root, apt],
      status: 0, words: ["for the Swift toolchain to start", "libsqlite3-dev"],
      asked: ["libsqlite3-dev", "libxml2-dev"]),
    Case(
      testDescription: "the toolchain is for another system",
      parts: [withoutLibraries, root, apt, ["useless": ""]],
      words: ["libsqlite3.so.0", "does not start", "https://www.swift.org/install"]),
  ]

  @Test(arguments: cases) func isInstalledOrNamed(_ given: Case) async throws {
    let system = try BareSystem(given.parts.reduce(into: [:]) { $0.merge($1) { $1 } })
    let outcome = try await system.run("Packaging/requirements", "build")
    let told = outcome.output + outcome.complaints
    #expect(outcome.status == given.status, "\(told)")
    for words in given.words { #expect(told.contains(words), "\(told)") }
    if given.words.isEmpty { #expect(told == "") }
    let asked = system.file("asked")
    for words in given.asked { #expect(asked.contains(words), "\(asked)") }
    if given.asked.isEmpty, given.status == 0 { #expect(asked == "") }
  }

  /// sudo resets PATH: the one with which it was called has the toolchain.
  @Test func theCallersToolchainIsFoundUnderSudo() async throws {
    let toolchain = try BareSystem(["swift": "exit 0"])
    let system = try BareSystem([:])
    // The name of the process shows that it is sudo.
    let sudo = "\(system.path)/sudo"
    symlink("/bin/bash", sudo)
    let script = Place.repository("Packaging/toolchain")
    let outcome = try await outcome(
      of: sudo, ["-c", "PATH='\(system.path)'; '\(script)'; true"],
      environment: ["PATH": "\(toolchain.path):/usr/bin:/bin"])
    #expect(outcome.output == toolchain.path + "\n", "\(outcome.complaints)")
  }

  @Test func aToolchainInPATHIsTaken() async throws {
    let system = try BareSystem(["swift": "exit 0"])
    let outcome = try await system.run("Packaging/toolchain")
    #expect(outcome.status == 0 && outcome.output.isEmpty)
  }
}
