// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Runs an actor that waits for disks and for the kernel on a thread outside of Swift's pool, one job after the other.
///
/// The thread lives as long as there is something to do.
final class BlockingExecutor: SerialExecutor {
  private let jobs = Mutex<(waiting: [UnownedJob], isRunning: Bool)>(([], false))

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isFirst = jobs.withLock { jobs in
      jobs.waiting.append(job)
      defer { jobs.isRunning = true }
      return !jobs.isRunning
    }
    // Where the system has no thread left it is done here.
    if isFirst, !BlockingThread.start({ self.run() }) { run() }
  }

  private func run() {
    while let job = next() { job.runSynchronously(on: asUnownedSerialExecutor()) }
  }

  private func next() -> UnownedJob? {
    jobs.withLock { jobs in
      if jobs.waiting.isEmpty {
        jobs.isRunning = false
        return nil
      }
      return jobs.waiting.removeFirst()
    }
  }
}
