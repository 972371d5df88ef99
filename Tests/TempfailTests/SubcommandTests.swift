// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

/// The subcommands on what a real Exim and a real Postfix of the lab printed.
@Suite(.timeLimit(.minutes(2)))
struct SubcommandTests {
  static let listings = ["exim-bp.txt", "postqueue-j.txt", "postqueue-p.txt"]

  @Test(arguments: Destination.deferring.filter { $0.reply != "-" })
  func explainNamesTheCause(_ destination: Destination) async throws {
    // In the table a reply has the shape in which Exim writes it to its log: lines joined by \n.
    let outcome = try await tempfail("explain", "--json", destination.reply)
    #expect(outcome.status == 0)
    let answer = try #require(outcome.objects?.first)
    #expect(answer["cause"]?.text == destination.cause)
    #expect(answer["code"]?.integer == Int64(destination.reply.prefix(3)))
    #expect(answer["temporary"] == true)
    for name in ["enhanced", "provider", "direction", "rule", "wait", "meaning", "steps"] {
      #expect(answer[name] != nil, "\(name) is missing")
    }
  }

  @Test func explainAnswersEachLineInOrder() async throws {
    let lines = ["421 4.7.0 try later", "250 2.0.0 Ok", "no reply at all", "550 5.1.1 unknown"]
    let outcome = try await tempfail(
      "explain", "--json", input: lines.joined(separator: "\n") + "\n")
    let answers = try #require(outcome.objects)
    #expect(answers.map { $0["code"]?.integer } == [421, 250, nil, 550])
    #expect(answers.dropFirst().allSatisfy { $0["cause"]?.text == "not-temporary" })
    #expect(answers.map { $0["temporary"] } == [true, false, .null, false])
  }

  @Test(arguments: listings) func queueReadsASavedListing(_ name: String) async throws {
    let mta = name.hasPrefix("exim") ? "exim" : "postfix"
    let outcome = try await tempfail("queue", "--json", "--from", Place.fixture(name), "--mta", mta)
    #expect(outcome.status == 0)
    let rows = try #require(outcome.objects).compactMap(QueueRow.init)
    #expect(
      Set(rows.flatMap(\.recipients).map(\.address))
        == Set(Destination.deferring.map { "bob@" + $0.domain }))
    #expect(rows.allSatisfy { $0.mta == mta && $0.sender == "alice@sender.test" })
    if mta == "postfix" {
      for recipient in rows.flatMap(\.recipients) {
        let destination = Destination.all.first { recipient.address.hasSuffix("@" + $0.domain) }
        #expect(recipient.cause == destination?.cause, "\(recipient.address)")
      }
    }
  }

  @Test(arguments: listings) func queueReadsStandardInput(_ name: String) async throws {
    let listing = try #require(contents(of: Place.fixture(name)))
    let read = try await tempfail("queue", "--json", "--from", "-", input: listing)
    let opened = try await tempfail("queue", "--json", "--from", Place.fixture(name))
    #expect(read.output == opened.output)
    #expect(!read.output.isEmpty)
  }

  @Test(arguments: ["removed", "audit"]) func whatIsKeptSpeaksJSON(command: String) async throws {
    let outcome = try await tempfail(command, "--json")
    #expect(outcome.status == 0)
    #expect(outcome.objects != nil)
    let table = try await tempfail(command)
    #expect(table.status == 0 && !table.output.isEmpty)
  }

  @Test func restoreWantsAName() async throws {
    #expect(try await tempfail("restore").status == 2)
  }

  @Test func connectionsSpeaksJSON() async throws {
    let outcome = try await tempfail("connections", "--json")
    #expect(outcome.status == 0)
    for connection in try #require(outcome.objects) {
      for name in ["direction", "peer", "port", "state", "seconds", "pid", "process"] {
        #expect(connection[name] != nil, "\(name) is missing")
      }
    }
  }

  @Test(arguments: [["queue"], ["explain", "421 4.7.0 try later"], ["connections"]])
  func noTableHoldsAControlCharacter(_ command: [String]) async throws {
    let arguments =
      command == ["queue"] ? command + ["--from", Place.fixture("postqueue-j.txt")] : command
    let table = try await outcome(of: Place.program, arguments)
    #expect(table.status == 0)
    #expect(!table.output.isEmpty || command == ["connections"])
    #expect(
      table.output.unicodeScalars.allSatisfy {
        $0 == "\n" || $0.properties.generalCategory != .control
      })
  }

  @Test(arguments: [["--no-such-option"], ["queue", "--mta", "sendmail"], ["nonsense"]])
  func wrongUsageSaysSo(_ arguments: [String]) async throws {
    let outcome = try await outcome(of: Place.program, arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(!outcome.complaints.isEmpty)
  }

  @Test(arguments: listings) func queueShowsWhatTheFilterLetsThrough(_ name: String) async throws {
    let outcome = try await tempfail(
      "queue", "--json", "--from", Place.fixture(name), "--filter",
      "(to:/^bob@/ from=alice@sender.test) !dest:ratelimit.test")
    #expect(outcome.status == 0)
    let recipients = try #require(outcome.objects).compactMap(QueueRow.init).flatMap(\.recipients)
    #expect(
      Set(recipients.map(\.address))
        == Set(Destination.deferring.map { "bob@" + $0.domain }).subtracting(["bob@ratelimit.test"])
    )
  }

  @Test func aWrongFilterIsWrongUsageAndSaysWhere() async throws {
    let outcome = try await tempfail(
      "queue", "--from", Place.fixture(Self.listings[0]), "--filter", "gmail age>soon")
    #expect(outcome.status == 2)
    #expect(outcome.complaints.contains("  gmail age>soon\n            ^"))
  }
}
