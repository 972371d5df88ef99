// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MailServer

/// Marks are compared with a set of rows, and their move to another listing with that of identities.
@Suite struct QueueMarksTests {
  @Test func theyAreASet() {
    var random = SeededGenerator(seed: 5)
    var marks = QueueMarks()
    var expected: Set<Int32> = []
    for _ in 0..<400 {
      let rows = (0..<Int.random(in: 0...9, using: &random)).map { _ in
        Int32.random(in: 0...300, using: &random)
      }
      if Bool.random(using: &random) {
        marks.insert(rows)
        expected.formUnion(rows)
      } else {
        marks.remove(rows)
        expected.subtract(rows)
      }
      #expect(marks.rows == expected.sorted())
      #expect(marks.count == expected.count)
      #expect(marks.count(in: rows) == rows.count { expected.contains($0) })
    }
    let edition = marks.edition
    marks.removeAll()
    #expect(marks.isEmpty && marks.rows.isEmpty && !marks.contains(0) && !marks.contains(-1))
    #expect(marks.edition > edition)
  }

  private static func line(_ id: String, arrival: Int64 = 1000, sender: String = "a@b.example")
    -> String
  {
    #"{"queue_name": "deferred", "queue_id": "\#(id)", "arrival_time": \#(arrival), "message_size": 9, "#
      + #""sender": "\#(sender)", "recipients": [{"address": "r@c.example"}]}"# + "\n"
  }

  private static func snapshot(_ lines: [String], mta: MTA = .postfix) -> QueueSnapshot {
    QueueSnapshot(QueueListing(lines.joined(), mta: mta), taken: QueueFixture.now)
  }

  @Test func theyFollowTheirMessagesIntoAnotherListing() {
    let old = Self.snapshot([
      Self.line("AAAAAAAAA1"), Self.line("AAAAAAAAA2"), Self.line("AAAAAAAAA3"),
      Self.line("AAAAAAAAA4"), Self.line("AAAAAAAAA5", sender: ""),
    ])
    let new = Self.snapshot([
      Self.line("AAAAAAAAA5", sender: ""),
      // The same ID for another message, by its arrival and by its sender.
      Self.line("AAAAAAAAA2", arrival: 1001), Self.line("AAAAAAAAA3", sender: "other@b.example"),
      Self.line("AAAAAAAAA9"), Self.line("AAAAAAAAA1"),
    ])
    var marks = QueueMarks()
    marks.insert(old.markable(Array(0..<5)))
    let moved = marks.moved(from: old, to: new)
    #expect(moved.rows == [0, 4])
    #expect(moved.edition == marks.edition, "nobody marked anything")
    #expect(marks.moved(from: old, to: old) == marks)
  }

  @Test func aMoveIsThatOfTheIdentities() throws {
    for name in [
      "postfix/postqueue_j.txt", "postfix/postqueue_p.txt", "exim/exim_bp.txt",
      "trixie/exim_bp.txt",
    ] {
      let fixture = try QueueFixture.listing(name)
      let old = QueueSnapshot(fixture, taken: QueueFixture.now)
      let new = QueueSnapshot(fixture.keeping { $0 % 3 != 1 }, taken: QueueFixture.now)
      var marks = QueueMarks()
      let rows = (0..<Int32(old.count)).filter { $0 % 2 == 0 }
      marks.insert(old.markable(rows))
      #expect(Set(old.references(in: marks.rows)) == Set(old.references(in: rows)))
      let expected = old.references(in: rows).compactMap { new.row(of: $0).map { Int32($0) } }
      #expect(marks.moved(from: old, to: new).rows == Set(expected).sorted(), "\(name)")
      #expect(new.count == 0 || !expected.isEmpty || old.count < 3, "\(name)")
    }
  }

  @Test func whatCouldNotBeReadIsNotMarked() {
    let broken = Self.snapshot([Self.line("AAAAAAAAA1"), "{\"queue_id\": 7}\n", Self.line("ALL")])
    #expect(broken.count == 3)
    #expect(broken.markable([0, 1, 2]) == [0])
  }
}
