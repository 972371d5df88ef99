// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer
import Synchronization

/// Values on their way from the collectors to the main loop, which waits for them with `poll(2)`.
///
/// What waits is merged, so that a loop that was busy for long finds a few values, not thousands.
package final class Mailbox<Value: Sendable>: Sendable {
  private let waiting = Mutex<[Value]>([])
  private let wake: WakeDescriptor
  private let merge: @Sendable (inout Value, Value) -> Bool

  /// - Parameter merge: takes a newer value into one that waits, or returns false where both must be kept.
  /// - Throws: where the process has no descriptors left.
  package init(
    merge: @escaping @Sendable (inout Value, Value) -> Bool
  ) throws(HostFailure) {
    wake = try WakeDescriptor()
    self.merge = merge
  }

  /// Readable while values wait.
  package var descriptor: Int32 { wake.descriptor }

  /// Leaves a value; from any thread.
  package func post(_ value: Value) {
    let isFirst = waiting.withLock { waiting in
      for index in waiting.indices.reversed() where merge(&waiting[index], value) { return false }
      waiting.append(value)
      return waiting.count == 1
    }
    if isFirst { wake.signal() }
  }

  /// Takes everything that waits, in the order of arrival.
  package func drain() -> [Value] {
    wake.drain()
    return waiting.withLock { waiting in
      defer { waiting.removeAll() }
      return waiting
    }
  }
}
