// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies
import TestSupport
import Testing

@testable import MailServer

@Suite struct FilterTests {
  private static let listing = """
    {"queue_name": "deferred", "queue_id": "4cXn2k1hFjz9QsB", "arrival_time": 1795477500, \
    "message_size": 2000000, "sender": "news@shop.example", "recipients": [{"address": \
    "jane@gmail.com", "delay_reason": "host mx.gmail.test[192.0.2.1] said: 421 4.7.28 Our system \
    has detected an unusual rate of mail (in reply to RCPT TO command)"}]}
    {"queue_name": "hold", "queue_id": "4cXn2k1hFjz9QsC", "arrival_time": 1795480800, \
    "message_size": 900, "sender": "", "recipients": [{"address": "bob@Yahoo.com"}]}
    {"queue_name": "active", "queue_id": "4cXn2k1hFjz9QsD", "arrival_time": 1795481040, \
    "message_size": 49152, "sender": "jane@corp.example", "recipients": [{"address": \
    "sales@example.org", "delay_reason": "connect to mx.example.org[192.0.2.9]:25: Connection \
    timed out"}, {"address": "o@gmail.com"}]}
    """

  private static let snapshot = QueueSnapshot(QueueListing(listing), taken: QueueFixture.now)

  /// Which of the three messages (B, C, D) an expression lets through.
  @Test(
    arguments: [
      ("", "BCD"), ("  ", "BCD"), ("gmail", "BD"), ("GMAIL.COM", "BD"), ("jane", "BD"),
      ("\"unusual rate of mail\"", "B"), ("gmail !jane@gmail", "D"), ("!gmail", "C"),
      ("not gmail", "C"), ("!!gmail", "BD"), ("from:jane", "D"), ("to:jane", "B"),
      ("from:<>", "C"), ("from=news@shop.example", "B"), ("from=news", ""),
      ("dest:yahoo.com", "C"), ("dest=gmail.com", "BD"), ("domain:gmail or dest:yahoo", "BCD"),
      ("cause:timeout", "D"), ("cause:rate", "B"), ("reply:4.7.28", "B"), ("host:mx.gmail", "B"),
      ("host:192", ""), ("state:held", "C"), ("state:hold", "C"), ("state:active", "D"),
      ("age>1h", ""), ("age>=1h", "B"), ("age<=1m", "D"), ("age>1m age<1h", "C"),
      ("size>1M", "B"), ("size<1k", "C"), ("size=48K", "D"), ("id:9QsD", "D"),
      ("attempts>=3", ""), ("next<10m", ""), ("!attempts>=3", "BCD"),
      ("(from:jane or from:news) gmail", "BD"), ("from:jane or from:news age>=1h", "BD"),
      ("from:jane | state:held", "CD"), ("gmail and timeout", "D"), ("!(gmail or yahoo)", ""),
      ("/4\\.7\\.\\d+/", "B"), ("reply:/^connect.*timed out$/", "D"), ("to:/^[a-j]/", "BC"),
      ("id:/qs[bc]$/", "BC"), ("(state:held)", "C"), ("age>30m40s", "B"),
    ])
  func passes(expression: String, letters: String) throws {
    var query = QueueQuery()
    query.sort = .id
    query.descending = false
    query.filters = [try Filter(expression, for: .queue)]
    let rows = Self.snapshot.arranged(by: query).rows
    let found = rows.compactMap { Self.snapshot.message(at: Int($0)).idText.last }
    #expect(String(found) == letters)
  }

  /// Where an expression is wrong, and a part of what is said.
  @Test(
    arguments: [
      ("form:x", 0, "no field form"), ("gmail form:x", 6, "dest"), ("from:", 5, "from:news"),
      ("age>", 4, "1h"), ("age>x", 4, "90s"), ("age:1h:", 4, "time"), ("size>1x", 5, "48K"),
      ("attempts>many", 9, "number"), ("(a", 0, "has no matching )"), ("a )", 2, "no matching ("),
      ("\"a", 0, "closing \""), ("a /b", 2, "closing /"), ("/a(/", 2, "has no matching )"),
      ("/[z-a]/", 2, "backwards"), ("reply:/a**)/", 10, "no matching ("), ("or a", 0, "before"),
      ("a or", 2, "after"), ("a or or b", 2, "after"), ("()", 0, "missing"), ("!", 1, "exclude"),
      ("state:nowhere", 6, "deferred, active, held"), ("cause>3", 5, "cause:"),
      ("a and", 2, "beside"), ("and a", 0, "beside"), ("code=421", 0, "no field code"),
      ("from<>", 4, "from:<>"), ("dest:\"\"", 5, "quotes"),
    ])
  func saysWhereItIsWrong(expression: String, position: Int, part: String) {
    let error = #expect(throws: FilterError.self) { try Filter(expression, for: .queue) }
    #expect(error?.position == position)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test func theExamplesAreRight() throws {
    for scope in [Filter.Scope.queue, .log] {
      for field in FilterField.all(in: scope) {
        _ = try Filter(field.example, for: scope)
        #expect(FilterField(named: field.rawValue) == field)
        #expect(field.example.hasPrefix(field.rawValue))
      }
    }
  }

  @Test(
    arguments: [
      ("gmail", true), ("dest:gmail.com", true), ("dest=mail.com", false), ("to:jane", true),
      ("code=421", true), ("code>=450", false), ("cause:rate-limit", true), ("rate-limit", true),
      ("dir:inbound", false), ("kind:deferral", true), ("age<1m", false), ("age>1m", true),
      ("host:192.0.2.1", true), ("id:4cXn", true), ("!/too (fast|much)/", false),
      ("reply:/too (fast|much)/ or reply:never", true), ("to:/jane/ dest:/x/", false),
    ])
  func passesLinesOfTheLog(expression: String, isWanted: Bool) throws {
    let event = LogEvent(
      time: QueueFixture.now - 120, mta: .postfix, kind: .deferral, direction: .outbound,
      queueID: "4cXn2k1hFjz9QsB", recipient: "jane@gmail.com", remoteHost: nil,
      remoteIP: "192.0.2.1", code: 421, enhanced: nil, cause: .rateLimit, reply: "Too much mail",
      line: "to=<jane@gmail.com>, 421 Too much mail")
    let filter = try Filter(expression, for: .log)
    #expect([event].matching(filter, now: QueueFixture.now) == (isWanted ? [event] : []))
  }

  @Test func anyTextGivesAFilterOrAnErrorWithinIt() {
    let seed: UInt64 = 7
    var generator = SeededGenerator(seed: seed)
    let pieces =
      ["(", ")", "!", "\"", "/", " ", "or", "and", "not", "|", ":", "=", "<", ">", "[", "]", "{3}"]
      + ["{2,}", "*", "+", "?", "\\", "^", "$", ".", "é", "字", "a", "9", "1h", "\u{0}", "state:"]
      + FilterField.allCases.map(\.opening)
    for _ in 0..<Rounds.count(3000, of: 300_000) {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
      do throws(FilterError) {
        let filter = try Filter(text, for: .queue)
        var query = QueueQuery()
        query.filters = [filter]
        let all = Self.snapshot.arranged(by: query).rows
        #expect(all.count <= 3)
      } catch {
        #expect((0...text.count).contains(error.position), "seed \(seed): \(text)")
      }
    }
  }

  @Test func hugeExpressionsAreRefused() {
    for text in [
      String(repeating: "(", count: 5000), String(repeating: "!(", count: 400) + "a",
      "/" + String(repeating: "(", count: 900) + "/",
      "/" + String(repeating: "a", count: 900) + "/",
      "/((((){99}){99}){99}){99}/", "/(a{99}){99}/",
    ] {
      #expect(throws: FilterError.self) { try Filter(text, for: .queue) }
    }
  }

  /// Names that strangers choose: whatever they hold, the filter is of that name alone, and its text reads back so.
  @Test(
    arguments: [
      "gmail.com", "mail.com", "a\" or from:\"b@x.example", "x\") or (\"", "/.*/", "a b@c.example",
      "\\", "a\\\"", "\"\"", "<>", "", "or", "!x", "(", ")", "a)b", "*", "ünï@x.example", "a\tb",
      "a:b",
      "dest:gmail.com", "=x", "news@shop.example",
    ])
  func aValueIsNeverAnExpression(name: String) throws {
    let filter = Filter(.from, isAnyOf: [name])
    let again = try Filter(filter.text, for: .queue)
    #expect(again.term == filter.term, "\(filter.text)")
    let both = Filter(.from, isAnyOf: [name, "other@x.example"])
    #expect(try Filter(both.text, for: .queue).term == both.term, "\(both.text)")
    let typed = try Filter("from:\(Filter.value(name.isEmpty ? "x" : name))", for: .queue)
    #expect(
      typed.term == .text(.from, .contains(TextPattern.folded(name.isEmpty ? "x" : name))))
  }

  @Test func filtersStack() throws {
    var query = QueueQuery()
    query.filters = try ["gmail", "from:jane"].map { text in try Filter(text, for: .queue) }
    #expect(Self.snapshot.arranged(by: query).rows.count == 1)
  }

  @Test func manyRowsAreFilteredAsFewAre() throws {
    let lines = (0..<100_000).map { number in
      "25m  \(number % 977) 1xVeaV-\(String(number + 1_000_000).prefix(6))-\(number % 10)0 "
        + "<s\(number % 100)@b.example>\n          r\(number)@d\(number % 50).example\n\n"
    }
    let snapshot = QueueSnapshot(QueueListing(lines.joined()), taken: QueueFixture.now)
    #expect(snapshot.count == 100_000)
    var query = QueueQuery()
    query.filters = [try Filter("dest=d7.example (size>900 or from:s7@) !to:/9@/", for: .queue)]
    let rows = snapshot.arranged(by: query).rows
    let expected = (0..<100_000).filter {
      $0 % 50 == 7 && ($0 % 977 > 900 || $0 % 100 == 7) && $0 % 10 != 9
    }
    #expect(rows.map(Int.init).sorted() == expected)
  }

  @Test func knowsTheValuesOfAField() {
    let snapshot = Self.snapshot
    #expect(snapshot.values(of: .dest, startingWith: "", limit: 9).first == "gmail.com")
    #expect(snapshot.values(of: .dest, startingWith: "Y", limit: 9) == ["yahoo.com"])
    #expect(snapshot.values(of: .host, startingWith: "mx.g", limit: 9) == ["mx.gmail.test"])
    #expect(snapshot.values(of: .from, startingWith: "", limit: 1).count == 1)
    #expect(snapshot.values(of: .age, startingWith: "", limit: 9) == [])
  }
}
