// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies
import Testing

@testable import Dashboard

/// What is copied is pasted into a shell sooner or later: no key that a stranger wrote may be in it.
@Suite struct CopiedTextTests {
  private static let hostile = [
    "\u{1B}[201~\ntouch x #", "a\rtouch x #\r", "x\r\ny", "\u{9B}2J\u{85}z",
    "\u{202E}a\u{2028}b\u{7F}\u{0}c", "\n\n\n",
  ]

  private static func isSafe(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: scalar == "\n"
      default: true
      }
    }
  }

  @Test(arguments: hostile) func aLineStaysOne(text: String) {
    let copied = CopiedText(line: text).text
    #expect(Self.isSafe(copied) && !copied.contains("\n"))
    let lines = CopiedText(lines: [text, text]).text
    #expect(
      Self.isSafe(lines)
        && lines.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
  }

  @Test(arguments: hostile) func whateverIsSelectedIsCopiedSafely(text: String) async throws {
    for mta in [MTA.postfix, .exim] {
      var harness = try await Harness.live(mta: mta)
      let id = try #require(harness.state.queue.selectedMessage?.idText)
      var event = LogEvent(
        time: Harness.now - 5, mta: mta, kind: .deferral, direction: .outbound, queueID: id,
        recipient: "bob\(text)@busy.test", remoteHost: "mx\(text)", remoteIP: text, code: 421,
        enhanced: nil,
        cause: .rateLimit, reply: "421 4.7.0 \(text)", line: "line \(text)")
      event.reply += text
      harness.send(.log([event, event], dropped: 0))
      harness.send(
        .connections([
          SMTPConnection(
            direction: .outbound, peer: "192.0.2.1\(text)", peerPort: 25, localAddress: text,
            localPort: 4,
            state: "ESTABLISHED", pid: nil, process: text, seconds: 1)
        ]))
      let before = harness.effects.count
      for pane in ["1", "2", "3", "4"] as [Character] {
        harness.press(.character(pane), .character("y"), .character("Y"), .escape)
      }
      harness.press(.character("1"), .character("f"))
      for _ in 0..<12 { harness.press(.enter, .escape, .down) }
      harness.press(
        .character("e"), .character("y"), .character("e"), .character("a"), .character("Y"), .escape
      )
      let copies = harness.effects[before...].compactMap { effect -> String? in
        switch effect {
        case .copy(let copied), .save(let copied): copied.text
        default: nil
        }
      }
      #expect(copies.count >= 6, "\(copies.count)")
      for copy in copies { #expect(Self.isSafe(copy), "\(copy)") }
    }
  }
}
