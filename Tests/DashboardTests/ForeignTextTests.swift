// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Replies
import Testing

@testable import Dashboard

/// Golden screens with wide, combining, right-to-left and hostile text wherever a stranger writes.
@Suite struct ForeignTextTests {
  /// Sender, recipient, reply.
  private static let mail = [
    ("news@例え.example", "用户@例子.example", "421 4.7.0 请稍后再试 (greylisted)"),
    ("jose\u{301}@cafe\u{301}.example", "zoë@bücher.example", "450 4.2.1 Boîte pleine"),
    ("שלום@דוגמה.example", "مرحبا@مثال.example", "451 4.3.0 שגיאה זמנית נסו שוב"),
    ("📨bulk@shop.example", "👩‍👩‍👧@family.example", "452 4.2.2 Mailbox full 📪 🇯🇵"),
    (
      "a\u{202E}moc.evil@shop.example", "z\u{200B}ero@width.example",
      "421 4.7.0 \u{1B}[2J\u{1B}]0;title\u{7} red\r\nalert"
    ),
    ("ﾊﾝｶｸ@ｶﾅ.example", "z\u{300}\u{301}\u{302}\u{303}algo@stack.example", "421 4.4.2 タイムアウト"),
  ]

  private static func screen(
    columns: Int, rows: Int, lines: LineSet, prepare: (inout Harness) -> Void
  ) -> Grid {
    var harness = Harness(columns: columns, rows: rows, lines: lines)
    for source in Source.allCases {
      harness.send(.health(source, .live(since: Harness.now, note: nil)))
    }
    let lines = mail.enumerated().map { number, mail in
      "{\"queue_name\": \"deferred\", \"queue_id\": \"4cXn2k\(number)hFjz9QsB\","
        + " \"arrival_time\": \(Harness.now - 600 + Int64(number)), \"message_size\": 5120,"
        + " \"sender\": \"\(escaped(mail.0))\", \"recipients\": [{\"address\":"
        + " \"\(escaped(mail.1))\", \"delay_reason\": \"\(escaped(mail.2))\"}]}\n"
    }
    let listing = QueueListing(Array(lines.joined().utf8), mta: .postfix, now: Harness.now)
    harness.send(.queue(QueueSnapshot(listing, taken: Harness.now)))
    let events = mail.enumerated().map { number, mail in
      LogEvent(
        time: Harness.now - 60 + Int64(number), mta: .postfix, kind: .deferral,
        direction: .outbound, queueID: "4cXn2k\(number)hFjz9QsB", recipient: mail.1,
        remoteHost: nil, remoteIP: nil, code: 421, enhanced: nil, cause: .greylisting,
        reply: mail.2, line: mail.2)
    }
    harness.send(.log(events, dropped: 0))
    harness.send(.connections([]))
    prepare(&harness)
    return harness.screen
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { json, scalar in
      if scalar.value < 0x20 {
        let digits = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        json.unicodeScalars.append(scalar)
      }
    }
  }

  static let cases: [(name: String, keys: [Key])] = [
    ("queue", []), ("senders", [.character("g"), .character("g"), .character("g")]),
    ("log", [.character("3"), .character("z")]),
    ("fix", [.down, .down, .character("f")]),
    ("remove", [.down, .down, .down, .down, .character("d")]),
    ("timeline", [.down, .character("L")]),
    ("message", [.enter]),
  ]

  @Test(arguments: cases.map(\.name)) func columnsAlign(name: String) throws {
    let keys = try #require(Self.cases.first { $0.name == name }).keys
    for (columns, rows) in [(100, 30), (40, 10)] {
      for (lines, suffix) in [(LineSet.unicode, ""), (.ascii, "-ascii"), (.console, nil)] {
        let grid = Self.screen(columns: columns, rows: rows, lines: lines) { harness in
          for key in keys { harness.press(key) }
          guard name == "message", let reference = harness.state.queue.selectedMessage?.reference
          else { return }
          let headers = ["Subject: 例え \u{202E}gnp.exe 📎", "From: \u{1B}[31mJosé <jose\u{301}@x>"]
          harness.send(
            .opened(
              .success(
                MessageDocument(
                  reference: reference, headers: headers,
                  body: ["你好，世界", "مرحبا بالعالم", "e\u{301}\u{302}\u{303}\u{304}", "tab\tbed"]))))
        }
        for y in 0..<rows {
          // As a terminal counts: what is drawn is as wide as the row of cells, and safe.
          let text = grid.row(y).map(\.glyph).joined()
          let safe = SafeText(text)
          #expect(safe.width == columns && safe.string == text, "\(name), row \(y): \(text)")
          if lines == .ascii { #expect(text.utf8.allSatisfy { $0 < 0x7F }) }
        }
        guard let suffix else { continue }
        try Golden.check(grid, "foreign-\(name)-\(columns)x\(rows)\(suffix)")
      }
    }
  }
}
