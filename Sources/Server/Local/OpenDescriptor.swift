// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Glibc

/// A descriptor that no child inherits on its own; closed with the value.
struct OpenDescriptor: ~Copyable, Sendable {
  let number: Int32

  /// Takes a descriptor that was just opened.
  ///
  /// It gets a number above standard error, also where this process was started with those closed: else
  /// what a child gets as its standard input could be written over before it gets its output.
  ///
  /// - Parameter opened: a negative number, with its reason in `errno`, is a failure.
  init(_ opened: Int32, of name: String) throws(HostFailure) {
    guard opened >= 0 else { throw HostFailure(errno: errno, of: name) }
    if opened > STDERR_FILENO {
      number = opened
      return
    }
    let moved = fcntl(opened, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
    let code = errno
    close(opened)
    guard moved >= 0 else { throw HostFailure(errno: code, of: name) }
    number = moved
  }

  deinit { close(number) }

  /// The number, which is then to be closed by whoever has it.
  consuming func take() -> Int32 {
    let taken = number
    discard self
    return taken
  }
}

/// The two ends of a pipe.
struct Pipe: ~Copyable {
  let reading: OpenDescriptor
  let writing: OpenDescriptor

  init() throws(HostFailure) {
    var ends: [Int32] = [-1, -1]
    guard tf_pipe(&ends) == 0 else { throw HostFailure(errno: errno, of: "pipe") }
    let first: OpenDescriptor
    do throws(HostFailure) {
      first = try OpenDescriptor(ends[0], of: "pipe")
    } catch {
      close(ends[1])
      throw error
    }
    let second = try OpenDescriptor(ends[1], of: "pipe")
    reading = first
    writing = second
  }
}
