// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// The command lines of the steps in Docs/Fixes.
@Suite(.timeLimit(.minutes(2)))
struct FixCommandsTests {
  struct Line: Hashable, CustomStringConvertible {
    var text: String
    /// Nil if it is for both.
    var mta: LabMTA?

    var description: String { text }
  }

  /// Each once, for each mail server that it is for.
  static let all: [Line] = {
    var lines: [Line] = []
    for page in Place.files(inFolder: "Docs/Fixes").sorted() {
      lines += Self.lines(of: contents(of: Place.repository("Docs/Fixes/\(page)")) ?? "")
    }
    var seen: Set<Line> = []
    return lines.filter { seen.insert($0).inserted }
  }()

  @Test(arguments: all) func aShellUnderstandsIt(line: Line) async throws {
    let outcome = try await outcome(of: "/bin/bash", ["-n", "-c", line.text])
    #expect(outcome.status == 0, "\(outcome.complaints)")
  }

  @Test func thereAreMany() { #expect(Self.all.count > 60) }

  /// Those of fenced blocks, below the name of the mail server that they are for.
  ///
  /// A block that begins
  /// with a comment is configuration, which tests of the advice apply to a real server.
  private static func lines(of page: String) -> [Line] {
    var lines: [Line] = []
    var mta: LabMTA?
    var block: [Substring]?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("```") {
        if let block, block.first?.hasPrefix("#") == false {
          let joined = block.joined(separator: "\n").replacing("\\\n", with: "")
          lines += joined.split(separator: "\n").map { Line(text: String($0), mta: mta) }
        }
        block = block == nil ? [] : nil
      } else if block != nil {
        block?.append(text)
      } else if text == "Exim:" {
        mta = .exim
      } else if text == "Postfix:" {
        mta = .postfix
      } else if !text.isEmpty {
        mta = nil
      }
    }
    return lines
  }
}

/// They are run beside a real Exim and a real Postfix: no option of theirs may be unknown.
@Suite(
  .tags(.lab), .enabled(if: Lab.isRunning, "make test starts the lab, as root"),
  .timeLimit(.minutes(4)))
struct LabFixCommandsTests {
  /// Programs that a server has more often than the lab does.
  private static let absent: Set<String> = [
    "doveadm", "iostat", "sar", "swaks", "traceroute", "tracepath", "netstat", "lsof", "nc",
    "telnet", "systemctl", "openssl", "ping", "whois",
  ]
  /// What programs say of a command line that is wrong, in lower case.
  private static let complaints = [
    "usage:", "invalid option", "unknown option", "unrecognized option", "illegal option",
    "not a known option", "unknown parameter", "syntax error",
  ]

  @Test(arguments: FixCommandsTests.all) func itsProgramKnowsIt(line: FixCommandsTests.Line)
    async throws
  {
    // One that goes on is ended; a pipe ends with what its first program says.
    let call = "PATH=$PATH:/usr/sbin:/sbin timeout 20 /bin/bash -o pipefail -c \"$0\" </dev/null"
    let outcome = try await outcome(
      of: Place.lab("enter"), ["/bin/bash", "-c", call, line.text])
    let said = outcome.complaints.lowercased()
    if said.contains("command not found") {
      #expect(
        Self.absent.contains { said.contains("\($0): command not found") }, "\(outcome)")
      return
    }
    for complaint in Self.complaints {
      #expect(!(said + outcome.output.lowercased()).contains(complaint), "\(outcome)")
    }
  }
}
