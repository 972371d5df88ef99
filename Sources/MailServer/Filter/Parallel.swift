// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Work on many rows, on all cores.
enum Parallel {
  /// Rows of one piece of work: enough to be worth a thread, few enough to share them well.
  private static let share = 32_768

  /// A flag for each of `count` things.
  ///
  /// - Parameter flags: tells those of a range; several ranges at once.
  static func flags(_ count: Int, _ flags: @Sendable (Range<Int>) -> [Bool]) -> [Bool] {
    guard count > share else { return count > 0 ? flags(0..<count) : [] }
    let pieces = (count + share - 1) / share
    let results = Mutex([[Bool]](repeating: [], count: pieces))
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      let part = flags(piece * share..<min(count, (piece + 1) * share))
      results.withLock { $0[piece] = part }
    }
    return results.withLock { Array($0.joined()) }
  }
}
