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
}
