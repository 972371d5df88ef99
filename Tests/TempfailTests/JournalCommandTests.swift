// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Testing

/// A Postfix that logs to the journal only, and a journal that shows what the test says.
///
/// `journalctl -o json` prints nothing and ends with 0 if its user may see nothing: that must never look like a quiet
/// mail server.
@Suite(
  .timeLimit(.minutes(2)),
  .enabled(
    if: access("/var/log/mail.log", F_OK) != 0 && access("/var/log/maillog", F_OK) != 0,
    "this machine has a mail log of its own"))
struct JournalCommandTests {
  struct Journal: CustomTestStringConvertible, Sendable {
    var testDescription: String { name }
    let name: String
    /// What `journalctl --lines=1` complains of, and its status: as systemd 252 and 257 do.
    let complaint: String
    let status: Int
    /// What Tempfail says of it; nil if it can be read.
    let words: String?
    let exitStatus: Int
  }

  static let journals = [
    Journal(name: "readable", complaint: "", status: 0, words: nil, exitStatus: 0),
    Journal(
      name: "of another user",
      complaint: "Hint: You are currently not seeing messages from other users and the system.",
      status: 0, words: "may not read the journal", exitStatus: 77),
    Journal(
      name: "forbidden",
      complaint: "No journal files were opened due to insufficient permissions.", status: 1,
      words: "may not read the journal", exitStatus: 77),
    Journal(
      name: "none", complaint: "No journal files were found.", status: 0,
      words: "There is no systemd journal here", exitStatus: 69),
    Journal(
      name: "broken", complaint: "Failed to open journal: Bad message", status: 1,
      words: "journalctl exited with status 1", exitStatus: 69),
  ]

  private static func entry(_ microseconds: Int64) -> String {
    #"{"MESSAGE":"C19DC2AA: to=<ann@busy.test>, relay=mx.busy.test[192.0.2.1]:25, delay=1,"#
      + #" delays=0/0/1/0, dsn=4.7.0, status=deferred (host mx.busy.test[192.0.2.1] said: 421 4.7.0"#
      + #" Too many connections (in reply to MAIL FROM command))","SYSLOG_IDENTIFIER":"postfix/smtp","#
      + #""__REALTIME_TIMESTAMP":"\#(microseconds)","__CURSOR":"s=1","_PID":"421"}"#
  }

  private static func system(_ journal: Journal) throws -> BareSystem {
    let now = Int64(time(nil))
    let entries = [600, 300].map { entry((now - $0) * 1_000_000) }.joined(separator: "\n")
    let listing =
      #"{"queue_name":"deferred","queue_id":"C19DC2AA","arrival_time":\#(now - 900),"#
      + #""message_size":304,"sender":"bob@a.test","recipients":[{"address":"ann@busy.test","#
      + #""delay_reason":"host mx.busy.test[192.0.2.1] said: 421 4.7.0 Too many connections"}]}"#
    return try BareSystem([
      "postqueue": "cat <<'END'\n\(listing)\nEND",
      "postconf": "printf 'mail_version = 3.7.11\\nqueue_directory = %s\\n' \"$folder\"",
      "journalctl": """
      case " $* " in
      *' --lines=1 '*) echo '\(journal.complaint)' >&2; exit \(journal.status);;
      *' -f '*) exec tail -f /dev/null;;
      *' json '*) \(journal.words == nil ? "cat <<'END'\n\(entries)\nEND\n" : ":");;
      esac
      """,
    ])
  }

  private static func run(_ system: BareSystem, _ arguments: [String]) async throws -> Outcome {
    try await outcome(
      of: Place.program, arguments + ["--mta", "postfix"],
      environment: [
        "PATH": system.path, "XDG_CONFIG_HOME": system.path, "XDG_STATE_HOME": system.path,
      ])
  }

  @Test(arguments: journals, [[], ["--summary"], ["--json"], ["--all", "--summary", "--json"]])
  func logSaysWhatItCannotRead(_ journal: Journal, options: [String]) async throws {
    let system = try Self.system(journal)
    let outcome = try await Self.run(system, ["log"] + options)
    #expect(outcome.status == journal.exitStatus, "\(outcome.complaints)")
    guard let words = journal.words else {
      #expect(outcome.output.contains(options.contains("--summary") ? "2" : "ann@busy.test"))
      return
    }
    #expect(outcome.complaints.contains(words), "\(outcome.complaints)")
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: journals) func onceSaysWhatItCannotRead(_ journal: Journal) async throws {
    let system = try Self.system(journal)
    let outcome = try await Self.run(system, ["--once"])
    if let words = journal.words {
      #expect(outcome.status == 1, "\(outcome.complaints)")
      let screen = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(screen.contains(words.prefix(20)), "\(outcome.output)")
      #expect(!screen.contains("No 421 in the last hour"))
    }
  }

  @Test(arguments: journals) func doctorSaysWhatItCannotRead(_ journal: Journal) async throws {
    let system = try Self.system(journal)
    let outcome = try await Self.run(system, ["doctor", "--json"])
    let log = try #require(outcome.objects?.first { $0["need"]?.text == "log" })
    #expect((log["verdict"]?.text == "fine") == (journal.words == nil), "\(log)")
    if let words = journal.words {
      #expect(log["finding"]?.text?.contains(words) == true)
      #expect(outcome.status == 1)
    }
  }

  /// The journal is a log like others: attempts are counted from it, and where it may not be read that is said.
  @Test(arguments: journals) func queueCountsAttemptsFromTheJournal(_ journal: Journal) async throws
  {
    let system = try Self.system(journal)
    let outcome = try await Self.run(system, ["queue", "--json"])
    #expect(outcome.status == 0)
    let message = try #require(outcome.objects?.first)
    guard let words = journal.words else {
      #expect(message["attempts"]?.integer == 2 && outcome.complaints.isEmpty)
      #expect(message["attemptsSince"]?.integer != nil)
      return
    }
    #expect(message["attempts"] == .null && message["attemptsSince"] == .null)
    #expect(outcome.complaints.contains("attempts are missing"))
    #expect(outcome.complaints.contains(words), "\(outcome.complaints)")
  }
}
