// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Its own terminal, in which a command runs as a user sees it.
///
/// The terminal is a tmux server that nobody else uses. A small shell script in it runs the
/// command, then prints how it ended and whether it left the terminal's settings changed.
struct Pane: Sendable {
  private static let tmux = "/usr/bin/tmux"
  private static let script = """
    before=$(stty -g); "$@"; status=$?
    [ "$(stty -g)" = "$before" ] || echo 'settings changed'
    echo "exit $status "; exec tail -f /dev/null
    """

  private let server: String

  /// Opens a terminal, runs the body, and closes it whatever happens.
  static func running(
    _ command: [String], width: Int = 100, height: Int = 30, environment: [String: String] = [:],
    _ body: (Pane) async throws -> Void
  ) async throws {
    let pane = Pane(server: "tempfail-test-\(UInt64.random(in: 0...UInt64.max))")
    let variables = ["LANG": "C.UTF-8", "TERM": "tmux-256color"]
      .merging(environment) { $1 }.map { "\($0)=\($1)" }
    let unset = ["NO_COLOR", "LC_ALL", "LC_CTYPE", "COLORTERM"].flatMap { ["-u", $0] }
    try await pane.tmux(
      [
        "-f", "/dev/null", "new-session", "-d", "-x", "\(width)", "-y", "\(height)", "/bin/sh",
        "-c",
      ]
        + [script, "sh", "/usr/bin/env"] + unset + variables + command)
    do {
      try await body(pane)
    } catch {
      try? await pane.close()
      throw error
    }
    try? await pane.close()
  }

  @discardableResult
  private func tmux(_ arguments: [String]) async throws -> String {
    let outcome = try await outcome(of: Self.tmux, ["-L", server] + arguments)
    guard outcome.status == 0 else {
      throw NeverHappened(what: "tmux \(arguments.first ?? "")", instead: outcome.complaints)
    }
    return outcome.output
  }

  /// Closes the terminal under the command, as a lost connection does.
  func close() async throws {
    try await tmux(["kill-server"])
  }

  /// Runs the body while the terminal takes nothing anymore and the program hangs in a write to it.
  ///
  /// - Parameter process: the program's, which draws all again at each SIGCONT: so the terminal fills up.
  func stalled(_ process: Int32, _ body: () async throws -> Void) async throws {
    let terminal = try #require(Int32(try await value(of: "#{pid}")))
    kill(terminal, SIGSTOP)
    defer { kill(terminal, SIGCONT) }
    try await eventually("a full terminal") {
      kill(process, SIGCONT)
      return ProcessTable.isWriting(process) ? true : nil
    }
    try await body()
  }

  /// Presses keys by tmux's names for them: `j`, `Enter`, `Tab`, `C-c`.
  func press(_ keys: String...) async throws {
    try await tmux(["send-keys"] + keys)
  }

  /// Presses a key, again where it went unheard, until the screen is as it should be.
  ///
  /// A dialog does not hear what was typed before it could be read.
  func press(_ key: String, until what: String, _ holds: (Screen) -> Bool) async throws {
    try await eventually(what, instead: { try await screen().description }) {
      try await press(key)
      for _ in 0..<20 {
        if holds(try await screen()) { return true }
        try await Task.sleep(for: .milliseconds(25))
      }
      return nil
    }
  }

  func type(_ text: String) async throws {
    try await tmux(["send-keys", "-l", text])
  }

  func resize(width: Int, height: Int) async throws {
    try await tmux(["resize-window", "-x", "\(width)", "-y", "\(height)"])
  }

  func screen() async throws -> Screen {
    Screen(try await tmux(["capture-pane", "-p"]))
  }

  /// The screen with the sequences that make its colors and attributes.
  func styledScreen() async throws -> String {
    try await tmux(["capture-pane", "-p", "-e"])
  }

  /// A format of tmux, such as `#{alternate_on}`.
  func value(of format: String) async throws -> String {
    let text = try await tmux(["display-message", "-p", format])
    return String(text.drop { $0.isNewline }.prefix { !$0.isNewline })
  }

  /// Waits until the screen is as it should be, and returns it.
  @discardableResult
  func waits(for what: String, until holds: (Screen) -> Bool) async throws -> Screen {
    try await eventually(what, instead: { try await screen().description }) {
      let screen = try await screen()
      return holds(screen) ? screen : nil
    }
  }

  @discardableResult
  func waits(for text: String) async throws -> Screen {
    try await waits(for: text) { $0.shows(text) }
  }

  /// The process of the command that runs in the terminal.
  func processID() async throws -> Int32 {
    guard let shell = Int32(try await value(of: "#{pane_pid}")) else {
      throw NeverHappened(what: "a process in the terminal", instead: "none")
    }
    return try await eventually("the command's process") {
      ProcessTable.children(of: shell).first
    }
  }

  /// The command's exit status once it has ended and given the terminal back as it was.
  func exitStatus() async throws -> Int {
    let screen = try await waits(for: "the end of the command") {
      $0.row(startingWith: "exit ") != nil
    }
    guard !screen.shows("settings changed"),
      try await value(of: "#{alternate_on} #{cursor_flag}") == "0 1",
      let status = screen.row(startingWith: "exit ")?.dropFirst("exit ".count)
    else {
      throw NeverHappened(what: "the terminal is as it was", instead: screen.description)
    }
    // A terminal without a second screen has the program's last one below the answer.
    return Int(status.prefix { $0.isNumber }) ?? -1
  }
}
