// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Threads for calls that block for long: Swift's own pool has as many threads as the machine has cores,
/// and two blocked ones would stop everything.
enum BlockingThread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread; false where the system has none left.
  static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
    let context = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// The value of a call that blocks, made on its own thread; nil if the system has none left.
  static func value<Value: Sendable>(_ call: @escaping @Sendable () -> Value) async -> Value? {
    await withCheckedContinuation { continuation in
      if !start({ continuation.resume(returning: call()) }) { continuation.resume(returning: nil) }
    }
  }
}

/// Signals a blocking call that nobody waits for it anymore.
final class CancelFlag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}
