// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

/// `tempfail log` on the logs of a real Exim and a real Postfix of the lab.
@Suite(.timeLimit(.minutes(2)))
struct LogCommandTests {
  static let logs = ["exim-mainlog.txt", "postfix-mail.log"]

  @Test(arguments: logs) func logFindsEachDeferral(_ name: String) async throws {
    let outcome = try await tempfail("log", "--all", "--json", Place.fixture(name))
    #expect(outcome.status == 0)
    let deferrals = try #require(outcome.objects).filter { $0["kind"]?.text == "deferral" }
    #expect(deferrals.count == Destination.deferring.count)
    for deferral in deferrals {
      let recipient = deferral["recipient"]?.text ?? ""
      let destination = Destination.all.first { recipient == "bob@" + $0.domain }
      #expect(deferral["cause"]?.text == destination?.cause, "\(recipient)")
    }
  }

  @Test(arguments: logs) func logShowsOnly421WithoutAll(_ name: String) async throws {
    let log = try #require(contents(of: Place.fixture(name)))
    let outcome = try await tempfail("log", "--json", "-", input: log)
    let events = try #require(outcome.objects)
    #expect(!events.isEmpty)
    #expect(events.allSatisfy { $0["code"]?.integer == 421 })
  }

  @Test(arguments: logs) func noLineHoldsAControlCharacter(_ name: String) async throws {
    let table = try await tempfail("log", "--all", Place.fixture(name))
    #expect(table.status == 0)
    #expect(table.output.contains("ratelimit.test"))
    #expect(
      !table.output.unicodeScalars.contains {
        $0 != "\n" && $0.properties.generalCategory == .control
      })
  }

  @Test(arguments: logs) func theFilterAppliesToLinesAndToTheSummary(_ name: String) async throws {
    let expression = "cause:greylisting !kind:attempt"
    let lines = try await tempfail(
      "log", "--all", "--json", "--filter", expression, Place.fixture(name))
    let events = try #require(lines.objects)
    #expect(!events.isEmpty && events.allSatisfy { $0["cause"]?.text == "greylisting" })
    let deferrals = events.filter { $0["kind"]?.text == "deferral" }
    let summary = try await tempfail(
      "log", "--all", "--json", "--summary", "--filter", expression, Place.fixture(name))
    #expect(summary.objects?.first?["deferrals"]?.integer == Int64(deferrals.count))
    #expect(summary.objects?.first?["attempts"]?.integer == 0)
  }

  /// What is not understood is said, with status 1, however it is requested: nothing found in it is no good news.
  @Test(arguments: [[], ["--summary"], ["--json"], ["--json", "--summary"], ["--since", "1h"]])
  func whatIsNotUnderstoodIsSaid(options: [String]) async throws {
    let exim = try #require(contents(of: Place.fixture("exim-mainlog.txt")))
    let web = String(repeating: "192.0.2.1 - - [24/Nov/2026] \"GET / HTTP/1.1\" 200 1\n", count: 9)
    let cases: [(input: String, mta: String?, words: String)] = [
      (exim, "postfix", "0 of 49 lines understood; this looks like Exim's log: --mta exim"),
      (web, nil, "0 of 9 lines understood; this is not a known log format of Exim or Postfix"),
      (web, "exim", "0 of 9 lines understood; this is not a known log format of Exim"),
      ("x\n", nil, "0 of 1 line understood"),
      (
        "Nov 24 00:30:00 h sshd[1]: x\n", nil, "0 of 1 line understood; all are from other programs"
      ),
    ]
    for (input, mta, words) in cases {
      let chosen = mta.map { ["--mta", $0] } ?? []
      let outcome = try await outcome(
        of: Place.program, ["log", "--all"] + options + chosen + ["-"], input: input)
      #expect(outcome.status == 1)
      #expect(outcome.complaints.contains(words), "\(outcome.complaints)")
      #expect(!outcome.output.contains("No deferral"))
    }
  }

  @Test func anEmptyLogIsSaidToBeEmpty() async throws {
    let outcome = try await tempfail("log", "--all", "/dev/null")
    #expect(outcome.status == 0)
    #expect(outcome.output == "/dev/null is empty.\n")
    let summary = try await tempfail("log", "--all", "--summary", "/dev/null")
    #expect(summary.output == "/dev/null is empty.\n")
    let objects = try await tempfail("log", "--all", "--json", "/dev/null")
    #expect(objects.output.isEmpty && objects.complaints.contains("/dev/null is empty."))
  }

  /// A log without a failure is understood, and says so as before.
  @Test func aQuietLogHasNoFailure() async throws {
    let line = "Nov 24 00:30:00 h postfix/anvil[1]: statistics: max connection rate 1/60s\n"
    let outcome = try await tempfail("log", "--all", "-", input: line)
    #expect(outcome.status == 0)
    #expect(outcome.output == "No deferral found.\n")
  }
}
