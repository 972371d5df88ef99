// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import MailServer
import Testing

@testable import Dashboard

@Suite struct FilterPromptTests {
  private func prompt(_ harness: Harness) -> FilterPrompt? {
    harness.state.overlay as? FilterPrompt
  }

  private func filtered(_ texts: String...) async throws -> Harness {
    var harness = try await Harness.live()
    for text in texts {
      harness.press(.character("/"))
      harness.type(text)
      harness.press(.enter)
    }
    return harness
  }

  @Test func filtersStackAndTheLastOneGoesFirst() async throws {
    var harness = try await filtered("dest:gmail.com", "age>1h")
    let both = harness.state.queue.rowCount
    #expect(harness.text.contains("[dest:gmail.com] [age>1h]"))
    harness.press(.backspace)
    #expect(harness.text.contains("[dest:gmail.com]") && !harness.text.contains("[age>1h]"))
    #expect(harness.state.queue.rowCount >= both)
    harness.press(.escape)
    #expect(harness.state.queue.rowCount == harness.state.queue.snapshot?.count)
    harness.press(.backspace)
    #expect(harness.state.toast?.text.contains("there is no filter") == true)
  }

  @Test func aWrongExpressionKeepsTheLastGoodResultAndSaysWhere() async throws {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("gmail or")
    let rows = harness.state.queue.rowCount
    #expect(rows > 0 && rows < harness.state.queue.snapshot?.count ?? 0)
    #expect(prompt(harness)?.problem?.position == 6)
    #expect(harness.text.contains("Something is missing after this or."))
    harness.press(.enter)
    #expect(prompt(harness) != nil, "what cannot be read is not kept")
    harness.type(" age>1h")
    #expect(prompt(harness)?.problem == nil)
    harness.press(.enter)
    #expect(harness.state.queue.filters.chips.map(\.text) == ["gmail or age>1h"])
  }

  @Test func tabCompletesFieldsAndValues() async throws {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("!ca")
    harness.press(.tab)
    #expect(prompt(harness)?.input.text == "!cause:")
    harness.type("r")
    harness.press(.tab)
    #expect(prompt(harness)?.input.text == "!cause:rate-limit")
    harness.press(.tab)
    #expect(prompt(harness)?.input.text == "!cause:resource")
    harness.press(.backTab)
    harness.type(" dest:gm")
    harness.press(.tab)
    #expect(prompt(harness)?.input.text == "!cause:rate-limit dest:gmail.com")
  }

  @Test func upBringsOlderFiltersBack() async throws {
    var harness = try await filtered("gmail", "age>1m")
    harness.press(.escape, .escape, .character("/"), .up)
    #expect(prompt(harness)?.input.text == "age>1m")
    harness.press(.up, .up)
    #expect(prompt(harness)?.input.text == "gmail")
    harness.press(.down, .down)
    #expect(prompt(harness)?.input.text == "")
  }

  @Test func theLineIsEditedInTheMiddle() async throws {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("gmil")
    harness.press(.left, .left, .character("a"), .end, .character("x"), .backspace)
    #expect(prompt(harness)?.input.text == "gmail")
    harness.press(.control("w"))
    #expect(prompt(harness)?.input.isEmpty == true)
    harness.press(.backspace)
    #expect(harness.state.overlay == nil)
  }

  @Test func backspaceInAnEmptyLineTakesTheLastChipBack() async throws {
    var harness = try await filtered("gmail")
    harness.press(.character("/"), .backspace)
    #expect(prompt(harness)?.input.text == "gmail")
    harness.press(.escape)
    #expect(harness.state.queue.filters.isEmpty)
  }

  @Test func aFilterWorksInAPauseToo() async throws {
    var harness = try await Harness.live()
    harness.press(.character("Z"), .character("/"))
    harness.type("dest:gmail.com")
    let rows = harness.state.queue.rowCount
    #expect(rows > 0 && rows < harness.state.queue.snapshot?.count ?? 0)
  }

  @Test func theLogHasItsOwnFields() async throws {
    var harness = try await Harness.live()
    harness.press(.character("3"), .character("a"), .character("/"))
    harness.type("dest:gmail.com cause:rate")
    #expect(prompt(harness)?.problem == nil)
    let log = harness.state.log
    #expect(!log.shown.isEmpty && log.shown.count < log.candidates)
    for number in log.shown { #expect(log.event(number)?.destination == "gmail.com") }
    harness.type(" size>1")
    #expect(prompt(harness)?.problem?.message.contains("no field size in the log") == true)
  }

  @Test func aFieldThatIsBegunDoesNotEmptyTheList() async throws {
    var harness = try await Harness.live()
    harness.press(.character("/"))
    harness.type("gmail")
    let rows = harness.state.queue.rowCount
    for character in " age>" {
      harness.press(.character(character))
      #expect(harness.state.queue.rowCount == rows, "\(character)")
    }
    harness.press(.control("w"))
    harness.type("age")
    harness.press(.enter)
    #expect(harness.state.queue.filters.chips.map(\.text) == ["gmail age"], "kept as it stands")
    #expect(harness.state.queue.rowCount == 0)
  }

  // MARK: Connections

  @Test func connectionsHaveTheirOwnFields() async throws {
    var harness = try await Harness.live(columns: 120, rows: 40)
    func connection(_ direction: Direction, _ peer: String, _ state: String, _ seconds: Int)
      -> SMTPConnection
    {
      SMTPConnection(
        direction: direction, peer: peer, peerPort: 25, localAddress: "198.51.100.10",
        localPort: 40_000 + seconds, state: state, pid: 7, process: "smtpd", seconds: seconds)
    }
    harness.send(
      .connections([
        connection(.inbound, "203.0.113.9", "ESTAB", 90),
        connection(.outbound, "192.0.2.1", "SYN-SENT", 20),
        connection(.outbound, "192.0.2.2", "ESTAB", 70),
      ]))
    harness.press(.character("2"))
    for (text, count) in [
      ("dir:in", 1), ("state:syn", 1), ("age>1m !dir:inbound", 1), ("host:192.0.2", 2),
      ("process:smtpd", 3), ("203.0", 1), ("estab", 2),
    ] {
      harness.press(.character("/"))
      harness.type(text)
      #expect(harness.state.connections.shown.count == count, "\(text)")
      harness.press(.enter)
      #expect(harness.text.contains("[\(text)]"))
      harness.press(.backspace)
      #expect(harness.state.connections.shown.count == 3)
    }
    harness.press(.character("/"))
    harness.type("cause:dns")
    #expect(harness.text.contains("There is no field cause in the connections"))
    harness.press(.escape, .character("/"))
    harness.type("state:")
    harness.press(.tab)
    #expect(harness.text.contains("state:ESTAB"))
  }
}
