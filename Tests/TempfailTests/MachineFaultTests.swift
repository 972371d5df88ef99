// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A machine without descriptors, processes, threads or memory: a clear error with a status, never a trap or a hang.
@Suite(.timeLimit(.minutes(10)), .serialized) struct MachineFaultTests {
  static let commands = [
    ["queue", "--mta", "postfix"], ["queue", "--mta", "postfix", "--json"],
    ["--once", "--mta", "postfix"],
    ["watch", "--once", "--mta", "postfix"],
    ["log", "--all", "--summary", Place.fixture("postfix-mail.log")],
    ["log", "--all", "--mta", "postfix"], ["doctor", "--mta", "postfix"], ["connections"],
    ["explain", "421 4.7.0 Try"],
    ["demo", "--once"], ["config"],
  ]

  /// Of sysexits.h and our own; what a shell says of a signal is none of them.
  private static let statuses: Set<Int> = [0, 1, 2, 69, 71, 77]

  private func check(_ result: Outcome, _ words: String) {
    #expect(
      Self.statuses.contains(result.status), "\(words): \(result.status) \(result.complaints)")
    if result.status > 2 {
      #expect(result.complaints.hasPrefix("tempfail: "), "\(words): \(result.complaints)")
    }
  }

  @Test(arguments: commands) func withoutDescriptors(_ command: [String]) async throws {
    let folder = try CommandFolder(playing: .postfix)
    for limit in Array(9...20) + [24, 28, 32, 36, 40, 44, 48, 52, 56, 64] {
      // Hard and soft: what cannot be raised.
      let result = try await outcome(
        of: "/usr/bin/timeout",
        ["60", "/usr/bin/prlimit", "--nofile=\(limit):\(limit)", Place.program] + command,
        environment: folder.environment)
      check(result, "\(limit) descriptors")
      if limit < 48 {
        #expect(
          result.status == 71 && result.complaints.contains("Not enough file descriptors"),
          "\(limit)")
      } else if limit >= 64 {
        #expect(result.status < 3, "\(limit): \(result.complaints)")
      }
    }
    // What may be raised is.
    let raised = try await outcome(
      of: "/usr/bin/prlimit", ["--nofile=16:4096", Place.program] + command,
      environment: folder.environment)
    #expect(raised.status < 3, "\(raised.complaints)")
  }

  /// System calls that fail, each at its first, second, … call and at all.
  static let faults = [
    ("pipe2", "ENFILE"), ("pipe2", "EMFILE"), ("socketpair", "EMFILE"), ("eventfd2", "EMFILE"),
    ("epoll_create1", "ENFILE"), ("timerfd_create", "EMFILE"), ("clone3", "EPERM"),
    ("clone3", "EAGAIN"),
    ("clone3", "ENOMEM"), ("clone", "EAGAIN"), ("vfork", "ENOMEM"), ("execve", "ENOMEM"),
    ("inotify_init1", "EMFILE"), ("poll", "ENOMEM"), ("fcntl", "EMFILE"),
  ]
  private static let strace = "/usr/bin/strace"

  @Test(.enabled(if: access(strace, X_OK) == 0), arguments: faults)
  func aFailingCallIsAnError(call: String, error: String) async throws {
    let folder = try CommandFolder(playing: .postfix)
    for when in ["1", "2", "3", "4", "1+", "2+", "3+"] {
      // The first execve is that of the program itself.
      if call == "execve", when.hasPrefix("1") { continue }
      for command in [["queue", "--mta", "postfix"], ["--once", "--mta", "postfix"]] {
        let result = try await outcome(
          of: "/usr/bin/timeout",
          [
            "-s", "KILL", "60", Self.strace, "-f", "-qq", "-o", "/dev/null", "-e",
            "inject=\(call):error=\(error):when=\(when)", Place.program,
          ] + command, environment: folder.environment)
        check(result, "\(call) \(error) at \(when), \(command[0])")
      }
    }
  }
}
