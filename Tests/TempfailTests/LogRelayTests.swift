// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc
import Testing

/// `tempfail log` and `queue` place a reply by the same knowledge: the settings of this server, where its own log is read.
@Suite(.timeLimit(.minutes(2)))
struct LogRelayTests {
  private static let reply =
    "host hub.isp.test[192.0.2.7] said: 454 4.7.1 <u@a.test>: Relay access denied (in reply to RCPT TO command)"

  private static func system() throws -> BareSystem {
    let now = Int64(time(nil))
    let listing =
      #"{"queue_name":"deferred","queue_id":"4dGXk2Tz9Bz1","arrival_time":\#(now - 900),"#
      + #""message_size":304,"sender":"b@c.test","recipients":[{"address":"u@a.test","#
      + #""delay_reason":"\#(reply)"}]}"#
    let system = try BareSystem([
      "postqueue": "cat <<'END'\n\(listing)\nEND",
      "postconf": """
      [ "$1" = -M ] && exit
      printf 'mail_version = 3.7.11\\nqueue_directory = %s\\nmaillog_file = %s/mail.log\\n' "$folder" "$folder"
      printf 'relayhost = [hub.isp.test]:25\\n'
      """,
    ])
    let line =
      "2026-11-30T10:00:00+00:00 mail postfix/smtp[42]: 4dGXk2Tz9Bz1: to=<u@a.test>,"
      + " relay=hub.isp.test[192.0.2.7]:25, delay=1, delays=0/0/1/0, dsn=4.7.1, status=deferred (\(reply))\n"
    if let file = fopen("\(system.path)/mail.log", "w") {
      fputs(line, file)
      fclose(file)
    }
    return system
  }

  private static func run(_ system: BareSystem, _ arguments: [String]) async throws -> Outcome {
    try await outcome(
      of: Place.program, arguments,
      environment: [
        "PATH": system.path, "XDG_CONFIG_HOME": system.path, "XDG_STATE_HOME": system.path,
      ])
  }

  /// A file that is named may be of another machine: only what its lines say counts.
  @Test(arguments: [false, true]) func theHopIsTheSameEverywhere(isNamed: Bool) async throws {
    let system = try Self.system()
    let files = isNamed ? ["\(system.path)/mail.log"] : []
    let log = try await Self.run(system, ["log", "--all", "--json"] + files)
    let event = try #require(log.objects?.first, "\(log.complaints)")
    func place(_ json: JSON?) -> [String?] {
      ["cause", "side", "hop"].map { json?[$0]?.text }
    }
    let relay = ["configuration", "ours", "relay"]
    #expect(place(event) == (isNamed ? ["other", "theirs", "final"] : relay))
    let summary = try await Self.run(system, ["log", "--all", "--summary", "--json"] + files)
    #expect(
      summary.objects?.dropFirst().first?["cause"]?.text == (isNamed ? "other" : "configuration"))
    let queue = try await Self.run(system, ["queue", "--json"])
    guard case .array(let recipients)? = queue.objects?.first?["recipients"] else {
      Issue.record("\(queue.output)\(queue.complaints)")
      return
    }
    #expect(place(recipients.first) == relay)
  }
}
