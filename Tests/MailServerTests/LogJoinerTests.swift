// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

/// Lines that syslog got in pieces: `[1/3] …`, `[2\3] …`.
struct LogJoinerTests {
  private func joined(_ lines: [String]) -> [String] {
    var joiner = LogLineJoiner()
    var whole: [String] = []
    for line in lines {
      let ready = joiner.join(Array(line.utf8).span) ?? [Array(line.utf8)]
      whole += ready.map { String(decoding: $0, as: UTF8.self) }
    }
    return whole + joiner.finish().map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func piecesBecomeOneLine() {
    #expect(
      joined(["h exim[1]: [1/3] one ", #"h exim[1]: [2\3] two "#, "h exim[1]: [3/3] three"])
        == ["h exim[1]: one two three"])
  }

  @Test func otherLinesPassThrough() {
    #expect(
      joined(["h exim[1]: [1/2] one ", "h exim[2]: other", "h exim[1]: [2/2] two"])
        == ["h exim[2]: other", "h exim[1]: one two"])
  }

  @Test func aPieceOfAnotherProcessDoesNotGetIn() {
    #expect(
      joined(["h exim[1]: [1/2] one ", "h exim[2]: [2/2] forged", "h exim[1]: [2/2] two"])
        == ["h exim[1]: one two"])
  }

  @Test func whatCameOfALineIsNotLost() {
    #expect(
      joined(["h exim[1]: [1/3] one ", "h exim[2]: [1/2] a ", "h exim[2]: [2/2] b"])
        == ["h exim[1]: one ", "h exim[2]: a b"])
    #expect(joined(["h exim[1]: [1/3] one "]) == ["h exim[1]: one "])
    #expect(joined(["h exim[1]: [2/3] two"]) == [])
  }

  @Test func recordedPiecesGiveTheWholeReply() throws {
    let block = Array(try LogFixture.lines("syslog_rfc3339.log").joined(separator: [10]))
    let events = LogFixture.events(in: block)
    let long = try #require(
      events.first { $0.recipient == "long2k@nasty.test" && $0.mta == .exim && $0.code == 450 })
    #expect(long.reply.hasSuffix("very long text ") || long.reply.hasSuffix("very long text"))
    #expect(long.reply.utf8.count > 900)
  }
}
