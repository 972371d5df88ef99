// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@testable import Guidance
@testable import Replies

/// Advice for mail that was refused permanently.
struct RefusalTests {
  @Test(arguments: Subjects.refusals)
  func isToldByItsReply(_ reply: String, _ kind: Refusal) {
    let classification = RuleBook.standard.classify(reply)
    #expect(classification.cause == .notTemporary)
    #expect(Refusal(of: classification) == kind, "\(classification.rule)")
  }

  @Test func everyKindHasAReply() {
    // A complaint is reported by the report's form, not by a reply.
    #expect(
      Set(Refusal.allCases).subtracting(Subjects.refusals.map(\.kind)) == [.complaint])
    let complaint = Subjects.classification(
      .notTemporary, code: nil, enhanced: nil, rule: "abuse-report", wait: nil)
    #expect(Refusal(of: complaint) == .complaint)
  }

  /// The names of the rules are in two targets.
  @Test func everyFinalRuleIsAKind() {
    for rule in Rule.finals.map(\.id) {
      let classification = Subjects.classification(
        .notTemporary, code: nil, enhanced: nil, rule: rule, wait: nil)
      let isOther = Refusal(of: classification) == .other
      #expect(isOther == ["final", "other-protocol"].contains(rule), "\(rule)")
    }
  }

  /// What was not refused is not to be looked at.
  @Test(arguments: [
    (Refusal.recipient, ["spelling", "delivered-before", "remove-address", "tell-sender"]),
    (.mailboxFull, ["one-recipient", "tell-sender", "send-anew"]),
    (.size, ["message", "announced-size", "smaller"]),
    (.domain, ["spelling", "mx", "tell-sender"]),
    (.loop, ["received-lines", "mx", "break-loop"]),
    (.reputation, ["block-lists", "identity", "authentication", "delisting"]),
    (.authentication, ["authentication", "identity", "publish"]),
    (.login, ["relay-settings", "fix-login"]),
    (.relaying, ["mx", "routing", "fix-route"]),
    (.expired, ["all-attempts", "scope", "port25", "tell-sender"]),
  ])
  func hasItsOwnSteps(_ kind: Refusal, _ steps: [String]) {
    let found = kind.playbook.steps.map(\.id)
    for step in steps { #expect(found.contains(step), "\(kind) lacks \(step)") }
    let isTrusted = ![.reputation, .authentication].contains(kind)
    if isTrusted { #expect(!found.contains("authentication") && !found.contains("identity")) }
    #expect(!kind.playbook.steps.contains { if case .act = $0.action { true } else { false } })
  }
}
