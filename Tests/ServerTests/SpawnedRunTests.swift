// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Server

@Suite("Spawning commands", .timeLimit(.minutes(2)))
struct SpawnedRunTests {
  let scratch = Scratch()
  private let environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]

  private func run(
    _ script: String, _ arguments: [String] = [], timeLimit: Int = 60, outputLimit: Int = 1 << 30
  ) -> SpawnedRun {
    SpawnedRun(
      Invocation(
        executable: scratch.script("command", script), arguments: arguments, timeLimit: timeLimit,
        outputLimit: outputLimit), environment: environment)
  }

  private func text(_ result: CommandResult) -> String {
    String(decoding: result.output, as: UTF8.self)
  }

  @Test func tellsOutputComplaintAndStatus() async throws {
    let result = try await run("echo \"$1\"; env; echo oh >&2; exit 3", ["a b; $HOME"]).result()
    #expect(
      text(result).split(separator: "\n").filter { !$0.hasPrefix("PWD=") && !$0.hasPrefix("_=") }
        .sorted() == ["LC_ALL=C", "PATH=/usr/bin:/bin", "a b; $HOME"])
    #expect(result.complaint == "oh\n")
    #expect(result.status == 3)
    #expect(try await run("kill -9 $$").result().status == 137)
  }

  @Test func handsOnNoDescriptorAndNoSignal() async throws {
    // Of ours, open to children; and signals that we pass over.
    let leak = open("/dev/null", O_RDONLY)
    defer { close(leak) }
    let before = signal(SIGHUP, SIG_IGN)
    defer { signal(SIGHUP, before) }
    let list = Invocation(executable: "/bin/ls", arguments: ["/proc/self/fd"])
    let listed = try await SpawnedRun(list, environment: environment).result()
    // The last one is the folder that it reads.
    #expect(text(listed) == "0\n1\n2\n3\n")
    let ignored = try await run("grep SigIgn /proc/$$/status | cut -f 2").result()
    // glibc keeps two signals of its own, 32 and 33.
    let signals = try #require(UInt64(text(ignored).dropLast(), radix: 16))
    #expect(signals & 0x7FFF_FFFF == 0)
  }

  @Test func readsItsInputFromWhereItIs() async throws {
    scratch.write("one\ntwo\n", to: "input", mode: 0o600)
    let file = open(scratch.file("input"), O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    lseek(file, 4, SEEK_SET)
    var run = run("cat; cat <&3 && echo kept")
    run.input = file
    run.keepsInput = true
    #expect(text(try await run.result()) == "two\nkept\n")
    run.keepsInput = false
    lseek(file, 4, SEEK_SET)
    #expect(text(try await run.result()) == "two\n")
  }

  @Test func endsWhatTakesTooLongWithItsGroup() async throws {
    let pipe = scratch.file("group")
    mkfifo(pipe, 0o600)
    // An end that does not wait for a writer: where the child is ended before it opens the pipe, the test fails and does not hang.
    let descriptor = open(pipe, O_RDONLY | O_NONBLOCK)
    defer { close(descriptor) }
    let hanging = run(
      "trap '' TERM; exec 3>\(pipe); echo >&3; sleep 1000 & sleep 1000", timeLimit: 5)
    await #expect(throws: HostFailure.timedOut(command: "command", seconds: 5)) {
      try await hanging.result()
    }
    let said = await BlockingThread.value { Self.rest(of: descriptor) ?? [] }
    #expect(said == [0x0A], "it opened the pipe, and nobody has it any more")
  }

  /// What was written to a pipe; nil if somebody has its other end still after ten seconds.
  private static func rest(of descriptor: Int32) -> [UInt8]? {
    var said: [UInt8] = []
    var byte: UInt8 = 0
    for _ in 0..<1_000 {
      switch read(descriptor, &byte, 1) {
      case 1: said.append(byte)
      case 0: return said
      default: usleep(10_000)
      }
    }
    return nil
  }

  @Test func waitsForNoGrandchildThatKeepsItsOutput() async throws {
    let result = try await run("echo done; trap '' HUP; sleep 20 &").result()
    #expect(text(result) == "done\n" && result.status == 0)
  }

  @Test func aPatienceEndsTheWaitAndNotTheCommand() async throws {
    var slow = run("sleep 1; echo > \(scratch.file("done"))")
    slow.patience = 0
    await #expect(throws: HostFailure.timedOut(command: "command", seconds: 0)) {
      try await slow.result()
    }
    while access(scratch.file("done"), F_OK) != 0 { try await Task.sleep(for: .milliseconds(20)) }
  }

  @Test func streamsWhatComesAndEndsWhenCancelled() async throws {
    let endless = run("echo first; exec sleep 1000")
    let (chunks, chunk) = AsyncStream<[UInt8]>.makeStream()
    let task = Task {
      try await endless.stream {
        chunk.yield($0)
        return true
      }
    }
    for await first in chunks {
      #expect(first == Array("first\n".utf8))
      break
    }
    task.cancel()
    await #expect(throws: HostFailure.failed("command was canceled")) { try await task.value }
  }

  @Test func printsNoMoreThanItMay() async throws {
    await #expect(throws: HostFailure.failed("command printed more than 8 MiB")) {
      try await run("exec cat /dev/zero", outputLimit: 8 << 20).result()
    }
    let complaint = try await run("head -c 10000000 /dev/zero >&2; echo done").result()
    #expect(text(complaint) == "done\n" && complaint.complaint.utf8.count == 64 << 10)
  }

  @Test func tellsWhatCannotBeStarted() async throws {
    let missing = scratch.file("nothing")
    await #expect(throws: HostFailure.missing(missing)) {
      try await SpawnedRun(Invocation(executable: missing, arguments: []), environment: [:])
        .result()
    }
    scratch.write("#!/bin/sh\n", to: "plain", mode: 0o644)
    let plain = scratch.file("plain")
    await #expect(throws: HostFailure.notPermitted(plain)) {
      try await SpawnedRun(Invocation(executable: plain, arguments: []), environment: [:]).result()
    }
    let words = "/bin/true could not be started: Argument list too long"
    let long = [String](repeating: String(repeating: "x", count: 100_000), count: 100)
    await #expect(throws: HostFailure.failed(words)) {
      try await SpawnedRun(Invocation(executable: "/bin/true", arguments: long), environment: [:])
        .result()
    }
  }
}
