// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

/// What somebody reads who has mistyped.
@Suite struct UsageTests {
  @Test(
    arguments: [
      (["bogus"], "Unknown command bogus."), (["bogus"], "Commands: dashboard, watch, demo,"),
      (["qeue", "--json"], "Unknown command qeue. Did you mean queue?"),
      (
        ["--mta", "exim", "queue", "--json"],
        "Options go after the command: tempfail queue --mta exim --json"
      ),
      (["queue", "--bogus"], "Usage: tempfail queue"), (["--bogus"], "Unknown option '--bogus'"),
      (
        ["queue", "--mta", "exim", "--from", Place.fixture("postqueue-p.txt")],
        "this is a Postfix listing"
      ),
    ] as [([String], String)])
  func aMistakeIsNamed(arguments: [String], words: String) async throws {
    let result = try await outcome(of: Place.program, arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.complaints.contains(words), "\(result.complaints)")
  }

  @Test func connectionsTakesTheCommonOptions() async throws {
    for options in [["--mta", "exim"], ["--log", "/x"], ["--summary"]] {
      let result = try await outcome(of: Place.program, ["connections"] + options)
      #expect(result.status == 0, "\(result.complaints)")
      #expect(!result.output.isEmpty)
    }
  }
}
