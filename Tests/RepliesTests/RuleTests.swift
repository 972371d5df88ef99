// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Replies

/// The rules as data: every sample belongs to its rule alone.
struct RuleTests {
  @Test(arguments: Rule.all.map(\.id))
  func samplesAreClaimedByTheirRule(_ id: String) throws {
    let rule = try #require(Rule.all.first { $0.id == id })
    #expect(!rule.samples.isEmpty)
    for sample in rule.samples {
      let found = RuleBook.standard.classify(
        sample, remoteHost: rule.hosts.first.map { "mx." + $0 })
      #expect(found.rule == rule.id, "\(sample)")
      #expect(found.cause == rule.cause)
    }
  }

  @Test func namesAreUnique() {
    #expect(Set(Rule.all.map(\.id)).count == Rule.all.count)
  }

  @Test func meaningsAreSentences() {
    for rule in Rule.all {
      #expect(rule.meaning.hasSuffix("."), "\(rule.id)")
      #expect(rule.meaning.utf8.count < 200, "\(rule.id)")
    }
  }

  /// A literal of one letter is never found, and a separator inside one is a slip of the pen.
  @Test func notationIsWellFormed() {
    for rule in Rule.all {
      for notation in rule.words {
        for literal in notation.split(whereSeparator: { "|+".contains($0) }) {
          let steps = literal.split(separator: " .. ")
          #expect(steps.allSatisfy { $0.utf8.count > 1 }, "\(rule.id): \(notation)")
        }
      }
    }
  }
}
