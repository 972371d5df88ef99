// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

@testable import Server

@Suite("Running commands", .timeLimit(.minutes(2)))
struct ChildProcessTests {
  let scratch = Scratch()
  let child = ChildProcess(environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"])

  private func invocation(
    _ script: String, arguments: [String] = [], timeLimit: Int = 60, outputLimit: Int = 1 << 30
  ) -> Invocation {
    Invocation(
      executable: scratch.script("command", script), arguments: arguments, timeLimit: timeLimit,
      outputLimit: outputLimit)
  }

  @Test func tellsOutputComplaintAndStatus() async throws {
    let result = try await child.run(
      invocation("echo \"$1\"; echo oh >&2; exit 3", arguments: ["a b; $HOME"]))
    #expect(String(decoding: result.output, as: UTF8.self) == "a b; $HOME\n")
    #expect(result.complaint == "oh\n")
    #expect(result.status == 3)
  }

  @Test func hasOnlyTheEnvironmentThatItIsGiven() async throws {
    let result = try await child.run(
      Invocation(executable: "/usr/bin/env", arguments: []))
    let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n").sorted()
    #expect(lines == ["LC_ALL=C", "PATH=/usr/bin:/bin"])
  }

  /// It ends only when it has the lower priority, which it gets when it runs already.
  @Test func aHeavyCommandGivesWayToTheMTA() async throws {
    var command = invocation("while [ \"$(nice)\" -lt 10 ]; do :; done; nice")
    command.isHeavy = true
    let result = try await child.run(command)
    #expect(String(decoding: result.output, as: UTF8.self) == "10\n")
  }

  @Test func endsAStreamThatIsEnough() async throws {
    let taken = Mutex(0)
    let result = try await child.stream(invocation("exec cat /dev/zero")) { bytes in
      taken.withLock { $0 += bytes.count }
      return taken.withLock { $0 < 1 << 20 }
    }
    #expect(result.status == 0)
    #expect((1 << 20..<2 << 20).contains(taken.withLock { $0 }))
  }

  @Test func tellsHowAStreamEnded() async throws {
    var command = invocation("echo one; nice; echo oh >&2; exit 3")
    command.isHeavy = true
    let taken = Mutex<[UInt8]>([])
    let result = try await child.stream(command) { bytes in
      taken.withLock { $0 += bytes }
      return true
    }
    #expect(result.status == 3 && result.complaint == "oh\n" && result.output.isEmpty)
    #expect(taken.withLock { String(decoding: $0, as: UTF8.self) }.hasPrefix("one\n"))
  }

  @Test func endsAHangingCommandWithItsGroup() async throws {
    let lifeline = Lifeline(scratch.file("lifeline"))
    async let opened: Void = lifeline.awaitOpening()
    let hanging = invocation(
      "exec 3>\(lifeline.path); sleep 1000 & sleep 1000", timeLimit: 5)
    await #expect(throws: HostFailure.timedOut(command: "command", seconds: 5)) {
      try await child.run(hanging)
    }
    await opened
    await lifeline.awaitEnd()
  }

  @Test func killsACommandThatIgnoresTERM() async throws {
    let lifeline = Lifeline(scratch.file("lifeline"))
    async let opened: Void = lifeline.awaitOpening()
    let stubborn = invocation(
      "trap '' TERM; exec 3>\(lifeline.path); while :; do sleep 1000; done", timeLimit: 5)
    await #expect(throws: HostFailure.timedOut(command: "command", seconds: 5)) {
      try await child.run(stubborn)
    }
    await opened
    await lifeline.awaitEnd()
  }

  @Test func endsTheCommandWhenCancelled() async throws {
    let lifeline = Lifeline(scratch.file("lifeline"))
    let hanging = invocation("exec 3>\(lifeline.path); sleep 1000")
    let task = Task { try await child.run(hanging) }
    await lifeline.awaitOpening()
    task.cancel()
    await #expect(throws: HostFailure.failed("command was canceled")) { try await task.value }
    await lifeline.awaitEnd()
  }

  @Test func takesMuchOutput() async throws {
    let result = try await child.run(invocation("head -c 104857600 /dev/zero"))
    #expect(result.output.count == 104_857_600)
    #expect(result.status == 0)
  }

  @Test func stopsACommandThatPrintsTooMuch() async throws {
    let endless = invocation("exec cat /dev/zero", outputLimit: 8 << 20)
    await #expect(throws: HostFailure.failed("command printed more than 8 MiB")) {
      try await child.run(endless)
    }
  }

  @Test func cutsALongComplaintWithoutBlockingTheCommand() async throws {
    let result = try await child.run(invocation("head -c 10000000 /dev/zero >&2; echo done"))
    #expect(String(decoding: result.output, as: UTF8.self) == "done\n")
    #expect(result.complaint.utf8.count == 64 << 10)
  }

  @Test func saysThatACommandIsMissing() async throws {
    let path = scratch.file("nothing")
    await #expect(throws: HostFailure.missing(path)) {
      try await child.run(Invocation(executable: path, arguments: []))
    }
  }

  @Test func saysThatACommandMayNotRun() async throws {
    scratch.write("#!/bin/sh\n", to: "plain", mode: 0o644)
    let path = scratch.file("plain")
    await #expect(throws: HostFailure.notPermitted(path)) {
      try await child.run(Invocation(executable: path, arguments: []))
    }
  }

  @Test func tellsTheSignalThatEndedACommand() async throws {
    #expect(try await child.run(invocation("kill -9 $$")).status == 137)
  }
}

/// A FIFO that processes hold open as long as they live.
private final class Lifeline: Sendable {
  let path: String
  private let descriptor = Mutex<Int32>(-1)

  init(_ path: String) {
    self.path = path
    mkfifo(path, 0o600)
  }

  /// Returns when a process has opened it for writing; after a minute in any case, since one that was ended before never will.
  func awaitOpening() async {
    let path = path
    let watchdog = Task {
      try await Task.sleep(for: .seconds(60))
      close(open(path, O_WRONLY | O_NONBLOCK))
    }
    defer { watchdog.cancel() }
    _ = await BlockingThread.value { self.descriptor.withLock { $0 = open(self.path, O_RDONLY) } }
  }

  /// Returns when no process has it anymore.
  func awaitEnd() async {
    _ = await BlockingThread.value {
      self.descriptor.withLock { descriptor in
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) > 0 {}
        close(descriptor)
      }
    }
  }
}
