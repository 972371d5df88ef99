// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MailServer
import Replies
import Testing

/// A collection of real lines with the fields that a reader should find in them.
struct LogLinesTests {
  struct Expected: Decodable {
    var queue_id: String?
    var recipient: String?
    var remote_host: String?
    var remote_ip: String?
    var code: String?
    var enhanced: String?
    var category: String
    var is_deferral: Bool
    var kind: String
  }

  static func rows(
    of file: String = "loglines.tsv"
  ) throws -> [(mta: MTA, expected: Expected, line: [UInt8])] {
    try LogFixture.lines(file).compactMap { row in
      let parts = row.split(separator: 9, maxSplits: 2).map(Array.init)
      // The collection holds a few lines of sendmail, which Tempfail does not read, and a heading.
      guard parts.count == 3, let mta = MTA(rawValue: String(decoding: parts[0], as: UTF8.self))
      else { return nil }
      return (mta, try JSONDecoder().decode(Expected.self, from: Data(parts[1])), parts[2])
    }
  }

  @Test(arguments: [true, false]) func everyFieldIsFound(mtaIsKnown: Bool) throws {
    let rows = try Self.rows()
    #expect(rows.count == 71)
    for (mta, expected, line) in rows {
      let text = String(decoding: line, as: UTF8.self)
      let event = LogFixture.grammar.event(in: line.span, mta: mtaIsKnown ? mta : nil)
      let isNotDue = text.contains("retry time not reached")
      let kinds: [String: LogEvent.Kind] = [
        "recipient-defer": isNotDue ? .attempt : .deferral, "host-attempt": .attempt,
        "sent": .delivery, "bounce": .bounce,
      ]
      guard let kind = kinds[expected.kind] else {
        #expect(event == nil || event?.kind == .completed, "\(text)")
        continue
      }
      guard let event else {
        Issue.record("nothing was read from \(text)")
        continue
      }
      #expect(event.kind == kind, "\(text)")
      #expect(event.mta == mta, "\(text)")
      #expect(event.direction == .outbound, "\(text)")
      #expect(event.time != nil, "\(text)")
      #expect(event.queueID == expected.queue_id, "\(text)")
      #expect(event.recipient == expected.recipient, "\(text)")
      #expect(event.remoteHost == expected.remote_host, "\(text)")
      #expect(event.remoteIP == expected.remote_ip, "\(text)")
      #expect(event.code == expected.code.flatMap { Int($0) }, "\(text)")
      #expect(event.enhanced?.description == expected.enhanced, "\(text)")
      #expect(event.line == text)
      let causes = expected.category.split(separator: "|").map(String.init)
      #expect(causes.contains(event.cause.rawValue), "\(text)")
    }
  }

  /// Lines that people published, in whatever shape their syslog, container or panel gave them.
  @Test(arguments: ["loglines_field.tsv", "loglines_more.tsv"], [true, false])
  func linesOfTheFieldAreRead(file: String, mtaIsKnown: Bool) throws {
    for (mta, expected, line) in try Self.rows(of: file) {
      let text = String(decoding: line, as: UTF8.self)
      let event = LogFixture.grammar.event(in: line.span, mta: mtaIsKnown ? mta : nil)
      let isRepeated =
        text.contains("retry time not reached") || text.contains("temporarily suspended")
      let kinds: [String: LogEvent.Kind] = [
        "recipient-defer": isRepeated ? .attempt : .deferral, "host-attempt": .attempt,
        "inbound": .refusal, "sent": .delivery, "bounce": .bounce,
      ]
      guard let kind = kinds[expected.kind] else {
        #expect(event == nil || event?.kind == .completed, "\(text)")
        continue
      }
      guard let event else {
        Issue.record("nothing was read from \(text)")
        continue
      }
      #expect(event.kind == kind, "\(text)")
      #expect(event.mta == mta, "\(text)")
      #expect((event.direction == .inbound) == (kind == .refusal), "\(text)")
      #expect(event.queueID == expected.queue_id, "\(text)")
      #expect(event.recipient == expected.recipient, "\(text)")
      #expect(event.remoteHost == expected.remote_host, "\(text)")
      #expect(event.remoteIP == expected.remote_ip, "\(text)")
      #expect(event.code == expected.code.flatMap { Int($0) }, "\(text)")
      #expect(event.enhanced?.description == expected.enhanced, "\(text)")
    }
  }

  @Test func anotherMTAsLineIsNotRead() throws {
    for (mta, _, line) in try Self.rows() {
      let other: MTA = mta == .exim ? .postfix : .exim
      let event = LogFixture.grammar.event(in: line.span, mta: other)
      #expect(event == nil)
    }
  }
}
