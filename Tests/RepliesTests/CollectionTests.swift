// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Replies
import Testing

/// The rule book against the labeled collection.
struct CollectionTests {
  private static let document = Fixture.repository + "/Docs/Replies.md"
  private static let marks = (begin: "<!-- table: begin -->\n", end: "<!-- table: end -->")

  @Test(arguments: ["replies", "wordings"])
  func causesAreRight(_ name: String) {
    let collection = name == "replies" ? LabelledReply.all : LabelledReply.wordings
    #expect(collection.count > 300)
    var right = 0
    for labelled in collection {
      let found = RuleBook.standard.classify(labelled.text)
      if labelled.causes.contains(found.cause.rawValue) {
        right += 1
      } else {
        print("\(labelled.id): \(found.cause.rawValue) by \(found.rule), not \(labelled.causes)")
      }
    }
    #expect(right * 100 >= collection.count * 97, "\(right) of \(collection.count)")
  }

  @Test(arguments: LabelledReply.all + LabelledReply.wordings)
  func temporaryIsNeverTakenForPermanent(_ labelled: LabelledReply) {
    let found = RuleBook.standard.classify(labelled.text)
    #expect(found.isTemporary == labelled.isTemporary, "\(found.rule)")
  }

  @Test(arguments: LabelledReply.all.filter { $0.code != "-" })
  func codesAreRead(_ labelled: LabelledReply) {
    let reply = RuleBook.standard.classify(labelled.text).reply
    #expect(reply.code.map(String.init) == labelled.code)
    #expect(reply.enhanced?.description ?? "-" == labelled.enhanced)
    #expect(!reply.text.contains("\(labelled.code)-\(labelled.enhanced)"))
  }

  /// `UPDATE_DOCS=1` writes the table into the document; otherwise it must stand there.
  @Test func documentIsFresh() throws {
    let text = try #require(Fixture.read(Self.document))
    let begin = try #require(text.firstRange(of: Self.marks.begin))
    let end = try #require(text.firstRange(of: Self.marks.end))
    print(Self.table())
    let fresh = text[..<begin.upperBound] + Self.table() + text[end.lowerBound...]
    if getenv("UPDATE_DOCS") != nil {
      #expect(Fixture.write(String(fresh), to: Self.document))
    } else {
      #expect(text == fresh, "UPDATE_DOCS=1 swift test --filter RepliesTests writes it")
    }
  }

  /// Rows: the cause that is right (or was accepted as right); columns: the cause found.
  private static func table() -> String {
    var counts: [Cause: [Cause: Int]] = [:]
    for labelled in LabelledReply.all {
      let found = RuleBook.standard.classify(labelled.text).cause
      let isRight = labelled.causes.contains(found.rawValue)
      let wanted = isRight ? found : labelled.causes.first.flatMap(Cause.init) ?? .other
      counts[wanted, default: [:]][found, default: 0] += 1
    }
    let causes = Cause.allCases
    var lines = ["| right \\ found |" + causes.map { " \($0.rawValue) |" }.joined()]
    lines.append("|---|" + causes.map { _ in "--:|" }.joined())
    for wanted in causes {
      let row = causes.map { counts[wanted]?[$0].map { " \($0) |" } ?? " |" }
      lines.append("| \(wanted.rawValue) |" + row.joined())
    }
    let total = LabelledReply.all.count
    let right = causes.reduce(0) { $0 + (counts[$1]?[$1] ?? 0) }
    lines.append("")
    lines.append(
      "\(right) of \(total) right (\(right * 1000 / total / 10).\(right * 1000 / total % 10) %).")
    return lines.joined(separator: "\n") + "\n"
  }
}
