// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// The only thing that can run a `ChangeCommand`.
///
/// In watch mode no value of this type is ever made.
package protocol ChangeRunner: Sendable {
  /// Runs a command to its end, or to its time limit, at which its process group is ended.
  ///
  /// A command that has a `patience` is left to itself when that is over; `HostFailure.timedOut`
  /// then says that it still runs.
  ///
  /// - Parameter lock: the act's, which the command holds too for as long as it runs, whatever happens to us.
  func run(_ command: ChangeCommand, holding lock: ActLock) async throws(HostFailure)
    -> CommandResult
}

/// Runs commands of this machine.
package struct LocalChanges: ChangeRunner {
  private let environment: [String: String]

  /// - Parameter host: this machine; the commands get the same environment as those that read.
  package init(on host: LocalHost) { environment = host.child.environment }

  package func run(
    _ command: ChangeCommand, holding lock: ActLock
  ) async throws(HostFailure) -> CommandResult {
    var run = SpawnedRun(command.invocation, environment: environment)
    run.patience = command.patience
    run.keepsInput = command.keepsLock
    do throws(StateFailure) {
      run.input = try lock.input(command.input)
    } catch {
      throw .failed("The command was not started: \(error).")
    }
    let result: Result<CommandResult, HostFailure>
    do throws(HostFailure) {
      result = .success(try await run.result())
    } catch {
      result = .failure(error)
    }
    return try withExtendedLifetime(lock) { () throws(HostFailure) in try result.get() }
  }
}
