// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CBuild
import Glibc

/// What this process was started with.
enum Arguments {
  /// The arguments without the program's name.
  ///
  /// - Throws: where the system tells none, not even the name: what was asked for may be watch mode.
  static func all() throws(Failure) -> [String] {
    let count = tempfail_argument_count()
    guard count > 0 else {
      throw Failure(
        "The system does not tell what was asked for: there are no arguments, not even a name.",
        status: Failure.usage)
    }
    return (1..<max(1, count)).compactMap { index in
      tempfail_argument(index).map { String(cString: $0) }
    }
  }
}
