// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// Runs commands of this machine that read, in one environment: an executable and arguments, never a shell.
struct ChildProcess: Sendable {
  let environment: [String: String]

  /// Runs a command to its end, or to its time limit, at which its process group is ended.
  func run(_ command: Invocation) async throws(HostFailure) -> CommandResult {
    try await SpawnedRun(command, environment: environment).result()
  }

  /// Runs a command and hands on its output as it comes, for as long as that is wanted: until `take` says no, or the task is
  /// canceled.
  func stream(
    _ command: Invocation, _ take: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws(HostFailure) -> CommandResult {
    var run = SpawnedRun(command, environment: environment)
    run.timeLimit = nil
    return try await run.stream(take)
  }
}
