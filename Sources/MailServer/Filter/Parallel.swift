// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Work on many rows, on all cores but one: that one is for the screen, which must answer keys in the meantime.
enum Parallel {
  private static let lanes = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)

  /// Rows of one piece of work: enough to be worth asking for, few enough to yield in time.
  private static let share = 4096

  /// Lets another thread that waits for this core go first; long work calls it every half a millisecond or so.
  ///
  /// A thread that is woken by a key may stand behind one that works until the next tick of the kernel's clock, which is
  /// 4 ms at 250 Hz, even while another core has nothing to do (sched(7), sched_yield(2)).
  static func giveWay() { sched_yield() }

  /// A flag for each of `count` things.
  ///
  /// - Parameter flags: the flags of a range; called for several ranges at once.
  static func flags(_ count: Int, _ flags: @Sendable (Range<Int>) -> [Bool]) -> [Bool] {
    var all: [Bool] = []
    all.reserveCapacity(count)
    for part in parts(of: count, length: share, flags) { all += part }
    return all
  }

  /// What `work` makes of a few parts of `count` things, in their order.
  static func parts<Part: Sendable>(
    of count: Int, _ work: @Sendable (Range<Int>) -> Part
  ) -> [Part] {
    parts(of: count, length: max(share, (count + 3) / 4), work)
  }

  private static func parts<Part: Sendable>(
    of count: Int, length: Int, _ work: @Sendable (Range<Int>) -> Part
  ) -> [Part] {
    guard count > length else { return count > 0 ? [work(0..<count)] : [] }
    let pieces = (count + length - 1) / length
    let results = Mutex([Part?](repeating: nil, count: pieces))
    let taken = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(lanes, pieces)) { _ in
      while true {
        let piece = taken.add(1, ordering: .relaxed).oldValue
        guard piece < pieces else { return }
        let part = work(piece * length..<min(count, (piece + 1) * length))
        results.withLock { $0[piece] = part }
        giveWay()
      }
    }
    return results.withLock { $0.compactMap(\.self) }
  }
}
