// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

@testable import Server

@Suite struct SavedCopiesTests {
  private func remove(_ target: MessageReference, _ mta: MTA) -> ActRequest {
    ActRequest(number: 1, act: .remove, mta: mta, targets: [target])
  }

  @Test(arguments: [
    (
      MTA.postfix, "AAAA01", "alice@sender.test", "jane q. public@busy.test",
      "sendmail -i -f alice@sender.test -- \"jane q. public\"@busy.test"
    ),
    (.postfix, "AAAA01", "", "-bob@busy.test", "sendmail -i -f <> -- -bob@busy.test"),
    (
      .exim, "1xVeaW-0004Rn-1D", "\"john doe\"@sender.test", "bob@busy.test",
      "exim -i -odq -f \"john doe\"@sender.test -- bob@busy.test"
    ),
  ])
  func comesBackByteForByte(
    mta: MTA, id: String, sender: String, recipient: String, call: String
  ) async throws {
    let content = "Subject: x\n\n.\n\u{1B}[2J\r\n*** MESSAGE FILE END x ***\nno newline at the end"
    let fake = try ActFakeMTA()
    let message = try fake.queue(
      id, of: mta, sender: sender, recipient: recipient, content: content)
    let control = fake.control(mta)
    let report = await control.perform(remove(message, mta))
    #expect(report.results == [.done])
    let name = try #require(report.saved.first)

    #expect(
      await control.restore(name).back == BroughtBack(queueID: nil, isAsItWas: false, isHeld: false)
    )

    #expect(fake.read("injected") == content)
    #expect(fake.calls.last?.hasPrefix(call + " [") == true)
    #expect(await control.restore(name) == .wasRestored)
  }

  @Test func whatIsStillQueuedIsNotDoubled() async throws {
    let fake = try ActFakeMTA()
    let message = try fake.queue("AAAA01")
    let control = fake.control()
    _ = await control.perform(remove(message, .postfix))
    try fake.queue("AAAA01")

    #expect(await control.restore("AAAA01") == .stillQueued)
    #expect(fake.read("injected") == "")
  }

  @Test func copiesAreOurs() async throws {
    let fake = try ActFakeMTA()
    let message = try fake.queue("AAAA01")
    let report = await fake.control().perform(remove(message, .postfix))
    let name = try #require(report.saved.first)

    var information = stat()
    #expect(stat(fake.folder + "/state/removed/\(name).copy", &information) == 0)
    #expect(information.st_mode & 0o777 == 0o600)
    #expect(stat(fake.folder + "/state/removed", &information) == 0)
    #expect(information.st_mode & 0o777 == 0o700)
    #expect(stat(fake.folder + "/state/audit.jsonl", &information) == 0)
    #expect(information.st_mode & 0o777 == 0o600)
  }

  @Test func aFolderThatOthersCanWriteToIsRefused() throws {
    let fake = try ActFakeMTA()
    try fake.state.make()
    chmod(fake.state.path, 0o777)
    #expect(throws: StateFailure.self) { try fake.state.make() }
  }

  @Test func halfAFileIsNoCopy() async throws {
    let fake = try ActFakeMTA()
    let message = try fake.queue("AAAA01")
    let report = await fake.control().perform(remove(message, .postfix))
    let name = try #require(report.saved.first)
    let path = fake.folder + "/state/removed/\(name).copy"
    truncate(path, off_t((StateFile.size(path) ?? 0) - 1))
    #expect(try SavedCopies(in: fake.state).list() == [])
  }

  private static let day: Int64 = 86_400

  /// Copies named A, B, … of these ages in days, on day 100.
  private func copies(
    _ ages: [Int64], _ retention: SavedCopies.Retention, in fake: ActFakeMTA
  ) throws -> SavedCopies {
    let copies = SavedCopies(in: fake.state, retention: retention)
    for (letter, age) in zip("ABCDEF", ages) {
      let target = try #require(QueueID("AAAA0\(letter)", of: .postfix))
      let reference = MessageReference(queueID: target, arrival: 1, sender: "a@b.test")
      let message = fake.copy(reference, arrival: 1)
      _ = try copies.save(
        message,
        SavedCopy(
          message, of: reference, for: .remove, by: "root", at: (100 - age) * Self.day,
          entry: nil, mta: .postfix, tools: MailTools()))
    }
    return copies
  }

  /// Deletes what is expired on a day, and says what is left.
  private func prune(_ copies: SavedCopies, day: Int64) throws -> String {
    for name in try copies.expired(now: day * Self.day) { copies.discard(file: name.file) }
    return try copies.list().map { String($0.queueID.suffix(1)) }.joined()
  }

  @Test(arguments: [
    (30, 1 << 20, "DCB"), (30, 700, "DC"), (365, 1 << 20, "DCBA"), (0, 0, "D"),
  ])
  func theOldestGoFirst(days: Int, bytes: Int, kept: String) throws {
    let fake = try ActFakeMTA()
    let retention = SavedCopies.Retention(days: days, bytes: bytes)
    let copies = try copies([40, 20, 2, 0], retention, in: fake)
    #expect(try prune(copies, day: 99) == "DCBA")
    #expect(try prune(copies, day: 100) == kept)
  }

  /// Each day of looking, with what is kept after it.
  @Test(arguments: [
    // A clock that jumps by years and is set right again on the same day.
    ([100, 4_000, 4_000, 100, 101, 102], ["BA", "BA", "BA", "BA", "BA", "BA"]),
    // One that stays there is believed after a day.
    ([100, 4_000, 4_001], ["BA", "BA", ""]),
    // Nobody looked for a while.
    ([100, 140, 141], ["BA", "BA", ""]),
    // One that was set back.
    ([4_000, 100, 101, 130, 131], ["BA", "BA", "BA", "BA", "B"]),
  ])
  func aClockThatIsSetForwardDeletesNothing(days: [Int64], kept: [String]) throws {
    let fake = try ActFakeMTA()
    let copies = try copies([1, 0], SavedCopies.Retention(days: 30, bytes: 1 << 20), in: fake)
    #expect(try days.map { try prune(copies, day: $0) } == kept)
  }

  /// What was restored on day 99, long after its removal: its first attempt may be days away.
  @Test func whatIsBackIsKeptFromItsReturnOn() throws {
    let fake = try ActFakeMTA()
    let copies = try copies([40, 20], SavedCopies.Retention(days: 30, bytes: 1 << 20), in: fake)
    for copy in try copies.list() {
      try copies.move(copy, from: .kept, to: .back)
      #expect(abs((StateFile.modified(copies.path(copy.name, .back)) ?? 0) - Int64(time(nil))) < 60)
      let day = timespec(tv_sec: time_t(99 * Self.day), tv_nsec: 0)
      utimensat(AT_FDCWD, copies.path(copy.name, .back), [day, day], 0)
    }
    func left(_ day: Int64) throws -> Int {
      _ = try prune(copies, day: day)
      return try copies.listing().others.count
    }
    #expect(try [100, 101, 128, 129, 130, 131].map(left) == [2, 2, 2, 2, 2, 0])
  }
}
