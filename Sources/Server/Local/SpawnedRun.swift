// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A command from its start to its end: reads what it prints, and ends it where it takes or prints too much.
///
/// It has its own thread, so that neither a slow command nor a system without processes, descriptors or
/// memory holds up anything else.
struct SpawnedRun: Sendable {
  let command: Invocation
  let environment: [String: String]
  /// See `SpawnedProcess`.
  var input: Int32?
  var keepsInput = false
  /// Seconds after which its process group is ended; nil for none.
  var timeLimit: Int?
  /// Seconds after which nobody waits any longer though it goes on; nil if it is waited for to its end.
  var patience: Int?

  /// Bytes of standard error that are kept.
  private static let complaintLimit = 64 << 10
  /// Milliseconds between two checks whether it is still wanted.
  private static let tick: Int64 = 100
  /// Milliseconds from TERM to KILL.
  private static let termination: Int64 = 300
  /// Milliseconds after KILL: a process that waits for a dead disk cannot be ended.
  private static let stubbornness: Int64 = 5_000
  /// Milliseconds for which output is waited for that a child of the ended command may still write.
  private static let afterword: Int64 = 1_000

  init(_ command: Invocation, environment: [String: String]) {
    (self.command, self.environment) = (command, environment)
    timeLimit = command.timeLimit
  }

  /// What it printed and its status; if the task is canceled its process group is killed.
  ///
  /// - Throws: `.timedOut` at the time limit, or when the patience is over and it goes on.
  func result() async throws(HostFailure) -> CommandResult {
    try await ended(takingAtMost: command.outputLimit) { _ in true }
  }

  /// Hands on its output as it comes, until it ends or the task is canceled.
  ///
  /// - Parameter take: false where that is enough; its process group is ended then. Called on the command's own thread, so it
  ///   may wait: the command waits with it.
  func stream(
    _ take: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws(HostFailure) -> CommandResult { try await ended(takingAtMost: nil, take) }

  private typealias Outcome = Result<CommandResult, HostFailure>

  /// - Parameter limit: the bytes of output that are kept; nil passes them on instead.
  private func ended(
    takingAtMost limit: Int?, _ take: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws(HostFailure) -> CommandResult {
    let isCancelled = CancelFlag()
    let outcome: Outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let hasBegun = BlockingThread.start {
          var answer = Answer(continuation)
          do throws(HostFailure) {
            let child = try SpawnedProcess(
              command, environment: environment, input: input, keepsInput: keepsInput)
            run(child, limit, take, isCancelled, &answer)
          } catch {
            answer.give(.failure(error))
          }
        }
        if !hasBegun {
          continuation.resume(
            returning: .failure(.failed("this system cannot start another thread")))
        }
      }
    } onCancel: {
      isCancelled.set()
    }
    return try outcome.get()
  }

  /// Resumes its waiter once.
  private struct Answer {
    private var continuation: CheckedContinuation<Outcome, Never>?

    init(_ continuation: CheckedContinuation<Outcome, Never>) { self.continuation = continuation }

    mutating func give(_ outcome: Outcome) {
      continuation?.resume(returning: outcome)
      continuation = nil
    }
  }

  private func run(
    _ child: consuming SpawnedProcess, _ limit: Int?, _ take: ([UInt8]) -> Bool,
    _ isCancelled: CancelFlag, _ answer: inout Answer
  ) {
    let start = Self.milliseconds()
    var streams = Streams(child.output.number, child.complaint.number)
    var output: [UInt8] = []
    var complaint: [UInt8] = []
    /// Why it is to end, nil if there is enough output; and when it is abandoned.
    var stop: (failure: HostFailure?, killAt: Int64, giveUpAt: Int64)?
    var isEnough = false
    var isKilled = false
    var endedAt: Int64?
    var nap: Int64 = 1

    while true {
      if streams.isOpen {
        for (stream, bytes) in streams.wait(endedAt == nil ? Self.tick : 20) {
          switch stream {
          case .complaint: complaint += bytes.prefix(Self.complaintLimit - complaint.count)
          case .output where limit == nil: if !isEnough { isEnough = !take(bytes) }
          case .output: if stop == nil { output += bytes }
          }
        }
      } else if endedAt == nil {
        poll(nil, 0, Int32(nap))
        nap = min(nap * 2, Self.tick)
      }
      let now = Self.milliseconds()
      if endedAt == nil, child.hasEnded { endedAt = now }
      if let ended = endedAt, !streams.isOpen || now - ended >= Self.afterword { break }
      if let stop {
        if now >= stop.killAt, !isKilled {
          child.signal(SIGKILL)
          isKilled = true
        }
        if now >= stop.giveUpAt { break }
        continue
      }
      let failure = reasonToStop(after: now - start, limit, output.count, isCancelled)
      if endedAt == nil, failure != nil || isEnough {
        stop = (failure, now + Self.termination, now + Self.termination + Self.stubbornness)
        child.signal(SIGTERM)
      }
      if let patience, now - start >= Int64(patience) * 1000 {
        answer.give(.failure(.timedOut(command: command.words, seconds: patience)))
      }
    }
    // Before its number is free: what it left behind goes with it.
    if stop != nil { child.signal(SIGKILL) }
    let status = child.reap()
    if let failure = stop?.failure { return answer.give(.failure(failure)) }
    guard let status = isEnough ? 0 : status else {
      return answer.give(.failure(.failed("\(command.words): its status was lost")))
    }
    answer.give(
      .success(
        CommandResult(
          status: status, output: output, complaint: String(decoding: complaint, as: UTF8.self))))
  }

  private func reasonToStop(
    after milliseconds: Int64, _ limit: Int?, _ printed: Int, _ isCancelled: CancelFlag
  ) -> HostFailure? {
    if isCancelled.isSet { return .failed("\(command.words) was canceled") }
    if let limit, printed > limit {
      return .failed("\(command.words) printed more than \(limit >> 20) MiB")
    }
    if let timeLimit, milliseconds >= Int64(timeLimit) * 1000 {
      return .timedOut(command: command.words, seconds: timeLimit)
    }
    return nil
  }

  private static func milliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// The two streams of a child, until both are at their end.
private struct Streams {
  enum Name { case output, complaint }

  private var descriptors: [pollfd]
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  init(_ output: Int32, _ complaint: Int32) {
    descriptors = [output, complaint].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  }

  /// poll(2) passes over a negative descriptor.
  var isOpen: Bool { descriptors.contains { $0.fd >= 0 } }

  /// What can be read within so many milliseconds.
  mutating func wait(_ milliseconds: Int64) -> [(Name, [UInt8])] {
    let ready = poll(&descriptors, nfds_t(descriptors.count), Int32(milliseconds))
    // ENOMEM and the like: not without a pause.
    if ready < 0, errno != EINTR { usleep(10_000) }
    guard ready > 0 else { return [] }
    var found: [(Name, [UInt8])] = []
    for (index, name) in [Name.output, .complaint].enumerated()
    where descriptors[index].fd >= 0 && descriptors[index].revents != 0 {
      let count = read(descriptors[index].fd, &buffer, buffer.count)
      if count > 0 {
        found.append((name, Array(buffer[..<count])))
      } else if count == 0 || errno != EINTR {
        descriptors[index].fd = -1
      }
    }
    return found
  }
}
