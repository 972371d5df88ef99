// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes
import Canvas
import Guidance
import MailServer
import Replies
import Testing

@testable import Dashboard

/// A finding opens exactly what it counted, whatever names strangers chose.
@Suite struct FindingMailTests {
  private static let names = [
    "mail.com", "gmail.com", "hotmail.com", "mail.com.example", "Mail.COM", "x.mail.com",
  ]
  private static let senders = [
    "a\" or from:\"b@x.example", "b@x.example", "a", "", "<>", "/.*/", "or@x.example",
    "news@shop.example",
    "News@Shop.example", "x@news@shop.example",
  ]

  /// A queue in which each sender wrote to each name.
  private static func snapshot() -> QueueSnapshot {
    var lines: [UInt8] = []
    for (number, sender) in senders.enumerated() {
      for (place, name) in names.enumerated() {
        let json: JSON = [
          "queue_name": .string(number == 2 ? "hold" : "deferred"),
          "queue_id": .string("4cXn\(number)B\(place)z9QsB"),
          "arrival_time": .integer(Harness.now - 600), "message_size": 100,
          "sender": .string(sender),
          "recipients": [["address": .string("jane@\(name)"), "delay_reason": "421 later"]],
        ]
        lines += json.line
      }
    }
    return QueueSnapshot(QueueListing(lines, mta: .postfix, now: Harness.now), taken: Harness.now)
  }

  private static func open(_ finding: Finding) -> (harness: Harness, shown: [QueuedMessage]) {
    var harness = Harness()
    let snapshot = snapshot()
    harness.send(.queue(snapshot))
    harness.send(.diagnosis([finding], QueueFacts(snapshot)))
    harness.press(.character("i"), .enter)
    let queue = harness.state.queue
    return (harness, (0..<queue.rowCount).compactMap { queue.message(at: $0) })
  }

  @Test(arguments: names) func aDestinationIsThatOneAlone(name: String) {
    let key = name.lowercased()
    let finding = Finding(
      id: "destination:\(key)", severity: .warning, title: "x", evidence: [], destinations: [key],
      weight: 1)
    let (harness, shown) = Self.open(finding)
    let counted = QueueFacts(Self.snapshot()).destinations.first { $0.key == key }?.count
    #expect(shown.count == counted, "\(harness.state.queue.filters.words ?? "")")
    for message in shown {
      #expect(message.recipients.allSatisfy { $0.domain.lowercased() == key })
    }
  }

  @Test func severalDestinationsAreThese() {
    let (_, shown) = Self.open(
      Finding(
        id: "provider:x", severity: .warning, title: "x", evidence: [],
        destinations: ["mail.com", "gmail.com"], weight: 1))
    #expect(
      Set(shown.flatMap(\.recipients).map { $0.domain.lowercased() }) == ["mail.com", "gmail.com"])
    #expect(shown.count == 3 * Self.senders.count)
  }

  @Test func mailThatDoesNotGetOutIsThatOfTheDestinationsThatWereCounted() throws {
    let domains = ["mail.com", "gmail.com", "hotmail.com", "mail.com.example"]
    var traffic = Traffic()
    traffic.record(
      domains.map {
        LogEvent(
          time: Harness.now - 120, mta: .postfix, kind: .deferral, direction: .outbound,
          queueID: nil, recipient: "jane@\($0)", remoteHost: "mx.\($0)", remoteIP: nil, code: nil,
          enhanced: nil, cause: .timeout, reply: "", line: "")
      })
    let evidence = Evidence(
      now: Harness.now, mta: .postfix, queue: QueueFacts(Self.snapshot()), traffic: traffic)
    let finding = try #require(Finding.all(from: evidence).first { $0.id == "everywhere" })
    let (_, shown) = Self.open(finding)
    #expect(shown.count == finding.weight)
    #expect(Set(shown.flatMap(\.recipients).map { $0.domain.lowercased() }) == Set(domains))
  }

  @Test func aLogThatTellsNothingOpensTheLog() {
    let (harness, _) = Self.open(
      Finding(id: "log", severity: .critical, title: "x", evidence: [], weight: 0))
    #expect(harness.state.focus == .log && harness.state.log.filters.isEmpty)
  }

  @Test(arguments: senders) func aSenderIsThatOneAlone(sender: String) {
    let finding = Finding(
      id: "sender:\(sender)", severity: .warning, title: "x", evidence: [], sender: sender,
      weight: 1)
    let (harness, shown) = Self.open(finding)
    let counted = QueueFacts(Self.snapshot()).senders.first {
      $0.key.lowercased() == sender.lowercased()
    }?.count
    #expect(shown.count == counted, "\(harness.state.queue.filters.words ?? "")")
    #expect(shown.allSatisfy { $0.sender.lowercased() == sender.lowercased() })
    // Reopened in the line and applied again, it is the same.
    var again = harness
    again.press(.character("/"), .backspace, .enter)
    #expect(again.state.queue.rowCount == shown.count)
  }

  @Test(arguments: senders.filter { !$0.isEmpty }) func aNameThatTabCompletesIsAValue(
    sender: String
  ) {
    var harness = Harness()
    harness.send(.queue(Self.snapshot()))
    harness.press(.character("/"))
    harness.type("from=")
    for _ in Self.senders {
      harness.press(.tab)
      guard let prompt = harness.state.overlay as? FilterPrompt, prompt.problem == nil else {
        Issue.record("not read: \(harness.text)")
        return
      }
      let shown = (0..<harness.state.queue.rowCount).compactMap {
        harness.state.queue.message(at: $0)?.sender.lowercased()
      }
      #expect(Set(shown).count == 1, "\(prompt.input.text)")
    }
  }

  @Test func whatIsHeldIsWhatIsHeld() {
    let (_, shown) = Self.open(
      Finding(id: "held", severity: .warning, title: "x", evidence: [], weight: 1))
    #expect(shown.count == Self.names.count && shown.allSatisfy { $0.state == .held })
  }

  @Test func refusalsAreThoseOfTheClientAndOfTheTimeThatWasCounted() {
    var harness = Harness()
    func refusal(_ client: String, age: Int64, code: Int = 450) -> LogEvent {
      LogEvent(
        time: Harness.now - age, mta: .postfix, kind: .refusal, direction: .inbound, queueID: nil,
        recipient: nil, remoteHost: nil, remoteIP: client, code: code, enhanced: nil,
        cause: .connectionLimit, reply: "later", line: "refused \(client)")
    }
    harness.send(
      .log(
        [
          refusal("192.0.2.1", age: 3000), refusal("192.0.2.1", age: 60),
          refusal("192.0.2.10", age: 60), refusal("192.0.2.1", age: 30, code: 421),
        ], dropped: 0))
    harness.send(
      .diagnosis(
        [
          Finding(
            id: "inbound", severity: .warning, title: "x", evidence: [], client: "192.0.2.1",
            weight: 2)
        ], QueueFacts()))
    harness.press(.character("i"), .enter)
    #expect(harness.state.focus == .log)
    #expect(harness.state.log.rowCount == 2)
  }
}
