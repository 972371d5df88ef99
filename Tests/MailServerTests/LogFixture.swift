// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MailServer
import Replies
import Testing

/// What the log tests share: recorded files and a clock.
enum LogFixture {
  /// 2026-11-24 12:00:00 UTC, shortly after the recordings were made.
  static let now: Int64 = 1_795_521_600

  static let grammar = LogGrammar(now: now, zone: .utc)

  /// The lines of a recorded file, as bytes: logs are no clean UTF-8.
  static func lines(_ name: String) throws -> [[UInt8]] {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/logs/\(name)", withExtension: nil))
    let bytes = [UInt8](try Data(contentsOf: url))
    return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  static func event(_ line: String, by grammar: LogGrammar = grammar) -> LogEvent? {
    grammar.event(in: Array(line.utf8).span)
  }

  static func event(_ line: [UInt8]) -> LogEvent? { grammar.event(in: line.span) }

  /// The events of a block of lines, those that syslog split put together.
  static func events(
    in block: [UInt8], mta: MTA? = nil, of interest: LogGrammar.Interest = .everything
  ) -> [LogEvent] {
    var (events, joiner): ([LogEvent], LogLineJoiner) = ([], LogLineJoiner())
    grammar.forEachRecord(in: block.span, mta: mta, of: interest, joiner: &joiner) {
      line, record in events.append(grammar.event(of: record, in: line))
    }
    grammar.finish(&joiner, mta: mta) { line, record in
      events.append(grammar.event(of: record, in: line))
    }
    return events
  }

  static func time(_ line: String, by grammar: LogGrammar = grammar) -> Int64? {
    grammar.time(of: Array(line.utf8).span)
  }
}
