// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

@testable import Server

/// What the real Exim and the real Postfix make of a message that was restored; runs in the lab's room only.
@Suite(.enabled(if: LabRoom.isHere), .serialized, .timeLimit(.minutes(3)))
struct RestoreLabTests {
  private let scratch = Scratch()
  private var state: StateFolder { StateFolder(scratch.file("state")) }
  private var copies: SavedCopies { SavedCopies(in: state) }

  private func tools(_ room: LabRoom) -> MailTools {
    .find(
      on: room.host, for: room.mta, spool: room.system.spool, hashDepth: room.system.hashDepth)
  }

  /// - Parameter isExact: whether it puts the MTA's own files back, as root does.
  private func control(_ room: LabRoom, isExact: Bool = true) -> MailControl {
    MailControl(
      host: room.host, runner: LocalChanges(on: room.host), tools: tools(room),
      permissions: Permissions(
        mta: room.mta, version: "3.7.11", isRoot: isExact, maySudo: !isExact),
      state: state, actor: Actor(user: "root", host: "lab", environment: [:]))
  }

  /// Sends a message with the extensions of ESMTP that an envelope can hold, and waits until it was deferred.
  private func send(_ room: LabRoom, to recipients: String..., isPlain: Bool = false) async throws
    -> MessageReference
  {
    let (server, mail, rcpt) =
      isPlain
      ? (room.mta == .exim ? 2 : 3, "[]", "[]")
      : (
        room.mta == .exim ? 2 : 3, "['BODY=8BITMIME', 'RET=HDRS', 'ENVID=e+2Bx']",
        "['NOTIFY=SUCCESS,DELAY', 'ORCPT=rfc822;o@x.test']"
      )
    try await room.shell(
      """
      /usr/bin/python3 -c "import smtplib, sys
      smtplib.SMTP('127.0.0.\(server)', 25, 'client.lab').sendmail('a@sender.test', sys.argv[1:],
        b'Subject: \(isPlain ? "x" : #"Gr\xfc\xdfe"#)\\r\\n\\r\\nbody\\r\\n', \(mail), \(rcpt))
      " \(recipients.joined(separator: " "))
      """)
    return try await found(room) { $0.state == .deferred && Set(recipients).isSubset(of: $0.names) }
  }

  /// The one message of the queue that is so.
  private func found(
    _ room: LabRoom, _ isIt: @Sendable @escaping (QueuedMessage) -> Bool
  ) async throws -> MessageReference {
    var reference: MessageReference?
    _ = try await room.wait(seconds: 20) {
      let listing = try await QueueReader(host: room.host, system: room.system).listing().0
      reference = (0..<listing.count).map { listing.message(at: $0) }.first(where: isIt)?.reference
      return reference != nil
    }
    return try #require(reference)
  }

  private func perform(
    _ act: Act, _ target: MessageReference, _ room: LabRoom, isExact: Bool = true
  ) async throws -> ActReport {
    let control = control(room, isExact: isExact)
    let request = ActRequest(number: 1, act: act, mta: room.mta, targets: [target])
    var report = await control.perform(request)
    // An attempt may be in progress.
    _ = try await room.wait(seconds: 20) {
      if report.results == [.locked] { report = await control.perform(request) }
      return report.results != [.locked]
    }
    #expect(report.results == [.done], "\(act) \(report)")
    return report
  }

  /// Removes a message; its copy.
  private func removed(
    _ target: MessageReference, _ room: LabRoom, isExact: Bool = true
  ) async throws -> SavedCopy {
    let report = try await perform(.remove, target, room, isExact: isExact)
    let name = try #require(report.saved.first)
    return try #require(try copies.find(name))
  }

  /// Tries a message now, with the destinations as they are.
  private func attempt(_ id: String, _ room: LabRoom) async throws {
    try await room.shell(
      room.mta == .exim ? "exim4 -M \(id); true" : "postqueue -i \(id)")
  }

  /// Waits for the log's word on a recipient.
  private func hears(
    _ kind: LogEvent.Kind, of recipient: String, after size: Int64, _ room: LabRoom
  ) async throws -> Bool {
    try await room.wait(seconds: 30) {
      try await room.events(after: size).contains { $0.kind == kind && $0.recipient == recipient }
    }
  }

  /// Lets destinations take everything, for as long as the body runs.
  private func accepting(_ domains: String..., room: LabRoom, _ body: () async throws -> Void)
    async throws
  {
    func answer(_ other: (String) -> String) async throws {
      let lines = domains.map { "\($0) \(other($0))" }.joined(separator: "\\n")
      try await room.shell("printf '\(lines)\\n' >> /run/tempfail-lab/answers")
    }
    try await answer { _ in "ok.test" }
    do {
      try await body()
    } catch {
      try await answer { $0 }
      throw error
    }
    try await answer { $0 }
  }

  private static func name() -> String { "back\(UInt32.random(in: 0...UInt32.max))" }

  /// Envelope, options and 8-bit headers are those of its first day, byte for byte, and it is delivered.
  ///
  /// Its copy stays while its next attempt is not known, and when that failed.
  @Test(arguments: MTA.allCases) func everythingOfItComesBack(mta: MTA) async throws {
    let room = try await LabRoom(mta)
    let recipient = Self.name() + "@full.test"
    let message = try await send(room, to: recipient)
    let copy = try await removed(message, room)
    let kept = try copies.files(of: copy)
    let envelope = kept.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
    // Exim keeps ENVID as it came, Postfix what it means (RFC 3461, xtext).
    #expect(envelope.contains(mta == .exim ? "-dsn_envid e+2Bx" : "envelope_id=e+x"))
    #expect(envelope.contains("rfc822;o@x.test"))

    let back = try #require(await control(room).restore(copy.name).back)
    #expect(back.isAsItWas)
    let id = try #require(back.queueID.flatMap { QueueID($0, of: mta) })
    let reader = MessageReader(host: room.host, mta: mta, tools: tools(room))
    #expect(await reader.spoolFiles(of: id).map(\.bytes) == kept.map(\.bytes))
    func isKept() -> Bool { StateFile.size(copies.path(copy.name, .back)) != nil }
    #expect(isKept(), "its next attempt is not known")

    var size = try await room.logSize()
    try await attempt(id.text, room)
    #expect(try await hears(.deferral, of: recipient, after: size, room))
    await control(room).prune()
    #expect(isKept(), "it failed")

    try await accepting("full.test", room: room) {
      size = try await room.logSize()
      try await attempt(id.text, room)
      #expect(try await hears(.delivery, of: recipient, after: size, room))
    }
    #expect(try await room.events(after: size).allSatisfy { $0.kind != .bounce })
    #expect(isKept())
  }

  /// Exim records in a journal who had the message until the delivery ends; a crash leaves that behind.
  @Test func whoHadTheMessageIsNotTriedAgain() async throws {
    let room = try await LabRoom(.exim)
    let (had, waits) = (Self.name() + "@full.test", Self.name() + "@full.test")
    let message = try await send(room, to: had, waits, isPlain: true)
    let journal = "/var/spool/exim4/input/\(message.queueID)-J"
    try await room.shell("echo \(had) > \(journal); chown Debian-exim:Debian-exim \(journal)")
    let copy = try await removed(message, room)
    #expect(copy.recipients == [waits])
    #expect(try #require(await control(room).restore(copy.name).back).isAsItWas)
    try await accepting("full.test", room: room) {
      let size = try await room.logSize()
      try await attempt(message.queueID.text, room)
      #expect(try await isGone(message, room))
      let delivered = try await room.events(after: size).filter { $0.kind == .delivery }
      #expect(delivered.compactMap(\.recipient) == [waits])
    }
  }

  /// `exim -Mrm` that another admin ran was killed between the two files: the message is still listed.
  @Test func aHeaderWithoutContentIsNotCalledGone() async throws {
    let room = try await LabRoom(.exim)
    let message = try await send(room, to: Self.name() + "@full.test", isPlain: true)
    let id = message.queueID.text
    try await room.shell("rm /var/spool/exim4/input/\(id)-D")
    let report = await control(room).perform(
      ActRequest(number: 1, act: .remove, mta: .exim, targets: [message]))
    guard case .failed(let why) = report.results.first else {
      Issue.record("\(report)")
      return
    }
    #expect(why.contains("only its header is left") && why.contains("exim -Mrm \(id)"))
    try await room.shell("exim4 -Mrm \(id); true")
    #expect(try await isGone(message, room))
  }

  private func isGone(_ message: MessageReference, _ room: LabRoom) async throws -> Bool {
    try await room.wait(seconds: 20) {
      await MessageReader(host: room.host, mta: room.mta, tools: tools(room))
        .hasFile(message.queueID) == false
    }
  }

  /// Exim takes the content away first: a removal that is ended then leaves a header that is listed, and the copy stays.
  @Test(arguments: [true, false]) func halfAMessageIsNotTakenForAWholeOne(isInterrupted: Bool)
    async throws
  {
    let room = try await LabRoom(.exim)
    let message = try await send(room, to: Self.name() + "@full.test", isPlain: true)
    var tools = tools(room)
    let spool = "/var/spool/exim4/input"
    tools.exim = scratch.script(
      "exim",
      """
      [ "$1" = -Mrm ] || exec /usr/sbin/exim4 "$@"
      rm \(spool)/$2-D; kill -KILL $$
      """)
    let control = MailControl(
      host: room.host, runner: LocalChanges(on: room.host), tools: tools,
      permissions: Permissions(mta: .exim, isRoot: true), state: state,
      actor: Actor(
        user: "root", host: "lab", environment: [:],
        process: ProcessIdentity(number: .max, started: 1)))
    let report = await control.perform(
      ActRequest(number: 1, act: .remove, mta: .exim, targets: [message]))
    guard case .failed(let why) = report.results.first else {
      Issue.record("\(report)")
      return
    }
    #expect(
      why.contains("only the message's header is left")
        && why.contains("exim -Mrm \(message.queueID)"))
    if isInterrupted {
      // The same act, of which no outcome was recorded.
      let trail = state.file("audit.jsonl")
      let lines = try await room.shell("head -n 1 \(trail)")
      try StateFile.replace(trail, Array(lines.utf8))
      let id = message.queueID.text
      #expect(
        await control.interruptions().map(\.state) == [.ended(stillQueued: [], notQueued: [id])])
    }
    let copy = try #require(try copies.list().first { $0.queueID == message.queueID.text })
    guard case .failed(let refusal) = await self.control(room).restore(copy.name) else {
      Issue.record("it was restored beside its header")
      return
    }
    #expect(refusal.contains("exim -Mrm \(message.queueID)"))
    // As the words say.
    try await room.shell("exim4 -Mrm \(message.queueID); true")
    #expect(try #require(await self.control(room).restore(copy.name).back).isAsItWas)
    #expect(await MessageReader(host: room.host, mta: .exim, tools: tools).isWhole(message.queueID))
  }

  /// Exactly, and submitted to the MTA as a new message.
  @Test(arguments: MTA.allCases, [true, false])
  func heldComesBackHeld(mta: MTA, isExact: Bool) async throws {
    let room = try await LabRoom(mta)
    let recipient = Self.name() + "@full.test"
    let message = try await send(room, to: recipient, isPlain: true)
    _ = try await perform(.hold, message, room)
    let copy = try await removed(message, room, isExact: isExact)
    #expect(copy.isHeld == true)
    let back = try #require(await control(room, isExact: isExact).restore(copy.name).back)
    #expect(back.isHeld && back.isAsItWas == isExact && back.note == nil, "\(back)")
    _ = try await found(room) { $0.state == .held && $0.names == [recipient] }
  }

  /// All are due, and Postfix would try all that are due at once.
  @Test func manyOfPostfixAreTriedOneAfterTheOther() async throws {
    let bulk = try await LabBulk(12, .postfix)
    #expect(await bulk.remove().results.allSatisfy { $0 == .done })
    let size = try await bulk.room.logSize()
    let now = bulk.room.host.now()
    let control = bulk.control()
    var due: [Int64] = []
    for copy in try SavedCopies(in: bulk.state).list() {
      let id = try #require(await control.restore(copy.name).back?.queueID)
      let file = try await bulk.room.shell("find /var/spool/postfix/deferred -name \(id)")
      due.append(try #require(StateFile.modified(String(file.dropLast()))))
    }
    #expect(due.count == 12 && due.allSatisfy { $0 >= now + 60 })
    #expect(zip(due, due.dropFirst()).allSatisfy { $1 - $0 >= 5 }, "\(due)")
    #expect(try await bulk.room.events(after: size).allSatisfy { $0.kind != .deferral })
  }

  /// Exim waits for its next queue run.
  @Test(arguments: [true, false]) func manyOfEximAreNotTriedAtOnce(isExact: Bool) async throws {
    let bulk = try await LabBulk(12, .exim)
    #expect(await bulk.remove().results.allSatisfy { $0 == .done })
    let size = try await bulk.room.logSize()
    let control = MailControl(
      host: bulk.room.host, runner: LocalChanges(on: bulk.room.host), tools: bulk.tools,
      permissions: Permissions(mta: .exim, isRoot: isExact, maySudo: !isExact), state: bulk.state,
      actor: Actor(user: "root", host: "lab", environment: [:]))
    for copy in try SavedCopies(in: bulk.state).list() {
      #expect(await control.restore(copy.name).back?.isAsItWas == isExact)
    }
    let runs = try await bulk.room.events(after: size).filter {
      ($0.recipient ?? "").hasSuffix("@busy.test")
    }
    // One submitted as new is logged as received, and is not tried.
    #expect(runs.allSatisfy { $0.kind != .deferral && $0.kind != .attempt }, "\(runs.map(\.line))")
  }

  /// Exim lists and acts on its main queue: what lies in another one is not touched.
  @Test func aMessageInANamedQueueIsNotTouched() async throws {
    let room = try await LabRoom(.exim)
    let name = Self.name()
    try await room.shell(
      "printf 'Subject: x\\n\\nbody\\n' | exim4 -odq -MCG \(name) -f a@sender.test \(name)@full.test"
    )
    let text = try await room.shell("exim4 -qG\(name) -bpr").split { " \n".contains($0) }
    let id = try #require(text.lazy.compactMap { QueueID(String($0), of: .exim) }.first)
    let target = MessageReference(queueID: id, arrival: nil, sender: "a@sender.test")
    let report = await control(room).perform(
      ActRequest(number: 1, act: .remove, mta: .exim, targets: [target]))
    #expect(report.results == [.gone])
    #expect(try copies.list() == [])
    #expect(try await room.shell("exim4 -qG\(name) -bpc") == "1\n")
    try await room.shell("rm -r /var/spool/exim4/\(name)")
  }

  /// A message of another instance, restored by one that uses the first.
  @Test(arguments: [true, false]) func anotherInstanceHasItsMessageBack(isExact: Bool) async throws
  {
    let room = try await LabRoom(.postfix)
    let second = "/etc/postfix-second"
    try await room.shell(
      """
      [ -d \(second) ] || {
        install -d \(second) /var/spool/postfix-second
        install -d -o postfix -g root -m 700 /var/lib/postfix-second
        cp -r /etc/postfix/post* \(second)
        sed 's,^\\(queue\\|data\\)_directory.*,&-second,' /etc/postfix/main.cf > \(second)/main.cf
        grep -v smtpd /etc/postfix/master.cf > \(second)/master.cf
        postconf -e multi_instance_directories=\(second)
      }
      postfix -c \(second) post-install create-missing; postfix -c \(second) start
      """)
    let host = LocalHost(
      search: ExecutableSearch(path: "/usr/sbin:/usr/bin"), environment: ["MAIL_CONFIG": second])
    let there = try await LabRoom(.postfix, host: host)
    #expect(there.system.spool == "/var/spool/postfix-second")
    let recipient = Self.name() + "@full.test"
    try await room.shell(
      "printf 'Subject: x\\n\\nbody\\n' | sendmail -C \(second) -f a@sender.test \(recipient)")
    let message = try await found(there) { $0.state == .deferred && $0.names == [recipient] }
    var tools = tools(there)
    tools.configuration = second
    let control = MailControl(
      host: host, runner: LocalChanges(on: host), tools: tools,
      permissions: Permissions(mta: .postfix, version: "3.7.11", isRoot: isExact, maySudo: true),
      state: state, actor: Actor(user: "root", host: "lab", environment: [:]))
    let report = await control.perform(
      ActRequest(number: 1, act: .remove, mta: .postfix, targets: [message]))
    let name = try #require(report.saved.first)

    // As `tempfail restore` does where MAIL_CONFIG is not set.
    let back = await self.control(room, isExact: isExact).restore(name)
    #expect(back.back?.isAsItWas == isExact, "\(back)")
    _ = try await found(there) { $0.names == [recipient] }
    let listing = try await QueueReader(host: room.host, system: room.system).listing().0
    #expect((0..<listing.count).allSatisfy { listing.message(at: $0).names != [recipient] })
    let instances = try AuditTrail(in: state).records().compactMap { record in
      if case .intent(let intent) = record { intent.instance } else { nil }
    }
    #expect(Set(instances) == ["/var/spool/postfix-second"])
    try await room.shell("postfix -c \(second) stop; rm -rf \(second) /var/spool/postfix-second")
    try await room.shell("postconf -X multi_instance_directories")
  }
}

extension QueuedMessage {
  fileprivate var names: Set<String> { Set(recipients.map(\.address)) }
}
