// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The only thing that can run a `ChangeCommand`.
///
/// In watch mode no value of this type is ever made.
package protocol ChangeRunner: Sendable {
  /// Runs a command to its end, or to its time limit, at which its process group is ended.
  ///
  /// A command that has a `patience` is left to itself when that is over; `HostFailure.timedOut`
  /// then says that it still runs.
  func run(_ command: ChangeCommand) async throws(HostFailure) -> CommandResult
}

/// Runs commands of this machine.
package struct LocalChanges: ChangeRunner {
  private let process: ChildProcess

  /// - Parameter host: this machine; the commands get the same environment as those that look.
  ///
  /// From then on SIGPIPE is ignored: a tool that refuses ends before it has read the queue IDs, and
  /// that must not end this process between an act and its record.
  package init(on host: LocalHost) {
    signal(SIGPIPE, SIG_IGN)
    process = host.child
  }

  package func run(_ command: ChangeCommand) async throws(HostFailure) -> CommandResult {
    guard let patience = command.patience else { return try await process.run(command.invocation) }
    let (outcomes, outcome) = AsyncStream<Result<CommandResult, HostFailure>?>.makeStream()
    // Tasks of their own: the command outlives the wait.
    Task.detached { [process] in
      do throws(HostFailure) {
        outcome.yield(.success(try await process.run(command.invocation)))
      } catch {
        outcome.yield(.failure(error))
      }
    }
    let clock = Task.detached {
      try? await Task.sleep(for: .seconds(patience))
      outcome.yield(nil)
    }
    defer { clock.cancel() }
    for await first in outcomes {
      guard let first else { break }
      return try first.get()
    }
    throw .timedOut(command: command.words, seconds: patience)
  }
}
