// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Server
import Testing

@testable import tempfail

/// What `tempfail audit` says of each act: which messages, and their results.
struct AuditTextTests {
  private static let actor = Actor(
    user: "root", host: "mx1.example.net", environment: ["SUDO_USER": "ann"])

  private static func intent(
    _ entry: String, _ act: String, _ command: String, ids: [String]
  ) -> AuditTrail.Record {
    .intent(
      AuditIntent(
        entry: entry, time: 1_795_480_847, actor: actor, mta: .postfix,
        instance: "/var/spool/postfix-out", act: act, command: command,
        messages: ids.map {
          AuditIntent.Message(
            id: $0, arrived: 1_795_480_000, sender: $0 == "B2" ? "" : "news@shop.example",
            recipients: ["bob@busy.example", "eve@busy.example"])
        }))
  }

  private static func outcome(_ entry: String, _ results: [String: String]) -> AuditTrail.Record {
    .outcome(
      AuditOutcome(
        entry: entry, time: 1_795_480_848,
        results: results.sorted { $0.key < $1.key }.map {
          AuditOutcome.Result(
            id: $0.key, result: $0.value, note: $0.value == "failed" ? "disk full" : nil)
        }))
  }

  private static let records = [
    intent("1", "remove", "postsuper -d -", ids: ["A1", "B2", "C3", "D4", "E5"]),
    outcome(
      "1", ["A1": "done", "B2": "done", "C3": "failed", "D4": "done", "E5": "gone"]),
    intent("2", "hold", "postsuper -h -", ids: ["F6"]),
    intent("3", "retry", "postqueue -i A1", ids: ["A1"]), outcome("3", ["A1": "done"]),
  ]

  @Test func namesTheMessagesOfAnAct() {
    let lines = AuditText(Self.records).lines
    #expect(lines[0].hasSuffix("  ann as root  remove  3 done, 1 failed, 1 gone"))
    #expect(lines[1] == "  postsuper -d -   (queue in /var/spool/postfix-out)")
    #expect(
      lines[2].split(separator: " ", omittingEmptySubsequences: true).map(String.init) == [
        "A1", "done", "news@shop.example", "→", "bob@busy.example", "and", "1", "more",
      ])
    #expect(lines[3].contains("B2") && lines[3].contains("<>"))
    #expect(lines[4].contains("failed: disk full"))
    #expect(lines[5] == "    … and 2 more messages: tempfail audit --all")
    #expect(lines[6].hasSuffix("hold  no outcome for 1"))
    #expect(lines[8].contains("F6") && lines[8].contains("no outcome"))
  }

  @Test func allNamesEveryMessageAndRecipient() {
    let lines = AuditText(Self.records, namesAll: true).lines
    for id in ["A1", "B2", "C3", "D4", "E5", "F6"] {
      #expect(lines.contains { $0.hasPrefix("    \(id) ") }, "\(id)")
    }
    #expect(lines.filter { $0.contains("bob@busy.example, eve@busy.example") }.count == 7)
    #expect(!lines.contains { $0.contains("more") })
  }

  @Test func oneMessageHasItsActsAlone() {
    let lines = AuditText(Self.records, message: "A1").lines
    #expect(lines.filter { $0.contains("  remove  ") || $0.contains("  retry  ") }.count == 2)
    #expect(!lines.contains { $0.contains("B2") || $0.contains("F6") })
    #expect(AuditText(Self.records, message: "Z9").lines.isEmpty)
  }
}
