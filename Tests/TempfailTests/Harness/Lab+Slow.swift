// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

extension Lab {
  /// The file that is there while the slow tool is running.
  private static let atWork = "/run/tempfail-lab/at-work"
  /// Where the real one is in the meantime: it signs its words with its own file's name.
  private static let aside = "/usr/lib/tempfail-lab"

  /// Lets `postsuper` take its time, so that something can happen to it or to Tempfail in the meantime.
  ///
  /// - Parameter isDone: whether it has done its work when it begins to wait.
  static func withSlowPostsuper(
    seconds: Int, isDone: Bool = false, _ body: () async throws -> Void
  ) async throws {
    let work = "\(aside)/postsuper \"$@\""
    try await shell(
      """
      rm -f \(atWork); mkdir -p \(aside); mv /usr/sbin/postsuper \(aside)
      printf '%s\\n' '#!/bin/sh' '\(isDone ? work : ":")' 'echo $$ > \(atWork)' 'sleep \(seconds)' \\
        '\(isDone ? "exit" : "exec \(work)")' > /usr/sbin/postsuper
      chmod 755 /usr/sbin/postsuper
      """)
    do {
      try await body()
    } catch {
      _ = try? await shell("mv \(aside)/postsuper /usr/sbin")
      throw error
    }
    try await shell("mv \(aside)/postsuper /usr/sbin")
  }

  /// Waits until the slow tool is running.
  static func postsuperIsAtWork() async throws {
    try await eventually("postsuper at work") {
      try await outcome(of: Place.lab("enter"), ["test", "-s", atWork]).status == 0 ? true : nil
    }
  }

  /// Ends the slow tool where it waits, with what it waits for: that holds the act's lock too.
  static func killPostsuper() async throws {
    try await shell("kill -s KILL -- -$(cat \(atWork))")
  }

  /// Runs a script in the lab's room.
  @discardableResult
  static func shell(_ script: String) async throws -> String {
    try await run("enter", ["sh", "-euc", script])
  }

  /// The last lines of the audit trail in the room.
  static func audit() async throws -> [JSON] {
    let text = try await run("enter", [Place.program, "audit", "--json"])
    return try #require(Outcome(status: 0, output: text, complaints: "").objects)
  }
}
