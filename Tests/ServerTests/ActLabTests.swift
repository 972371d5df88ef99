// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

@testable import Server

/// Acts on the real Exim and the real Postfix; runs in the lab's room (Tests/Lab) only.
@Suite(.enabled(if: access("/run/tempfail-lab", F_OK) == 0), .serialized)
struct ActLabTests {
  private static let content =
    "Subject: caf\u{E9} \u{1F642}\nFrom: a@sender.test\nDate: Tue, 24 Nov 2026 00:40:47 +0000\n"
    + "Message-ID: <acts@lab.test>\nTo: x@busy.test\n\n.\n..\nFrom here\n\ttab \n"
    + String(repeating: "long ", count: 150) + "\n\n*** MESSAGE FILE END x ***\nend\n\n"

  let host = LocalHost()
  let fake: ActFakeMTA

  init() throws { fake = try ActFakeMTA() }

  private func control(_ mta: MTA) -> MailControl {
    MailControl(
      host: host, runner: LocalChanges(on: host),
      tools: .find(
        on: host, for: mta, spool: mta == .exim ? "/var/spool/exim4" : "/var/spool/postfix"),
      permissions: Permissions(mta: mta, version: "4.96", isRoot: true), state: fake.state,
      actor: Actor(user: "root", host: "lab", environment: [:]))
  }

  private func listing(_ mta: MTA) async throws -> [QueuedMessage] {
    let tools = MailTools.find(on: host, for: mta)
    let program = try #require(mta == .exim ? tools.exim : tools.postqueue)
    let command = mta == .exim ? LookCommand.eximListing(program) : .postfixListing(program)
    let listing = QueueListing(try await host.look(command).output, mta: mta, now: host.now())
    return (0..<listing.count).map { listing.message(at: $0) }
  }

  private func find(_ recipient: String, _ mta: MTA) async throws -> MessageReference {
    for _ in 0..<100 {
      let found = try await listing(mta).first {
        $0.state == .deferred && $0.recipients.contains { $0.address == recipient }
      }
      if let reference = found?.reference { return reference }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw ActFakeMTA.Errno()
  }

  private func inject(
    _ mta: MTA, sender: String, recipient: String
  ) async throws -> MessageReference {
    let tools = MailTools.find(on: host, for: mta)
    let program = try #require(mta == .exim ? tools.exim : tools.sendmail)
    let address = try #require(EnvelopeAddress(recipient))
    let result = try await LocalChanges(on: host).run(
      .injection(
        program, mta, sender: EnvelopeAddress(sender), recipients: [address],
        content: Array(Self.content.utf8)), holding: try fake.lock())
    #expect(result.status == 0, "\(result.complaint)")
    return try await find(recipient, mta)
  }

  private func perform(
    _ act: Act, _ target: MessageReference, _ control: MailControl, _ mta: MTA
  ) async throws -> ActReport {
    let request = ActRequest(number: 1, act: act, mta: mta, targets: [target])
    var report = await control.perform(request)
    // A new message's first delivery may be in progress still.
    for _ in 0..<100 where report.results == [.locked] {
      try await Task.sleep(for: .milliseconds(100))
      report = await control.perform(request)
    }
    return report
  }

  @Test(arguments: MTA.allCases, ["john doe@sender.test", ""])
  func aMessageGoesAndComesBack(mta: MTA, sender: String) async throws {
    let recipient = "acts\(getpid())\(sender.isEmpty ? "n" : "s")@busy.test"
    let message = try await inject(mta, sender: sender, recipient: recipient)
    let control = control(mta)
    func perform(_ act: Act, _ target: MessageReference) async throws -> ActReport {
      try await self.perform(act, target, control, mta)
    }

    #expect(try await perform(.hold, message).results == [.done])
    #expect(try await perform(.hold, message).results == [.unchanged("It is already on hold.")])
    #expect(try await perform(.release, message).results == [.done])
    #expect(try await perform(.retry, message).results == [.done])
    let removed = try await perform(.remove, message)
    #expect(removed.results == [.done], "\(removed)")
    #expect(try await perform(.remove, message).results == [.gone])

    let name = try #require(removed.saved.first)
    let copy = try #require(try SavedCopies(in: fake.state).find(name))
    #expect(copy.recipients == [recipient])
    let content = try SavedCopies(in: fake.state).content(of: copy)
    #expect(Self.isSame(content, Array(Self.content.utf8)))

    let restored = try #require(await control.restore(name).back)
    #expect(restored.isAsItWas)
    let back = try await find(recipient, mta)
    #expect(EnvelopeAddress.unquoted(back.sender) == sender)
    #expect(back.queueID.text == restored.queueID)
    if mta == .exim { #expect(back.queueID == message.queueID) }
    let again = try await perform(.remove, back)
    #expect(again.results == [.done])
    let secondName = try #require(again.saved.first)
    let second = try #require(try SavedCopies(in: fake.state).find(secondName))
    #expect(Self.isSame(try SavedCopies(in: fake.state).content(of: second), content))
    #expect(try AuditTrail(in: fake.state).unfinished() == [])
  }

  @Test func eximReturnsToTheSender() async throws {
    let recipient = "bounce\(getpid())@busy.test"
    let message = try await inject(.exim, sender: "", recipient: recipient)
    let report = try await perform(.bounce, message, control(.exim), .exim)
    #expect(report.results == [.done], "\(report)")
    #expect(report.saved.count == 1)
  }

  @Test(arguments: [Act.bounce, .requeue])
  func postfixTakesItAnew(act: Act) async throws {
    let recipient = "\(act)\(getpid())@busy.test"
    let message = try await inject(.postfix, sender: "", recipient: recipient)
    let report = try await perform(act, message, control(.postfix), .postfix)
    #expect(report.results == [.done], "\(report)")
  }

  @Test(arguments: MTA.allCases)
  func manyAreRemovedAndKept(mta: MTA) async throws {
    let domain = "many\(getpid()).busy.test"
    let tools = MailTools.find(on: host, for: mta)
    let program = try #require(mta == .exim ? tools.exim : tools.sendmail)
    let lock = try fake.lock()
    for index in 0..<60 {
      let recipient = try #require(EnvelopeAddress("u\(index)@\(domain)"))
      _ = try await LocalChanges(on: host).run(
        .injection(
          program, mta, sender: EnvelopeAddress("a@sender.test"), recipients: [recipient],
          content: Array("Subject: \(index)\n\nbody \(index)\n".utf8)), holding: lock)
    }
    let targets = try await listing(mta).filter {
      $0.recipients.contains { $0.address.hasSuffix(domain) }
    }.compactMap(\.reference)

    let control = control(mta)
    var request = ActRequest(number: 1, act: .remove, mta: mta, targets: targets)
    var kept: Set<String> = []
    for _ in 0..<100 where !request.targets.isEmpty {
      let report = await control.perform(request)
      kept.formUnion(report.saved)
      // Those whose first delivery is in progress are tried again.
      request.targets = zip(request.targets, report.results).filter { $0.1 == .locked }.map(\.0)
    }

    #expect(request.targets == [])
    let copies = SavedCopies(in: fake.state)
    for copy in try copies.list() {
      let number = try #require(copy.recipients.first?.dropFirst().prefix { $0 != "@" })
      let content = String(decoding: try copies.content(of: copy), as: UTF8.self)
      #expect(content.hasSuffix("body \(number)\n"))
    }
    #expect(try Set(copies.list().map(\.name)) == kept)
  }

  /// The MTA adds header fields at the top; what follows must be byte for byte.
  static func isSame(_ bytes: [UInt8], _ original: [UInt8]) -> Bool {
    bytes.count >= original.count && Array(bytes.suffix(original.count)) == original
  }
}
