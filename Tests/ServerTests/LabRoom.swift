// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

@testable import Server

/// The lab's room, for tests that run in it (Tests/Lab).
struct LabRoom {
  static let isHere = access("/run/tempfail-lab", F_OK) == 0

  struct Failed: Error {
    var words: String
  }

  let mta: MTA
  let host: LocalHost
  let system: MailSystem

  init(_ mta: MTA, host: LocalHost = LocalHost()) async throws {
    self.mta = mta
    self.host = host
    system = try await Discovery.find(on: host, mta: mta)
  }

  /// Runs a line as a shell does: what is tried here is text for an administrator's shell.
  @discardableResult
  func shell(_ line: String) async throws -> String {
    let command = Invocation(executable: "/bin/sh", arguments: ["-c", line], timeLimit: 60)
    let result = try await ChildProcess(environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
      .run(command)
    guard result.status == 0 else { throw Failed(words: "\(line): \(result.complaint)") }
    return String(decoding: result.output, as: UTF8.self)
  }

  /// Sends a message to each address.
  func send(to recipients: [String]) async throws {
    let lab = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    try await shell(
      "/usr/bin/python3 /\(lab)/Lab/send /\(lab)/Lab/destinations.tsv \(mta.rawValue) "
        + recipients.joined(separator: " "))
  }

  /// What the log says since it had so many bytes.
  func events(after size: Int64) async throws -> [LogEvent] {
    let path = try #require(system.logFiles.first)
    let bytes = try await host.read(file: path, from: size, count: 16 << 20)
    let grammar = LogGrammar(now: host.now(), zone: host.zone)
    var joiner = LogLineJoiner()
    var events: [LogEvent] = []
    grammar.forEachRecord(in: bytes.span, mta: mta, of: .everything, joiner: &joiner) {
      line, record in events.append(grammar.event(of: record, in: line))
    }
    return events
  }

  func logSize() async throws -> Int64 {
    let path = try #require(system.logFiles.first)
    return try await host.status(ofFile: path)?.size ?? 0
  }

  /// Waits until something is so, at most so many seconds.
  func wait(seconds: Int, until condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<seconds * 5 {
      if try await condition() { return true }
      try await Task.sleep(for: .milliseconds(200))
    }
    return false
  }

  /// Makes a changed configuration count.
  func reload() async throws {
    switch mta {
    case .exim:
      try await shell(
        "kill -HUP $(cat /run/exim4/exim.pid || cat /var/spool/exim4/exim-daemon.pid)")
    case .postfix: try await shell("postfix reload")
    }
  }

  /// Takes every message out of the queue.
  func empty() async throws {
    switch mta {
    case .exim:
      // A message that is being delivered cannot be removed; what it learns would be kept after it.
      let isEmpty = try await wait(seconds: 20) {
        // By the names of its files: the listing has no size of one whose content is gone, and another form then.
        try await shell(
          "cd /var/spool/exim4/input; ls | sed -n 's/-H$//p' | xargs -r exim4 -Mrm >/dev/null 2>&1; true"
        )
        return try await shell("exim4 -bpc") == "0\n"
      }
      // A delivery that hangs on to its message, of a test before this one.
      if !isEmpty {
        try await shell("find /var/spool/exim4/input /var/spool/exim4/msglog -type f -delete")
      }
      guard try await shell("exim4 -bpc") == "0\n" else {
        throw Failed(words: "the queue does not become empty")
      }
      try await shell("rm -f /var/spool/exim4/db/*")
    case .postfix: try await shell("postsuper -d ALL")
    }
  }
}
