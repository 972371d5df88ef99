// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

@testable import Server

@Suite struct AuditTests {
  private func intent(_ entry: String, _ process: ProcessIdentity) -> AuditIntent {
    AuditIntent(
      entry: entry, time: 1_795_480_847,
      actor: Actor(
        user: "root", host: "mail", environment: ["SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"],
        process: process),
      mta: .exim, instance: "/var/spool/exim4", act: "remove",
      command: "exim -Mrm 1xVeaW-0004Rn-1D",
      messages: [
        AuditIntent.Message(
          id: "1xVeaW-0004Rn-1D", arrived: nil, sender: "\u{1B}[2J\"@x.test",
          recipients: ["a@b.test", "c@d.test"])
      ])
  }

  @Test func whatIsWrittenIsRead() throws {
    let fake = try ActFakeMTA()
    let trail = AuditTrail(in: fake.state)
    let one = intent("1", ProcessIdentity(number: 7, started: 9))
    let outcome = AuditOutcome(
      entry: "1", time: 5,
      results: [AuditOutcome.Result(id: "1xVeaW-0004Rn-1D", result: "failed", note: "why")])
    try trail.record(one)
    try trail.record(outcome)
    #expect(try trail.records() == [.intent(one), .outcome(outcome)])
    #expect(!fake.read("state/audit.jsonl").contains("\u{1B}"))
  }

  @Test func anIntentWithoutOutcomeIsFound() throws {
    let fake = try ActFakeMTA()
    let trail = AuditTrail(in: fake.state)
    let crashed = intent("1", ProcessIdentity(number: ProcessIdentity.current.number, started: 1))
    try trail.record(crashed)
    try trail.record(intent("3", ProcessIdentity(number: 0, started: 0)))
    try trail.record(AuditOutcome(entry: "3", time: 6, results: []))
    #expect(try trail.unfinished() == [crashed])
  }

  @Test func anInterruptedActIsToldOnce() async throws {
    let fake = try ActFakeMTA()
    let control = fake.control()
    let targets = try ["AAAA01", "AAAA02"].map { try fake.queue($0) }
    let copies = SavedCopies(in: fake.state)
    for target in targets {
      _ = try copies.save(
        fake.copy(target, arrival: target.arrival),
        SavedCopy(
          fake.copy(target, arrival: target.arrival), of: target, for: .remove, by: "root",
          at: 1_795_480_900, entry: "1", mta: .postfix, tools: MailTools()))
    }
    fake.drop("AAAA01")
    let intent = AuditIntent(
      entry: "1", time: 1_795_480_900,
      actor: Actor(
        user: "root", host: "mail", environment: [:],
        process: ProcessIdentity(number: 1, started: 1)),
      mta: .postfix, act: "remove", command: "postsuper -d -",
      messages: targets.map {
        AuditIntent.Message(
          id: $0.queueID.text, arrived: $0.arrival, sender: $0.sender, recipients: [])
      })
    try AuditTrail(in: fake.state).record(intent)

    let told = await control.interruptions()

    #expect(
      told == [
        Interruption(
          intent: intent, state: .ended(stillQueued: ["AAAA02"], notQueued: ["AAAA01"]))
      ])
    #expect(await control.interruptions() == [])
    // What left can be restored; what stayed must not be doubled.
    #expect(try copies.list().map(\.queueID) == ["AAAA01"])
  }

  @Test func whatIsDeletedForItsAgeIsWrittenDownFirst() async throws {
    let fake = try ActFakeMTA()
    let message = try fake.queue("AAAA01")
    let report = await fake.control().perform(
      ActRequest(number: 1, act: .remove, mta: .postfix, targets: [message]))
    let name = try #require(report.saved.first)
    let path = fake.folder + "/state/removed/"
    // As it would stand there after a year.
    let old = name.replacing(/[0-9]+$/, with: "1600000000")
    let text = fake.read("state/removed/\(name).copy")
    let saved = try #require(name.split(separator: "-").last)
    fake.write(
      "state/removed/\(old).copy",
      text.replacing(name, with: old).replacing("\"saved\":\(saved)", with: "\"saved\":1600000000"))
    chmod(path + old + ".copy", 0o600)
    // It was already too old at a check yesterday.
    fake.write("state/removed/looks", "1700000000\n")
    #expect(try SavedCopies(in: fake.state).list().count == 2)

    _ = await fake.control().interruptions()

    #expect(try SavedCopies(in: fake.state).list().map(\.name) == [name])
    guard case .pruned(let pruning) = try AuditTrail(in: fake.state).records().last else {
      Issue.record("nothing was written down")
      return
    }
    #expect(pruning.copies == [old])
  }

  @Test func halfALineHarmsNothing() throws {
    let fake = try ActFakeMTA()
    let trail = AuditTrail(in: fake.state)
    try trail.record(intent("1", .current))
    fake.write("state/audit.jsonl", fake.read("state/audit.jsonl") + #"{"kind":"inte"#)
    try trail.record(intent("2", .current))
    #expect(try trail.records().count == 2)
  }
}
