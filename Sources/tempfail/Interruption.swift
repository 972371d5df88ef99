// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Whether somebody asked for the end, by Ctrl-C or a signal, while a command works.
enum Interruption {
  private static let asked = Atomic(false)

  /// From now on such a signal is noted and ends nothing by itself.
  static func note() {
    // Made here: a handler must not be the first to touch it.
    asked.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in Interruption.asked.store(true, ordering: .relaxed) }
    }
  }

  static var came: Bool { asked.load(ordering: .relaxed) }
}
