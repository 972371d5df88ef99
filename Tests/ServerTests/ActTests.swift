// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

@testable import Server

@Suite struct ActTests {
  private func request(_ act: Act, _ targets: [MessageReference], _ mta: MTA = .postfix)
    -> ActRequest
  {
    ActRequest(number: 1, act: act, mta: mta, targets: targets)
  }

  @Test func removalIsAuditedAndCopiedFirst() async throws {
    let mta = try ActFakeMTA()
    let one = try mta.queue("AAAA01")
    let two = try mta.queue("AAAA02", sender: "")
    try mta.queue("AAAA03")

    let report = await mta.control().perform(request(.remove, [one, two]))

    #expect(report.results == [.done, .done])
    #expect(report.refusal == nil)
    #expect(report.command == "postsuper -d -")
    #expect(mta.calls == ["postsuper -d - [intents=1 copies=2]"])
    #expect(!mta.has("AAAA01") && !mta.has("AAAA02") && mta.has("AAAA03"))
    #expect(report.saved.count == 2)
    let trail = AuditTrail(in: mta.state)
    #expect(try trail.unfinished() == [])
    guard case .intent(let intent) = try trail.records().first else {
      Issue.record("no intent")
      return
    }
    #expect(intent.actor.sudoUser == "eve")
    #expect(intent.messages.map(\.id) == ["AAAA01", "AAAA02"])
    #expect(intent.messages.first?.recipients == ["bob@busy.test"])
  }

  @Test func aReusedQueueIDIsNotTouched() async throws {
    let mta = try ActFakeMTA()
    let old = try mta.queue("AAAA01")
    try mta.queue("AAAA01", sender: "carol@other.test")
    let gone = try mta.queue("AAAA02")
    mta.drop("AAAA02")

    let report = await mta.control().perform(request(.remove, [old, gone]))

    #expect(report.results == [.changed, .gone])
    #expect(mta.calls == [])
    #expect(mta.has("AAAA01"))
  }

  @Test func aMessageThatLeavesWhileItIsCopiedIsGone() async throws {
    let mta = try ActFakeMTA()
    let one = try mta.queue("AAAA01")
    mta.set("vanish")

    let report = await mta.control().perform(request(.remove, [one]))

    #expect(report.results == [.gone])
    #expect(report.saved == [], "it is not offered as an undo")
    // Whether it left on its own or was removed is unknown if the MTA's files are out of sight.
    #expect(try SavedCopies(in: mta.state).list().map(\.queueID) == ["AAAA01"])
  }

  @Test func aLyingToolIsFoundOut() async throws {
    let mta = try ActFakeMTA()
    let one = try mta.queue("AAAA01")
    mta.set("lie")

    let report = await mta.control().perform(request(.remove, [one]))

    #expect(
      report.results == [.failed("Postfix reported success, but it is in the queue as before.")])
    #expect(try SavedCopies(in: mta.state).list() == [])
  }

  @Test func aToolThatDiesMidwayLosesNothing() async throws {
    let mta = try ActFakeMTA()
    let targets = try ["AAAA01", "AAAA02"].map { try mta.queue($0) }
    mta.set("die")

    let report = await mta.control().perform(request(.remove, targets))

    // The first was removed before it could be said, the second was not reached.
    #expect(
      report.results == [
        .failed("The command was interrupted. The message is not in the queue; a copy is kept."),
        .failed("\(mta.folder)/bin/postsuper was killed by signal 9."),
      ])
    #expect(try SavedCopies(in: mta.state).list().map(\.queueID) == ["AAAA01"])
  }

  @Test func aRefusedToolIsTold() async throws {
    let mta = try ActFakeMTA()
    let one = try mta.queue("AAAA01")
    let words = "use of this command is reserved for the superuser"
    mta.set("refuse", "postsuper: fatal: \(words)\n")

    let report = await mta.control().perform(request(.hold, [one]))

    #expect(report.results == [.notPermitted(words)])
  }

  @Test func aToolThatRefusesWithoutReadingIsHeard() async throws {
    let mta = try ActFakeMTA()
    mta.set("refuse", "sendmail: fatal: not today\n")
    let sendmail = try #require(mta.host.executable(["sendmail"]))
    let bob = try #require(EnvelopeAddress("bob@busy.test"))
    // More than a pipe holds.
    let content = Array(repeating: UInt8(ascii: "x"), count: 1 << 20)

    let result = try await LocalChanges(on: mta.host).run(
      .injection(sendmail, .postfix, sender: nil, recipients: [bob], content: content),
      holding: try mta.lock())

    #expect(result.status == 1)
    #expect(result.complaint == "sendmail: fatal: not today\n")
  }

  @Test func withoutAuditNothingIsDone() async throws {
    let mta = try ActFakeMTA()
    let one = try mta.queue("AAAA01")
    // A file stands where the folder should be: root cannot write there either.
    mta.set("state")

    let report = await mta.control().perform(request(.hold, [one]))

    #expect(report.refusal?.hasPrefix("Nothing was changed") == true)
    #expect(mta.calls == [])
  }

  @Test func withoutACopyNothingIsRemoved() async throws {
    let mta = try ActFakeMTA()
    let one = try mta.queue("AAAA01")
    try mta.state.make()
    mta.set("state/removed")

    let report = await mta.control().perform(request(.remove, [one]))

    #expect(report.refusal?.contains("no copy could be saved") == true)
    #expect(mta.calls == [])
    #expect(mta.has("AAAA01"))
    #expect(try AuditTrail(in: mta.state).unfinished() == [])
  }

  @Test(.enabled("needs the right to mount") { SmallDisk.isPossible })
  func aFullDiskStopsTheRemoval() async throws {
    let mta = try ActFakeMTA()
    let small = try mta.queue("AAAA01")
    let big = try mta.queue("AAAA02", content: String(repeating: "x", count: 200_000))
    try mta.state.make()
    let disk = try SmallDisk(at: mta.state.path)

    let report = await mta.control().perform(request(.remove, [small, big]))

    #expect(report.refusal?.contains("No space left on device") == true, "\(report)")
    #expect(
      report.results.allSatisfy { result in
        if case .failed(let why) = result {
          why.hasPrefix("Not changed, because")
        } else {
          false
        }
      })
    #expect(mta.calls == [])
    #expect(mta.has("AAAA01") && mta.has("AAAA02"))
    #expect(try SavedCopies(in: mta.state).list() == [])
    let records = try AuditTrail(in: mta.state).records()
    #expect(records.count == 2)
    withExtendedLifetime(disk) {}
  }

  /// The disk fills up during the act: the messages are kept, and that the trail does not mention them is said.
  @Test(.enabled("needs the right to mount") { SmallDisk.isPossible })
  func anOutcomeThatCannotBeWrittenIsTold() async throws {
    let mta = try ActFakeMTA()
    let targets = try (0..<90).map { try mta.queue("AAAA\(100 + $0)") }
    try mta.state.make()
    let disk = try SmallDisk(at: mta.state.path, size: "2m")
    mta.install(
      "postsuper",
      """
      note "$@"
      while read -r id; do rm -r "$Q/queue/$id"; echo "postsuper: $id: removed" >&2; done
      dd if=/dev/zero of="$Q/state/full" bs=4k 2>/dev/null; true
      """)
    let report = await mta.control().perform(request(.remove, targets))

    #expect(report.results.allSatisfy { $0 == .done })
    #expect(report.note?.contains("could not be recorded") == true)
    #expect(report.note?.contains("No space left on device") == true)
    #expect(try SavedCopies(in: mta.state).list().count == targets.count)
    // The next start reports it, once there is room.
    unlink(mta.state.path + "/full")
    let told = await mta.control().interruptions()
    #expect(told.map(\.state) == [.ended(stillQueued: [], notQueued: targets.map(\.queueID.text))])
    #expect(try AuditTrail(in: mta.state).unfinished() == [])
    withExtendedLifetime(disk) {}
  }

  @Test func aSlowDeliveryGoesOnByItself() async throws {
    let mta = try ActFakeMTA()
    let exim = try #require(mta.host.executable(["exim"]))
    let id = try #require(QueueID("1xVeaW-0004Rn-1D", of: .exim))
    mta.set("slow")
    let command = ChangeCommand.eximRetry(exim, id, patience: 0)

    await #expect(throws: HostFailure.timedOut(command: command.words, seconds: 0)) {
      try await LocalChanges(on: mta.host).run(command, holding: try mta.lock())
    }
  }

  @Test func holdCanBeUndone() async throws {
    let mta = try ActFakeMTA()
    let targets = try ["AAAA01", "AAAA02"].map { try mta.queue($0) }
    mta.drop("AAAA02")
    let control = mta.control()

    let held = await control.perform(request(.hold, targets))
    #expect(held.results == [.done, .gone])
    let again = await control.perform(request(.hold, targets))
    #expect(again.results == [.unchanged("It is already on hold."), .gone])

    let undo = try #require(held.undo(number: 2))
    #expect(undo == ActRequest(number: 2, act: .release, mta: .postfix, targets: [targets[0]]))
    let released = await control.perform(undo)
    #expect(released.results == [.done])
  }

  @Test func eximTellsLockedMessages() async throws {
    let mta = try ActFakeMTA()
    let one = try mta.queue("1xVeaW-0004Rn-1D", of: .exim)
    let two = try mta.queue("1xVeaW-0004Rq-1E", of: .exim)
    mta.set("locked/1xVeaW-0004Rq-1E")

    let report = await mta.control(.exim).perform(request(.remove, [one, two], .exim))

    #expect(report.results == [.done, .locked])
    #expect(try SavedCopies(in: mta.state).list().map(\.queueID) == ["1xVeaW-0004Rn-1D"])
    #expect(
      mta.calls == ["exim -Mrm 1xVeaW-0004Rn-1D 1xVeaW-0004Rq-1E [intents=1 copies=2]"])
  }

  @Test func retryAsksForEachMessage() async throws {
    let mta = try ActFakeMTA()
    let targets = try ["AAAA01", "AAAA02"].map { try mta.queue($0) }

    let report = await mta.control(isRoot: false).perform(request(.retry, targets))

    #expect(report.results == [.done, .done])
    #expect(mta.calls.map { $0.prefix(19) } == ["postqueue -i AAAA01", "postqueue -i AAAA02"])
  }

  @Test func theEndWaitsForWhatIsUnderWayAndBeginsNothing() async throws {
    let mta = try ActFakeMTA()
    let targets = try (0..<600).map { try mta.queue("ABCDEF\($0 + 1000)") }
    mta.set("slow")
    let control = mta.control()
    async let report = control.perform(request(.hold, targets))
    while mta.calls.isEmpty { try await Task.sleep(for: .milliseconds(5)) }

    await control.finish()

    let trail = AuditTrail(in: mta.state)
    #expect(try trail.records().count == 2, "its outcome is written when the end may come")
    let results = await report.results
    #expect(results.count { $0 == .done } == 500, "the command under way is not cut short")
    #expect(results.count { $0 == .failed("Stopped before this message.") } == 100)
    let later = await control.perform(request(.hold, [targets[0]]))
    #expect(later.refusal != nil)
    #expect(mta.calls.count == 1)
    #expect(try trail.records().count == 2)
  }

  @Test(.enabled("needs the right to mount") { SmallDisk.isPossible })
  func aDiskThatFillsUpMidwayStopsTheRest() async throws {
    let mta = try ActFakeMTA()
    var targets = try (0..<1_001).map { try mta.queue("ABCDEF\($0 + 1000)") }
    targets.append(try mta.queue("BCDEF0", content: String(repeating: "x", count: 16 << 20)))
    try mta.state.make()
    let disk = try SmallDisk(at: mta.state.path, size: "12m")

    let report = await mta.control().perform(request(.remove, targets))

    #expect(report.refusal == nil)
    #expect(report.results.prefix(1_000).allSatisfy { $0 == .done })
    for result in report.results.suffix(2) {
      guard case .failed(let why) = result else {
        Issue.record("\(result)")
        continue
      }
      #expect(why.hasPrefix("Not changed, because no copy could be saved"))
      #expect(why.contains("No space left on device"))
    }
    #expect(mta.has("ABCDEF2000") && mta.has("BCDEF0"))
    #expect(try SavedCopies(in: mta.state).list().count == 1_000)
    #expect(try AuditTrail(in: mta.state).unfinished() == [])
    withExtendedLifetime(disk) {}
  }

  @Test func aThousandAreRemovedInParts() async throws {
    let mta = try ActFakeMTA()
    let targets = try (0..<1_100).map { try mta.queue("ABCDEF\($0 + 1000)") }
    for index in stride(from: 0, to: 1_100, by: 10) { mta.drop(targets[index].queueID.text) }
    try mta.queue("ABCDEF1001", sender: "carol@other.test")

    let report = await mta.control().perform(request(.remove, targets))

    #expect(report.refusal == nil)
    #expect(report.results.count { $0 == .gone } == 110)
    #expect(report.results[1] == .changed)
    #expect(report.results.count { $0 == .done } == 989)
    #expect(mta.has("ABCDEF1001"))
    #expect(Set(try SavedCopies(in: mta.state).list().map(\.name)) == Set(report.saved))
    #expect(report.saved.count == 989)
    #expect(mta.calls.count == 3, "two commands of a part of 1,000 and one of the rest")
    let trail = AuditTrail(in: mta.state)
    #expect(try trail.unfinished() == [])
    let records = try trail.records()
    let intended = records.reduce(into: 0) { sum, record in
      if case .intent(let intent) = record { sum += intent.messages.count }
    }
    #expect(records.count == 4 && intended == 989)
  }

  @Test func aThousandAreHeldWhileSomeVanish() async throws {
    let mta = try ActFakeMTA()
    let targets = try (0..<1_000).map { try mta.queue("ABCDEF\($0 + 1000)") }
    for index in stride(from: 0, to: 1_000, by: 10) { mta.drop(targets[index].queueID.text) }

    let report = await mta.control().perform(request(.hold, targets))

    #expect(report.results.count { $0 == .gone } == 100)
    #expect(report.results.count { $0 == .done } == 900)
    #expect(mta.calls.count == 2)
  }
}
