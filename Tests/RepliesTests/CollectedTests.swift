// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies
import Testing

/// Why, whose and where, for replies that mail servers gave in public, names and addresses replaced.
///
/// Each was labeled before the rule book saw it, as the admin who sent the mail would act: the cause by what to do
/// next, the side by who has to do it, the hop by who answered. `a|b`: both are right.
struct CollectedTests {
  struct Collected: CustomTestStringConvertible {
    let causes: [Substring]
    let sides: [Substring]
    let hops: [Substring]
    /// The MTA gives it as the reason why it keeps the message; otherwise it is a bare reply.
    let isKept: Bool
    let text: String

    var testDescription: String { text }
    var found: Classification { RuleBook.standard.classify(text, isDeferral: isKept) }
  }

  static let all: [Collected] = {
    let text = Fixture.read(Fixture.tests + "/Fixtures/collected.tsv") ?? ""
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: "\t")
      guard fields.count == 5 else { return nil }
      return Collected(
        causes: fields[0].split(separator: "|"), sides: fields[1].split(separator: "|"),
        hops: fields[2].split(separator: "|"), isKept: fields[3] == "kept", text: String(fields[4]))
    }
  }()

  @Test func threeAnswersAreRight() {
    #expect(Self.all.count > 200)
    var (causes, sides, hops) = (0, 0, 0)
    for row in Self.all {
      let found = row.found
      let right = (
        row.causes.contains(Substring(found.cause.rawValue)),
        row.sides.contains(Substring(found.side.rawValue)),
        row.hops.contains(Substring(found.hop.rawValue))
      )
      if right.0 { causes += 1 }
      if right.1 { sides += 1 }
      if right.2 { hops += 1 }
      if !(right.0 && right.1 && right.2) {
        print("\(row.text): \(found.cause) \(found.side) \(found.hop) by \(found.rule)")
      }
    }
    #expect(causes * 100 >= Self.all.count * 97, "\(causes) of \(Self.all.count)")
    #expect(sides * 100 >= Self.all.count * 95, "\(sides) of \(Self.all.count)")
    #expect(hops * 100 >= Self.all.count * 98, "\(hops) of \(Self.all.count)")
  }

  @Test(arguments: all) func allIsKept(_ row: Collected) {
    #expect(row.found.isTemporary)
  }
}

/// What the MTA keeps is kept, whatever was quoted.
struct KeptTests {
  /// Replies of every kind, permanent ones and those that agree too.
  @Test(arguments: LabelledReply.all + LabelledReply.wordings)
  func whatWaitsIsNeverTakenForGone(_ labelled: LabelledReply) {
    let found = RuleBook.standard.classify(labelled.text, isDeferral: true)
    #expect(found.cause != .notTemporary, "\(found.rule)")
    #expect(found.isTemporary)
  }

  @Test(
    arguments: [
      ("refused to talk to me: 554 5.7.1 You are not allowed to connect.", .policy),
      ("refused to talk to me: 550 5.1.1 User unknown", .other),
      ("said: 552 5.2.2 mailbox full (in reply to RCPT TO command)", .mailbox),
      ("said: 550 5.7.1 Client host blocked using zen.spamhaus.org", .policy),
      ("said: 554 5.7.5 Certificate expired", .tls), ("said: 554 nothing known", .other),
      ("said: 530 5.7.0 Must issue a STARTTLS command first", .tls),
    ] as [(String, Cause)])
  func aPermanentCodeTellsWhyAndNotThatItIsOver(_ said: String, _ cause: Cause) {
    let text = "host mx.example.net[192.0.2.5] \(said)"
    #expect(RuleBook.standard.classify(text, isDeferral: true).cause == cause)
    #expect(RuleBook.standard.classify("status=deferred (\(text))").cause == cause)
    #expect(
      RuleBook.standard.classify("delivery temporarily suspended: \(text)").cause == cause)
    #expect(!RuleBook.standard.classify("status=bounced (\(text))").isTemporary)
  }

  /// A login that is refused: postconf(5), smtp_sasl_auth_soft_bounce.
  @Test(
    arguments: [
      "server smtp.example.net[192.0.2.7] said: 535 5.7.8 Error: authentication failed",
      "server smtp.example.net[192.0.2.7] said: 534-5.7.9 Application-specific password required",
      "server smtp.example.net[192.0.2.7] said: 451 Authentication failed",
      "cannot authenticate to server smtp.example.net[192.0.2.7]: no mechanism available",
    ])
  func aRefusedLoginIsOurs(_ words: String) {
    let found = RuleBook.standard.classify("SASL authentication failed; \(words)")
    #expect(found.cause == .configuration)
    #expect((found.side, found.hop) == (.ours, .relay))
  }

  /// The same words mean another cause where a relay or a service of this server says them.
  @Test(
    arguments: [
      ("connect to mx.example.com[192.0.2.1]:25: Connection refused", .timeout, .theirs, .final),
      ("connect to smtp.example.net[192.0.2.7]:587: Connection refused", .timeout, .theirs, .relay),
      ("connect to 127.0.0.1[127.0.0.1]:10024: Connection refused", .configuration, .ours, .filter),
      (
        "connect to mail.example.com[private/lmtp]: No such file or directory", .configuration,
        .ours, .local
      ),
      (
        "connect to mx.example.com[2001:db8::1]:25: Network is unreachable", .timeout, .ours, .final
      ),
      (
        "host relay.example.net[192.0.2.7]:587 said: 454 4.7.1 <u@example.com>: Relay access denied",
        .configuration, .ours, .relay
      ),
      (
        "host mx.example.com[192.0.2.1] said: 454 4.7.1 <u@example.com>: Relay access denied",
        .other, .theirs, .final
      ),
      ("mail transport unavailable", .configuration, .ours, .local),
    ] as [(String, Cause, Side, Hop)])
  func whereItFailedDecides(_ text: String, _ cause: Cause, _ side: Side, _ hop: Hop) {
    let found = RuleBook.standard.classify(text, isDeferral: true)
    #expect(found.cause == cause, "\(found.rule)")
    #expect((found.side, found.hop) == (side, hop))
    let verdict = RuleBook.standard.verdict(Array(text.utf8).span, isDeferral: true)
    #expect((verdict.cause, verdict.side, verdict.hop) == (cause, side, hop))
  }
}
