// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@testable import Server

/// A journal that is followed: nothing is lost on the way, and it goes on where journalctl ended.
@Suite("Following the journal", .timeLimit(.minutes(2)))
struct JournalFollowingTests {
  let scratch = Scratch()
  private let child = ChildProcess(environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"])

  private func follow(
    _ script: String, from start: LogPosition? = nil
  ) -> AsyncStream<LogChunk> {
    JournalFollower.follow(
      scratch.script("journalctl", script), identifiers: ["postfix/smtp"], from: start, by: child,
      pause: .milliseconds(10))
  }

  /// journalctl ends after each entry: journald was restarted, or somebody ended it.
  private var ending: String {
    """
    cd \(scratch.path)
    n=$(cat count 2>/dev/null || echo 0); n=$((n + 1)); echo $n >count
    echo "$@" >>arguments
    printf '{"__CURSOR":"s=%s","MESSAGE":"line %s"}\\n' $n $n
    """
  }

  @Test func isBegunAgainAfterTheLastEntry() async throws {
    var told: [String] = []
    for await chunk in follow(ending, from: .journal(cursor: "s=0")) {
      switch chunk {
      case .lines(let bytes): told.append(String(decoding: bytes, as: UTF8.self))
      case .unavailable(let failure): told.append("\(failure)")
      case .restarted: break
      }
      if told.count == 5 { break }
    }
    #expect(told[0].contains("line 1") && told[2].contains("line 2") && told[4].contains("line 3"))
    #expect(told[1].contains("ended") && told[3].contains("ended"), "each end is told")
    let arguments = String(
      decoding: try await LocalHost(search: ExecutableSearch(folders: [])).read(
        file: scratch.file("arguments"), from: 0, count: 4096), as: UTF8.self
    ).split(separator: "\n")
    for (number, line) in arguments.prefix(3).enumerated() {
      #expect(line.contains("--after-cursor=s=\(number)"), "\(line)")
    }
  }

  @Test func saysThatItReadsAgainThoughNoEntryComes() async {
    var chunks = follow(
      "cd \(scratch.path); [ -e second ] && exec sleep 100; : >second; exit 1"
    ).makeAsyncIterator()
    // A slow machine may take the first one for one that stays.
    var hasEnded = false
    while !hasEnded, let chunk = await chunks.next() {
      if case .unavailable = chunk { hasEnded = true }
    }
    #expect(hasEnded)
    #expect(await chunks.next() == .restarted)
  }

  @Test func aMissingJournalctlIsToldAndTriedAgain() async {
    let chunks = JournalFollower.follow(
      scratch.file("journalctl"), identifiers: [], from: nil, by: child, pause: .milliseconds(10))
    var told = 0
    for await chunk in chunks {
      if case .lines = chunk { break }
      guard case .unavailable(.missing) = chunk else {
        Issue.record("\(chunk)")
        break
      }
      told += 1
      // It is installed in the meantime.
      if told == 2 { _ = scratch.script("journalctl", "echo '{\"__CURSOR\":\"s=1\"}'; sleep 100") }
    }
    #expect(told >= 2)
  }

  /// More than any buffer holds, for a reader that begins when all of it was printed or waits to be.
  @Test func nothingIsLostForASlowReader() async throws {
    let count = 400_000
    let script = "yes '{\"__CURSOR\":\"s=1\",\"MESSAGE\":\"x\"}' | head -n \(count); exec sleep 100"
    var lines = 0
    for await chunk in follow(script) {
      guard case .lines(let bytes) = chunk else { continue }
      lines += bytes.count { $0 == 10 }
      if lines < 100_000 { await Task.yield() }
      if lines >= count { break }
    }
    #expect(lines == count)
  }
}
