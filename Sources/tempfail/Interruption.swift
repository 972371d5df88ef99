// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Whether somebody requested the end, by Ctrl-C or a signal, while a command works.
enum Interruption {
  private static let asked = Atomic<Int32>(0)

  /// From now on such a signal is noted and ends nothing on its own; a second one ends the program at once.
  ///
  /// - Parameter isPatient: false to end a second later in any case: what hangs in a write to a reader that does not read
  ///   sees no note.
  static func note(isPatient: Bool = true) {
    // Made here: a handler must not be the first to touch it.
    asked.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      if isPatient {
        Glibc.signal(number) { Interruption.note(signal: $0) }
      } else {
        Glibc.signal(number) {
          Interruption.note(signal: $0)
          alarm(1)
        }
      }
    }
    Glibc.signal(SIGALRM) { _ in _exit(128 + Interruption.signal) }
  }

  private static func note(signal number: Int32) {
    if asked.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
  }

  static var came: Bool { signal != 0 }

  /// The number of the signal, or 0.
  static var signal: Int32 { asked.load(ordering: .relaxed) }
}
