// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A descriptor that `poll(2)` can wait on until another thread signals it.
///
/// A socket pair rather than an eventfd or pipe2, which Swift's Glibc module does not have: its flags are set at creation too.
package final class WakeDescriptor: Sendable {
  /// Readable once `signal` was called, until `drain`.
  package let descriptor: Int32
  private let sender: Int32

  /// - Throws: where the process has no descriptors left.
  package init() throws(HostFailure) {
    var pair: [Int32] = [-1, -1]
    let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
    guard socketpair(AF_UNIX, Int32(kind), 0, &pair) == 0 else {
      throw HostFailure(errno: errno, of: "socketpair")
    }
    descriptor = pair[0]
    sender = pair[1]
  }

  deinit {
    close(descriptor)
    close(sender)
  }

  /// Makes the descriptor readable; costs nothing more where it is already.
  package func signal() {
    var byte: UInt8 = 1
    _ = send(sender, &byte, 1, Int32(MSG_NOSIGNAL))
  }

  /// Makes the descriptor wait again.
  package func drain() {
    var bytes: [UInt8] = Array(repeating: 0, count: 64)
    while recv(descriptor, &bytes, bytes.count, 0) > 0 {}
  }
}
