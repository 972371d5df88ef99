// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Runs asynchronous work from a command that is not, and waits for it.
func waitFor<Value: Sendable, Problem: Error>(
  _ work: @escaping @Sendable () async throws(Problem) -> Value
) throws(Problem) -> Value {
  let result = Mutex<Result<Value, Problem>?>(nil)
  let done = DispatchSemaphore(value: 0)
  Task {
    do throws(Problem) {
      let value = try await work()
      result.withLock { $0 = .success(value) }
    } catch {
      result.withLock { $0 = .failure(error) }
    }
    done.signal()
  }
  while true {
    done.wait()
    if let result = result.withLock({ $0 }) { return try result.get() }
  }
}
