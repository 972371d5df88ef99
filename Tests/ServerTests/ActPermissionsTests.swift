// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Testing

@testable import Server

@Suite struct ActPermissionsTests {
  private typealias User = (isRoot: Bool, isEximAdmin: Bool, maySudo: Bool)

  private static let users: [(name: String, user: User)] = [
    ("root", (true, false, false)), ("admin", (false, true, false)),
    ("sudo", (false, false, true)), ("nobody", (false, false, false)),
  ]

  @Test(arguments: [
    (MTA.exim, "root", "retry hold release remove bounce"),
    (.exim, "admin", "retry hold release remove bounce"),
    (.exim, "sudo", "retry hold release remove bounce"), (.exim, "nobody", ""),
    (.postfix, "root", "retry hold release remove bounce requeue"),
    (.postfix, "admin", "retry"), (.postfix, "nobody", "retry"),
    (.postfix, "sudo", "retry hold release remove bounce requeue"),
  ])
  func whoMayDoWhat(mta: MTA, user: String, acts: String) throws {
    let (isRoot, isEximAdmin, maySudo) = try #require(
      Self.users.first { $0.name == user }
    ).user
    let permissions = Permissions(
      mta: mta, version: "3.7.11", isRoot: isRoot, isEximAdmin: isEximAdmin, maySudo: maySudo)
    let possible = Act.allCases.filter { permissions.problem(with: $0) == nil }
    #expect(possible.map(\.rawValue).joined(separator: " ") == acts)
  }

  @Test(arguments: [
    ("3.4.23", false), ("3.5.0", true), ("3.10.1", true), ("2.11", false), ("4", true),
  ])
  func bounceNeedsPostfix35(version: String, isPossible: Bool) {
    let permissions = Permissions(mta: .postfix, version: version, isRoot: true)
    #expect((permissions.problem(with: .bounce) == nil) == isPossible)
  }

  /// Exim's admins may remove, and cannot restore: the refusal says who can, and how.
  @Test func whoMayNotBringBackIsToldHowRootCan() async throws {
    let fake = try ActFakeMTA()
    let message = try fake.queue("1xVeaW-0004Rn-1D", of: .exim)
    let tools = MailTools.find(on: fake.host, for: .exim)
    let permissions = Permissions(mta: .exim, isRoot: false, isEximAdmin: true)
    #expect(
      permissions.restoreLimit
        == .impossible("Exim lets only trusted users set a message's sender."))
    let control = MailControl(
      host: fake.host, runner: LocalChanges(on: fake.host), tools: tools, permissions: permissions,
      state: fake.state, actor: Actor(user: "ann", host: "mail", environment: [:]))
    let report = await control.perform(
      ActRequest(number: 1, act: .remove, mta: .exim, targets: [message]))
    let name = try #require(report.saved.first)
    guard case .notPermitted(let why) = await control.restore(name) else {
      Issue.record("it was restored")
      return
    }
    #expect(
      why.hasSuffix(
        "Root can restore it: move \(fake.state.path)/removed/\(name).copy to "
          + "/var/lib/tempfail/removed, then tempfail restore \(name)."))
    #expect(try SavedCopies(in: fake.state).find(name) != nil)
  }

  @Test func aRefusedActTouchesNothing() async throws {
    let mta = try ActFakeMTA()
    let one = try mta.queue("AAAA01")
    let report = await mta.control(isRoot: false).perform(
      ActRequest(number: 1, act: .hold, mta: .postfix, targets: [one]))
    #expect(
      report.refusal
        == "Only root can run postsuper. Run as root or through sudo.")
    #expect(mta.calls == [])
  }

  @Test func sudoTakesTheWholeCommandWithoutAsking() throws {
    let id = try #require(QueueID("AAAA01", of: .postfix))
    let command = ChangeCommand.postfix("/usr/sbin/postsuper", .remove, [id])
      .through(sudo: "/usr/bin/sudo")
    #expect(command.words == "sudo -n -- /usr/sbin/postsuper -d -")
    #expect(command.input == Array("AAAA01\n".utf8))
  }

  @Test(arguments: ["ALL", "-", "--", "-d", "../x", "AAAA01 ALL", "AAAA01\nALL", "", "NOQUEUE"])
  func whatIsNoQueueIDCannotBeExpressed(text: String) {
    #expect(QueueID(text, of: .postfix) == nil)
    #expect(QueueID(text, of: .exim) == nil)
  }
}
