// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MailServer

struct LogSieveTests {
  /// Ordinary lines, and such as are nearly so.
  private static let lines: [String] = {
    let stamps = [
      "2026-11-24 00:40:48 ", "2026-11-24 00:40:48.123 +0100 ", "Nov 24 00:40:48 mail exim[9]: ",
    ]
    let ids = [
      "1xVeaW-0004Rn-1D", "1dEJoV-000004210BY-KDf0", "1dEJoV-000004-10BY-KDf",
      "[77] 1xVeaW-0004Rn-1D",
    ]
    let texts = [
      "<= a@b.test H=h.test [192.0.2.1] P=esmtps S=421 id=x@b.test", "Completed",
      "=> c@d.test R=r T=t H=mx.d.test [192.0.2.2] C=\"250 OK\"", "-> e@f.test R=r T=t", "Complete",
      "== c@d.test R=r T=t defer (-45) H=mx.d.test [192.0.2.2]: SMTP error from remote mail server after "
        + "MAIL FROM:<a@b.test>: 421 4.7.0 Try again later",
      "H=mx.d.test [192.0.2.2]: SMTP error from remote mail server after initial connection: 421 busy",
      "** c@d.test R=r T=t: SMTP error from remote mail server after end of data: 550 no",
      "== c@d.test R=r T=t defer (-54): retry time not reached for any host",
      "H=(x) [192.0.2.3] temporarily rejected RCPT <c@d.test>: greylisted", "*= odd", "",
    ]
    return stamps.flatMap { stamp in
      ids.flatMap { id in texts.map { "\(stamp)\(id) \($0)" } }
        + ["\(stamp)SMTP connection from [192.0.2.4] lost", "\(stamp)", "\(stamp)1xVeaW"]
    }
  }()

  private func troubles(in text: [UInt8], of interest: LogGrammar.Interest) -> [LogRecord] {
    let grammar = LogGrammar(now: 1_795_500_000, zone: .utc)
    var (records, joiner): ([LogRecord], _) = ([], LogLineJoiner())
    grammar.forEachRecord(in: text.span, mta: .exim, of: interest, joiner: &joiner) { _, record in
      switch record.kind {
      case .deferral, .attempt, .refusal: records.append(record)
      case .delivery, .bounce, .completed: break
      }
    }
    return records
  }

  /// Whatever line the stencil was taken from, and whatever byte of a line is another.
  @Test(arguments: [UInt64](1...60)) func noTroubleIsPassedOver(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let bytes = Array("-- =>*<[:1a".utf8)
    var text: [UInt8] = []
    for _ in 0..<400 {
      var line = Array((Self.lines.randomElement(using: &random) ?? "").utf8)
      if Bool.random(using: &random), let byte = bytes.randomElement(using: &random),
        let place = line.indices.prefix(60).randomElement(using: &random)
      {
        line[place] = byte
      }
      text += line + [10]
    }
    let (read, all) = (troubles(in: text, of: .trouble), troubles(in: text, of: .everything))
    #expect(read.map(\.reply) == all.map(\.reply), "seed \(seed)")
    #expect(!all.isEmpty)
  }
}
