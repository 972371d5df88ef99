// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CBuild
import Glibc

/// What this process was started with.
enum Arguments {
  /// The arguments without the program's name.
  ///
  /// - Throws: if the system passes none, not even the name: watch mode may have been requested.
  static func all() throws(Failure) -> [String] {
    let count = tempfail_argument_count()
    guard count > 0 else {
      throw Failure(
        "The system passed no arguments, not even a program name.",
        status: Failure.usage)
    }
    return (1..<max(1, count)).compactMap { index in
      tempfail_argument(index).map { String(cString: $0) }
    }
  }
}
