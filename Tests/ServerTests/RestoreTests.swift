// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

@testable import Server

/// One way back of each copy, whatever goes wrong.
@Suite(.timeLimit(.minutes(4))) struct RestoreTests {
  private func remove(_ target: MessageReference) -> ActRequest {
    ActRequest(number: 1, act: .remove, mta: .postfix, targets: [target])
  }

  private func removed(_ fake: ActFakeMTA, content: String = "Subject: x\n\nbody\n") async throws
    -> String
  {
    let message = try fake.queue("AAAA01", content: content)
    return try #require(await fake.control().perform(remove(message)).saved.first)
  }

  @Test func manyAtOnceBringItBackOnce() async throws {
    let fake = try ActFakeMTA()
    let name = try await removed(fake)
    let results = await withTaskGroup(of: RestoreResult.self) { group in
      for _ in 0..<6 { group.addTask { await fake.control().restore(name) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count { $0.back != nil } == 1)
    #expect(results.count { $0 == .wasRestored } == 5)
    #expect(fake.calls.count { $0.hasPrefix("sendmail") } == 1)
  }

  /// A kill between the claim and the command's end: whether it took the message cannot be known.
  @Test func whatMayBeBackIsNotGivenAgain() async throws {
    let fake = try ActFakeMTA()
    let name = try await removed(fake)
    let copies = SavedCopies(in: fake.state)
    let copy = try #require(try copies.find(name))
    try copies.move(copy, from: .kept, to: .submitted)
    var message = AuditIntent.Message(
      id: copy.queueID, arrived: nil, sender: copy.sender, recipients: [])
    message.copy = name
    try AuditTrail(in: fake.state).record(
      AuditIntent(
        entry: "1", time: 1, actor: Actor(user: "eve", host: "h", environment: [:]), mta: .postfix,
        act: MailControl.restoreAct, command: "sendmail", messages: [message]))

    #expect(await fake.control().interruptions().map(\.state) == [.restore(isBack: nil)])
    guard case .failed(let why) = await fake.control().restore(name) else {
      Issue.record("it was given again")
      return
    }
    #expect(
      why.contains("may be queued or delivered") && why.contains(copies.path(name, .submitted)))
    #expect(fake.read("injected") == "")
  }

  /// A bounce of Postfix leaves its message in the queue, and a removal after it keeps a second copy.
  @Test(arguments: [false, true]) func ofTwoCopiesOfAMessageTheLastCounts(isFirstAsked: Bool)
    async throws
  {
    let fake = try ActFakeMTA()
    let message = try fake.queue("AAAA01")
    let bounce = ActRequest(number: 1, act: .bounce, mta: .postfix, targets: [message])
    let first = try #require(await fake.control().perform(bounce).saved.first)
    let second = try #require(await fake.control().perform(remove(message)).saved.first)
    #expect(first != second)
    if isFirstAsked {
      guard case .failed(let why) = await fake.control().restore(first) else {
        Issue.record("both could be brought back")
        return
      }
      #expect(why.contains(second))
    }
    #expect(await fake.control().restore(second).back != nil)
    #expect(await fake.control().restore(first) == .wasRestored)
    #expect(fake.calls.count { $0.hasPrefix("sendmail") } == 1)
  }

  @Test func aSendmailThatRefusesLeavesTheCopy() async throws {
    let fake = try ActFakeMTA()
    let name = try await removed(fake)
    fake.set("refuse", "sendmail: fatal: not today\n")
    #expect(await fake.control().restore(name) == .failed("sendmail: fatal: not today"))
    unlink(fake.folder + "/refuse")
    #expect(await fake.control().restore(name).back != nil)
  }

  @Test func whatPostfixWouldReturnIsNotGivenToIt() async throws {
    let fake = try ActFakeMTA()
    let name = try await removed(fake, content: "Subject: Gr\u{FC}\u{DF}e\n\nbody\n")
    guard case .failed(let why) = await fake.control().restore(name) else {
      Issue.record("it would bounce")
      return
    }
    #expect(why.contains("8-bit"))
    #expect(try SavedCopies(in: fake.state).find(name) != nil)
  }

  @Test(arguments: ["folder", "link", "pipe", "half", "junk"])
  func aBadCopyHidesNoOther(kind: String) async throws {
    let fake = try ActFakeMTA()
    let name = try await removed(fake)
    let bad = fake.folder + "/state/removed/BBBB01-1.copy"
    switch kind {
    case "folder": mkdir(bad, 0o700)
    case "link": symlink("/etc/passwd", bad)
    case "pipe": mkfifo(bad, 0o600)
    case "half":
      let text = fake.read("state/removed/\(name).copy")
      fake.write("state/removed/BBBB01-1.copy", String(text.dropLast()))
    default: fake.write("state/removed/BBBB01-1.copy", "{}\n")
    }
    let listing = try SavedCopies(in: fake.state).listing()
    #expect(listing.kept.map(\.name) == [name])
    #expect(listing.unreadable.map(\.path) == [bad])
    guard case .failed(let why) = await fake.control().restore("BBBB01-1") else {
      Issue.record("it is no copy")
      return
    }
    #expect(why.contains("cannot be read"))
    #expect(await fake.control().restore(name).back != nil)
  }

  @Test func aFolderThatIsNotOursAloneIsNotRead() async throws {
    let fake = try ActFakeMTA()
    let name = try await removed(fake)
    let folder = fake.folder + "/state/removed"
    chmod(folder, 0o777)
    #expect(throws: StateFailure.self) { try SavedCopies(in: fake.state).listing() }
    #expect(await fake.control().restore(name).back == nil)
    chmod(folder, 0o700)
    rename(folder, folder + "2")
    symlink(folder + "2", folder)
    #expect(throws: StateFailure.self) { try SavedCopies(in: fake.state).listing() }
    #expect(await fake.control().restore(name).back == nil)
  }
}

/// Files that go back into a spool.
@Suite struct SpoolReturnTests {
  private let scratch = Scratch()

  private func way(
    _ mta: MTA, _ id: String, _ paths: [String], modified: Int64 = 1
  ) throws -> (SpoolReturn, [SpoolFile]) {
    let files = paths.map {
      SpoolFile(path: $0, bytes: Array($0.utf8), modified: modified)
    }
    var copy = SavedCopy(
      saved: 7, mta: mta, act: .remove, user: "root", queueID: id, arrived: 1, sender: "",
      recipients: [], envelopeSize: 0, contentSize: 0)
    copy.spool = scratch.path
    copy.files = files.map {
      SavedCopy.File(path: $0.path, size: $0.bytes.count, modified: $0.modified)
    }
    for folder in ["input", "deferred", "hold"] { scratch.makeFolder(folder) }
    return (try #require(SpoolReturn(copy)), files)
  }

  private func text(_ path: String) -> String {
    String(decoding: (try? StateFile.read(scratch.file(path))) ?? [], as: UTF8.self)
  }

  @Test func anEximMessageHasItsNameBack() async throws {
    let id = "1xXsY5-00005Y-1k"
    let paths = ["D", "J", "H"].map { "input/\(id)-\($0)" }
    let (way, files) = try way(.exim, id, paths)
    #expect(way.isPossible)
    try await way.prepare(files)
    #expect(way.isPrepared && text(paths[2]) == "", "no message yet")
    #expect(try await way.commit() == id)
    #expect(!way.isPrepared && paths.map(text) == paths)
    // Its name is taken now: nothing of the message that is there is touched.
    await #expect(throws: StateFailure.self) { try await way.prepare(files) }
    #expect(!way.isPrepared && paths.map(text) == paths)
  }

  @Test(arguments: [
    ("8053D34", "deferred/8/8053D34", "deferred"), ("8053D34", "hold/8053D34", "hold"),
    ("8053D34", "active/8053D34", "deferred"),
  ])
  func aPostfixMessageIsNamedByItsInode(id: String, path: String, queue: String) async throws {
    var (way, files) = try way(.postfix, id, [path], modified: 5_000)
    way.notBefore = 4_000
    try await way.prepare(files)
    let new = try await way.commit()
    let place = queue == "hold" ? "hold/\(new)" : "deferred/\(new.prefix(1))/\(new)"
    var information = stat()
    #expect(stat(scratch.file(place), &information) == 0)
    #expect(String(information.st_ino, radix: 16, uppercase: true) == new.dropFirst(5))
    #expect(information.st_mode & 0o777 == 0o700)
    #expect(information.st_mtim.tv_sec == 5_000, "it is due when it was")
    #expect(text(place) == path)
  }

  @Test func aLongIDIsNotUsedAgain() async throws {
    let id = "4d1KJY6HgLz2GXM"
    let (way, files) = try way(.postfix, id, ["hold/\(id)"])
    try await way.prepare(files)
    #expect(try await way.commit() == id)
  }

  @Test func whatWasPreparedCanBeTakenAway() async throws {
    let id = "1xXsY5-00005Y-1k"
    let (way, files) = try way(.exim, id, ["input/\(id)-D", "input/\(id)-H"])
    try await way.prepare(files)
    try await way.withdraw()
    #expect(FileAccess.names(inFolder: scratch.file("input")).count == 2, "nothing is left")
  }

  /// A kill between any two of its writes: the next one begins where nothing lies about.
  @Test(arguments: 0...3) func whatAKillLeftIsTakenAway(written: Int) async throws {
    let id = "1xXsY5-00005Y-1k"
    let paths = ["D", "J", "H"].map { "input/\(id)-\($0)" }
    let (way, files) = try way(.exim, id, paths)
    try await way.prepare(files)
    for path in paths[max(0, written - 1)..<2] { unlink(scratch.file(path)) }
    if written == 0 { try await way.withdraw() }
    #expect(way.isPrepared == (written > 0), "its name alone says so")
    try await way.prepare(files)
    #expect(try await way.commit() == id)
    #expect(paths.map(text) == paths)
  }

  @Test func aFileOfAnotherIsNotOurs() async throws {
    let id = "1xXsY5-00005Y-1k"
    let (way, files) = try way(.exim, id, ["input/\(id)-D", "input/\(id)-H"])
    try StateFile.create(scratch.file("input/\(id)-D"), Array("theirs".utf8))
    await #expect(throws: StateFailure.self) { try await way.prepare(files) }
    #expect(!way.isPrepared && text("input/\(id)-D") == "theirs")
  }

  @Test func aCopyNamesNoFileOutsideTheSpool() throws {
    var copy = SavedCopy(
      saved: 7, mta: .exim, act: .remove, user: "root", queueID: "x", arrived: 1, sender: "",
      recipients: [], envelopeSize: 0, contentSize: 0)
    copy.spool = scratch.path
    copy.files = [SavedCopy.File(path: "input/../../x", size: 0, modified: 0)]
    #expect(SpoolReturn(copy) == nil)
  }
}
