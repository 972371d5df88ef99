// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import MailServer
import Testing

@testable import Server

/// What the next start does about an act that was interrupted, or is still running elsewhere.
@Suite(.timeLimit(.minutes(4))) struct RecoveryTests {
  private func request(_ act: Act, _ targets: [MessageReference]) -> ActRequest {
    ActRequest(number: 1, act: act, mta: .postfix, targets: targets)
  }

  private func kept(_ fake: ActFakeMTA) throws -> [String] {
    try SavedCopies(in: fake.state).list().map(\.queueID).sorted()
  }

  /// A removal whose command waits before its work, as another process would see it; its lock is the command's
  /// alone, as it is after a kill of Tempfail.
  @Test(arguments: [Act.remove, .bounce, .hold])
  func nothingIsSettledWhileACommandStillWorks(act: Act) async throws {
    let fake = try ActFakeMTA()
    let message = try fake.queue("AAAA01")
    fake.set("wait")
    async let report = fake.control().perform(request(act, [message]))
    while fake.calls.isEmpty { try await Task.sleep(for: .milliseconds(5)) }

    let other = fake.control()
    let told = await other.interruptions()
    #expect(told.map(\.state) == [.running])
    #expect(told.first?.words.contains("still running") == true)
    #expect(try kept(fake) == (act.losesMessage ? ["AAAA01"] : []))

    fake.set("go")
    #expect(await report.results == [.done])
    #expect(await other.interruptions() == [], "it has an outcome now")
    #expect(try kept(fake) == (act.losesMessage ? ["AAAA01"] : []))
  }

  /// The command outlives the process that began it: only the descriptor shows it.
  @Test func aCommandKeepsTheLockOfTheActThatIsGone() async throws {
    let fake = try ActFakeMTA()
    let path = fake.folder + "/go"
    fake.install("orphan", "exec </dev/null; while [ ! -e \(path) ]; do sleep 0.02; done")
    let lock = try #require(try ActLock.take("copies", in: fake.state))
    var run = SpawnedRun(
      Invocation(executable: fake.folder + "/bin/orphan", arguments: []),
      environment: ["PATH": "/usr/bin:/bin", "Q": fake.folder])
    run.input = try lock.input([])
    run.keepsInput = true
    run.patience = 0
    _ = try? await run.result()
    #expect(await !lock.isOursAlone())
    guard case .held = try await ActLock.look("copies", in: fake.state) else {
      Issue.record("the lock is free")
      return
    }
    fake.set("go")
    while try ActLock.take("copies", in: fake.state) == nil {
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// A child of another thread has our open files until its program begins, and so a lock that was let go.
  @Test(arguments: [true, false]) func aLockThatIsFreeInAMomentIsFree(isTaken: Bool) async throws {
    let fake = try ActFakeMTA()
    let lock = try #require(try ActLock.take("recovery", in: fake.state))
    let watch = inotify_init1(Int32(IN_CLOEXEC))
    defer { close(watch) }
    try #require(inotify_add_watch(watch, lock.path, UInt32(IN_CLOSE)) >= 0)
    let isFree = Task {
      if isTaken { return try await ActLock.takeSoon("recovery", in: fake.state) != nil }
      guard case .free = try await ActLock.look("recovery", in: fake.state) else { return false }
      return true
    }
    // Whoever looks opens the file, finds it locked and closes it.
    _ = await BlockingThread.value {
      var event = [UInt8](repeating: 0, count: 4096)
      return read(watch, &event, event.count)
    }
    lock.release()
    #expect(try await isFree.value)
  }

  /// A tool that says that it is ready, and does its work later.
  @Test func aCopyStaysWhileSomethingOfTheToolWorks() async throws {
    let fake = try ActFakeMTA()
    let message = try fake.queue("AAAA01")
    fake.install(
      "postsuper",
      """
      note "$@"; read -r id
      { while [ ! -e "$Q/go" ]; do sleep 0.02; done; rm -r "$Q/queue/$id"; } >/dev/null 2>&1 &
      """)
    let report = await fake.control().perform(request(.remove, [message]))
    #expect(
      report.results == [
        .failed("The command is still running: the message may still leave. A copy is kept.")
      ]
    )
    #expect(try kept(fake) == ["AAAA01"])
    #expect(await fake.control().interruptions().map(\.state) == [.running])

    fake.set("go")
    var told: [Interruption] = []
    while told.first?.state ?? .running == .running { told = await fake.control().interruptions() }
    #expect(told.map(\.state) == [.ended(stillQueued: [], notQueued: ["AAAA01"])])
    #expect(try kept(fake) == ["AAAA01"])
  }

  @Test(arguments: MTA.allCases)
  func whatASilentToolRemovedKeepsItsCopy(mta: MTA) async throws {
    let fake = try ActFakeMTA()
    let id = mta == .postfix ? "AAAA01" : "1xVeaW-0004Rn-1D"
    let message = try fake.queue(id, of: mta)
    fake.install(
      mta == .postfix ? "postsuper" : "exim",
      mta == .postfix
        ? "read -r id; rm -r \"$Q/queue/$id\""
        : """
        case $1 in
        -bp) [ -d "$Q/queue/$2" ] && cat "$Q/queue/$2/listing"; exit 0;;
        -Mvh|-Mvc)
          [ -d "$Q/queue/$2" ] || { echo "No such file or directory"; exit 1; }
          [ $1 = -Mvh ] && cat "$Q/queue/$2/envelope" || cat "$Q/queue/$2/content"; exit 0;;
        esac
        rm -r "$Q/queue/$2"
        """)
    let request = ActRequest(number: 1, act: .remove, mta: mta, targets: [message])
    _ = await fake.control(mta).perform(request)
    #expect(try kept(fake) == [id])
  }

  /// Each would keep a copy of the same message, and both could be restored.
  @Test func twoAdminsAtOnceKeepOneCopy() async throws {
    let fake = try ActFakeMTA()
    let targets = try (0..<20).map { try fake.queue("AAAA\(10 + $0)") }
    async let removed = fake.control().perform(request(.remove, targets))
    async let bounced = fake.control().perform(request(.remove, targets))
    let results = await zip(removed.results, bounced.results)
    for (one, other) in results {
      #expect([one, other].contains(.gone) && [one, other].contains(.done))
    }
    #expect(try kept(fake) == targets.map(\.queueID.text))
  }

  /// The one removes what the other gives back to its sender: each message has one fate, and one copy.
  @Test func aRemovalBesideABounceHasOneFateForEach() async throws {
    let fake = try ActFakeMTA()
    let targets = try (0..<20).map { try fake.queue("1xVeaW-0004Rn-\(10 + $0)", of: .exim) }
    func act(_ act: Act) -> ActRequest {
      ActRequest(number: 1, act: act, mta: .exim, targets: targets)
    }
    async let removed = fake.control(.exim).perform(act(.remove))
    async let bounced = fake.control(.exim).perform(act(.bounce))
    let (one, other) = await (removed, bounced)
    #expect(one.refusal == nil && other.refusal == nil)
    for (a, b) in zip(one.results, other.results) {
      #expect([a, b].contains(.gone) && [a, b].contains(.done), "\(a) \(b)")
    }
    #expect(try kept(fake) == targets.map(\.queueID.text))
    // The trail records what was done to each, once.
    let done = try AuditTrail(in: fake.state).records().flatMap { record in
      if case .outcome(let outcome) = record {
        outcome.results.filter { $0.result == "done" }.map(\.id)
      } else {
        [String]()
      }
    }
    #expect(done.sorted() == targets.map(\.queueID.text))
  }

  @Test func aZombieDoesNotAct() throws {
    var process = pid_t()
    let arguments = ["true", nil].map { $0.flatMap { strdup($0) } }
    defer { for argument in arguments { free(argument) } }
    try #require(posix_spawn(&process, "/bin/true", nil, nil, arguments, nil) == 0)
    defer { waitpid(process, nil, 0) }
    // It ends, and nobody has asked how.
    while ProcessIdentity.start(of: process) != nil { usleep(1_000) }
    #expect(kill(process, 0) == 0, "it is there still")
  }
}
