// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage

/// Runs commands of this machine: an executable and arguments, never a shell.
///
/// Each child leads a process group of its own, so that the terminal's keys do not reach it and the whole group can be ended.
struct ChildProcess: Sendable {
  let environment: [String: String]

  private static let complaintLimit = 64 << 10

  /// Runs a command to its end, or to its time limit, at which its process group is ended.
  func run(_ command: Invocation) async throws(HostFailure) -> CommandResult {
    let outcome = await withTaskGroup(of: Outcome?.self) { group in
      group.addTask { await collect(command) }
      group.addTask {
        try? await Task.sleep(for: .seconds(command.timeLimit))
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      // The group is left only when the child is gone: nothing of ours outlives the call.
      await group.waitForAll()
      return first
    }
    guard let outcome else {
      throw Task.isCancelled
        ? .failed("\(command.words) was cancelled")
        : .timedOut(command: command.words, seconds: command.timeLimit)
    }
    return try outcome.get()
  }

  /// Runs a command and hands on its output as it comes, no faster than it is taken, until it ends or the task is cancelled.
  func stream(
    _ command: Invocation, _ take: @escaping @Sendable ([UInt8]) async -> Void
  ) async throws(HostFailure) {
    do {
      _ = try await Subprocess.run(
        configuration(command), input: .none, output: .sequence, error: .discarded
      ) { child in
        for try await buffer in child.standardOutput { await take(Self.bytes(of: buffer)) }
      }
    } catch {
      throw Self.failure(error, of: command)
    }
  }

  private typealias Outcome = Result<CommandResult, HostFailure>

  private func collect(_ command: Invocation) async -> Outcome {
    do {
      guard let input = command.input else {
        return .success(
          Self.result(
            try await Subprocess.run(
              configuration(command), input: .none, output: .sequence, error: .sequence
            ) { child in try await Self.read(child, command) }))
      }
      // A child that ends before it has read everything must not end us.
      signal(SIGPIPE, SIG_IGN)
      // By hand: `.array(input)` traps where that happens (swift-subprocess 1.0.2).
      return .success(
        Self.result(
          try await Subprocess.run(
            configuration(command), input: .inputWriter, output: .sequence, error: .sequence
          ) { child in
            async let written: Void = Self.write(input, to: child.standardInputWriter)
            let printed = try await Self.read(child, command)
            await written
            return printed
          }))
    } catch {
      return .failure(Self.failure(error, of: command))
    }
  }

  private typealias Printed = (output: [UInt8], complaint: [UInt8])

  private static func write(_ input: [UInt8], to writer: StandardInputWriter) async {
    _ = try? await writer.write(input)
    try? await writer.finish()
  }

  private static func read<Input: InputProtocol>(
    _ child: Execution<Input, SequenceOutput, SequenceOutput>, _ command: Invocation
  ) async throws -> Printed {
    if command.isHeavy { lowerPriority(of: child.processIdentifier.value) }
    async let complaint = head(of: child.standardError)
    var output: [UInt8] = []
    for try await buffer in child.standardOutput {
      guard output.count + buffer.count <= command.outputLimit else { throw TooMuchOutput() }
      buffer.withUnsafeBytes { output.append(contentsOf: $0) }
    }
    return (output, try await complaint)
  }

  private static func result(
    _ result: ExecutionResult<Printed, SequenceOutput, SequenceOutput>
  ) -> CommandResult {
    let (output, complaint) = result.closureResult
    let status: Int32 =
      switch result.terminationStatus {
      case .exited(let code): code
      case .signaled(let signal): 128 + signal
      }
    return CommandResult(
      status: status, output: output, complaint: String(decoding: complaint, as: UTF8.self))
  }

  private func configuration(_ command: Invocation) -> Configuration {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(300))
    ]
    let variables = environment.map { (Environment.Key(stringLiteral: $0), $1) }
    return Configuration(
      // By path: `.name` would fork once for each folder of PATH.
      executable: .path(FilePath(command.executable)), arguments: Arguments(command.arguments),
      environment: .custom(Dictionary(uniqueKeysWithValues: variables)), platformOptions: options)
  }

  /// Refused by the kernel for a set-user-ID child of a normal user: then it runs as it is.
  private static func lowerPriority(of process: pid_t) {
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(process), 10)
  }

  /// A child that ends without reading its input says why on standard error: that counts.
  private static func write(_ input: [UInt8]?, to writer: StandardInputWriter) async {
    if let input { _ = try? await writer.write(input) }
    try? await writer.finish()
  }

  private static func bytes(of buffer: SubprocessOutputSequence.Buffer) -> [UInt8] {
    buffer.withUnsafeBytes { Array($0) }
  }

  /// The first bytes of a stream; the rest is read and let go, or the child would block on it.
  private static func head(of stream: SubprocessOutputSequence) async throws -> [UInt8] {
    var head: [UInt8] = []
    for try await buffer in stream where head.count < complaintLimit {
      head += bytes(of: buffer).prefix(complaintLimit - head.count)
    }
    return head
  }

  private struct TooMuchOutput: Error {}

  private static func failure(_ error: any Error, of command: Invocation) -> HostFailure {
    switch error {
    case is TooMuchOutput:
      return .failed("\(command.words) printed more than \(command.outputLimit >> 20) MiB")
    case let error as SubprocessError where error.code == .executableNotFound:
      // Subprocess says the same of a file that we may not execute.
      return access(command.executable, F_OK) == 0
        ? .notPermitted(command.executable) : .missing(command.executable)
    case let error as SubprocessError:
      guard let errno = error.underlyingError else { return .failed("\(error)") }
      return HostFailure(errno: errno.rawValue, of: command.executable)
    default:
      return .failed("\(command.words): \(error)")
    }
  }
}
